"""Proposals and evidence, ready for the desk."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import F, Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.accounts.handover.queries import plans_of
from feedback.asks.models import Ask, Bond, Membership, Proposal
from feedback.asks.people import people_behind, people_of_posts
from feedback.asks.presenting import likeness
from feedback.asks.queries import posts_of
from feedback.forum.models import Post
from feedback.grouping.models import Question
from feedback.kernel.markdown import excerpt

EVIDENCE_SHOWN = 40
#: Characters of a post that evidence shows.
WORDS_OF_A_PIECE = 220
#: The two posts that a decision said together or apart, as desk/decisions/_decision.html reads them.
PAIRS: Prefetch[str, QuerySet[Bond], str] = Prefetch(
    "bonds",
    queryset=Bond.objects.filter(other_post__isnull=False).select_related("post", "other_post"),
    to_attr="pairs",
)


@dataclass(frozen=True)
class Piece:
    """One post as evidence, as desk/_evidence_list.html reads it."""

    post: Post
    words: str
    similarity: float | None
    terms: list[str]
    is_core: bool
    is_confirmed: bool = False
    plan: str = ""


@dataclass(frozen=True)
class ShownProposal:
    """One proposal, as desk/inbox/_proposal_row.html reads it."""

    public_id: str
    kind: str
    kind_label: str
    title: str
    language: str
    post_count: int
    people_count: int
    made_at: dt.datetime
    preview: str = ""
    confidence: float | None = None
    accept_label: str = ""
    dismiss_label: str = ""
    sentence: str = ""
    asks: list[Ask] = field(default_factory=list)


def _words(kind: str) -> tuple[str, str, str]:
    """Return what the two buttons say, and the question."""
    match kind:
        case Proposal.Kind.NEW_ASK:
            return (
                _("Make it an ask"),
                _("Not the same thing"),
                _("Do these posts ask for the same thing? Leave out those that do not."),
            )
        case Proposal.Kind.JOIN:
            return (
                _("Join them"),
                _("Keep them apart"),
                _(
                    "Are these the same ask? Joined, each post keeps its words and both links lead here."
                ),
            )
        case Proposal.Kind.MOVE:
            return (
                _("Move it"),
                _("Leave it"),
                _("This post now stands nearer to another ask. Move it there?"),
            )
        case Proposal.Kind.REGRESSION:
            return (
                _("Seen: it is not fixed"),
                _("Not the same"),
                _("These posts came after the ask was shipped. Perhaps it is not really fixed."),
            )
        case Proposal.Kind.CONTEST:
            return (
                _("The author is right"),
                _("Put it back"),
                _(
                    "The author says that this post does not belong to the ask. It has left already."
                ),
            )
    return _("Accept"), _("Dismiss"), ""


def shown_proposal(proposal: Proposal) -> ShownProposal:
    """Return ``proposal`` with its words; its ask, other ask and post must be loaded."""
    accept, dismiss, sentence = _words(proposal.kind)
    ask, other, post = proposal.ask, proposal.other_ask, proposal.post
    title, preview = ask.title, " · ".join(ask.keywords)
    post_count = ask.post_count
    asks = [ask]
    if proposal.kind == Proposal.Kind.JOIN and other is not None:
        preview, asks = "+ " + other.title, [ask, other]
        post_count += other.post_count
    elif proposal.kind == Proposal.Kind.REGRESSION:
        post_count = len(proposal.evidence.get("posts", []))
        preview = post.title if post is not None else preview
        sentence = _said_in_report(proposal) or sentence
    elif post is not None:
        title, post_count = post.title, 1
        if proposal.kind == Proposal.Kind.MOVE and other is not None:
            preview, asks = f"{ask.title} → {other.title}", [ask, other]
        else:
            preview = ask.title
    return ShownProposal(
        public_id=proposal.public_id,
        kind=proposal.kind,
        kind_label=str(Proposal.Kind(proposal.kind).label),
        title=title,
        language=ask.language,
        post_count=post_count,
        people_count=proposal.people_count,
        made_at=proposal.proposed_at,
        preview=preview,
        accept_label=accept,
        dismiss_label=dismiss,
        sentence=sentence,
        asks=asks,
    )


def _said_in_report(proposal: Proposal) -> str:
    """Return what people say of a regression in a report, "" where none says anything."""
    report = proposal.evidence.get("report", {})
    if not report.get("people"):
        return ""
    return ngettext(
        "In the report on %(version)s, %(people)d person says that it is broken.",
        "In the report on %(version)s, %(people)d people say that it is broken.",
        report["people"],
    ) % {"version": report["version"], "people": report["people"]}


def evidence_of(ask: Ask, *, limit: int = EVIDENCE_SHOWN) -> list[Piece]:
    """Return the posts of ``ask``, most typical first."""
    return pieces(list(posts_of(ask)[:limit]), medoid=ask.medoid_id)


def pieces(memberships: Sequence[Membership], *, medoid: int | None = None) -> list[Piece]:
    """Return ``memberships`` as evidence."""
    found = []
    plans = plans_of({membership.post.author_id for membership in memberships})
    for membership in memberships:
        post = membership.post
        found.append(
            Piece(
                post=post,
                words=excerpt(post.title, post.body, length=WORDS_OF_A_PIECE),
                similarity=likeness(membership),
                terms=list(membership.reason.get("terms", [])),
                is_core=membership.post_id == medoid,
                is_confirmed=membership.is_confirmed,
                plan=plans.get(post.author_id, ""),
            )
        )
    return found


def pieces_of_posts(public_ids: Sequence[str]) -> list[Piece]:
    """Return posts that need not belong to an ask as evidence."""
    posts = Post.objects.filter(public_id__in=public_ids).select_related("author", "board")
    return [
        Piece(
            post=post,
            words=excerpt(post.title, post.body, length=WORDS_OF_A_PIECE),
            similarity=None,
            terms=[],
            is_core=False,
        )
        for post in posts.order_by(F("posted_at").desc())
    ]


@dataclass(frozen=True)
class Side:
    """One post of a question, and the ask it stands for, if it is in one."""

    post: Post
    words: str
    ask: Ask | None


@dataclass(frozen=True)
class ShownQuestion:
    """ "The same request?", as desk/questions/questions.html reads it; ``sides`` are two.

    ``post_count`` and ``people_count`` are what an answer decides about; ``in_one_ask``: both are in the same ask
    now, so that the question is whether it falls apart.
    """

    public_id: str
    sides: list[Side]
    post_count: int
    people_count: int
    in_one_ask: bool


#: Characters of a post that a question shows.
WORDS_OF_A_SIDE = 600


def shown_question(question: Question) -> ShownQuestion:
    """Return ``question`` with its posts (which must be loaded) and the asks they are in now."""
    posts = [question.post, question.other_post]
    homes = {
        membership.post_id: membership.ask
        for membership in Membership.objects.filter(post__in=posts).select_related("ask")
        if membership.ask.state in (Ask.State.PUBLIC, Ask.State.PROPOSED)
    }
    sides = [
        Side(
            post,
            excerpt(post.title, post.body, length=WORDS_OF_A_SIDE),
            homes.get(post.pk),
        )
        for post in posts
    ]
    asks = {side.ask for side in sides if side.ask is not None}
    alone = [side.post.public_id for side in sides if side.ask is None]
    return ShownQuestion(
        public_id=question.public_id,
        sides=sides,
        post_count=sum(ask.post_count for ask in asks) + len(alone),
        people_count=people_behind([ask.pk for ask in asks]).count()
        + (people_of_posts(alone) if alone else 0),
        in_one_ask=len(asks) == 1 and not alone,
    )
