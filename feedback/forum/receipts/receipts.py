"""The receipt of a post: its number, when it came in, who of the team took it up first, what was promised."""

import datetime as dt
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from feedback.accounts.models import IN_TEAM, Origin, User
from feedback.forum.models import Comment, Post
from feedback.forum.posts.listing import PostAsk
from feedback.forum.receipts.numbers import number_of
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.kernel import slots

_NOTHING = SafeString("")


@dataclass(frozen=True)
class TakenUp:
    """That somebody of the team did something about a post, and when. To have read it is no such thing."""

    person: User
    at: dt.datetime


@dataclass(frozen=True)
class Further:
    """What the rooms that know asks say of a post: fills the slot "post-receipt".

    ``joined_at`` is since when it is part of its ask, ``promise`` what was promised about that, as HTML.
    """

    taken_up: TakenUp | None = None
    joined_at: dt.datetime | None = None
    promise: SafeString = _NOTHING


@dataclass(frozen=True)
class Receipt:
    """What stands on the receipt. ``waits`` says that the team has done nothing so far about what is for it to look at."""

    number: str
    received_at: dt.datetime
    source: str
    taken_up: TakenUp | None
    waits: bool
    ask: PostAsk
    joined_at: dt.datetime | None
    promise: SafeString
    #: Who can be told of it, where its author has no account; "" of everybody else.
    hears: str = ""


def receipt_of(request: HttpRequest, post: Post, *, ask: PostAsk) -> Receipt:
    """Return the receipt of ``post``, which stands in ``ask`` as far as the reader may know."""
    further: Further = slots.gather("post-receipt", request, [post]).get(post.pk, Further())
    deeds = (further.taken_up, _first_answer(post), _first_move(post))
    first = min(
        (deed for deed in deeds if deed is not None), key=lambda deed: deed.at, default=None
    )
    return Receipt(
        number=number_of(post),
        received_at=post.arrived_at,
        source=post.source,
        taken_up=first,
        waits=first is None and bool(ask.stage) and post.accepted_id is None and _is_for_team(post),
        ask=ask,
        joined_at=further.joined_at if ask.url else None,
        promise=further.promise,
        hears=who_hears(post.author),
    )


def who_hears(author: User) -> str:
    """Return who can be told of what ``author`` posted without an account, "" of everybody else."""
    if not author.is_guest:
        return ""
    if author.origin == Origin.IMPORTED:
        return _("It was posted without an account. Its author hears once they claim it.")
    return _("It was posted without an account or an address: its author cannot be told.")


def _is_for_team(post: Post) -> bool:
    return post.is_shown and not post.author.is_team


def _first_answer(post: Post) -> TakenUp | None:
    """Return who of the team answered somebody else's post first, officially or not: what an import brought was said elsewhere."""
    if not post.comment_count:
        return None
    said = Comment.objects.filter(post=post, is_internal=False, is_hidden=False, arrived_at=None)
    answers = said.filter(author__in=User.objects.filter(IN_TEAM)).exclude(author=post.author_id)
    found = answers.select_related("author").order_by("posted_at", "pk").first()
    return TakenUp(found.author, found.posted_at) if found is not None else None


def _first_move(post: Post) -> TakenUp | None:
    """Return who of the team first put it on another board."""
    moves = Entry.objects.filter(verb=Verb.POST_CHANGED_BOARD, subject_id=post.pk)
    found = moves.exclude(actor_id=None).order_by("id").first()
    if found is None or found.actor_id is None:
        return None
    person = User.objects.filter(pk=found.actor_id).first()
    return TakenUp(person, found.at) if person is not None else None
