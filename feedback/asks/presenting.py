"""Memberships and reasons, ready to be shown."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy

from feedback.accounts.models import User
from feedback.asks.models import Answer, Ask, Membership
from feedback.forum.models import Post
from feedback.forum.posts.listing import PostRow
from feedback.kernel import markdown, text

#: Why a post says too little by itself, as the team reads it.
_IDLE = {
    "empty": gettext_lazy("no words at all"),
    "symbols": gettext_lazy("signs without words"),
    "courtesy": gettext_lazy("thanks, praise or a greeting"),
    "log": gettext_lazy("a log without a question"),
    "mood": gettext_lazy("that it is bad, not what"),
    "praise": gettext_lazy("praise without a wish"),
}


def idle_label(why: str) -> str:
    """Return why a post says too little, in the reader's language."""
    return str(_IDLE.get(why, _IDLE["courtesy"])) if why else ""


@dataclass(frozen=True)
class NearPost:
    """A post that a reason points at."""

    public_id: str
    title: str
    language: str
    similarity: float


@dataclass(frozen=True)
class ShownMembership:
    """Why a post is in its ask and who says so, as asks/_reason.html reads it."""

    public_id: str
    source: str
    ground: str
    placed_by: User | None
    placed_at: dt.datetime
    model_key: str
    similarity: float | None
    is_confirmed: bool
    moved_from: str
    nearest: list[NearPost] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class AskPost:
    """A post of an ask: its row, and why it is there."""

    row: PostRow
    membership: ShownMembership


def shown(memberships: Sequence[Membership]) -> dict[int, ShownMembership]:
    """Return what to show of these memberships by post; one query for all the posts they point at."""
    wanted: set[str] = set()
    for membership in memberships:
        wanted.update(_near_ids(membership.reason))
    near = {
        post.public_id: post
        for post in Post.objects.filter(public_id__in=wanted, state=Post.State.PUBLISHED).only(
            "public_id", "title", "language"
        )
    }
    return {
        membership.post_id: ShownMembership(
            public_id=membership.post.public_id,
            source=membership.source,
            ground=str(membership.reason.get("ground", "")),
            placed_by=membership.actor,
            placed_at=membership.placed_at,
            model_key=membership.model_key,
            similarity=likeness(membership),
            is_confirmed=membership.is_confirmed,
            moved_from=str(membership.reason.get("from", "")),
            nearest=[
                NearPost(pid, near[pid].title, near[pid].language, similarity)
                for pid, similarity in membership.reason.get("nearest", [])
                if pid in near
            ],
            terms=list(membership.reason.get("terms", [])),
        )
        for membership in memberships
    }


@dataclass(frozen=True)
class ShownAnswer:
    """An official answer, its words as HTML."""

    public_id: str
    html: str
    author: User
    answered_at: dt.datetime
    edited_at: dt.datetime | None = None


def shown_answer(answer: Answer) -> ShownAnswer:
    """Return ``answer`` as pages show it."""
    return ShownAnswer(
        answer.public_id,
        markdown.render(answer.body_here),
        answer.author,
        answer.answered_at,
        answer.edited_at,
    )


def likeness(membership: Membership) -> float | None:
    """Return the cosine to the nearest post of the ask: what a reader means by "how alike"."""
    nearest = membership.reason.get("nearest") or []
    return float(nearest[0][1]) if nearest else membership.score


def _near_ids(reason: dict[str, Any]) -> Iterable[str]:
    return (pid for pid, _ in reason.get("nearest", []))


@dataclass(frozen=True)
class ShownQuote:
    """A sentence of an ask's summary and the post whose words it is, as asks/_quotes.html reads it."""

    sentence: str
    language: str
    public_id: str
    post_title: str


def quotes_of(asks: Sequence[Ask]) -> dict[int, list[ShownQuote]]:
    """Return the summary of each of ``asks`` by its id; one query.

    Only what still stands so in a post that belongs to the ask is quoted: an author may have edited, withdrawn or
    moved it since the run.
    """
    wanted = {public_id for ask in asks for public_id in ask.summary_from}
    held: dict[tuple[int, str], Membership] = {}
    if wanted:
        found = Membership.objects.filter(
            post__public_id__in=wanted, post__state=Post.State.PUBLISHED, ask__in=asks
        ).select_related("post")
        held = {(one.ask_id, one.post.public_id): one for one in found}
    shown: dict[int, list[ShownQuote]] = {}
    for ask in asks:
        shown[ask.pk] = []
        for sentence, public_id in zip(ask.summary.split("\n"), ask.summary_from, strict=False):
            one = held.get((ask.pk, public_id))
            if one is not None and _letters(sentence) in _letters(
                f"{one.post.title}\n{one.post.body}"
            ):
                shown[ask.pk].append(
                    ShownQuote(sentence, text.language_of(sentence), public_id, one.post.title)
                )
    return shown


def _letters(words: str) -> str:
    """Return the letters and digits of ``words``: a quotation leaves out Markdown's marks."""
    return "".join(filter(str.isalnum, text.fold(words)))


@dataclass(frozen=True)
class ShownFacet:
    """A part of an ask, as the pages of asks show it. ``number`` counts from 1, as the address says it; a reply has a name."""

    number: int | str
    title: str
    language: str
    keywords: list[str]
    posts: list[str]

    @property
    def post_count(self) -> int:
        return len(self.posts)


def facets_of(ask: Ask) -> list[ShownFacet]:
    """Return the parts of ``ask`` with the posts still in it.

    A part of which hardly anything is left is not shown; numbers stay.
    """
    wanted = {public_id for facet in ask.facets for public_id in facet["posts"]}
    here = set(
        Membership.objects.filter(
            ask=ask, post__public_id__in=wanted, post__state=Post.State.PUBLISHED
        ).values_list("post__public_id", flat=True)
        if wanted
        else ()
    )
    shown = []
    for number, facet in enumerate(ask.facets, start=1):
        posts = [public_id for public_id in facet["posts"] if public_id in here]
        if len(posts) > 1:
            shown.append(
                ShownFacet(
                    number,
                    facet["title"],
                    text.language_of(facet["title"]),
                    list(facet.get("keywords", [])),
                    posts,
                )
            )
    return shown
