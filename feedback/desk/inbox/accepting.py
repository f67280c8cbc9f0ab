"""Doing what a form of the inbox says of a proposal, and the sentence that tells what came of it."""

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.accounts.models import User
from feedback.asks.decisions.parting import parted_off
from feedback.asks.models import Ask, Proposal
from feedback.asks.proposals.operations import accept, dismiss
from feedback.desk.inbox.evidence import CHOOSING
from feedback.desk.inbox.near import also_ticked
from feedback.desk.inbox.reading import moment
from feedback.desk.presenting import shown_proposal
from feedback.forum.models import Post
from feedback.kernel import clock
from feedback.kernel.refusals import Refusal

#: Asks that a form may tick.
MOST_ASKS = 20


@transaction.atomic
def carry_out(found: Proposal, request: HttpRequest, person: User) -> str:
    """Do what the person said; return a sentence."""
    now = clock.now()
    shown = shown_proposal(found)
    if request.POST.get("do") != "confirm":
        dismiss(proposal=found, actor=person, now=now)
        if found.kind == Proposal.Kind.CONTEST:
            found.ask.refresh_from_db()
            return _("“%(title)s” is back in “%(ask)s”. Its author is told.") % {
                "title": shown.title,
                "ask": found.ask.title,
            }
        return _("Said no to “%(title)s”.") % {"title": shown.title}
    accept(
        proposal=found,
        actor=person,
        now=now,
        title=request.POST.get("title", ""),
        left_out=_left_out(found, request),
        seen_at=moment(request.POST.get("seen_at", "")),
        ticked=_ticked(found, request),
        also=also_ticked(request, found) if found.kind == Proposal.Kind.NEW_ASK else (),
        parting="parting" in request.POST,
    )
    found.ask.refresh_from_db()
    return " ".join([_came_of(found, shown.title), *_parted(found)])


def _parted(found: Proposal) -> list[str]:
    """Return a sentence on what was left out and waits, none where nothing does."""
    return [
        ngettext(
            "The %(n)d post left out waits as an ask of its own.",
            "The %(n)d posts left out wait as an ask of their own.",
            one.ask.post_count,
        )
        % {"n": one.ask.post_count}
        for one in parted_by(found)
    ]


def _came_of(found: Proposal, title: str) -> str:
    """Return what came of accepting ``found``, which was shown as ``title``."""
    words = {"title": found.ask.title, "n": found.ask.post_count}
    match found.kind:
        case Proposal.Kind.NEW_ASK if found.ask.is_public:
            return (
                ngettext(
                    "“%(title)s” is an ask now, with %(n)d post.",
                    "“%(title)s” is an ask now, with %(n)d posts.",
                    found.ask.post_count,
                )
                % words
            )
        case Proposal.Kind.SPLIT:
            return _("Split: “%(new)s” is an ask of its own now.") % {"new": outcome(found).title}
        case Proposal.Kind.GROWTH | Proposal.Kind.BURST:
            return _("“%(title)s” is on the Tuesday list.") % words
        case Proposal.Kind.NEW_ASK | Proposal.Kind.JOIN | Proposal.Kind.JOIN_MANY:
            joined = outcome(found)
            return ngettext(
                "Joined: “%(title)s” has %(n)d post now.",
                "Joined: “%(title)s” has %(n)d posts now.",
                joined.post_count,
            ) % {"title": joined.title, "n": joined.post_count}
    return _("Done: “%(title)s”.") % {"title": title}


def _left_out(found: Proposal, request: HttpRequest) -> list[Post]:
    """Return the posts that were shown with a box and left unticked."""
    if found.kind not in CHOOSING or "shown" not in request.POST:
        return []
    kept = set(request.POST.getlist("post"))
    offered = request.POST.getlist("shown")
    if not kept and found.kind == Proposal.Kind.SPLIT:
        raise Refusal(_("Choose one post or more of this ask to split off."), status=422)
    if not kept:
        raise Refusal(_("Choose at least two posts, or say that it is not one ask."), status=422)
    gone = [one for one in offered if one not in kept]
    posts = Post.objects.filter(public_id__in=gone, membership__ask=found.ask)
    return sorted(posts, key=lambda post: gone.index(post.public_id))


def _ticked(found: Proposal, request: HttpRequest) -> list[Ask] | None:
    """Return the asks that are ticked to be joined, None where no form with boxes was sent."""
    if found.kind != Proposal.Kind.JOIN_MANY or "asks" not in request.POST:
        return None
    return list(Ask.objects.filter(public_id__in=request.POST.getlist("ask")[:MOST_ASKS]))


def outcome(found: Proposal) -> Ask:
    """Return the ask that accepting ``found`` made, or joined others into."""
    closed = Proposal.objects.select_related("decision__other_ask").get(pk=found.pk)
    made = closed.decision.other_ask if closed.decision is not None else None
    return made or found.ask


def parted_by(found: Proposal) -> list[Proposal]:
    """Return the proposals of what was left out of ``found`` and waits as an ask of its own."""
    decision = Proposal.objects.select_related("decision").get(pk=found.pk).decision
    made = parted_off(decision.before) if decision is not None else {}
    new = Proposal.objects.filter(ask__in=made, kind=Proposal.Kind.NEW_ASK)
    return list(new.select_related("ask__product", "other_ask", "post", "owner"))
