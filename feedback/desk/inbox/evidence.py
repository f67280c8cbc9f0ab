"""What the right-hand side of the inbox shows of one proposal."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from feedback.accounts.permissions import member_of
from feedback.asks.models import Ask, Decision, Proposal
from feedback.asks.presenting import quotes_of
from feedback.asks.proposals.cases import asks_of
from feedback.asks.queries import posts_of
from feedback.desk.inbox.near import near_ones, near_parts
from feedback.desk.inbox.reading import laters
from feedback.desk.presenting import (
    Piece,
    ShownProposal,
    evidence_of,
    highlighted,
    pieces,
    pieces_of_posts,
    shown_proposal,
)
from feedback.forum.rights.reading import manages, who_manage
from feedback.kernel import clock, text
from feedback.roadmap.reports.trouble import lines_on

#: Kinds of which single posts are left out.
CHOOSING = (Proposal.Kind.NEW_ASK, Proposal.Kind.SPLIT)
#: A decision may be written so much later than it says, and of so many since it was fetched evidence is fetched anew.
_ON_ITS_WAY, _LOOKED_BACK = dt.timedelta(seconds=10), 100
#: Posts that are shown of each side of a split.
A_SIDE = 20


def sides_of(proposal: Proposal) -> tuple[list[Piece], list[Piece]]:
    """Return the posts that would stay in an ask that is split, and those that would leave it."""
    going = proposal.evidence.get("posts", [])
    posts = posts_of(proposal.ask)
    stay = posts.exclude(post__public_id__in=going)[:A_SIDE]
    leave = posts.filter(post__public_id__in=going)[:A_SIDE]
    return pieces(list(stay), medoid=proposal.ask.medoid_id), pieces(list(leave))


def stands_as_shown(proposal: Proposal, *, since: dt.datetime | None) -> bool:
    """Whether nothing was decided ``since`` of which ``proposal`` speaks too: the same ask or post. False for no time."""
    if since is None:
        return False
    since -= _ON_ITS_WAY
    decided = Proposal.objects.filter(ask__product=proposal.ask.product_id, decided_at__gte=since)
    decided = decided.select_related("ask", "other_ask", "post").order_by("-decided_at")
    some = list(decided[: _LOOKED_BACK + 1])
    spoken_of = _spoken_of(proposal)
    if len(some) > _LOOKED_BACK or not all(map(spoken_of.isdisjoint, map(_spoken_of, some))):
        return False
    lately = Decision.objects.filter(Q(made_at__gte=since) | Q(undone_at__gte=since))
    return not lately.filter(
        Q(ask__public_id__in=spoken_of)
        | Q(other_ask__public_id__in=spoken_of)
        | Q(posts__public_id__in=spoken_of)
    ).exists()


def _spoken_of(proposal: Proposal) -> set[str]:
    """Return the public ids of its asks and posts. What is noted of posts is a list of them, or how many they are."""
    parts = (proposal.ask, proposal.other_ask, proposal.post)
    noted = (proposal.evidence.get(name) for name in ("asks", "posts", "sample"))
    named = {one for some in noted if isinstance(some, list) for one in some}
    return named | {part.public_id for part in parts if part is not None}


def evidence(request: HttpRequest, proposal: Proposal | None) -> dict[str, Any]:
    """Return what the right-hand side shows of ``proposal``."""
    if proposal is None:
        return {"open": None}
    now, product = clock.now(), proposal.ask.product
    team = who_manage(product) if manages(request.user, product) else []
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
        case Proposal.Kind.SAME:
            groups = [(None, pieces_of_posts(proposal.evidence.get("posts", [])))]
            groups += [(ask, evidence_of(ask, limit=5)) for ask in shown.asks]
        case Proposal.Kind.REGRESSION:
            groups = [
                (None, pieces_of_posts(proposal.evidence.get("posts", []))),
                (proposal.ask, evidence_of(proposal.ask, limit=5)),
            ]
        case Proposal.Kind.JOIN_MANY:
            groups = [(ask, evidence_of(ask, limit=3)) for ask in asks_of(proposal)]
        case Proposal.Kind.SPLIT:
            groups = [*zip((proposal.ask, None), sides_of(proposal), strict=True)]
        case Proposal.Kind.GROWTH | Proposal.Kind.BURST:
            groups = [
                (None, pieces_of_posts(proposal.evidence.get("sample", []))),
                (proposal.ask, evidence_of(proposal.ask, limit=5)),
            ]
        case _:
            groups = [(proposal.ask, evidence_of(proposal.ask))]
    shown_pieces = highlighted([found for _one, found in groups])
    groups = [(one, found) for (one, _), found in zip(groups, shown_pieces, strict=True)]
    return {
        "open": shown,
        "quotes": quotes_of([proposal.ask])[proposal.ask_id],
        "lines": lines_on(proposal.ask, said["version"]) if said else [],
        "proposal": proposal,
        "seen_at": now.isoformat(),
        "is_mine": proposal.owner_id == member_of(request).pk,
        "laters": laters(now),
        "team": team,
        "choosing": proposal.kind == Proposal.Kind.NEW_ASK,
        **near_parts(proposal, near_ones(proposal, now=now) if team else []),
        "ticking": proposal.kind == Proposal.Kind.JOIN_MANY,
        "splitting": proposal.kind == Proposal.Kind.SPLIT,
        "parting_title": proposal.evidence.get("title", ""),
        "parting_language": text.language_of(proposal.evidence.get("title", "")),
        "parting_more": len(proposal.evidence["posts"]) - len(groups[1][1])
        if proposal.kind == Proposal.Kind.SPLIT
        else 0,
        "evidence": groups[-1][1] if proposal.kind in CHOOSING else [],
        "groups": groups,
        "more": max(0, proposal.ask.post_count - len(groups[0][1]) if groups else 0),
    }
