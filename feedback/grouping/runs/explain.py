"""What an ask says of itself: its summary, the parts inside it, and which posts say too little."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from feedback.asks.titles import tidy
from feedback.engine import Keywords, Summaries

if TYPE_CHECKING:
    from feedback.engine import Corpus, Grouper
    from feedback.engine.describe.facets import Facet

#: Fewer posts are read in the time a summary takes.
SUMMARISED_FROM = 3
#: An ask with fewer posts is looked over at a glance; no more asks than this are looked into in a run.
FACETS_FROM = 25
MOST_LOOKED_INTO = 60
MOST_FACETS = 6


@dataclass(frozen=True)
class Explained:
    """What `explain` found, by the key of the engine's group; posts by primary key."""

    quotes: Mapping[str, Sequence[tuple[int, str]]] = field(default_factory=dict)
    facets: Mapping[str, Sequence["Facet"]] = field(default_factory=dict)
    #: Why each post that says too little does.
    idle: Mapping[int, str] = field(default_factory=dict)


def explain(grouper: "Grouper", corpus: "Corpus") -> Explained:
    """Summarise the groups of a fitted ``grouper`` and look into the large ones. Reads and writes nothing.

    It belongs outside any transaction: a large board takes seconds.
    """
    from feedback.engine.describe.facets import facets  # loads scipy; the web need not

    row_of = {int(pk): row for row, pk in enumerate(corpus.ids)}
    asks = [group for group in grouper.groups_ if not group.boilerplate]
    summaries = Summaries(corpus, Keywords(corpus))
    quotes = {}
    for group in asks:
        if len(group) >= SUMMARISED_FROM:
            rows = [row_of[int(pk)] for pk in group.members]
            found = summaries.of(rows, grouper.scores_[rows], title=group.title)
            quotes[group.key] = [(int(one.post), one.sentence) for one in found]
    large = sorted(
        (group for group in asks if len(group) >= FACETS_FROM),
        key=lambda group: (-len(group), group.key),
    )
    inside: dict[str, Sequence[Facet]] = {}
    for group in large[:MOST_LOOKED_INTO]:
        parts = facets(corpus, group.members, space=grouper.space_)[:MOST_FACETS]
        if parts:
            inside[group.key] = parts
    return Explained(quotes, inside, _idle(grouper, corpus))


def _idle(grouper: "Grouper", corpus: "Corpus") -> dict[int, str]:
    """Return why each post that says too little to be grouped does."""
    return {int(pk): kind for pk, kind in zip(corpus.ids, grouper.kinds_, strict=True) if kind}


# --- Keeping it ----------------------------------------------------------------------------------------------
def tells_of(explained: Explained, key: str, names: Mapping[int, str]) -> dict[str, Any]:
    """Return as JSON what `explain` found of one group, with the posts' primary keys and public ids (``names``)."""
    return {
        "quotes": [
            [pk, names[pk], sentence]
            for pk, sentence in explained.quotes.get(key, ())
            if pk in names
        ],
        "facets": [
            {
                "title": tidy(part.title),
                "keywords": list(part.keywords),
                "posts": [[int(pk), names[int(pk)]] for pk in part.members if int(pk) in names],
            }
            for part in explained.facets.get(key, ())
        ],
    }


def posts_named(tells: Mapping[str, Any]) -> set[int]:
    """Return the posts that ``tells`` speaks of."""
    quoted = {pk for pk, _public_id, _sentence in tells["quotes"]}
    return quoted | {pk for facet in tells["facets"] for pk, _public_id in facet["posts"]}


def as_kept(
    tells: Mapping[str, Any], inside: Collection[int], *, is_locked: bool
) -> dict[str, Any]:
    """Return the fields of an ask with the posts ``inside``: posts that are not in it are left out.

    So are facets that are then too small; a locked ask has none.
    """
    from feedback.engine.describe.facets import FEWEST_IN_FACET  # loads scipy; the web need not

    quotes = [(name, sentence) for pk, name, sentence in tells["quotes"] if pk in inside]
    facets = [
        facet | {"posts": [name for pk, name in facet["posts"] if pk in inside]}
        for facet in tells["facets"]
        if not is_locked
    ]
    facets = [facet for facet in facets if len(facet["posts"]) >= FEWEST_IN_FACET]
    return {
        "summary": "\n".join(sentence for _, sentence in quotes),
        "summary_from": [name for name, _ in quotes],
        "facets": facets if len(facets) > 1 else [],
    }
