"""The asks in the order that the team's own formula gives them."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from feedback.accounts.permissions import manager_required, member_of, team_required
from feedback.accounts.segments.operations import weights_said
from feedback.accounts.segments.queries import segments
from feedback.asks.models import Ask
from feedback.asks.permissions import access_ask
from feedback.desk.both import Both
from feedback.desk.priority.quadrants import quadrants
from feedback.desk.product import picked
from feedback.engine.stats.formula import FUNCTIONS
from feedback.kernel import clock
from feedback.kernel.htmx import go_to, is_htmx
from feedback.kernel.refusals import Refusal
from feedback.kernel.stale import StaleEdit
from feedback.kernel.way_back import came_from
from feedback.measure.priority.models import ProductWishes
from feedback.measure.priority.operations import (
    CONFIDENCES,
    IMPACTS,
    choose_formula,
    estimate_ask,
    formula_said,
)
from feedback.measure.priority.ranking import USUAL, Ranking, Row, formula_names, ranking, said

SHOWN = 50


@require_safe
@team_required
def priority(request: HttpRequest) -> HttpResponse:
    """Every open ask by the formula, with what goes into it, and the first ones by value and effort."""
    return _page(request)


def _page(
    request: HttpRequest,
    *,
    typed: str | None = None,
    refused: str = "",
    both: Both | None = None,
    unkept: Row | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw the page; ``typed`` is a formula that was ``refused``, ``both`` is of its form, ``unkept`` a row whose estimate was not kept."""
    product = picked(request)
    ranked = ranking(product, now=clock.now())
    rows = [unkept if unkept and unkept.ask == row.ask else row for row in ranked.rows]
    page = Paginator(list(enumerate(rows, 1)), SHOWN).get_page(request.GET.get("page"))
    those = list(segments())
    wishes = ProductWishes.objects.filter(product=product).first()
    context = {
        "nav": "desk",
        "page": page,
        "left_out": ranked.left_out,
        "picture": quadrants(ranked.rows),
        "formula": ranked.formula.text if typed is None else typed,
        "refused": refused,
        "usual": USUAL,
        "worked": _worked(ranked),
        "names": _names(),
        "functions": FUNCTIONS,
        "segments": those,
        "weighed": Both(None, weights_said(those)),
        "both": both or Both(None, formula_said(wishes)),
        "theirs": _theirs(unkept),
    }
    return render(request, "desk/priority/priority.html", context | _choices(), status=status)


def _theirs(unkept: Row | None) -> list[tuple[str, str]]:
    """Return what somebody else estimated meanwhile, by its label."""
    if unkept is None:
        return []
    labels = {"impact": _("Impact"), "confidence": _("Confidence"), "effort": _("Effort")}
    return [(labels[name], words or "–") for name, words in said(unkept.estimate).items()]


def _choices() -> dict[str, Any]:
    return {
        "impacts": [
            (f"{value.normalize():f}", label)
            for value, label in zip(IMPACTS, _impacts(), strict=True)
        ],
        "confidences": CONFIDENCES,
    }


def _impacts() -> list[str]:
    return [
        pgettext("impact", "Minimal"),
        pgettext("impact", "Low"),
        pgettext("impact", "Medium"),
        pgettext("impact", "High"),
        pgettext("impact", "Massive"),
    ]


def _worked(ranked: Ranking) -> dict[str, Any] | None:
    """Return the first ask with the formula worked through, None where no ask has a score."""
    row = next((one for one in ranked.rows if one.score is not None), None)
    if row is None:
        return None
    words = {name: _short(row.values.get(name)) for name in ranked.formula.names}
    return {"ask": row.ask, "filled": ranked.formula.filled(words), "score": row.score}


def _short(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def _names() -> list[tuple[str, str]]:
    """Return each name of a formula with what it means."""
    meaning = {
        "people": _("all people behind the ask, once each"),
        "spread": _("the same, each crowd as the square root of its size"),
        "reach": _("the same, by the weights of the segments"),
        "reach_low": _("what that is at least, 19 times in 20"),
        "critical": _("people to whom it is critical"),
        "growth": _("posts of the last seven days less those of the seven before"),
        "revenue": _("what its people bring a year, each customer once"),
        "segments": _("how many segments want it"),
        "impact": _("your estimate, 0.25 to 3"),
        "confidence": _("your estimate, 0.5 to 1"),
        "effort": _("your estimate, in person-weeks"),
    }
    those = list(segments())
    named = {
        one.key: _("people of the segment “%(name)s”") % {"name": one.name_here} for one in those
    }
    return [(name, meaning.get(name) or named[name]) for name in formula_names(those)]


@require_POST
@manager_required
def priority_estimate(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Say what the team thinks of an ask; an address that says it takes back what was said last."""
    ask = access_ask(request.user, public_id)
    takes_back = "effort" in request.GET
    typed = (request.GET if takes_back else request.POST).dict()
    seen = None if takes_back else typed.get("seen")
    try:
        before, after = estimate_ask(
            ask=ask, actor=member_of(request), now=clock.now(), seen=seen, **_estimate_in(typed)
        )
    except StaleEdit as stale:
        return _not_kept(request, ask, typed, stale)
    undo = ""
    if before != after and not takes_back:
        undo = f"{reverse('desk:estimate', args=[ask.public_id])}?{urlencode(before)}"
    if is_htmx(request) and not takes_back:
        return _row_again(request, ask, undo)
    sentence = (
        _("Undone. Everything is as it was before.")
        if takes_back
        else _("The estimate of “%(title)s” is kept.") % {"title": ask.title}
    )
    messages.success(request, sentence, extra_tags=f"undo:{undo}" if undo else "")
    return redirect(came_from(request, otherwise=reverse("desk:priority")))


def _row_again(request: HttpRequest, ask: Ask, undo: str) -> HttpResponse:
    """Draw the one row anew, where it stands: the order is that of the page until it is opened again."""
    number, row = _row_of(ask)
    return _drawn(request, number, row, undo=undo) if row else go_to(reverse("desk:priority"))


def _row_of(ask: Ask) -> tuple[int, Row | None]:
    """Return the place of ``ask`` and its row; none where it is weighed no more."""
    rows = enumerate(ranking(ask.product, now=clock.now()).rows, 1)
    return next(((number, row) for number, row in rows if row.ask == ask), (0, None))


def _drawn(request: HttpRequest, number: int, row: Row, **more: object) -> HttpResponse:
    context = {"number": number, "row": row, **more}
    return render(request, "desk/priority/_row.html", context | _choices())


def _not_kept(
    request: HttpRequest, ask: Ask, typed: Mapping[str, str], stale: StaleEdit
) -> HttpResponse:
    """Show what was typed beside what somebody else estimated meanwhile; sent once more it takes its place."""
    number, row = _row_of(ask)
    if row is None:
        raise stale
    kept = replace(row, typed={name: typed.get(name, "") for name in said(None)})
    if is_htmx(request):
        return _drawn(request, number, kept, theirs=_theirs(kept))
    messages.warning(request, str(stale))
    return _page(request, unkept=kept, status=409)


def _estimate_in(form: Mapping[str, str]) -> dict[str, Any]:
    """Return what a form says. Raises `Refusal` for what is no number."""
    try:
        confidence = form.get("confidence", "").strip()
        return {
            "impact": _decimal(form.get("impact", "")),
            "confidence": int(confidence) if confidence else None,
            "effort": _decimal(form.get("effort", "")),
        }
    except (InvalidOperation, ValueError):
        raise Refusal(_("Write the effort as a number of person-weeks."), status=422) from None


def _decimal(said: str) -> Decimal | None:
    said = said.strip().replace(",", ".")
    if not said:
        return None
    value = Decimal(said[:20])
    if not value.is_finite():
        raise InvalidOperation
    return value.quantize(Decimal("0.01"))


@require_POST
@manager_required
def priority_formula(request: HttpRequest) -> HttpResponseBase:
    """Choose the formula; one that is none stays in its field, with what is wrong beside it."""
    product = picked(request)
    takes_back = "formula" in request.GET
    text = (request.GET if takes_back else request.POST).get("formula", "")
    if request.POST.get("do") == "usual":
        text = ""
    seen = None if takes_back else request.POST.get("seen")
    try:
        before = choose_formula(
            product=product, text=text, actor=member_of(request), now=clock.now(), seen=seen
        )
    except StaleEdit as stale:
        both = Both(None, stale.theirs)
        both.theirs = [(_("Formula"), stale.theirs["formula"])]
        return _page(request, typed=text, refused=str(stale), both=both, status=409)
    except Refusal as refusal:
        return _page(request, typed=text, refused=str(refusal), status=422)
    undo = f"{reverse('desk:formula')}?{urlencode({'formula': before})}"
    messages.success(
        request,
        _("Undone. Everything is as it was before.")
        if takes_back
        else _("The asks are in the order of this formula."),
        extra_tags="" if takes_back else f"undo:{undo}",
    )
    return redirect("desk:priority")
