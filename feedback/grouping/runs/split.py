"""Which asks a run proposes to split: those whose posts fall into two clear groups."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from feedback.asks.models import Proposal
from feedback.forum.models import Product
from feedback.grouping.runs.propose import Wanted

if TYPE_CHECKING:
    from feedback.engine.describe.facets import Facet

#: The two largest facets hold so large a part of an ask, and the smaller of them so large a part of it and so many posts.
BOTH, SMALLER, FEWEST = 0.7, 0.2, 5
#: A group of which people placed more than this part is theirs.
HALF = 0.5
#: Two proposals are the same case when so large a part of the posts of both would leave in both.
SAME_CASE = 0.5

#: A proposal that was made before: its fingerprint, and the public ids of the posts that would leave.
Known = tuple[str, frozenset[str]]


def two_groups(
    facets: Sequence["Facet"],
    inside: Collection[int],
    *,
    medoid: int,
    together: Iterable[tuple[int, int]],
    placed: Collection[int] = (),
) -> tuple[str, set[int]] | None:
    """Return the title and the posts of the group that would leave an ask with the posts ``inside``, None if they are one.

    That is the smaller of the two, unless it holds the post that stands for the ask. Posts of which people said that
    they belong ``together`` stay so, and those that people ``placed`` stay.
    """
    inside = set(inside)
    groups = [(facet.title, {int(pk) for pk in facet.members} & inside) for facet in facets]
    groups.sort(key=lambda group: -len(group[1]))
    if len(groups) < 2:
        return None
    (_, larger), (_, smaller) = groups[:2]
    if len(larger | smaller) < BOTH * len(inside):
        return None
    if len(smaller) < max(FEWEST, SMALLER * len(inside)):
        return None
    title, going = groups[0] if medoid in smaller else groups[1]
    free = going.difference(placed)
    if len(free) < max(FEWEST, HALF * len(going)):
        return None
    if any((one in free) != (other in free) for one, other in together):
        return None
    return title, free


def known_splits(product: Product) -> dict[str, list[Known]]:
    """Return the proposals to split asks of ``product`` that were ever made, by ask; one query."""
    made = Proposal.objects.filter(kind=Proposal.Kind.SPLIT, ask__product=product).order_by("pk")
    known: dict[str, list[Known]] = defaultdict(list)
    for ask, name, evidence in made.values_list("ask__public_id", "fingerprint", "evidence"):
        known[ask].append((name, frozenset(evidence.get("posts", []))))
    return known


def wanted_split(ask: str, title: str, posts: Sequence[str], known: Iterable[Known]) -> Wanted:
    """Return the proposal that ``posts`` leave ``ask``; under the name it has where much the same was proposed before."""
    names = (name for name, before in known if _alike(before, frozenset(posts)))
    digest = hashlib.sha256(":".join(posts).encode()).hexdigest()[:32]
    return Wanted(
        Proposal.Kind.SPLIT,
        next(names, f"split:{ask}:{digest}"),
        ask,
        evidence={"title": title, "posts": list(posts)},
    )


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= SAME_CASE * len(one | other)
