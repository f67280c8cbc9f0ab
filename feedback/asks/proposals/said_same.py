"""What members say asks the same, as a proposal for the team: it names the two posts and how many say so."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.core.cache import caches
from django.db import transaction
from django.db.models import Count, Q

from feedback.accounts.models import User
from feedback.accounts.trust import Trust, trust_of_each
from feedback.asks import standing
from feedback.asks.locking import hold_grouping
from feedback.asks.models import OPEN, Ask, Bond, Membership, Proposal
from feedback.forum.models import Post, Product, SameAs
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.kernel import clock
from feedback.kernel.batches import batches

VERBS = frozenset({Verb.SAID_SAME, Verb.UNSAID_SAME})

Pair = tuple[int, int]


def follow(entry: Entry) -> None:
    """Look anew at the pair of posts that ``entry`` says something of."""
    posts = Post.objects.filter(public_id__in=[entry.data["post"], entry.data["other"]])
    pair = sorted(posts.values_list("pk", flat=True))
    if len(pair) == 2:
        with transaction.atomic():
            hold_grouping()
            _look_at({(pair[0], pair[1])}, now=entry.at)


def propose_said_same(placed: Iterable[int], *, now: dt.datetime) -> None:
    """Look anew at what members said of the posts ``placed``, which stand in an ask now, or in another.

    Lock contract: call under `hold_grouping`.
    """
    pairs: set[Pair] = set()
    for some in batches(set(placed)):
        said = SameAs.objects.filter(Q(post__in=some) | Q(other__in=some))
        pairs.update(said.values_list("post", "other"))
    if pairs:
        _look_at(pairs, now=now)


def _look_at(pairs: Collection[Pair], *, now: dt.datetime) -> None:
    """Propose each of ``pairs``, or close what was proposed; a case that a person decided about is left alone."""
    ids = {pk for pair in pairs for pk in pair}
    posts = Post.objects.filter(state=Post.State.PUBLISHED).select_related("board").in_bulk(ids)
    held = Membership.objects.filter(post__in=ids, ask__state__in=OPEN).select_related("ask")
    homes = {one.post_id: one.ask for one in held}
    people = _people(pairs, now=now)
    for pair in sorted(pairs):
        one, other = (posts.get(pk) for pk in pair)
        count = people.get(pair, 0)
        if one is None or other is None or not count or not _is_open(one, other, homes):
            _close(pair, now=now)
        else:
            _propose(one, other, homes, people=count, now=now)


def _people(pairs: Collection[Pair], *, now: dt.datetime) -> Mapping[Pair, int]:
    """Return how many say so of each pair; who is new here does not count yet."""
    wanted = set(pairs)
    said: list[tuple[Pair, int]] = []
    for some in batches(one for one, _other in wanted):
        rows = SameAs.objects.filter(post__in=some, person__is_active=True)
        for one, other, person in rows.values_list("post", "other", "person"):
            if (one, other) in wanted:
                said.append(((one, other), person))
    if not said:
        return {}
    everyone = User.objects.filter(pk__in={person for _pair, person in said})
    trust = trust_of_each(list(everyone), now=now)
    return Counter(pair for pair, person in said if trust.get(person, Trust.NEW) > Trust.NEW)


def _is_open(one: Post, other: Post, homes: dict[int, Ask]) -> bool:
    """Whether the two are of one product, stand apart with one of them in an ask, and no decision says that they shall."""
    mine, theirs = homes.get(one.pk), homes.get(other.pk)
    if mine == theirs or one.board.product_id != other.board.product_id:
        return False
    both = Q(post=one, other_post=other) | Q(post=other, other_post=one)
    said = Bond.objects.filter(both, decision__undone_at=None)
    if said.exists():
        return False
    target, moving = _where(one, other, homes)
    return not target.is_locked and standing.objection([moving.pk], target) is None


def _where(one: Post, other: Post, homes: dict[int, Ask]) -> tuple[Ask, Post]:
    """Return the ask that the two would stand in, which is the larger public one, and which post would come there."""
    mine, theirs = homes.get(one.pk), homes.get(other.pk)
    if theirs is None or (mine is not None and _weight(mine) >= _weight(theirs)):
        assert mine is not None
        return mine, other
    return theirs, one


def _weight(ask: Ask) -> tuple[bool, int]:
    return ask.is_public, ask.people_count


def fingerprint_of(pair: Pair) -> str:
    """Return what a pair is called among the proposals."""
    return f"same:{min(pair)}:{max(pair)}"


def _propose(
    one: Post, other: Post, homes: dict[int, Ask], *, people: int, now: dt.datetime
) -> None:
    target, moving = _where(one, other, homes)
    shown = {
        "ask": target,
        "other_ask": homes.get(moving.pk),
        "post": moving,
        "people_count": people,
        "evidence": {"posts": [one.public_id, other.public_id], "people": people},
    }
    proposal, is_new = Proposal.objects.get_or_create(
        fingerprint=fingerprint_of((one.pk, other.pk)),
        defaults={"kind": Proposal.Kind.SAME, "proposed_at": now, **shown},
    )
    if not is_new and proposal.state in (Proposal.State.OPEN, Proposal.State.STALE):
        Proposal.objects.filter(pk=proposal.pk).update(
            state=Proposal.State.OPEN, decided_by=None, decided_at=None, **shown
        )


def _close(pair: Pair, *, now: dt.datetime) -> None:
    waiting = Proposal.objects.filter(fingerprint=fingerprint_of(pair), state=Proposal.State.OPEN)
    waiting.update(state=Proposal.State.STALE, decided_at=now)


def other_of(proposal: Proposal) -> Post | None:
    """Return the post that members say asks the same as the one that would move, None where it is gone."""
    assert proposal.post is not None
    named = proposal.evidence.get("posts", [])
    return Post.objects.filter(public_id__in=named).exclude(pk=proposal.post.pk).first()


@dataclass(frozen=True)
class Said:
    """A post elsewhere that members say asks the same as one of an ask, and how many say so."""

    post: Post
    as_post: Post
    people: int


#: Pairs that the page of an ask names.
_NAMED = 5


def said_of(ask: Ask) -> list[Said]:
    """Return which public posts outside ``ask`` members say ask the same as one in it, most people first; who is new here does not count yet."""
    pairs: set[Pair] = set()
    for end in ("post", "other"):  # each by its own index
        said = SameAs.objects.filter(**{f"{end}__membership__ask": ask}, person__is_active=True)
        pairs.update(said.order_by().values_list("post", "other"))
    if not pairs:
        return []
    public = Post.objects.filter(state=Post.State.PUBLISHED).select_related("membership")
    posts = public.in_bulk({pk for pair in pairs for pk in pair})
    found = []
    people = _people(pairs, now=clock.now())
    for pair in sorted(people, key=lambda pair: (-people[pair], pair)):
        one, other = (posts.get(pk) for pk in pair)
        if one is None or other is None or _stands_in(one, ask) is _stands_in(other, ask):
            continue
        inner, outer = (one, other) if _stands_in(one, ask) else (other, one)
        found.append(Said(outer, inner, people[pair]))
    return found[:_NAMED]


def _stands_in(post: Post, ask: Ask) -> bool:
    membership = getattr(post, "membership", None)
    return membership is not None and membership.ask_id == ask.pk


@dataclass(frozen=True)
class LonePair:
    """Two posts in no ask of which members say that they ask the same, and how many say so."""

    post: Post
    other: Post
    people: int


def lone_pairs(product: Product, *, now: dt.datetime) -> list[LonePair]:
    """Return the pairs of ``product`` that wait since neither post belongs to an ask, most people first."""
    people = dict(_people(_lone(Q(post__board__product=product)), now=now))
    if not people:
        return []
    people = dict(sorted(people.items(), key=lambda said: (-said[1], said[0]))[:_LONE])
    posts = Post.objects.select_related("author").in_bulk({pk for pair in people for pk in pair})
    found = [LonePair(posts[one], posts[other], n) for (one, other), n in people.items()]
    return sorted(found, key=lambda pair: (-pair.people, pair.post.pk, pair.other.pk))


def said_same_as(post: Post) -> list[Post]:
    """Return the posts in no ask of which members say that they ask the same as ``post``, which is in none either."""
    pairs = _lone(Q(post=post) | Q(other=post))[:_NAMED]
    return list(Post.objects.filter(pk__in={pk for pair in pairs for pk in pair} - {post.pk}))


#: Lone pairs that are shown, of those that are looked at; how long their number is kept.
_LONE, _READ, _NUMBER_SECONDS = 20, 200, 60


def number_of_lone_pairs(product: Product, *, now: dt.datetime) -> int:
    """Return how many pairs `lone_pairs` shows, kept for a minute."""
    return int(
        caches["template_fragments"].get_or_set(
            f"asks.lone-pairs:{product.pk}",
            lambda: len(lone_pairs(product, now=now)),
            _NUMBER_SECONDS,
        )
        or 0
    )


def _lone(which: Q) -> list[Pair]:
    free = Q()
    for end in ("post", "other"):
        free &= Q(**{f"{end}__state": Post.State.PUBLISHED, f"{end}__membership__isnull": True})
    said = SameAs.objects.filter(which, free, person__is_active=True).order_by()
    pairs = said.values_list("post", "other").annotate(people=Count("person"))
    return [(one, other) for one, other, _n in pairs.order_by("-people", "-post", "-other")[:_READ]]
