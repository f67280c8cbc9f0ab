"""What the team keeps beside an ask: its owner, notes, what stands near it and what must never be one with it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from feedback.accounts.permissions import manager_required, member_of, team_required
from feedback.asks.decisions.pairs import keep_apart
from feedback.asks.models import Note
from feedback.asks.proposals.said_same import said_of
from feedback.asks.queries import sources_of
from feedback.asks.team.notes import remove_note, restore_note, write_note
from feedback.asks.team.owning import own_ask
from feedback.asks.team.shares import shares_of
from feedback.desk.acting import said
from feedback.desk.asks.views import live_ask
from feedback.desk.table.acts import owner_named
from feedback.grouping.similar.asks_near import asks_near
from feedback.grouping.similar.voices import voices_of
from feedback.kernel import clock
from feedback.kernel.htmx import template_for, varies
from feedback.roadmap.reports.trouble import said_after

#: Asks near another that are shown beside it.
NEAR = 5
#: Sentences that differ, of its posts, and lines of reports since it shipped.
VOICES, AFTERWARDS = 5, 6


@require_POST
@manager_required
def ask_owner(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give it to somebody of the team, or to nobody."""
    found, actor = live_ask(request, public_id), member_of(request)
    owner = owner_named(request)
    decision = own_ask(ask=found, owner=owner, actor=actor, now=clock.now())
    sentence = (
        _("%(name)s owns it now.") % {"name": owner.name}
        if owner is not None
        else _("Nobody owns it now.")
    )
    said(request, sentence, decision)
    return redirect("desk:ask", found.public_id)


@require_POST
@team_required
def ask_notes(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write a note that only the team reads."""
    found = live_ask(request, public_id)
    body = request.POST.get("body", "")
    write_note(ask=found, body=body, actor=member_of(request), now=clock.now())
    return redirect(reverse("desk:ask", args=[found.public_id]) + "#notes")


@require_POST
@team_required
def ask_note(request: HttpRequest, public_id: str, note_id: str) -> HttpResponse:
    """Take a note away, or bring it back; one's own, and for managers everybody's."""
    found, actor = live_ask(request, public_id), member_of(request)
    notes = Note.objects.filter(ask__in=sources_of([found.pk]), public_id=note_id)
    note = notes.select_related("ask").first()
    if note is None or not (note.author_id == actor.pk or actor.is_manager):
        raise Http404
    if request.GET.get("do") == "restore":
        restore_note(ask=found, note=note, actor=actor, now=clock.now())
    else:
        remove_note(ask=found, note=note, actor=actor, now=clock.now())
        undo = reverse("desk:ask-note", args=[found.public_id, note.public_id]) + "?do=restore"
        messages.success(request, _("Removed."), extra_tags=f"undo:{undo}")
    return redirect(reverse("desk:ask", args=[found.public_id]) + "#notes")


@require_safe
@team_required
def ask_related(request: HttpRequest, public_id: str) -> HttpResponse:
    """What stands near an ask and who asks for it, looked for after its page is there."""
    found = live_ask(request, public_id)
    context = {
        "nav": "desk",
        "ask": found,
        "related": asks_near(found, limit=NEAR),
        "shares": shares_of(found),
        "said": said_of(found),
        "afterwards": said_after(found, limit=AFTERWARDS),
        "voices": voices_of(found, limit=VOICES),
    }
    page = template_for(request, "desk/asks/ask_related.html", part="related")
    return varies(render(request, page, context))


@require_POST
@manager_required
def ask_apart(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say that another ask is never the same as this one."""
    found, actor = live_ask(request, public_id), member_of(request)
    other = live_ask(request, request.POST.get("other", ""))
    decision = keep_apart(ask=found, other=other, actor=actor, now=clock.now())
    said(request, _("“%(title)s” and this one stay two asks.") % {"title": other.title}, decision)
    return redirect("desk:ask", found.public_id)
