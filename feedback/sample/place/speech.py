"""What the people of a place say: their posts, comments and votes."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from functools import partial

from feedback.accounts.models import Role, User
from feedback.forum.comments.operations import accept_answer, comment
from feedback.forum.comments.reactions import react
from feedback.forum.models import Comment, Post
from feedback.forum.posts.operations import hide_post, publish_post, withdraw_post
from feedback.forum.votes.operations import bring_votes
from feedback.kernel import text
from feedback.sample.place.happening import Told, World
from feedback.sample.place.pictures import Pictures
from feedback.sample.place.reading import Person, Words

#: Votes come within so many days, most of them soon.
_VOTED_WITHIN, _MOSTLY = 25.0, 4.0
#: How much likelier somebody votes for a post of their own language, and for what matters to them.
_OWN_LANGUAGE, _MATTERS = 8, 12
#: A thing matters to so many of the people.
_TO_MANY = 0.35
_HIDDEN_AFTER = dt.timedelta(hours=2)
_FELT_AFTER, _ACCEPTED_AFTER = dt.timedelta(minutes=40), dt.timedelta(hours=1)


class Speech:
    """Everything that is said in a place, told by `told` and done by the operations of the forum.

    Votes are many, so they are gathered; `cast_votes` brings those that are due.
    """

    def __init__(
        self,
        world: World,
        *,
        people: Sequence[Person],
        posts: Sequence[Words],
        pictures: Pictures,
    ) -> None:
        self._world = world
        self._pictures = pictures
        self._people = people
        self._posts = posts
        self._votes: list[tuple[Post, User, dt.datetime]] = []
        #: By where it is written.
        self._comments: dict[str, Comment] = {}

    def told(self) -> Iterator[Told]:
        """Yield what happens, post by post. Raises `BrokenPlace`."""
        for words in self._posts:
            at = self._world.at(words.when, words.where)
            yield at, partial(self._publish, words, at)
            if "hidden" in words.marks:
                hidden = min(at + _HIDDEN_AFTER, self._world.just_now())
                yield hidden, partial(self._hide, words, hidden)
            if "withdrawn" in words.marks:
                withdrawn = self._world.at("+1d", words.where, after=at)
                yield withdrawn, partial(self._withdraw, words, withdrawn)
            for answer in words.comments:
                yield from self._answered(words, answer, at)
            for voter, voted in self._voters(words, at):
                yield voted, partial(self._vote, words, voter, voted)

    def _answered(
        self, words: Words, answer: Words, at: dt.datetime, to: Words | None = None
    ) -> Iterator[Told]:
        """Yield a comment, what people feel about it, and what is answered to it."""
        answered = self._world.at(answer.when, answer.where, after=at)
        yield answered, partial(self._comment, words, answer, answered, to)
        if answer.reactions:
            felt = min(answered + _FELT_AFTER, self._world.just_now())
            yield felt, partial(self._react, answer)
        if "accepted" in answer.marks:
            accepted = min(answered + _ACCEPTED_AFTER, self._world.just_now())
            yield accepted, partial(self._accept, words, answer, accepted)
        for reply in answer.replies:
            yield from self._answered(words, reply, answered, to=answer)

    def cast_votes(self) -> None:
        """Bring the votes that have come since the last time."""
        bring_votes(self._votes)
        self._votes.clear()

    def _publish(self, words: Words, at: dt.datetime) -> None:
        post = publish_post(
            board=self._world.board(words.board, words.where),
            author=self._world.person(words.by, words.where),
            title=words.title,
            body=words.body,
            kind=words.kind,
            product_version=words.version,
            held_for=["REMOVED"] if "held" in words.marks else (),
            now=at,
        )
        self._pictures.hang_under(post, words, now=at)
        self._world.posts[words.where] = post
        if words.wish:
            self._world.asking.setdefault(words.wish, []).append(post)

    def _comment(
        self, words: Words, answer: Words, at: dt.datetime, to: Words | None = None
    ) -> None:
        written = comment(
            post=self._world.posts[words.where],
            author=self._world.person(answer.by, answer.where),
            body=answer.body,
            is_official="official" in answer.marks,
            is_internal="internal" in answer.marks,
            reply_to=self._comments[to.where] if to is not None else None,
            now=at,
        )
        self._pictures.hang_under(written, answer, now=at)
        self._comments[answer.where] = written

    def _react(self, answer: Words) -> None:
        """Have some people feel as it is told: drawn, the same whenever it is loaded."""
        drawn = random.Random(answer.where + answer.body)  # noqa: S311
        members = [one.key for one in self._people if one.key != answer.by]
        for kind, number in answer.reactions.items():
            for key in drawn.sample(members, number):
                person = self._world.person(key, answer.where)
                react(
                    comment=self._comments[answer.where], person=person, kind=kind, is_wanted=True
                )

    def _accept(self, words: Words, answer: Words, at: dt.datetime) -> None:
        post = self._world.posts[words.where]
        accept_answer(post=post, comment=self._comments[answer.where], actor=post.author, now=at)

    def _vote(self, words: Words, voter: Person, at: dt.datetime) -> None:
        person = self._world.person(voter.key, words.where)
        self._votes.append((self._world.posts[words.where], person, at))

    def _hide(self, words: Words, at: dt.datetime) -> None:
        moderator = next(one.key for one in self._people if one.role == Role.MODERATOR)
        hide_post(
            post=self._world.posts[words.where],
            moderator=self._world.person(moderator, words.where),
            now=at,
        )

    def _withdraw(self, words: Words, at: dt.datetime) -> None:
        post = self._world.posts[words.where]
        withdraw_post(post=post, author=post.author, now=at)

    def _voters(self, words: Words, at: dt.datetime) -> Iterator[tuple[Person, dt.datetime]]:
        """Yield who else wants a post, and since when: of those who were there, drawn, the same whenever it is loaded."""
        drawn = random.Random(words.title + words.by)  # noqa: S311
        language = text.language_of(text.text_of(words.title, words.body))
        latest = self._world.just_now()
        age = (latest - at).days
        weighted = [
            (drawn.random() ** (1 / _interest(one, language, words.wish)), one)
            for one in self._people
            if one.key != words.by and one.role == Role.MEMBER and one.joined > age
        ]
        for _weight, one in sorted(weighted, key=lambda pair: -pair[0])[: words.votes]:
            days = min(drawn.expovariate(1 / _MOSTLY), _VOTED_WITHIN)
            share = drawn.uniform(0.2, 0.95)
            soon = at + dt.timedelta(days=days)
            yield one, soon if soon < latest else at + share * (latest - at)


def _interest(one: Person, language: str, wish: str) -> int:
    """Return how likely somebody is to vote for a post of ``language`` that asks for ``wish``.

    What people want, they want in the words of several posts: an ask has far fewer people than votes.
    """
    matters = random.Random(f"{wish} {one.key}").random() < _TO_MANY  # noqa: S311
    return (_OWN_LANGUAGE if one.language == language else 1) * (_MATTERS if matters else 1)
