"""Joining two items, splitting one, and taking either back.

In both the asks go from one item to another and come along to its stage. A join leaves the item's address leading to the
other. The followers come along in `notify.following.lineage`.
"""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.asks.decisions.recording import refuse_two_products
from feedback.asks.models import Ask
from feedback.asks.stages import Stage
from feedback.forum.models import TITLE_LENGTH
from feedback.journal.verbs import Verb
from feedback.kernel import typed
from feedback.kernel.refusals import Refusal
from feedback.measure.alerts.operations import end_mind
from feedback.roadmap import lengths, queries
from feedback.roadmap.minds import key_of
from feedback.roadmap.models import Item, ItemAsk, Reshaping
from feedback.roadmap.steps import held, locked, mirror, record, refuse_joined

CLOSED = (Stage.SHIPPED, Stage.DECLINED)


@by_manager
@transaction.atomic
def join_items(*, item: Item, into: Item, actor: User, now: dt.datetime) -> Reshaping:
    """Join ``item`` into ``into``, which answers its asks from now on and brings them to its stage.

    The address of ``item`` leads to ``into``; those behind its asks and who follows it are told, once. Raises `Refusal`
    for the same item, for one that was joined already, has shipped or is declined, and for two products.
    """
    if item.pk == into.pk:
        raise Refusal(_("That is the same item. Choose another one."), status=422)
    both = held(item, into)
    item, into = both[item.pk], both[into.pk]
    refuse_two_products([item.product_id, into.product_id])
    for one in (item, into):
        refuse_joined(one)
        _refuse_closed(one)
    links = ItemAsk.objects.filter(item=item)
    reshaping = Reshaping.objects.create(
        kind=Reshaping.Kind.JOIN,
        item=item,
        other=into,
        asks=list(links.order_by("pk").values_list("ask", flat=True)),
        release=item.release,
        made_at=now,
    )
    links.update(item=into, linked_at=now)
    _lead_to(item, into)
    mirror(into, actor=actor, now=now)
    _write(Verb.ITEM_JOINED, reshaping, about=into, actor=actor, now=now)
    return reshaping


@by_manager
@transaction.atomic
def split_item(
    *,
    item: Item,
    asks: Collection[Ask],
    title: str,
    actor: User,
    now: dt.datetime,
    summary: str = "",
    owner: User | None = None,
) -> Reshaping:
    """Make a new item, the reshaping's ``other``, that answers these of the asks of ``item``.

    It stands where ``item`` stands, planned for the same release, with its notes and its confidence, so that the asks keep
    their stage. Those behind them and who follows ``item`` are told, once. Raises `Refusal` without a title, for no ask or
    all of them, for asks that ``item`` does not answer (any more), and for one that has shipped.
    """
    item = locked(item)
    title = typed.line(title, most=TITLE_LENGTH)
    if not title:
        raise Refusal(_("Give the new item a title."), status=422)
    if owner is not None and not owner.is_team:
        raise Refusal(_("Only somebody of the team can own an item."), status=422)
    if item.stage == Stage.SHIPPED:
        raise Refusal(_("This has shipped, and everyone who asked was told."))
    wanted = {ask.pk for ask in asks}
    linked = list(ItemAsk.objects.filter(item=item).order_by("pk").values_list("ask", flat=True))
    became = queries.followed(linked)
    if not wanted <= set(became.values()):
        raise Refusal(_("The asks of this item have changed meanwhile. Look which it answers now."))
    going = [pk for pk in linked if became[pk] in wanted]
    if not going:
        raise Refusal(_("Choose which asks the new item answers."), status=422)
    if len(going) == len(linked):
        raise Refusal(
            _("Leave at least one ask with the item; to change its title, edit it."), status=422
        )
    new = Item.objects.create(
        product=item.product,
        title=title,
        summary=typed.words(summary, most=lengths.SUMMARY),
        stage=item.stage,
        stage_changed_at=item.stage_changed_at,
        decline_reason=item.decline_reason,
        mind_people=item.mind_people,
        mind_votes=item.mind_votes,
        mind_reached_at=item.mind_reached_at,
        private_notes=item.private_notes,
        owner=owner,
        confidence=item.confidence,
        adopted_at=item.adopted_at,
        release=item.release,
    )
    ItemAsk.objects.filter(item=item, ask__in=going).update(item=new, linked_at=now)
    reshaping = Reshaping.objects.create(
        kind=Reshaping.Kind.SPLIT, item=item, other=new, asks=going, made_at=now
    )
    _write(Verb.ITEM_SPLIT, reshaping, about=new, actor=actor, now=now)
    return reshaping


@by_manager
@transaction.atomic
def undo_reshaping(*, reshaping: Reshaping, actor: User, now: dt.datetime) -> Reshaping:
    """Have the asks go back to the item that they came from, where they are still with the other.

    A joined item stands for itself again, at the stage it had; one that was split off leads back to the item it came from.
    Nobody is told. Raises `Refusal` when that was done already, when a later join or split stands on it, when nothing would
    be left, and when either moved on so that people have heard more since.
    """
    both = held(reshaping.item, reshaping.other)
    reshaping = Reshaping.objects.select_for_update(of=("self",)).get(pk=reshaping.pk)
    item, other = both[reshaping.item_id], both[reshaping.other_id]
    if reshaping.undone_at is not None:
        raise Refusal(_("That is undone already."))
    about_either = Q(item__in=both) | Q(other__in=both)
    later = Reshaping.objects.filter(about_either, pk__gt=reshaping.pk, undone_at=None)
    if later.exists():
        raise Refusal(_("One of them was joined or split again since. Undo that first."))
    here = ItemAsk.objects.filter(item=other)
    going = here.filter(ask__in=reshaping.asks)
    others = here.exclude(ask__in=reshaping.asks)
    if not going.exists():
        raise Refusal(_("None of the asks that came along is there any more."))
    if reshaping.is_join:
        _refuse_closed(other)
        if not others.exists():
            raise Refusal(_("“%(title)s” would answer no ask any more.") % {"title": other.title})
    else:
        if others.exists() or other.stage_changed_at > reshaping.made_at:
            raise Refusal(
                _("“%(title)s” has gone its own way since. Join the two instead.")
                % {"title": other.title}
            )
        _refuse_closed_to(item, other)
    going.update(item=item, linked_at=now)
    if reshaping.is_join:
        item.joined_into = None
        release = reshaping.release
        if release is not None and not (release.is_out or release.is_halted):
            item.release = release
        item.save(update_fields=["joined_into", "release"])
    else:
        _lead_to(other, item)
        end_mind(key=key_of(other), now=now)
    mirror(item, actor=actor, now=now)
    reshaping.undone_at = now
    reshaping.save(update_fields=["undone_at"])
    _write(Verb.ITEM_RESHAPING_UNDONE, reshaping, about=item, actor=actor, now=now)
    return reshaping


def _refuse_closed(item: Item) -> None:
    if item.stage in CLOSED:
        raise Refusal(
            _("“%(title)s” is closed: everyone who asked was told. Move it back first.")
            % {"title": item.title}
        )


def _refuse_closed_to(item: Item, other: Item) -> None:
    """Raise `Refusal` when ``item`` is closed and ``other`` is not: its asks would be closed without a word."""
    if item.joined_into is not None or item.stage != other.stage:
        raise Refusal(
            _("“%(title)s” has moved on since. Join the two instead.") % {"title": item.title}
        )


def _lead_to(item: Item, into: Item) -> None:
    item.joined_into, item.release = into, None
    item.save(update_fields=["joined_into", "release"])


def _write(verb: Verb, reshaping: Reshaping, *, about: Item, actor: User, now: dt.datetime) -> None:
    source, other = reshaping.item, reshaping.other
    record(
        verb=verb,
        item=about,
        actor=actor,
        now=now,
        reshaping=reshaping.pk,
        kind=reshaping.kind,
        source=source.public_id,
        source_title=source.title,
        other=other.public_id,
        other_title=other.title,
    )
