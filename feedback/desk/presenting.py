"""Proposals and evidence, ready for the desk."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.db.models import F, Prefetch, QuerySet
from django.template.defaultfilters import floatformat
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.accounts.handover.queries import plans_of
from feedback.accounts.models import User
from feedback.asks.models import Ask, Bond, Membership, Proposal
from feedback.asks.people import people_behind, people_of_posts
from feedback.asks.presenting import likeness
from feedback.asks.proposals.rises import RISES
from feedback.asks.queries import posts_of
from feedback.desk.shared_words import different_words, marked, shared_words
from feedback.forum.models import Post
from feedback.grouping.models import Question
from feedback.kernel import clock
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
    title: str = ""


def highlighted(groups: Sequence[Sequence[Piece]]) -> list[list[Piece]]:
    """Return ``groups`` with the words that they share, and the numbers in which they differ, marked."""
    texts = [f"{one.post.title}\n{one.words}" for pieces in groups for one in pieces]
    shared, different = shared_words(texts), different_words(texts)

    def mark(one: Piece) -> Piece:
        return replace(
            one,
            title=marked(one.post.title, shared, different),
            words=marked(one.words, shared, different),
        )

    return [[mark(one) for one in pieces] for pieces in groups]


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
    new_count: int = 0
    preview: str = ""
    confidence: float | None = None
    accept_label: str = ""
    dismiss_label: str = ""
    sentence: str = ""
    asks: list[Ask] = field(default_factory=list)
    owner: User | None = None
    later_until: dt.datetime | None = None


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
        case Proposal.Kind.SAME:
            return (
                _("Move it"),
                _("Keep them apart"),
                _(
                    "Members say that these two posts ask the same. Move the one to the other's ask?"
                ),
            )
        case Proposal.Kind.JOIN_MANY:
            return (
                _("Join the ticked"),
                _("Keep them all apart"),
                _(
                    "Are these the same ask? The ticked become one; those left out are kept apart from it."
                ),
            )
        case Proposal.Kind.SPLIT:
            return (
                _("Split them off"),
                _("It is one ask"),
                _(
                    "The posts of this ask fall into two groups. Do the ticked ask for something else? They become an ask of their own."
                ),
            )
        case Proposal.Kind.GROWTH | Proposal.Kind.BURST:
            return _("Seen: onto the Tuesday list"), _("Not notable"), ""
    return _("Accept"), _("Dismiss"), ""


def _said_no_before(proposal: Proposal) -> str:
    """Return what is asked of an ask that was said no to and that many have come to since."""
    since = proposal.evidence["since"]
    said_no = dt.datetime.fromisoformat(proposal.evidence["no_at"])
    return ngettext(
        "The team said no to this on %(day)s. Since then %(n)d more person asked. Do these posts ask for the same thing?",
        "The team said no to this on %(day)s. Since then %(n)d more people asked. Do these posts ask for the same thing?",
        since,
    ) % {"day": date_format(localtime(said_no).date(), "DATE_FORMAT"), "n": since}


def shown_proposal(proposal: Proposal) -> ShownProposal:
    """Return ``proposal`` with its words; its ask, other ask, post and owner must be loaded."""
    accept, dismiss, sentence = _words(proposal.kind)
    ask, other, post = proposal.ask, proposal.other_ask, proposal.post
    title, preview = ask.title, " · ".join(ask.keywords)
    post_count = ask.post_count
    asks = [ask]
    if "no_at" in proposal.evidence:
        sentence = _said_no_before(proposal)
    elif proposal.kind == Proposal.Kind.JOIN and other is not None:
        preview, asks = "+ " + other.title, [ask, other]
        post_count += other.post_count
    elif proposal.kind == Proposal.Kind.REGRESSION:
        post_count = len(proposal.evidence.get("posts", []))
        preview = post.title if post is not None else preview
        sentence = _said_in_report(proposal) or sentence
    elif proposal.kind == Proposal.Kind.JOIN_MANY:
        post_count, preview = proposal.evidence.get("posts", post_count), _and_more(proposal)
    elif proposal.kind == Proposal.Kind.SPLIT:
        preview = f"→ {proposal.evidence.get('title', '')}"
    elif proposal.kind in RISES:
        post_count = proposal.evidence.get("posts", post_count)
        sentence = said_of_rise(proposal)
        preview = _("at least %(times)s times") % {"times": proposal.evidence.get("times", 1)}
    elif post is not None:
        title, post_count = post.title, 1
        if proposal.kind == Proposal.Kind.MOVE and other is not None:
            preview, asks = f"{ask.title} → {other.title}", [ask, other]
        elif proposal.kind == Proposal.Kind.SAME:
            preview, asks = f"→ {ask.title}", [other, ask] if other is not None else [ask]
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
        owner=proposal.owner,
        later_until=_still_to_come(proposal.later_until),
    )


def _still_to_come(until: dt.datetime | None) -> dt.datetime | None:
    """Return the time that something is put off to, None once it is over."""
    return until if until is not None and until > clock.now() else None


def _and_more(proposal: Proposal) -> str:
    """Return how many asks would be joined with the one that is named."""
    others = len(proposal.evidence.get("asks", [])) - 1
    return ngettext(
        "+ %(n)d more ask that seems the same", "+ %(n)d more asks that seem the same", others
    ) % {"n": others}


def said_of_rise(proposal: Proposal) -> str:
    """Return in a sentence how an ask rose: in which days, and against what; and the release that it came with."""
    told = proposal.evidence
    days = [parse_date(str(told.get(end, ""))) for end in ("first", "last")]
    words = {
        "posts": told.get("posts", 0),
        "people": proposal.people_count,
        "first": date_format(days[0], "SHORT_DATE_FORMAT") if days[0] else "",
        "last": date_format(days[1], "SHORT_DATE_FORMAT") if days[1] else "",
        "expected": floatformat(told.get("expected", 0), -1),
        "version": told.get("version", ""),
    }
    said = (
        _(
            "%(posts)d posts by %(people)d people from %(first)s to %(last)s, where %(expected)s would have come had it moved with the board."
        )
        % words
    )
    if not told.get("version"):
        return said
    return _("%(said)s %(version)s came out on the first of these days.") % {"said": said, **words}


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
    title: str = ""


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
    said = [excerpt(post.title, post.body, length=WORDS_OF_A_SIDE) for post in posts]
    texts = [f"{post.title}\n{words}" for post, words in zip(posts, said, strict=True)]
    shared, different = shared_words(texts), different_words(texts)
    sides = [
        Side(
            post,
            marked(words, shared, different),
            homes.get(post.pk),
            title=marked(post.title, shared, different),
        )
        for post, words in zip(posts, said, strict=True)
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
