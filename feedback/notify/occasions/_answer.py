"""What the kinds of news about an official answer share: its words in both languages."""

from feedback.asks.models import Answer
from feedback.asks.models.answers import in_their_language
from feedback.kernel import markdown
from feedback.notify.occasions import EXCERPT_LENGTH, Facts


def said(answer: Answer) -> dict[str, str]:
    """Return the first words of ``answer``, in Chinese too where it was given in both languages."""
    return excerpts(answer.body, answer.body_zh)


def excerpts(body: str, body_zh: str) -> dict[str, str]:
    """Return the first words of both, as facts."""
    words = {"excerpt": markdown.plain(body, length=EXCERPT_LENGTH)}
    chinese = markdown.plain(body_zh, length=EXCERPT_LENGTH)
    return words | ({"excerpt_zh": chinese} if chinese else {})


def excerpt(kept: Facts) -> str:
    """Return the first words in the reader's language."""
    return in_their_language(kept.get("excerpt", ""), kept.get("excerpt_zh", ""))
