"""Erasing what people asked for, when a product or the posts that said it are erased."""

import datetime as dt
from collections.abc import Collection

from django.db.models import Q

from feedback.asks.decisions.rehouse import leave_asks
from feedback.asks.models import (
    Answer,
    Area,
    Ask,
    Bond,
    Decision,
    GroupQuestion,
    Membership,
    Proposal,
)
from feedback.forum.models import Product
from feedback.journal import operations as journal
from feedback.kernel.batches import batches


def erase_areas(*, product: Product, now: dt.datetime) -> None:
    """Erase the areas of ``product``, whose asks are gone, and every decision about it. Call under `hold_grouping`."""
    areas = Area.objects.filter(product=product)
    _erase_decisions(Q(area__in=areas) | Q(other_area__in=areas) | Q(product=product))
    areas.update(state=Area.State.RETIRED, joined_into=None)
    areas.delete()


def asks_left_empty(post_ids: Collection[int], *, now: dt.datetime) -> set[int]:
    """Take ``post_ids`` out of their asks; return the asks of which nothing is left then. Call under `hold_grouping`.

    Of an ask that was joined into another the link stays: it stands for a post of that one.
    """
    leave_asks(post_ids, now=now)
    empty = set()
    for some in batches(post_ids):
        for ask in Ask.objects.filter(medoid__in=some).select_related("joined_into"):
            into = ask.joined_into
            if into is None or into.medoid_id in some:
                empty.add(ask.pk)
            else:
                Ask.objects.filter(pk=ask.pk).update(medoid=into.medoid_id)
    return empty


def erase_empty_asks(
    *, ask_ids: Collection[int], post_ids: Collection[int], now: dt.datetime
) -> None:
    """Erase asks that are left empty, and what decisions say of ``post_ids``, which are erased next.

    What leads to an ask from a higher room has to be gone. Call under `hold_grouping`.
    """
    _erase(ask_ids, now=now)
    for some in batches(post_ids):
        _forget_posts(some)


def erase_decisions_made_at(moments: Collection[dt.datetime], *, post_ids: Collection[int]) -> None:
    """Erase what was decided of these posts at one of ``moments``, as if it had not been said."""
    for some in batches(post_ids):
        said = Decision.objects.filter(made_at__in=moments, posts__in=some)
        _erase_decisions(Q(pk__in=list(said.values_list("pk", flat=True))))


def _erase(ask_ids: Collection[int], *, now: dt.datetime) -> None:
    for some in batches(ask_ids):
        asks = Ask.objects.filter(pk__in=some)
        journal.forget(asks, now=now)
        _erase_decisions(Q(ask__in=some) | Q(other_ask__in=some))
        Proposal.objects.filter(Q(ask__in=some) | Q(other_ask__in=some)).delete()
        Answer.objects.filter(ask__in=some).delete()
        GroupQuestion.objects.filter(ask__in=some).delete()
        Membership.objects.filter(ask__in=some).delete()
        Ask.objects.filter(Q(joined_into__in=some) | Q(pk__in=some)).update(
            state=Ask.State.RETIRED, joined_into=None
        )
        Ask.objects.filter(split_from__in=some).update(split_from=None)
        asks.delete()


def _erase_decisions(which: Q) -> None:
    Decision.objects.filter(which).delete()


def _forget_posts(post_ids: Collection[int]) -> None:
    """Have undoing the decisions that are left bring none of these posts back."""
    gone = set(map(str, post_ids))
    for decision in Decision.objects.filter(posts__in=post_ids).distinct():
        if decision.kind == Decision.Kind.REHOUSE:
            decision.delete()  # there is no way back into what is erased
            continue
        kept = decision.before["memberships"]
        decision.before["memberships"] = {pk: kept[pk] for pk in kept if pk not in gone}
        decision.save(update_fields=["before"])
    Bond.objects.filter(Q(post__in=post_ids) | Q(other_post__in=post_ids)).delete()
