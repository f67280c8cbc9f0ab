"""Polls: the team asks, members answer, each once, until it closes."""

import datetime as dt
from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_moderator
from feedback.accounts.restrictions import refuse_agent
from feedback.forum.models import Ballot, Poll, PollOption, Post
from feedback.forum.permissions import may_take_part
from feedback.forum.polls.models import (
    LEAST_OPTIONS,
    MOST_OPTIONS,
    OPTION_LENGTH,
    QUESTION_LENGTH,
    Shown,
)
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import text, typed
from feedback.kernel.refusals import Refusal

#: Nobody waits longer to be asked what should be built.
LONGEST = dt.timedelta(days=365)


@by_moderator
@transaction.atomic
def make_poll(
    *,
    post: Post,
    question: str,
    options: Sequence[str],
    closes_at: dt.datetime,
    takes_several: bool = False,
    shown: str = Shown.ANSWERED,
    actor: User,
    now: dt.datetime,
) -> Poll:
    """Ask ``question`` under ``post``; a post has one poll. Raises `Refusal` for anything that cannot be answered.

    Lock contract: the post's row, so that of two at once one makes it.
    """
    if not may_take_part(post):
        raise Refusal(_("This post is closed: nobody could answer a poll under it."))
    question = typed.line(question, most=QUESTION_LENGTH)
    texts = [typed.line(one, most=OPTION_LENGTH) for one in options]
    texts = [one for one in texts if one]
    if not question:
        raise Refusal(_("Ask a question."), status=422)
    if not LEAST_OPTIONS <= len(texts) <= MOST_OPTIONS:
        raise Refusal(_("Give two to eight answers to choose from."), status=422)
    if len({text.fold(one) for one in texts}) < len(texts):
        raise Refusal(_("Two of the answers are the same."), status=422)
    if not now < closes_at <= now + LONGEST:
        raise Refusal(_("Choose a day on which it closes, within a year."), status=422)
    if shown not in Shown.values:
        raise Refusal(_("Say when the results are shown."), status=422)
    Post.objects.select_for_update(no_key=True).get(pk=post.pk)
    if Poll.objects.filter(post=post).exists():
        raise Refusal(_("This post has a poll already."))
    poll = Poll.objects.create(
        post=post,
        question=question,
        takes_several=takes_several,
        shown=shown,
        closes_at=closes_at,
        made_by=actor,
        made_at=now,
    )
    PollOption.objects.bulk_create(
        PollOption(poll=poll, position=number, text=one) for number, one in enumerate(texts, 1)
    )
    _record(Verb.POLL_MADE, poll, actor=actor, now=now)
    return poll


@transaction.atomic
def answer_poll(
    *, poll: Poll, person: User, options: Collection[int], now: dt.datetime
) -> Ballot | None:
    """Have ``person`` answer with these ``options``, in place of what they answered before; none takes it back.

    Returns the ballot. Raises `Refusal` for what is no answer of it, for several where one is asked for, and once it is closed. Lock
    contract: the poll's row, so that nobody answers after it was closed; the unique row decides between two at once.
    """
    held = Poll.objects.select_for_update(no_key=True, of=("self",))
    poll = held.select_related("post__board").get(pk=poll.pk)
    if poll.closes_at <= now or not may_take_part(poll.post):
        raise Refusal(_("This poll is closed: its results stay."))
    refuse_agent(person)
    chosen = set(poll.options.filter(pk__in=options).values_list("pk", flat=True))
    if len(chosen) != len(set(options)):
        raise Refusal(_("That is no answer of this poll. Load the page again."), status=422)
    if len(chosen) > 1 and not poll.takes_several:
        raise Refusal(_("Choose one answer."), status=422)
    if not chosen:
        Ballot.objects.filter(poll=poll, person=person).delete()
        return None
    ballot, _is_new = Ballot.objects.update_or_create(
        poll=poll, person=person, defaults={"cast_at": now}
    )
    ballot.options.set(chosen)
    return ballot


@by_moderator
@transaction.atomic
def close_poll(*, poll: Poll, actor: User, now: dt.datetime) -> bool:
    """Close a poll before its day; return whether it was open. Lock contract: the poll's row."""
    stored = Poll.objects.select_for_update(no_key=True).get(pk=poll.pk)
    if stored.closes_at <= now:
        return False
    Poll.objects.filter(pk=poll.pk).update(closes_at=now)
    _record(Verb.POLL_CLOSED, poll, actor=actor, now=now)
    return True


@by_moderator
@transaction.atomic
def remove_poll(*, poll: Poll, actor: User, now: dt.datetime) -> None:
    """Take a poll away that nobody has answered. Raises `Refusal` for one with answers: close it. Lock contract: the poll's row."""
    stored = Poll.objects.select_for_update().get(pk=poll.pk)
    if stored.ballots.exists():
        raise Refusal(_("Somebody has answered already: close it, and the results stay."))
    _record(Verb.POLL_REMOVED, poll, actor=actor, now=now)
    stored.delete()


def tell_results(*, now: dt.datetime) -> int:
    """Record each poll that closed since the last look, so that those who answered are told once; return how many."""
    told = 0
    for poll in Poll.objects.filter(told_at=None, closes_at__lte=now).select_related("post"):
        with transaction.atomic():
            if Poll.objects.filter(pk=poll.pk, told_at=None, closes_at__lte=now).update(
                told_at=now
            ):
                _record(Verb.POLL_RESULTS, poll, actor=None, now=now)
                told += 1
    return told


def _record(verb: Verb, poll: Poll, *, actor: User | None, now: dt.datetime) -> None:
    journal.write(
        verb=verb,
        subject=poll.post,
        actor_id=None if actor is None else actor.pk,
        now=now,
        data={"post": poll.post.public_id, "poll": poll.public_id, "question": poll.question},
    )
