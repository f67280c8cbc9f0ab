"""What is told of every group: its key, title, keywords, cohesion, and why each post is in it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np

from feedback.engine.cluster.bundled import PreparedPosts
from feedback.engine.data.boilerplate import says_nothing
from feedback.engine.data.corpus import Corpus, Doubles, Floats, Id, Ints, Key
from feedback.engine.data.rows import read
from feedback.engine.describe.keywords import Keywords
from feedback.engine.describe.reasons import Ground, Reasons
from feedback.engine.describe.titles import Titles
from feedback.engine.rules.alignment import Lineage, align
from feedback.engine.rules.constraints import Resolved
from feedback.engine.rules.contraction import Bundle, Bundles


@dataclass(frozen=True)
class Group:
    """Posts that ask for the same thing, as the engine sees it.

    ``titled`` is the post that lends the title, ``titles`` are titles in the languages of others of its posts.
    ``cohesion`` is the mean cosine similarity over all pairs (1.0 for a post alone). ``asking`` says how clearly its posts ask
    for something, from about -2 to 2 (`Speech.asking`, their mean to a tenth); 0 where nothing judges that. ``members`` are in id order.
    """

    key: Key
    label: int
    members: tuple[Id, ...]
    medoid: Id
    title: str
    keywords: tuple[str, ...]
    cohesion: float
    lineage: Lineage = field(default_factory=Lineage)
    boilerplate: bool = False
    titled: Id = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    asking: float = 0.0

    def __len__(self) -> int:
        return len(self.members)


@dataclass(frozen=True, eq=False)
class Described:
    """The groups by label, the key of every post, each post's mean similarity to the rest (n,), and the reasons."""

    groups: list[Group]
    keys: dict[Id, Key]
    scores: Floats
    reasons: Reasons


def describe(
    prepared: PreparedPosts,
    labels: Ints,
    bundles: Bundles,
    decided: Resolved,
    previous: Mapping[Id, Key],
    *,
    names: Collection[str] = (),
    asking: Doubles | None = None,
) -> Described:
    """Describe the groups that ``labels`` (n,) make, numbered from 0 without gaps.

    ``names`` are what the product is called, and ``asking`` (n,) says how clearly each post asks for something.
    """
    posts, vectors, kinds = prepared.posts, prepared.vectors, prepared.boilerplate
    by_label = np.argsort(labels, kind="stable")
    members = np.split(by_label, np.cumsum(np.bincount(labels))[:-1]) if len(labels) else []
    keys, lineages = _keys(posts, labels, members, bundles, previous)
    keywords = Keywords(posts)
    titles = Titles(posts, keywords, names=names, asking=asking)
    scores = np.zeros(len(labels), dtype=np.float32)
    groups: dict[int, Group] = {}
    # Large groups choose their titles first, ids break ties.
    for label in sorted(range(len(members)), key=lambda label: (-len(members[label]), label)):
        rows = members[label]
        shared = keywords.of(rows)
        centrality = np.ones(1, dtype=np.float32)
        if len(rows) > 1:
            own = read(vectors, rows)
            centrality = own @ own.sum(axis=0)
            squares = np.einsum("ij,ij->i", own, own)
            scores[rows] = (centrality - squares) / (len(rows) - 1)
        at = rows.tolist()
        title = titles.of(rows, centrality / len(rows), shared)
        groups[label] = Group(
            key=keys[label],
            label=label,
            members=tuple(posts.ids[row] for row in at),
            medoid=posts.ids[at[int(centrality.argmax())]],
            title=title.text,
            keywords=shared,
            cohesion=round(float(scores[rows].mean()), 4) if len(rows) > 1 else 1.0,
            lineage=lineages[label],
            boilerplate=all(kinds[row] for row in at) or (len(at) > 2 and says_nothing(shared)),
            titled=posts.ids[title.row],
            titles=title.others,
            asking=round(float(asking[rows].mean()), 1) if asking is not None else 0.0,
        )
    grounds = {
        row: ground
        for one in bundles.bundles
        for row in one.rows
        if (ground := _ground(one, posts.ids[row] in decided.component, kinds[row])) is not None
    }
    return Described(
        [groups[label] for label in range(len(members))],
        {i: keys[label] for i, label in zip(posts.ids, labels.tolist(), strict=True)},
        scores,
        Reasons(posts, vectors, labels, list(members), grounds, keywords),
    )


def _keys(
    posts: Corpus,
    labels: Ints,
    members: list[Ints],
    bundles: Bundles,
    previous: Mapping[Id, Key],
) -> tuple[list[Key], list[Lineage]]:
    """Return the key and the lineage of each group."""
    forced: dict[int, Key] = {}
    refused: dict[int, set[Key]] = {}
    for one in bundles.bundles:
        label = int(labels[one.rows[0]])
        if one.key is not None:
            forced[label] = one.key
        if one.forbidden:
            refused.setdefault(label, set()).update(one.forbidden)
    return align(
        [[posts.ids[row] for row in rows] for rows in members],
        previous,
        forced=forced,
        refused=refused,
    )


def _ground(one: Bundle, is_decided: bool, kind: str) -> tuple[Ground, str] | None:
    """Return the ground on which a post of a bundle is in its group, and a note; None: because it is similar."""
    if one.frozen:
        return Ground.LOCKED, one.key or ""
    if is_decided and one.decided:
        return Ground.DECIDED, ""
    if kind:
        return Ground.BOILERPLATE, kind
    return (Ground.IDENTICAL, "") if len(one.rows) > 1 else None
