"""What a run leaves for a person to decide beside new asks: posts to move, asks to join, asks to split."""

import datetime as dt
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db.models import Count, F, OuterRef, Q, Subquery

from feedback.asks.models import GONE, Ask, Decision, Membership, Proposal
from feedback.asks.proposals.cases import best_standing
from feedback.asks.standing import Standing
from feedback.forum.models import Post, Product
from feedback.grouping.models import Run
from feedback.grouping.plan import Plan

if TYPE_CHECKING:
    from feedback.engine import Corpus, Group, Grouper
    from feedback.engine.data.corpus import Floats

#: How much more like another ask than like its own a post must be for a person to be asked: in the mean cosine
#: similarity, and in that to the nearest post.
IN_MEAN, IN_NEAREST = 0.05, 0.1
#: A join is proposed when this share of an ask's posts, and so many at the least, would go to one other ask.
HALF, FEWEST_TO_JOIN = 0.5, 2
#: Asks of which each is proposed to join another are shown as one proposal when they are so many.
SEVERAL = range(3, 9)
#: An ask that was said no to is proposed again once so many people came to it since, and half of all or more.
FEWEST_AGAIN = 5
#: What the fingerprint of such a proposal begins with.
AGAIN = "again:"
#: Proposals that are written, and closed, in one transaction.
_WRITTEN, _CLOSED = 40, 300

Offer = tuple[int, str, str]
#: Proposals that each run makes anew: those it does not make are overtaken.
JUDGED_ANEW = (
    Proposal.Kind.MOVE,
    Proposal.Kind.JOIN,
    Proposal.Kind.JOIN_MANY,
    Proposal.Kind.SPLIT,
)


@dataclass(frozen=True)
class Wanted:
    """A proposal that a run makes. Asks are named by public id; ``posts`` would go from one to the other."""

    kind: str
    fingerprint: str
    ask: str
    other: str = ""
    post: int | None = None
    posts: int = 0
    evidence: dict[str, Any] = field(default_factory=dict)

    @property
    def of_state(self) -> str:
        """The state in which a new ask is proposed: nobody has said anything of it, or somebody said no."""
        is_again = self.fingerprint.startswith(AGAIN)
        return Ask.State.DISMISSED if is_again else Ask.State.PROPOSED


# --- Finding --------------------------------------------------------------------------------------------------
def offers_of(
    plan: "Plan[Group]", grouper: "Grouper", corpus: "Corpus", stands: Standing
) -> list[Offer]:
    """Return the moves (post, from, to) that a person is asked about: people said so of the group, or it is plain to see."""
    row = {int(pk): at for at, pk in enumerate(corpus.ids)}
    inside: dict[str, list[int]] = defaultdict(list)
    for pk, key in plan.after.items():
        if pk in row:
            inside[key].append(row[pk])
    said = {pk for pair in stands.together for pk in pair}
    groups = plan.carried_on | plan.new
    targets = set(plan.offered.values())
    by_word = {key for key in targets if not said.isdisjoint(groups[key].members)}
    # Each ask once, however many posts are offered; as the run compared them.
    vectors = {
        key: grouper.space_.transform(
            corpus.vectors[inside[key]], [corpus.languages[at] for at in inside[key]]
        )
        for key in targets - by_word | {plan.after[pk] for pk in plan.offered}
    }
    return [
        (pk, plan.after[pk], key)
        for pk, key in plan.offered.items()
        if key in by_word
        or _is_clearly_nearer(
            inside[plan.after[pk]].index(row[pk]), vectors[plan.after[pk]], vectors[key]
        )
    ]


def _is_clearly_nearer(at: int, own: "Floats", others: "Floats") -> bool:
    """Whether row ``at`` of ``own`` (n, d) is more like ``others`` (m, d) than like the rest, in the mean and the nearest."""
    if len(own) < 2 or not len(others):
        return False
    mine, theirs = np.delete(own @ own[at], at), others @ own[at]
    return bool(theirs.mean() - mine.mean() >= IN_MEAN and theirs.max() - mine.max() >= IN_NEAREST)


def wanted_of(
    offers: Iterable[Offer], *, sizes: Mapping[str, int], public_ids: Mapping[int, str]
) -> Iterator[Wanted]:
    """Yield the proposals that ``offers`` come to; asks, of which ``sizes`` are how many posts they hold, by public id.

    Posts that now stand nearer to another ask are proposed to move there; when they are half of their ask or more, the
    two are proposed to become one; of several that hang together by such pairs, all at once. That two asks lie near each other is no reason: of such pairs one in four at the
    most is one (ADR 0024).
    """
    together: dict[tuple[str, str], list[int]] = defaultdict(list)
    for pk, origin, target in offers:
        together[origin, target].append(pk)
    joins: dict[tuple[str, str], int] = {}
    for (origin, target), posts in together.items():
        if len(posts) >= max(FEWEST_TO_JOIN, HALF * sizes[origin]):
            joins[origin, target] = len(posts)
            continue
        for pk in posts:
            name = f"move:{public_ids[pk]}:{origin}:{target}"
            yield Wanted(Proposal.Kind.MOVE, name, origin, target, post=pk)
    yield from _joins(joins, sizes)


def _joins(joins: Mapping[tuple[str, str], int], sizes: Mapping[str, int]) -> Iterator[Wanted]:
    """Yield a proposal for each pair of asks, and one alone for several that hang together."""
    for asks in _hanging_together(joins):
        if len(asks) in SEVERAL:
            name = hashlib.sha256(":".join(asks).encode()).hexdigest()[:32]
            evidence = {"asks": asks, "posts": sum(sizes[key] for key in asks)}
            yield Wanted(Proposal.Kind.JOIN_MANY, f"joins:{name}", asks[0], evidence=evidence)
            continue
        for (origin, target), posts in joins.items():
            if origin in asks:
                both = ":".join(sorted([origin, target]))
                yield Wanted(Proposal.Kind.JOIN, f"join:{both}", target, origin, posts=posts)


def _hanging_together(pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Return the asks of ``pairs``, those that a chain of pairs connects together, in order."""
    found: dict[str, set[str]] = {}
    for one, other in pairs:
        both = found.get(one, {one}) | found.get(other, {other})
        found.update(dict.fromkeys(both, both))
    return [sorted(asks) for asks in {id(asks): asks for asks in found.values()}.values()]


def new_asks(product: Product, given_up: Iterable[str]) -> Iterator[Wanted]:
    """Yield the proposals of asks that wait for a person's word and have no proposal, but for those ``given_up``."""
    waiting = Ask.objects.proposed().filter(product=product).exclude(public_id__in=list(given_up))
    settled = Proposal.objects.filter(kind=Proposal.Kind.NEW_ASK).exclude(
        state=Proposal.State.STALE
    )
    for key in waiting.exclude(pk__in=settled.values("ask")).values_list("public_id", flat=True):
        yield Wanted(Proposal.Kind.NEW_ASK, f"new:{key}", key)
    yield from _wanted_again(product)


def _wanted_again(product: Product) -> Iterator[Wanted]:
    """Yield a proposal of each ask that somebody said no to, and that as many people again have come to since."""
    said = Decision.objects.filter(ask=OuterRef("pk"), kind=Decision.Kind.DISMISS, undone_at=None)
    last = said.order_by("-made_at", "-pk")
    refused = Ask.objects.filter(product=product, state=Ask.State.DISMISSED).annotate(
        decision=Subquery(last.values("public_id")[:1]), no_at=Subquery(last.values("made_at")[:1])
    )
    came_since = Q(
        memberships__post__state=Post.State.PUBLISHED, memberships__post__arrived_at__gt=F("no_at")
    )
    grown = refused.annotate(
        since=Count("memberships__post__author", filter=came_since, distinct=True)
    )
    found = grown.filter(since__gte=FEWEST_AGAIN, people_count__lte=2 * F("since"))
    for key, decision, no_at, since in found.values_list("public_id", "decision", "no_at", "since"):
        evidence = {"no_at": no_at.isoformat(), "since": since}
        yield Wanted(Proposal.Kind.NEW_ASK, f"{AGAIN}{decision}", key, evidence=evidence)


def differing(wanted: Iterable[Wanted], product: Product) -> Iterator[dict[str, Any]]:
    """Yield, in pieces, which of the ``wanted`` proposals are to be written, and which open ones no longer hold.

    A case is proposed once: what a person has decided about is not written again.
    """
    by_name = {one.fingerprint: one for one in wanted}
    here = Proposal.objects.filter(ask__product=product)
    states = dict(here.values_list("fingerprint", "state"))
    fresh = [
        asdict(one)
        for name, one in by_name.items()
        if states.get(name, Proposal.State.STALE) == Proposal.State.STALE
    ]
    waiting = here.filter(state=Proposal.State.OPEN)
    judged_anew = waiting.filter(kind__in=JUDGED_ANEW)
    is_gone = Q(ask__state__in=GONE) | Q(other_ask__state__in=GONE)
    # Somebody took back the no, so that it waits as it did before.
    is_gone |= Q(fingerprint__startswith=AGAIN) & ~Q(ask__state=Ask.State.DISMISSED)
    over = sorted(
        {pk for pk, name in judged_anew.values_list("pk", "fingerprint") if name not in by_name}
        | set(waiting.filter(is_gone).values_list("pk", flat=True))
    )
    for start in range(0, len(fresh), _WRITTEN):
        yield {"wanted": fresh[start : start + _WRITTEN], "over": []}
    for start in range(0, len(over), _CLOSED):
        yield {"wanted": [], "over": over[start : start + _CLOSED]}


# --- Writing --------------------------------------------------------------------------------------------------
def write_proposals(data: Mapping[str, Any], *, run: Run, now: dt.datetime) -> None:
    """Write a piece of `differing`, as far as its asks and posts are still where they were. Lock contract: as `AsksStep.write`."""
    close_proposals(Q(pk__in=data["over"]), now=now)
    propose([Wanted(**one) for one in data["wanted"]], run=run, now=now)


def close_proposals(which: Q, *, now: dt.datetime) -> None:
    """Close those open proposals that no longer hold."""
    Proposal.objects.filter(which, state=Proposal.State.OPEN).update(
        state=Proposal.State.STALE, decided_at=now
    )


def propose(wanted: Iterable[Wanted], *, run: Run, now: dt.datetime) -> None:
    """Write proposals once, or open them again where nobody has decided about them."""
    wanted = list(wanted)
    keys = {
        key for one in wanted for key in (one.ask, one.other, *one.evidence.get("asks", [])) if key
    }
    asks = {ask.public_id: ask for ask in Ask.objects.there().filter(public_id__in=keys)}
    held = Membership.objects.filter(post__in=[one.post for one in wanted if one.post])
    homes = dict(held.values_list("post", "ask__public_id"))
    made = []
    for one in wanted:
        first, second = asks.get(one.ask), asks.get(one.other)
        if first is None or (one.other and second is None):
            continue
        if one.post is not None and homes.get(one.post) != one.ask:
            continue
        if one.kind == Proposal.Kind.NEW_ASK and first.state != one.of_state:
            continue
        several = [asks[key] for key in one.evidence.get("asks", []) if key in asks]
        if len(several) < len(one.evidence.get("asks", [])):
            continue
        made.append(_made(one, first, second, several, run=run, now=now))
    Proposal.objects.bulk_create(made, ignore_conflicts=True)
    again = Proposal.objects.filter(
        fingerprint__in=[one.fingerprint for one in made], state=Proposal.State.STALE
    )
    anew = {split.fingerprint: split for split in made if split.kind == Proposal.Kind.SPLIT}
    for name, split in anew.items():
        again.filter(fingerprint=name).update(evidence=split.evidence)
    again.update(state=Proposal.State.OPEN, decided_by=None, decided_at=None)


def _made(
    one: Wanted,
    first: Ask,
    second: Ask | None,
    several: Sequence[Ask],
    *,
    run: Run,
    now: dt.datetime,
) -> Proposal:
    people = first.people_count
    if one.kind == Proposal.Kind.JOIN and second is not None:
        # The smaller one, or the one that nobody confirmed, is to become part of the other.
        first, second = sorted((first, second), key=_standing_of, reverse=True)
        people = first.people_count + second.people_count
    elif several:
        first = best_standing(several)
        people = sum(ask.people_count for ask in several)
    elif one.kind == Proposal.Kind.MOVE:
        people = 1
    return Proposal(
        kind=one.kind,
        fingerprint=one.fingerprint,
        ask=first,
        other_ask=second,
        post_id=one.post,
        people_count=people,
        evidence=one.evidence or ({"posts": one.posts} if one.posts else {}),
        run_id=run.pk,
        proposed_at=now,
    )


def _standing_of(ask: Ask) -> tuple[bool, int]:
    return ask.is_public, ask.people_count


def sizes_of(plan: "Plan[Group]", name: Mapping[str, str]) -> Counter[str]:
    """Return how many posts each ask holds after ``plan``, by public id."""
    return Counter(name.get(key, key) for key in plan.after.values())
