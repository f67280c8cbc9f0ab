"""What may be translated, and who may read it. A room adds its own kind; the door of a text is the door of its translation."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404
from django.utils.translation import get_language

from feedback.accounts.models import User
from feedback.forum.permissions import Person, access_comment, access_post
from feedback.kernel import text


@dataclass(frozen=True)
class Text:
    """A text as one reader may read it. ``inside`` says that not everybody may; ``path`` leads to it."""

    thing: str
    title: str
    body: str
    language: str
    path: str
    inside: bool

    @property
    def words(self) -> str:
        """Title, an empty line and body."""
        return "\n\n".join(part for part in (self.title, self.body) if part)

    @property
    def digest(self) -> str:
        """Another for other words."""
        return text.content_hash(self.title, self.body)


#: Returns a text for a reader, by its public id. Raises `Http404` where they may not know of it.
Access = Callable[[Person, str], Text]
_kinds: dict[str, Access] = {}


def provide(kind: str, access: Access) -> None:
    """Have texts of a ``kind`` be translated."""
    _kinds[kind] = access


def access_text(person: Person, kind: str, public_id: str) -> Text:
    """Return a text for ``person``; raises `Http404` where they may not know of it, and for an unknown kind."""
    if kind not in _kinds:
        raise Http404
    return _kinds[kind](person, public_id)


def is_offered(person: Person, *, language: str, inside: bool) -> bool:
    """Whether a reader in another language is offered a translation."""
    spoken = (get_language() or "").partition("-")[0]
    return (
        bool(settings.TRANSLATE["url"])
        and isinstance(person, User)
        and bool(language)
        and language.partition("-")[0] != spoken
        and (settings.TRANSLATE["closed"] or not inside)
    )


def text_of_post(person: Person, public_id: str) -> Text:
    """Return a post as a text."""
    post = access_post(person, public_id)
    return Text(
        thing=f"post:{post.public_id}",
        title=post.title,
        body=post.body,
        language=post.language,
        path=f"/posts/{post.public_id}/",
        inside=post.board.is_closed or post.state != post.State.PUBLISHED,
    )


def text_of_comment(person: Person, public_id: str) -> Text:
    """Return a comment as a text."""
    comment = access_comment(person, public_id)
    post = comment.post
    return Text(
        thing=f"comment:{comment.public_id}",
        title="",
        body=comment.body,
        language=text.language_of(comment.body),
        path=f"/comments/{comment.public_id}/",
        inside=post.board.is_closed or comment.is_hidden or comment.is_internal,
    )
