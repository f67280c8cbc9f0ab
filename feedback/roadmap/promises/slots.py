"""What the receipt of a post says of its ask and of the item that answers it."""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db.models import Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from feedback.accounts.models import User
from feedback.asks.models import Ask
from feedback.asks.queries import first_decision_about, memberships_shown_to
from feedback.forum.models import Post
from feedback.forum.receipts.receipts import Further, TakenUp
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.kernel import clock
from feedback.roadmap.models import Item
from feedback.roadmap.promises.promises import promise_of
from feedback.roadmap.queries import ARRIVALS, items_of

#: What the team does about an ask as a whole, for all who stand behind it.
_OF_ASKS = (Verb.ASK_ANSWERED, Verb.ASK_DECLINED, Verb.ASK_REOPENED, Verb.ASK_RENAMED)
_OF_ITEMS = (*ARRIVALS, Verb.ITEM_PROMISED)


def receipts(request: HttpRequest, posts: Sequence[Post]) -> Mapping[int, Further]:
    """Fill "post-receipt": who of the team decided first, since when each post is in its ask, what was promised."""
    memberships = {one.post_id: one for one in memberships_shown_to(request.user, posts)}
    asks = {pk: one.ask for pk, one in memberships.items()}
    items = items_of(list(asks.values())) if asks else {}
    today = timezone.localdate(clock.now())
    found = {}
    for post in posts:
        decision = first_decision_about(post)
        deeds = [TakenUp(decision.actor, decision.made_at)] if decision is not None else []
        membership = memberships.get(post.pk)
        if membership is None:
            found[post.pk] = Further(taken_up=deeds[0] if deeds else None)
            continue
        item = items.get(membership.ask_id)
        told = _told(membership.ask, item)
        deeds += _first_of(told, since=max(membership.placed_at, post.arrived_at))
        promise = promise_of(item, told, today=today) if item is not None else None
        found[post.pk] = Further(
            taken_up=min(deeds, key=lambda deed: deed.at, default=None),
            joined_at=membership.placed_at,
            promise=render_to_string(
                "roadmap/promises/_promise.html", {"promise": promise}, request=request
            ),
        )
    return found


def _told(ask: Ask, item: Item | None) -> list[Entry]:
    """Return what the journal has of the deeds about ``ask`` and ``item``, the first first."""
    about = Q(subject_type=Ask._meta.label_lower, subject_id=ask.pk, verb__in=_OF_ASKS)
    if item is not None:
        about |= Q(subject_type=Item._meta.label_lower, subject_id=item.pk, verb__in=_OF_ITEMS)
    return list(Entry.objects.filter(about).order_by("id"))


def _first_of(told: Sequence[Entry], *, since: dt.datetime) -> list[TakenUp]:
    """Return the first deed since then, of somebody who is still known; what was decided elsewhere long ago is none."""
    for entry in told:
        if entry.at >= since and entry.actor_id is not None and not entry.data.get("is_old"):
            person = User.objects.filter(pk=entry.actor_id).first()
            return [TakenUp(person, entry.at)] if person is not None else []
    return []
