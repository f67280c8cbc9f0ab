"""The segments of the site: who is in them, how much they weigh, and their lists."""

from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
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
    bring_list,
    keep_segment,
    remove_segment,
    restore_segment,
)
from feedback.accounts.segments.queries import people_of, segments
from feedback.desk.segments.forms import ListForm, SegmentForm
from feedback.kernel import clock
from feedback.kernel.refusals import Refusal, beside, status_of
from feedback.kernel.way_back import came_from


@require_safe
@site_manager_required
def segment_list(request: HttpRequest) -> HttpResponse:
    """Every segment with how many of its people are here."""
    those = list(segments())
    context = {
        "nav": "desk",
        "segments": those,
        "rows": [(one, people_of(one).count()) for one in those],
    }
    return render(request, "desk/segments/segments.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@site_manager_required
def segment_edit(request: HttpRequest, public_id: str = "") -> HttpResponseBase:
    """Make a segment, or change one."""
    segment = _access(public_id) if public_id else None
    form = SegmentForm(request.POST if request.method == "POST" else None, instance=segment)
    if form.is_valid():
        with beside(form):
            kept = keep_segment(
                segment=form.save(commit=False), actor=member_of(request), now=clock.now()
            )
            messages.success(request, _("Saved."))
            if kept.rule == Segment.Rule.LIST and kept.brought_at is None:
                return redirect("desk:segment-people", kept.public_id)
            return redirect("desk:segments")
    context = {
        "nav": "desk",
        "form": form,
        "title": segment.name_here if segment is not None else _("A new segment"),
        "verb": _("Save"),
        "back": reverse("desk:segments"),
        "back_label": _("Segments"),
    }
    return render(request, "desk/edit.html", context, status=status_of(form))


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
    actor, now = member_of(request), clock.now()
    before: dict[str, str] = {}
    with transaction.atomic():
        for segment in segments():
            name = f"weight-{segment.public_id}"
            weight = _weight(said.get(name, ""))
            if weight is not None and weight != segment.weight:
                before[name] = str(segment.weight)
                segment.weight = weight
                keep_segment(segment=segment, actor=actor, now=now)
    if takes_back:
        messages.success(request, _("Undone. Everything is as it was before."))
    elif before:
        undo = f"{reverse('desk:segment-weights')}?{urlencode(before)}"
        messages.success(request, _("The weights are kept."), extra_tags=f"undo:{undo}")
    return redirect(came_from(request, otherwise=reverse("desk:segments")))


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
