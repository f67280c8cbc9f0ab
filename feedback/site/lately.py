"""Who said something last: the people of the first page."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse

from feedback.accounts.models import User
from feedback.asks.queries import latest_answers
from feedback.forum.models import Product
from feedback.forum.queries import latest_comments
from feedback.kernel import markdown, text

#: Answers and comments that are shown, and letters of each.
ANSWERS, COMMENTS, LENGTH = 2, 4, 90


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
