"""The segments of the site: who is in them, how much they weigh, and their lists."""

from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback.accounts.models import Segment
from feedback.accounts.permissions import member_of, site_manager_required
from feedback.accounts.segments.lists import Read, read_list
from feedback.accounts.segments.models import HEAVIEST
from feedback.accounts.segments.operations import (
    EDITED,
    bring_list,
    keep_segment,
    remove_segment,
    restore_segment,
    weigh_segments,
    weights_said,
)
from feedback.accounts.segments.queries import people_of, segments
from feedback.desk.both import Both, form_page
from feedback.desk.segments.forms import ListForm, SegmentForm
from feedback.kernel import clock
from feedback.kernel.refusals import Refusal, beside, status_of
from feedback.kernel.stale import StaleEdit, words_of
from feedback.kernel.way_back import came_from

#: What the weight of a segment is called in the form of them all.
_NAME = "weight-{}"


@require_safe
@site_manager_required
def segment_list(request: HttpRequest) -> HttpResponse:
    """Every segment with how many of its people are here."""
    those = list(segments())
    return _list(request, those, Both(None, weights_said(those)))


def _list(
    request: HttpRequest, those: list[Segment], weighed: Both, *, status: int = 200
) -> HttpResponse:
    """Draw the page; ``weighed`` is of the form of weights."""
    context = {
        "nav": "desk",
        "segments": those,
        "rows": [(one, people_of(one).count()) for one in those],
        "weighed": weighed,
    }
    return render(request, "desk/segments/segments.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@site_manager_required
def segment_edit(request: HttpRequest, public_id: str = "") -> HttpResponseBase:
    """Make a segment, or change one."""
    segment = _access(public_id) if public_id else None
    title = segment.name_here if segment is not None else _("A new segment")
    both = Both(request, words_of(segment, EDITED) if segment is not None else {})
    form = SegmentForm(request.POST if request.method == "POST" else None, instance=segment)
    if form.is_valid():
        with beside(form), both.shown_in(form):
            kept = keep_segment(
                segment=form.save(commit=False),
                actor=member_of(request),
                now=clock.now(),
                seen=both.seen,
            )
            messages.success(request, _("Saved."))
            if kept.rule == Segment.Rule.LIST and kept.brought_at is None:
                return redirect("desk:segment-people", kept.public_id)
            return redirect("desk:segments")
    return form_page(
        request,
        "desk/edit.html",
        form,
        both=both,
        title=title,
        verb=_("Save"),
        back=reverse("desk:segments"),
        back_label=_("Segments"),
    )


def _access(public_id: str, *, removed: bool = False) -> Segment:
    """Return the segment; raises `Http404` for one that is not there."""
    found = Segment.objects.filter(public_id=public_id, removed_at__isnull=not removed).first()
    if found is None:
        raise Http404
    return found


@require_POST
@site_manager_required
def segment_remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a segment away, or bring back one that was."""
    actor, now = member_of(request), clock.now()
    if request.GET.get("do") == "undo":
        segment = _access(public_id, removed=True)
        restore_segment(segment=segment, actor=actor, now=now)
        messages.success(request, _("Undone. Everything is as it was before."))
    else:
        segment = _access(public_id)
        remove_segment(segment=segment, actor=actor, now=now)
        undo = f"{reverse('desk:segment-remove', args=[public_id])}?do=undo"
        messages.success(
            request, _("“%(name)s” is removed.") % {"name": segment}, extra_tags=f"undo:{undo}"
        )
    return redirect("desk:segments")


@require_POST
@site_manager_required
def segment_weights(request: HttpRequest) -> HttpResponse:
    """Keep the weights of all segments; an address that says them takes back what was said last."""
    takes_back = bool(request.GET)
    said = request.GET if takes_back else request.POST
    those = list(segments())
    typed = {one.public_id: _weight(said.get(_NAME.format(one.public_id), "")) for one in those}
    weights = {public_id: weight for public_id, weight in typed.items() if weight is not None}
    seen = None if takes_back else request.POST.get("seen")
    try:
        before = weigh_segments(
            weights=weights, actor=member_of(request), now=clock.now(), seen=seen
        )
    except StaleEdit as stale:
        return _weights_again(request, those, weights, stale)
    if takes_back:
        messages.success(request, _("Undone. Everything is as it was before."))
    elif before:
        undone = urlencode({_NAME.format(one): weight for one, weight in before.items()})
        undo = f"{reverse('desk:segment-weights')}?{undone}"
        messages.success(request, _("The weights are kept."), extra_tags=f"undo:{undo}")
    return redirect(came_from(request, otherwise=reverse("desk:segments")))


def _weights_again(
    request: HttpRequest, those: list[Segment], weights: dict[str, Decimal], stale: StaleEdit
) -> HttpResponse:
    """Draw the page with the weights that were typed, beside those that somebody else kept meanwhile."""
    messages.warning(request, str(stale))
    weighed = Both(None, stale.theirs)
    named = {one.public_id: one.name_here for one in those}
    weighed.theirs = [(named[one], weight) for one, weight in stale.theirs.items() if one in named]
    for one in those:
        one.weight = weights.get(one.public_id, one.weight)
    return _list(request, those, weighed, status=409)


def _weight(said: str) -> Decimal | None:
    """Return the weight that was typed, None where nothing was. Raises `Refusal` for what is none."""
    said = said.strip().replace(",", ".")
    if not said:
        return None
    try:
        weight = Decimal(said[:20])
    except InvalidOperation:
        weight = Decimal(-1)
    if not weight.is_finite() or not 0 <= weight <= HEAVIEST:
        raise Refusal(_("A weight is a number from 0 to %(n)d.") % {"n": HEAVIEST}, status=422)
    return weight.quantize(Decimal("0.01"))


@require_http_methods(["GET", "HEAD", "POST"])
@site_manager_required
def segment_people(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Bring the list of a segment: first what it says, then, pressed again, it holds."""
    segment = _access(public_id)
    if segment.rule != Segment.Rule.LIST:
        raise Http404
    form = ListForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
    )
    context: dict[str, Any] = {"nav": "desk", "segment": segment, "form": form}
    if form.is_valid():
        with beside(form):
            said = form.said()
            read = read_list(said)
            if request.POST.get("do") == "bring":
                return _bring(request, segment, read)
            context |= {"read": read, "said": said}
    return render(request, "desk/segments/people.html", context, status=status_of(form))


def _bring(request: HttpRequest, segment: Segment, read: Read) -> HttpResponse:
    brought = bring_list(
        segment=segment, lines=read.lines, actor=member_of(request), now=clock.now()
    )
    here = people_of(segment).count()
    messages.success(
        request,
        ngettext(
            "The list has %(lines)d customer; %(here)d of its people are here.",
            "The list has %(lines)d customers; %(here)d of its people are here.",
            brought,
        )
        % {"lines": brought, "here": here},
    )
    return redirect("desk:segments")
