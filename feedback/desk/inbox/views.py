"""The inbox of proposals: read the evidence, decide, undo, next."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback.accounts.models import User
from feedback.accounts.permissions import manager_required, member_of, team_required
from feedback.asks.coverage import summary as summary_of
from feedback.asks.models import OPEN, Ask, Decision, Membership, Proposal
from feedback.asks.presenting import quotes_of
from feedback.asks.proposals.operations import accept, dismiss, put_off
from feedback.asks.queries import too_little_to_group
from feedback.desk.acting import said
from feedback.desk.encoder.presenting import encoder_note
from feedback.desk.presenting import (
    Piece,
    ShownProposal,
    evidence_of,
    pieces_of_posts,
    shown_proposal,
)
from feedback.desk.product import picked
from feedback.desk.trends.views import unseen
from feedback.forum.models import Post, Product
from feedback.forum.products import queries as products
from feedback.forum.queries import grouped_posts
from feedback.grouping.models import Run
from feedback.grouping.questions.operations import open_questions
from feedback.grouping.runs.request import request_run
from feedback.grouping.vectors.embedding import missing_count
from feedback.grouping.vectors.encoders import current_model
from feedback.kernel import clock
from feedback.kernel.htmx import is_htmx, varies
from feedback.kernel.refusals import Refusal, told
from feedback.roadmap.reports.trouble import lines_on

SHOWN = 40


#: What waits because a person spoke comes before what the machine found.
_FIRST = [Proposal.Kind.CONTEST, Proposal.Kind.REGRESSION]
LATER = "later"
#: Whoever has not decided anything for so long is told what came meanwhile.
AWAY = dt.timedelta(hours=1)
A_WEEK = dt.timedelta(days=7)


def _open(product: Product, kind: str = "") -> QuerySet[Proposal]:
    """Return what waits in ``product``, in the order of the desk; ``kind`` narrows it, "later" is what was set aside."""
    proposals = Proposal.objects.filter(
        ask__product=product, state=Proposal.State.OPEN
    ).select_related("ask", "other_ask", "post")
    aside = Q(later_until__gt=clock.now())
    proposals = proposals.filter(aside) if kind == LATER else proposals.exclude(aside)
    if kind in Proposal.Kind.values:
        proposals = proposals.filter(kind=kind)
    first = Case(When(kind__in=_FIRST, then=Value(0)), default=Value(1))
    return proposals.order_by(first, "-people_count", "id")


def _after(found: Proposal, kind: str) -> Proposal | None:
    """Return what follows ``found`` on the desk: the next row, or the first when it was the last."""
    waiting = list(_open(found.ask.product, kind).values_list("pk", flat=True))
    at = waiting.index(found.pk) if found.pk in waiting else -1
    rest = waiting[at + 1 :] + waiting[: max(at, 0)]
    return Proposal.objects.get(pk=rest[0]) if rest else None


def _kind_tabs(product: Product, kind: str) -> list[tuple[str, str, bool, int]]:
    counts = dict(_open(product).order_by().values_list("kind").annotate(n=Count("id")))
    later = _open(product, LATER).count()
    home = reverse("desk:inbox")
    tabs = [(home, _("All"), not kind, sum(counts.values()))]
    tabs += [
        (f"{home}?kind={value}", str(label), kind == value, counts[value])
        for value, label in Proposal.Kind.choices
        if counts.get(value)
    ]
    if later:
        tabs.append((f"{home}?kind={LATER}", _("Later"), kind == LATER, later))
    return tabs


def state_of_the_engine(request: HttpRequest, product: Product) -> dict[str, Any]:
    """Return how far embedding and grouping of ``product`` have come, for the head of the desk."""
    model = current_model()
    waiting = missing_count(model.model_key if model else None, product)
    summary = summary_of(products.current(request))
    runs = Run.objects.filter(product=product)
    running = runs.filter(state__in=[Run.State.RUNNING, Run.State.WAITING]).first()
    failed = runs.order_by("-id").first()
    return {
        "summary": summary,
        "embedded": max(0, summary.posts - waiting),
        "waiting": waiting,
        "encoder_note": encoder_note(waiting=waiting),
        "last_run": Run.objects.last_done(product),
        "running": running,
        "failed": failed if failed is not None and failed.state == Run.State.FAILED else None,
    }


@require_safe
@team_required
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, most people first, with the evidence of the first beside it."""
    kind = request.GET.get("kind", "")
    product = picked(request)
    current = _open(product, kind).first()
    return _render_inbox(request, product, kind=kind, current=current, chosen=False)


def _render_inbox(
    request: HttpRequest, product: Product, *, kind: str, current: Proposal | None, chosen: bool
) -> HttpResponse:
    waiting = list(_open(product, kind).values_list("pk", flat=True))
    pages = Paginator(waiting, SHOWN)
    number: str | int | None = request.GET.get("page")
    if number is None and current is not None and current.pk in waiting:
        number = waiting.index(current.pk) // SHOWN + 1
    page = pages.get_page(number)
    rows = _open(product, kind).filter(pk__in=list(page.object_list))
    context = {
        "nav": "desk",
        "kind": kind,
        "chosen": chosen,
        "tabs": _kind_tabs(product, kind),
        "proposals": [shown_proposal(one) for one in rows],
        "page": page,
        "keep": f"kind={kind}" if kind else "",
        "waiting_count": len(waiting),
        "last_decision": _last_decision(request),
        **unseen(product),
        "questions_open": open_questions(product).count(),
        "too_little": too_little_to_group(product).count(),
        "since": _since_you_were_here(request, product),
        **state_of_the_engine(request, product),
        **_evidence(current),
    }
    return varies(render(request, "desk/inbox/inbox.html", context))


def _last_decision(request: HttpRequest) -> Decision | None:
    """Return the reader's own last decision that stands, to be taken back with one key."""
    return (
        Decision.objects.filter(actor=member_of(request), undone_at__isnull=True)
        .order_by("-id")
        .first()
    )


def _since_you_were_here(request: HttpRequest, product: Product) -> dict[str, Any] | None:
    """Return what became of the posts that came after the reader's last decision, when that is a while ago.

    Whoever has decided nothing so far is told of the last week. None when nothing came.
    """
    decided = Decision.objects.filter(actor=member_of(request)).order_by("-id")
    last = decided.values_list("made_at", flat=True).first()
    if last is not None and clock.now() - last < AWAY:
        return None
    since = last or clock.now() - A_WEEK
    new = grouped_posts(product).filter(arrived_at__gt=since)
    posts = new.count()
    if not posts:
        return None
    held = Membership.objects.filter(post__in=new, ask__state__in=OPEN)
    joined = held.filter(ask__created_at__lte=since)
    return {
        "at": last,
        "posts": posts,
        "asks": Ask.objects.open().filter(product=product, created_at__gt=since).count(),
        "joined": joined.count(),
        "joined_asks": joined.values("ask").distinct().count(),
        "alone": posts - held.count(),
    }


def _evidence(proposal: Proposal | None) -> dict[str, Any]:
    """Return what the right-hand side shows of ``proposal``."""
    if proposal is None:
        return {"open": None}
    shown: ShownProposal = shown_proposal(proposal)
    said = proposal.evidence.get("report", {})
    groups: list[tuple[Ask | None, Sequence[Piece]]] = []
    match proposal.kind:
        case Proposal.Kind.JOIN if proposal.other_ask is not None:
            groups = [
                (ask, evidence_of(ask, limit=8)) for ask in (proposal.ask, proposal.other_ask)
            ]
        case Proposal.Kind.MOVE | Proposal.Kind.CONTEST if proposal.post is not None:
            groups = [(None, pieces_of_posts([proposal.post.public_id]))]
            groups += [
                (ask, evidence_of(ask, limit=5))
                for ask in (proposal.ask, proposal.other_ask)
                if ask is not None
            ]
        case Proposal.Kind.REGRESSION:
            groups = [
                (None, pieces_of_posts(proposal.evidence.get("posts", []))),
                (proposal.ask, evidence_of(proposal.ask, limit=5)),
            ]
        case _:
            groups = [(proposal.ask, evidence_of(proposal.ask))]
    return {
        "open": shown,
        "quotes": quotes_of([proposal.ask])[proposal.ask_id],
        "lines": lines_on(proposal.ask, said["version"]) if said else [],
        "proposal": proposal,
        "seen_at": clock.now().isoformat(),
        "choosing": proposal.kind == Proposal.Kind.NEW_ASK,
        "evidence": groups[0][1] if proposal.kind == Proposal.Kind.NEW_ASK else [],
        "groups": groups,
        "more": max(0, proposal.ask.post_count - len(groups[0][1])),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@team_required
def proposal(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """One proposal: its evidence, or a person's word on it."""
    found = (
        Proposal.objects.select_related("ask__product", "other_ask", "post")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise Http404
    kind = request.GET.get("kind", "")
    if request.method == "POST":
        return _decide(request, found, kind=kind)
    # Another product may have been picked since this one was listed.
    product = found.ask.product
    products.about(request, product)
    if is_htmx(request):
        context = {"kind": kind, **_evidence(found)}
        return varies(render(request, "desk/inbox/inbox.html#evidence", context))
    return _render_inbox(request, product, kind=kind, current=found, chosen=True)


@manager_required
def _decide(request: HttpRequest, found: Proposal, *, kind: str) -> HttpResponse:
    person = member_of(request)
    here = reverse("desk:inbox") + (f"?kind={kind}" if kind else "")
    following = _after(found, kind)
    with told(request):
        if request.POST.get("do") == "later":
            put_off(proposal=found, actor=person, now=clock.now())
        else:
            decision, sentence = _carry_out(found, request, person)
            said(request, sentence, decision)
        return redirect(_address(following, kind) if following is not None else here)
    return redirect(_address(found, kind))


def _address(found: Proposal, kind: str) -> str:
    return reverse("desk:proposal", args=[found.public_id]) + (f"?kind={kind}" if kind else "")


@transaction.atomic
def _carry_out(found: Proposal, request: HttpRequest, person: User) -> tuple[Decision | None, str]:
    """Do what the person said; return the decision to offer an undo of, and a sentence."""
    now = clock.now()
    shown = shown_proposal(found)
    if request.POST.get("do") != "confirm":
        decision = dismiss(proposal=found, actor=person, now=now)
        if found.kind == Proposal.Kind.CONTEST:
            found.ask.refresh_from_db()
            return None, _("“%(title)s” is back in “%(ask)s”. Its author is told.") % {
                "title": shown.title,
                "ask": found.ask.title,
            }
        return decision, _("Said no to “%(title)s”.") % {"title": shown.title}
    decision = accept(
        proposal=found,
        actor=person,
        now=now,
        title=request.POST.get("title", ""),
        left_out=_left_out(found, request),
        seen_at=_moment(request.POST.get("seen_at", "")),
    )
    found.ask.refresh_from_db()
    words = {"title": found.ask.title, "n": found.ask.post_count}
    match found.kind:
        case Proposal.Kind.NEW_ASK:
            return decision, ngettext(
                "“%(title)s” is an ask now, with %(n)d post.",
                "“%(title)s” is an ask now, with %(n)d posts.",
                found.ask.post_count,
            ) % words
        case Proposal.Kind.JOIN:
            return decision, ngettext(
                "Joined: “%(title)s” has %(n)d post now.",
                "Joined: “%(title)s” has %(n)d posts now.",
                found.ask.post_count,
            ) % words
    return decision, _("Done: “%(title)s”.") % {"title": shown.title}


def _moment(written: str) -> dt.datetime | None:
    """Return the time that the page wrote into its form, None for what is none."""
    try:
        moment = parse_datetime(written)
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def _left_out(found: Proposal, request: HttpRequest) -> list[Post]:
    """Return the posts that were shown with a box and left unticked."""
    if found.kind != Proposal.Kind.NEW_ASK or "shown" not in request.POST:
        return []
    kept = set(request.POST.getlist("post"))
    offered = set(request.POST.getlist("shown"))
    if not kept:
        raise Refusal(_("Choose at least two posts, or say that it is not one ask."), status=422)
    return list(Post.objects.filter(public_id__in=offered - kept, membership__ask=found.ask))


@require_POST
@manager_required
def regroup(request: HttpRequest) -> HttpResponse:
    """Ask for a run now."""
    request_run(product=picked(request), now=clock.now(), requested_by=member_of(request))
    messages.info(
        request,
        _("Regrouping has been asked for. You can go on working; nothing you decided moves."),
    )
    return redirect("desk:inbox")


@require_safe
@team_required
def progress(request: HttpRequest) -> HttpResponse:
    """How far the engine is; the page asks again while it works."""
    return render(
        request, "desk/inbox/inbox.html#engine", state_of_the_engine(request, picked(request))
    )
