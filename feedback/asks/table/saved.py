"""Views of the table of asks that people keep, for themselves or for the team."""

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_team
from feedback.asks.models import SavedView
from feedback.asks.models.team import QUERY_LENGTH, VIEW_NAME_LENGTH
from feedback.forum.models import Product
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import typed
from feedback.kernel.refusals import Refusal

#: Views of one person about one product.
MOST = 40


def views_of(person: User, product: Product) -> QuerySet[SavedView]:
    """Return the views of ``product`` that ``person`` sees: theirs and those of the team."""
    seen = Q(owner=person) | Q(is_shared=True, owner__is_active=True)
    return SavedView.objects.filter(seen, product=product, removed_at=None).select_related("owner")


def access_own_view(person: User, public_id: str) -> SavedView:
    """Return the view, also one that was taken away; raises `Http404` where ``person`` may not change it."""
    view = SavedView.objects.filter(public_id=public_id).select_related("product").first()
    if view is None or not (view.owner_id == person.pk or (view.is_shared and person.is_manager)):
        raise Http404
    return view


@by_team
@transaction.atomic
def save_view(
    *, product: Product, name: str, query: str, is_shared: bool, actor: User, now: dt.datetime
) -> SavedView:
    """Keep a view under ``name``; one of theirs that has this name is kept anew. Raises `Refusal`."""
    name = typed.line(name, most=VIEW_NAME_LENGTH)
    if not name:
        raise Refusal(_("Give the view a name."), status=422)
    User.objects.select_for_update().get(pk=actor.pk)
    mine = SavedView.objects.filter(owner=actor, product=product, removed_at=None)
    view = mine.filter(name=name).first()
    if view is None and mine.count() >= MOST:
        raise Refusal(_("You keep %(n)d views already. Remove one first.") % {"n": MOST})
    view = view or SavedView(owner=actor, product=product, name=name)
    view.query, view.is_shared, view.saved_at = query[:QUERY_LENGTH], is_shared, now
    view.save()
    _entry(view, "saved", actor=actor, now=now)
    return view


@by_team
@transaction.atomic
def change_view(*, view: SavedView, is_shared: bool, actor: User, now: dt.datetime) -> None:
    """Share a view with the team, or keep it for oneself."""
    if SavedView.objects.filter(pk=view.pk, is_shared=not is_shared).update(is_shared=is_shared):
        _entry(view, "shared" if is_shared else "kept", actor=actor, now=now)


@by_team
@transaction.atomic
def remove_view(*, view: SavedView, actor: User, now: dt.datetime) -> None:
    """Take a view away; no-op where it is away."""
    if SavedView.objects.filter(pk=view.pk, removed_at=None).update(removed_at=now):
        _entry(view, "removed", actor=actor, now=now)


@by_team
@transaction.atomic
def restore_view(*, view: SavedView, actor: User, now: dt.datetime) -> None:
    """Bring a view back that was taken away; no-op where it is there."""
    if SavedView.objects.filter(pk=view.pk, removed_at__isnull=False).update(removed_at=None):
        _entry(view, "restored", actor=actor, now=now)


def _entry(view: SavedView, what: str, *, actor: User, now: dt.datetime) -> None:
    journal.write(
        verb=Verb.VIEW_CHANGED,
        subject=view.product,
        actor_id=actor.pk,
        now=now,
        data={"view": view.public_id, "name": view.name, "query": view.query, "what": what},
    )
