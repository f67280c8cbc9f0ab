"""A poll as one reader sees it: what to choose from, and the results where they may be seen."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count

from feedback.accounts.models import User
from feedback.accounts.permissions import is_team
from feedback.forum.models import Poll, PollOption, Post
from feedback.forum.permissions import Person, may_moderate, may_take_part
from feedback.forum.polls.models import Shown


@dataclass(frozen=True)
class ShownOption:
    """One answer: whether the reader chose it, how many people did, and their share of all who answered, in percent."""

    option: PollOption
    is_chosen: bool
    people: int = 0
    percent: int = 0


@dataclass(frozen=True)
class ShownPoll:
    """A poll with its ``options``; ``people`` answered. Numbers are 0 where the reader does not see results yet."""

    poll: Poll
    options: list[ShownOption]
    people: int
    is_open: bool
    has_results: bool
    has_answered: bool


def shown_poll(post: Post, reader: Person, *, now: dt.datetime) -> ShownPoll | None:
    """Return the poll under ``post`` as ``reader`` sees it, None where there is none."""
    poll: Poll | None = getattr(post, "poll", None)
    if poll is None:
        return None
    chosen = _chosen_by(reader, poll)
    is_over = poll.closes_at <= now
    has_results = may_see_results(poll, reader, has_answered=bool(chosen), now=now)
    people = poll.ballots.count() if has_results else 0
    options = list(poll.options.annotate(people=Count("ballots")))
    return ShownPoll(
        poll=poll,
        options=[
            ShownOption(
                one,
                one.pk in chosen,
                people=one.people if has_results else 0,
                percent=round(100 * one.people / people) if people else 0,
            )
            for one in options
        ],
        people=people,
        is_open=not is_over and may_take_part(post),
        has_results=has_results,
        has_answered=bool(chosen),
    )


def may_see_results(poll: Poll, reader: Person, *, has_answered: bool, now: dt.datetime) -> bool:
    """Whether ``reader`` may see how others answered: as the poll says, and the team always."""
    if poll.shown == Shown.ALWAYS or poll.closes_at <= now:
        return True
    if is_team(reader) or may_moderate(reader, poll.post):
        return True
    return poll.shown == Shown.ANSWERED and has_answered


def _chosen_by(reader: Person, poll: Poll) -> set[int]:
    if not isinstance(reader, User):
        return set()
    own = poll.ballots.filter(person=reader).values_list("options", flat=True)
    return {pk for pk in own if pk is not None}
