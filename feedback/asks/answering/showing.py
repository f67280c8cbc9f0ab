"""The team's question, as its page shows it to those who may reply."""

from dataclasses import dataclass

from django.http import HttpRequest

from feedback.accounts.models import User
from feedback.asks.answering.group import open_question
from feedback.asks.models import Ask, GroupQuestion, GroupReply
from feedback.asks.people import people_behind


@dataclass(frozen=True)
class QuestionHere:
    """The open question of an ask, and what its reader replied so far."""

    question: GroupQuestion
    choices: list[tuple[int, str, bool]]
    reply: GroupReply | None


def question_for(request: HttpRequest, ask: Ask) -> QuestionHere | None:
    """Return the question that the reader may reply to: they are behind the ask, and it is open."""
    if not isinstance(request.user, User):
        return None
    question = open_question(ask)
    if question is None or not people_behind([ask.pk]).filter(pk=request.user.pk).exists():
        return None
    said = question.replies.filter(person=request.user).first()
    choices = [
        (place, words, said is not None and said.choice == place)
        for place, words in enumerate(question.choices_here)
    ]
    return QuestionHere(question, choices, said)
