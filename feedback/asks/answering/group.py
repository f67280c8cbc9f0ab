"""Asking everyone behind an ask one question, and what they reply."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.asks.models import Ask, GroupQuestion, GroupReply
from feedback.asks.models.answers import QUESTION_LENGTH, REPLY_LENGTH
from feedback.asks.people import people_behind
from feedback.asks.presenting import ShownFacet
from feedback.asks.queries import resolve, sources_of
from feedback.forum.models import Post
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import text, typed
from feedback.kernel.refusals import Refusal

#: Choices of one question, the letters of a choice, and replies in words that a page shows.
CHOICES, CHOICE_LENGTH, WORDS_SHOWN = 8, 120, 20


@by_manager
@transaction.atomic
def ask_group(
    *,
    ask: Ask,
    question: str,
    actor: User,
    now: dt.datetime,
    question_zh: str = "",
    choices: Sequence[tuple[str, str]] = (),
) -> GroupQuestion:
    """Ask everyone behind ``ask`` one question; each is told once. ``choices`` are pairs of words and their Chinese.

    Raises `Refusal` while another question is open, for an ask that is not public, and for one or too many choices.
    """
    question = typed.line(question, most=QUESTION_LENGTH)
    question_zh = typed.line(question_zh, most=QUESTION_LENGTH)
    offered = [
        {
            "words": typed.line(words, most=CHOICE_LENGTH),
            "words_zh": typed.line(chinese, most=CHOICE_LENGTH),
        }
        for words, chinese in choices
    ]
    if not ask.is_public:
        raise Refusal(
            _("Confirm “%(title)s” first: only then is there somebody to ask.")
            % {"title": ask.title}
        )
    if not question:
        raise Refusal(_("Write the question first."), status=422)
    if len(offered) == 1 or len(offered) > CHOICES:
        raise Refusal(_("Offer two to eight choices, or none."), status=422)
    if not all(one["words"] for one in offered):
        raise Refusal(_("Every choice needs words before the bar."), status=422)
    try:
        with transaction.atomic():
            made = GroupQuestion.objects.create(
                ask=ask,
                asked_by=actor,
                question=question,
                question_zh=question_zh,
                choices=offered,
                asked_at=now,
            )
    except IntegrityError:
        raise Refusal(_("A question is open already. Close it first.")) from None
    _write(Verb.GROUP_ASKED, made, actor, now, words=question)
    return made


@by_manager
@transaction.atomic
def close_question(*, question: GroupQuestion, actor: User, now: dt.datetime) -> None:
    """Take no more replies; no-op when it is closed already."""
    if GroupQuestion.objects.filter(pk=question.pk, closed_at=None).update(closed_at=now):
        _write(Verb.GROUP_QUESTION_CLOSED, question, actor, now)


@transaction.atomic
def reply(
    *,
    question: GroupQuestion,
    person: User,
    now: dt.datetime,
    choice: int | None = None,
    words: str = "",
) -> GroupReply:
    """Say or change what ``person``, who is behind the ask, replies.

    Raises `PermissionDenied` for who is not behind it, and `Refusal` once it is closed or where nothing is said.
    Holds the question's row, so that a reply and its closing come one after the other.
    """
    question = GroupQuestion.objects.select_for_update().get(pk=question.pk)
    if not people_behind([question.ask_id]).filter(pk=person.pk).exists():
        raise PermissionDenied
    words = typed.words(words, most=REPLY_LENGTH)
    if question.closed_at is not None:
        raise Refusal(_("This question is closed. Thank you all the same."))
    if choice is not None and not 0 <= choice < len(question.choices):
        choice = None
    if choice is None and not words:
        raise Refusal(_("Choose something, or say it in words."), status=422)
    said, _made = GroupReply.objects.update_or_create(
        question=question,
        person=person,
        defaults={"choice": choice, "words": words, "replied_at": now},
    )
    _write(Verb.GROUP_REPLIED, question, person, now)
    return said


def open_question(ask: Ask) -> GroupQuestion | None:
    """Return the question that is open for those behind ``ask``, asked of it or of what was joined into it."""
    asked = GroupQuestion.objects.filter(ask__in=sources_of([ask.pk]), closed_at=None)
    return asked.first()


@dataclass(frozen=True)
class ShownChoice:
    """A choice, how many people chose it, and the part of the ask that their posts are, "" where they wrote none."""

    words: str
    people: int
    part: str = ""


@dataclass(frozen=True)
class ShownQuestion:
    """A question to the group, and what it replied so far."""

    question: GroupQuestion
    people: int
    choices: list[ShownChoice] = field(default_factory=list)
    words: list[GroupReply] = field(default_factory=list)


def latest_question(ask: Ask) -> ShownQuestion | None:
    """Return the latest question to those behind ``ask``, with what they replied."""
    asked = GroupQuestion.objects.filter(ask__in=sources_of([ask.pk]))
    question = asked.select_related("asked_by").first()
    if question is None:
        return None
    replies = list(question.replies.select_related("person"))
    parts = {facet.title: str(facet.number) for facet in reply_facets(ask)}
    counts = [
        ShownChoice(words, sum(one.choice == place for one in replies), parts.get(words, ""))
        for place, words in enumerate(question.choices_here)
    ]
    said = [one for one in replies if one.words][:WORDS_SHOWN]
    return ShownQuestion(question, len(replies), counts, said)


def reply_facets(ask: Ask) -> list[ShownFacet]:
    """Return the posts of ``ask`` by what their authors chose, as parts that may be split off."""
    asked = GroupQuestion.objects.filter(ask__in=sources_of([ask.pk]))
    question = asked.first()
    if question is None or not question.choices:
        return []
    posts: dict[int, list[str]] = {}
    theirs = Post.objects.filter(membership__ask=ask, state=Post.State.PUBLISHED)
    chosen = question.replies.exclude(choice=None).values_list("person", "choice")
    of_person = {person: place for person, place in chosen if place is not None}
    wrote = theirs.filter(author__in=of_person).order_by("pk")
    for post in wrote.only("public_id", "author"):
        posts.setdefault(of_person[post.author_id], []).append(post.public_id)
    return [
        ShownFacet(f"reply-{place}", words, text.language_of(words), [], posts[place])
        for place, words in enumerate(question.choices_here)
        if place in posts
    ]


def _write(
    verb: Verb, question: GroupQuestion, actor: User, now: dt.datetime, **more: object
) -> None:
    ask = resolve(question.ask)
    known = {"title": ask.title, "ask": ask.public_id, "question": question.public_id}
    journal.write(verb=verb, subject=ask, actor_id=actor.pk, now=now, data=known | more)
