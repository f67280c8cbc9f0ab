"""Joining an item into another, splitting one, and taking either back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from feedback.accounts.models import User
from feedback.accounts.permissions import manager_required, member_of
from feedback.kernel import clock
from feedback.roadmap.lineage import operations
from feedback.roadmap.lineage.forms import JoinForm, SplitForm
from feedback.roadmap.models import Reshaping
from feedback.roadmap.permissions import access_item
from feedback.roadmap.views import at_item


@require_POST
@manager_required
def item_join(request: HttpRequest, public_id: str) -> HttpResponse:
    """Join an item into another."""
    item = access_item(request.user, public_id)
    form = JoinForm(request.POST, item=item)

    def join(actor: User) -> str:
        into = form.cleaned_data["into"]
        operations.join_items(item=item, into=into, actor=actor, now=clock.now())
        return _("“%(title)s” is part of this item now. Those who asked for it will be told.") % {
            "title": item.title
        }

    return at_item(request, item, form, "join_form", join)


@require_POST
@manager_required
def item_split(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make an item of its own of some asks of an item."""
    item = access_item(request.user, public_id)
    form = SplitForm(request.POST, item=item)

    def split(actor: User) -> str:
        made = operations.split_item(item=item, actor=actor, now=clock.now(), **form.cleaned_data)
        return _("“%(title)s” is an item of its own now. Those who asked for it will be told.") % {
            "title": made.other.title
        }

    return at_item(request, item, form, "split_form", split)


@require_POST
@manager_required
def item_undo(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Take a join or a split back."""
    reshaping = get_object_or_404(Reshaping, pk=pk, other__public_id=public_id)
    operations.undo_reshaping(reshaping=reshaping, actor=member_of(request), now=clock.now())
    messages.success(request, _("Undone. The asks are back where they were; nobody is told."))
    return redirect("roadmap:item-detail", reshaping.item.public_id)
