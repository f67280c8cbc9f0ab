"""Who said something last, and who got what they asked for: the people of the first page."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from feedback.accounts.models import User
from feedback.asks.queries import latest_answers
from feedback.forum.models import Product
from feedback.forum.queries import latest_comments
from feedback.kernel import markdown, text
from feedback.roadmap.credits import credited
from feedback.roadmap.models import ChangelogLine
from feedback.roadmap.queries import latest_lines

#: Answers and comments that are shown, and letters of each.
ANSWERS, COMMENTS, LENGTH = 2, 4, 90
#: What shipped that is shown, and faces of each.
SHIPPED, FACES = 2, 4


@dataclass(frozen=True)
class Saying:
    """Somebody said ``words`` about what is called ``title``, at ``url``. ``is_answer``: for the team, to everyone behind an ask."""

    author: User
    words: str
    title: str
    url: str
    at: dt.datetime
    is_answer: bool = False

    @property
    def language(self) -> str:
        """The language of the words."""
        return text.language_of(self.words)

    @property
    def language_of_title(self) -> str:
        return text.language_of(self.title)


def lately(product: Product | None) -> list[Saying]:
    """Return what was answered and said last in ``product``, or on the whole site, the latest first."""
    answers = [
        Saying(
            answer.author,
            markdown.plain(answer.body_here, length=LENGTH),
            answer.ask.title_here,
            reverse("asks:ask-detail", args=[answer.ask.public_id]),
            answer.answered_at,
            is_answer=True,
        )
        for answer in latest_answers(product)[:ANSWERS]
    ]
    comments = [
        Saying(
            comment.author,
            markdown.plain(comment.body, length=LENGTH),
            comment.post.title,
            reverse("forum:comment-detail", args=[comment.public_id]),
            comment.posted_at,
        )
        for comment in latest_comments(product, most=COMMENTS)
    ]
    return sorted([*answers, *comments], key=lambda one: one.at, reverse=True)


@dataclass(frozen=True)
class Shipped:
    """What shipped, with who asked for it first among those who may be named, and ``others`` as a number."""

    line: ChangelogLine
    people: Sequence[User]
    others: int

    @property
    def language(self) -> str:
        return text.language_of(self.line.text)


def shipped(product: Product | None) -> list[Shipped]:
    """Return what shipped last in ``product``, or on the whole site; two queries."""
    lines = credited(latest_lines(product, most=SHIPPED)).values()
    return [
        Shipped(one.line, one.people[:FACES], one.line.people_count - len(one.people[:FACES]))
        for one in lines
    ]
