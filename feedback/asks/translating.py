"""The title of an ask, in the language of whoever reads it."""

from django.contrib.auth.models import AnonymousUser

from feedback.accounts.models import User
from feedback.asks.permissions import access_ask
from feedback.forum.translating.texts import Text


def text_of_ask(person: User | AnonymousUser, public_id: str) -> Text:
    """Return an ask as a text."""
    ask = access_ask(person, public_id)
    return Text(
        thing=f"ask:{ask.public_id}",
        title=ask.title,
        body="",
        language=ask.language,
        path=f"/asks/{ask.public_id}/",
        inside=not ask.is_public,
    )
