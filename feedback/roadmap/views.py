"""An item of the roadmap for everyone, and what a manager does with it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from feedback.accounts.models import User
from feedback.accounts.permissions import manager_required
from feedback.asks.people import wanted_by
from feedback.asks.queries import answers_to, asks_visible_to, polls_of
from feedback.asks.stages import Stage, after
from feedback.forum.products.queries import about
from feedback.forum.rights.reading import manages
from feedback.kernel import clock, markdown, text
from feedback.roadmap import credits, operations, queries
from feedback.roadmap.cards.cards import sharing_of_item
from feedback.roadmap.carrying import carry_out
from feedback.roadmap.forms import EditForm, LinkForm, MoveForm, PrivateForm, ShipForm
from feedback.roadmap.lineage import queries as lineage
from feedback.roadmap.lineage.forms import JoinForm, SplitForm
from feedback.roadmap.minds import counted
from feedback.roadmap.models import Item
from feedback.roadmap.permissions import access_item
from feedback.roadmap.reports import presenting


@require_GET
def item_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One item: the asks behind it, who asked, what the team said, and where it stands."""
    item = access_item(request.user, public_id)
    if item.joined_into is not None:
        return redirect("roadmap:item-detail", queries.live_item(item).public_id)
    return _item_page(request, item)


@require_POST
@manager_required
def item_move(request: HttpRequest, public_id: str) -> HttpResponse:
    """Move an item to another stage, or decline it."""
    item = access_item(request.user, public_id)
    form = MoveForm(request.POST, item=item)

    def move(actor: User) -> str:
        moved = operations.move(
            item=item,
            stage=form.cleaned_data["stage"],
            reason=form.cleaned_data["reason"],
            mind_people=form.cleaned_data["mind_people"],
            mind_votes=form.cleaned_data["mind_votes"],
            actor=actor,
            now=clock.now(),
        )
        return _("Moved to “%(stage)s”. Everyone who asked will be told.") % {
            "stage": moved.get_stage_display()
        }

    return at_item(request, item, form, "move_form", move)


@require_POST
@manager_required
def item_ship(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ship an item in a version."""
    item = access_item(request.user, public_id)
    form = ShipForm(request.POST, item=item, today=timezone.localdate(clock.now()))

    def ship(actor: User) -> str:
        try:
            shipped = operations.ship(item=item, actor=actor, now=clock.now(), **form.cleaned_data)
        except operations.AlreadyShipped as already:
            messages.info(request, str(already))
            return ""
        return _("Shipped in %(version)s. Everyone who asked will be told.") % {
            "version": shipped.release and shipped.release.version
        }

    return at_item(request, item, form, "ship_form", ship)


@require_POST
@manager_required
def item_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change an item's words and the version it is planned for."""
    item = access_item(request.user, public_id)
    form = EditForm(request.POST, item=item)

    def edit(actor: User) -> str:
        operations.edit_item(item=item, actor=actor, now=clock.now(), **form.cleaned_data)
        return _("Saved.")

    return at_item(request, item, form, "edit_form", edit)


@require_POST
@manager_required
def item_private(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep what only the team reads of an item."""
    item = access_item(request.user, public_id)
    form = PrivateForm(request.POST, instance=access_item(request.user, public_id))

    def keep(actor: User) -> str:
        operations.note_privately(item=item, actor=actor, now=clock.now(), **form.cleaned_data)
        return _("Saved.")

    return at_item(request, item, form, "private_form", keep)


@require_POST
@manager_required
def item_link_ask(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say that an item answers another ask too."""
    item = access_item(request.user, public_id)
    form = LinkForm(request.POST)

    def link(actor: User) -> str:
        operations.link_ask(item=item, ask=form.cleaned_data["ask"], actor=actor, now=clock.now())
        return _("The ask is linked.")

    return at_item(request, item, form, "link_form", link)


@require_POST
@manager_required
def item_unlink_ask(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say that an item does not answer an ask after all."""
    item = access_item(request.user, public_id)
    form = LinkForm(request.POST)

    def unlink(actor: User) -> str:
        operations.unlink_ask(item=item, ask=form.cleaned_data["ask"], actor=actor, now=clock.now())
        return _("The ask is no longer linked. It is under review again.")

    return at_item(request, item, form, "link_form", unlink)


def at_item(
    request: HttpRequest, item: Item, form: BaseForm, name: str, act: Callable[[User], str]
) -> HttpResponse:
    """Do what ``form`` asks for and go back to the item; show the item with the form when it cannot be done."""
    back = reverse("roadmap:item-detail", args=[item.public_id])

    def again(**more: Any) -> HttpResponse:
        return _item_page(request, access_item(request.user, item.public_id), **more | {name: form})

    return carry_out(request, form, act, back=back, again=again)


def _item_page(
    request: HttpRequest, item: Item, *, status: int = 200, **forms: Any
) -> HttpResponse:
    """Render the page of ``item``; ``forms`` are those that came back with an error."""
    about(request, item.product)
    row = queries.rows([item])[0]
    ask_ids = queries.live_ask_ids(item)
    asks = list(asks_visible_to(request.user).filter(pk__in=ask_ids).order_by("-people_count"))
    line = queries.line_of(item)
    if line is None:
        people = queries.named_in_order(queries.to_credit(ask_ids, limit=credits.NAMED * 4))
        credit = credits.sentence(people, row.people_count)
    else:
        credit = credits.credited([line])[line.pk].credit
    context: dict[str, Any] = {
        "nav": "roadmap",
        "item": item,
        "row": row,
        "sharing": sharing_of_item(item, row),
        "language": text.language_of(item.title),
        "summary": markdown.render(item.summary),
        "asks": asks,
        "wanted": wanted_by(request.user, asks),
        "polls": polls_of(asks)[:5],
        "line": line,
        "shipped": presenting.shipped([item], now=clock.now()).get(item.pk),
        "credit": credit,
        "answers": [
            {"answer": answer, "html": markdown.render(answer.body_here)}
            for answer in answers_to(asks)[:10]
        ],
        "stations": queries.history(item),
        "lineage": lineage.lineage(item),
    }
    if manages(request.user, item.product):
        today = timezone.localdate(clock.now())
        context |= {
            "may_ship": Stage.SHIPPED in after(item.stage),
            "may_link": item.stage not in (Stage.SHIPPED, Stage.DECLINED),
            "move_form": MoveForm(item=item),
            "ship_form": ShipForm(item=item, today=today),
            "edit_form": EditForm(item=item),
            "private_form": PrivateForm(instance=item),
            "link_form": LinkForm(),
            "join_form": JoinForm(item=item),
            "split_form": SplitForm(item=item),
            "may_split": len(ask_ids) > 1 and item.stage != Stage.SHIPPED,
            "is_manager": True,
        }
    if item.mind_people or item.mind_votes:
        context["minds"] = counted(item)
    return render(request, "roadmap/item_detail.html", context | forms, status=status)
