"""The queue of what is reported, held and appealed: look, decide, undo, next."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback.accounts.faces.views import picture
from feedback.accounts.models import User
from feedback.accounts.permissions import member_of, moderator_required
from feedback.desk.moderation.presenting import PENALTIES, evidence_of, row_of
from feedback.forum.models import Board, Case, Rule, Ruling
from feedback.forum.moderation import permissions, queries
from feedback.forum.moderation.cases import take_up
from feedback.forum.moderation.deciding import Said, cases_of, decide
from feedback.forum.moderation.deciding import undo as undo_ruling
from feedback.forum.moderation.models import EVERYWHERE, TAKES_AWAY, Action
from feedback.forum.rights.reading import manages
from feedback.kernel import clock
from feedback.kernel.htmx import is_htmx, varies
from feedback.kernel.public_ids import new_public_id
from feedback.kernel.refusals import Refusal, told
from feedback.kernel.way_back import came_from, page_above

SHOWN = 40
DAYS = (1, 3, 7, 30)


@require_safe
@moderator_required
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for the team, the weightiest first, with the evidence of the first beside it."""
    kind = request.GET.get("kind", "")
    waiting = queries.in_order(kind, reader=request.user, now=clock.now())
    return _render(request, kind=kind, waiting=waiting, current=None)


def _render(
    request: HttpRequest, *, kind: str, waiting: list[int], current: Case | None
) -> HttpResponse:
    reader, pages = member_of(request), Paginator(waiting, SHOWN)
    number: str | int | None = request.GET.get("page")
    if number is None and current is not None and current.pk in waiting:
        number = waiting.index(current.pk) // SHOWN + 1
    page = pages.get_page(number)
    keys = list(page.object_list)
    found = queries.with_subjects([*keys, *([current.pk] if current else [])])
    shown = current.pk if current is not None else keys[0] if keys else None
    context = {
        "nav": "desk",
        "kind": kind,
        "chosen": current is not None,
        "tabs": _tabs(request, kind),
        "rows": [row_of(found[pk]) for pk in keys],
        "page": page,
        "keep": f"kind={kind}" if kind else "",
        "all_chosen": (all_chosen := "all" in request.GET),
        "chosen_count": len(keys) if all_chosen else 0,
        "waiting_count": len(waiting),
        "last": queries.own_ruling(reader),
        "rules": Rule.objects.filter(is_retired=False),
        "boards": (boards := _boards_managed_by(reader)),
        "actions": _of_several(reader, may_move=bool(boards)),
        "days": DAYS,
        "may_decide": reader.is_moderator or reader.is_part_moderator,
        **_evidence(request, found[shown] if shown is not None else None, kind=kind),
    }
    return varies(render(request, "desk/moderation/queue.html", context))


def _boards_managed_by(reader: User) -> list[Board]:
    """Return the boards to which ``reader`` may move posts."""
    products = {one.product for one in Board.objects.select_related("product")}
    managed = [one.pk for one in products if manages(reader, one)]
    return list(Board.objects.filter(product__in=managed, is_archived=False).order_by("position"))


def _of_several(reader: User, *, may_move: bool) -> list[tuple[str, str]]:
    """Return what ``reader`` may decide about several cases at once, each with its words."""
    offered = [Action.KEEP, *PENALTIES, *([Action.MOVE] if may_move else [])]
    return [
        (one.value, str(one.label))
        for one in offered
        if reader.is_moderator or one not in EVERYWHERE
    ]


def _tabs(request: HttpRequest, kind: str) -> list[tuple[str, str, bool, int]]:
    home = reverse("desk:moderation")
    labels = {
        "": _("All"),
        queries.REPORTED: _("Reported"),
        queries.HELD: _("Held"),
        queries.APPEALS: _("Appeals"),
    }
    return [
        (
            f"{home}?kind={one}" if one else home,
            label,
            one == kind,
            queries.open_cases(one, reader=request.user).count(),
        )
        for one, label in labels.items()
    ]


def _evidence(request: HttpRequest, case: Case | None, *, kind: str) -> dict[str, Any]:
    if case is None:
        return {"open": None}
    found = evidence_of(case, reader=member_of(request), now=clock.now())
    reader = member_of(request)
    penalties = [one for one in PENALTIES if _fits(one, case, found.may_restrict, reader)]
    return {"open": found, "penalties": penalties, "days": DAYS, "kind": kind}


def _fits(action: Action, case: Case, may_restrict: bool, reader: User) -> bool:
    if action in (Action.HIDE, Action.REMOVE):
        return case.person is None
    if action in TAKES_AWAY and not getattr(case.person, TAKES_AWAY[action], ""):
        return False
    # What follows a person everywhere is not for who keeps order on some boards.
    return may_restrict and (action not in EVERYWHERE or reader.is_moderator)


@require_http_methods(["GET", "HEAD", "POST"])
@moderator_required
def case(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """One case: its evidence, or a decision."""
    found = permissions.access_case(request.user, public_id)
    kind = request.GET.get("kind", "")
    if request.method == "POST":
        return _decide(request, found, kind=kind)
    if is_htmx(request):
        read = queries.with_subjects([found.pk])[found.pk]
        context = _evidence(request, read, kind=kind)
        return varies(render(request, "desk/moderation/queue.html#evidence", context))
    waiting = queries.in_order(kind, reader=request.user, now=clock.now())
    return _render(request, kind=kind, waiting=waiting, current=found)


def _decide(request: HttpRequest, found: Case, *, kind: str) -> HttpResponse:
    waiting = queries.in_order(kind, reader=request.user, now=clock.now())
    with told(request):
        ruling = decide(case=found, said=_said(request), actor=member_of(request), now=clock.now())
        _tell(request, [ruling])
        return redirect(_next_address(found.pk, waiting, kind))
    return redirect(_address(found, kind))


def _said(request: HttpRequest) -> Said:
    days = request.POST.get("days", "")
    return Said(
        action=request.POST.get("do", ""),
        rule=Rule.objects.filter(slug=request.POST.get("rule", ""), is_retired=False).first(),
        word=request.POST.get("word", ""),
        days=int(days) if days.isascii() and days.isdigit() and len(days) < 5 else 0,
        board=Board.objects.filter(slug=request.POST.get("board", "")).first(),
    )


def _tell(request: HttpRequest, rulings: list[Ruling]) -> None:
    tag = ""
    if rulings and rulings[0].action != Action.GRANT:
        tag = "undo:" + reverse("desk:ruling-undo", args=[rulings[0].public_id])
    sentence = ngettext("Decided: %(what)s.", "Decided %(n)d times: %(what)s.", len(rulings)) % {
        "n": len(rulings),
        "what": rulings[0].get_action_display(),
    }
    messages.success(request, sentence, extra_tags=tag)


def _address(found: Case, kind: str) -> str:
    return reverse("desk:case", args=[found.public_id]) + (f"?kind={kind}" if kind else "")


def _next_address(done: int, waiting: list[int], kind: str) -> str:
    """Return where the next case of the list is, which began when ``done`` was still in it."""
    at = waiting.index(done) if done in waiting else -1
    rest = waiting[at + 1 :] + waiting[: max(at, 0)]
    following = Case.objects.filter(pk=rest[0]).first() if rest else None
    return _address(following, kind) if following is not None else _home(kind)


def _home(kind: str) -> str:
    return reverse("desk:moderation") + (f"?{urlencode({'kind': kind})}" if kind else "")


@require_POST
@moderator_required
def cases_decide(request: HttpRequest) -> HttpResponse:
    """Decide the same in several cases at once; those in which it cannot be done stay, and the sentence says why."""
    cases = cases_of(request.POST.getlist("case"), reader=member_of(request))
    said, together, made = _said(request), new_public_id(), []
    back = redirect(came_from(request, otherwise=page_above(request)))
    if not cases:
        messages.error(request, _("Choose at least one."))
        return back
    refused = ""
    for one in cases:
        try:
            made.append(
                decide(
                    case=one,
                    said=said,
                    actor=member_of(request),
                    now=clock.now(),
                    together=together,
                )
            )
        except Refusal as why:
            refused = str(why)
        except PermissionDenied:
            refused = _("Somebody with more rights there has to decide.")
    if made:
        _tell(request, made)
    if refused:
        left = len(cases) - len(made)
        messages.error(request, f"{_still(left)} {refused}")
    return redirect(_home(request.GET.get("kind", "")))


def _still(left: int) -> str:
    return ngettext("%(n)d case waits still.", "%(n)d cases wait still.", left) % {"n": left}


@require_POST
@moderator_required
def ruling_undo(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take back what was decided in one act."""
    ruling, _author = permissions.access_ruling(request.user, public_id)
    undo_ruling(ruling=ruling, actor=member_of(request), now=clock.now())
    messages.success(request, _("Undone. Everything is as it was before."))
    return redirect("desk:case", ruling.case.public_id)


@require_safe
@moderator_required
def ruling_face(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Hand out the picture that was taken away, to who decides about the appeal."""
    ruling, author = permissions.access_ruling(request.user, public_id)
    if not ruling.before.get("face"):
        raise Http404
    return picture(ruling.before["face"], called=author.public_id)


@require_POST
@moderator_required
def case_take_up(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """Open the case of something that nobody need have reported, and lead to it."""
    thing = permissions.access_thing(request.user, kind, public_id)
    opened = take_up(thing=thing, actor=member_of(request), now=clock.now())
    return redirect("desk:case", opened.public_id)
