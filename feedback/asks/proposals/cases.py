"""What a proposal about several asks, or about a part of one, speaks of."""

from collections.abc import Sequence

from feedback.asks.models import Ask, Proposal
from feedback.asks.stages import Stage
from feedback.forum.models import Post


def best_standing(asks: Sequence[Ask]) -> Ask:
    """Return the one that the others would become part of: public, on the roadmap, with most people."""
    return max(asks, key=_standing)


def _standing(ask: Ask) -> tuple[bool, bool, int, int]:
    return ask.is_public, ask.stage != Stage.UNDER_REVIEW, ask.people_count, -ask.pk


def asks_of(proposal: Proposal) -> list[Ask]:
    """Return the asks that are still there of those that would be joined, the best standing first."""
    named = proposal.evidence.get("asks", [])
    return sorted(Ask.objects.there().filter(public_id__in=named), key=_standing, reverse=True)


def parting_posts(proposal: Proposal) -> list[Post]:
    """Return the posts that would leave their ask, of those that are still in it."""
    named = proposal.evidence.get("posts", [])
    return list(Post.objects.filter(public_id__in=named, membership__ask=proposal.ask_id))
