"""Comments as the page of a post shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from feedback.forum import permissions, queries
from feedback.forum.attachments.models import Attachment
from feedback.forum.attachments.queries import Found, attached_to, shown_text
from feedback.forum.comments.reactions import SIGNS
from feedback.forum.models import Comment, Post, Reaction
from feedback.forum.moderation.presenting import Fate, fates_of
from feedback.forum.permissions import Person
from feedback.forum.renderings.keeping import MOST, kept_of
from feedback.kernel import markdown, text

#: Letters of the first words of a comment.
_BEGINNING = 90


@dataclass(frozen=True)
class ShownReaction:
    """One kind of reaction to a comment: its sign and name, how many people, whether the reader is one of them."""

    kind: str
    sign: str
    label: str
    number: int
    mine: bool


@dataclass(frozen=True)
class ShownComment:
    """A comment, its words as HTML, and what its reader may do about it.

    ``below`` is what is attached and does not stand in the words; ``answers`` is whom it answers where that is not the
    comment above it.
    """

    comment: Comment
    html: SafeString
    language: str
    below: list[Attachment] = field(default_factory=list)
    reactions: list[ShownReaction] = field(default_factory=list)
    answers: Comment | None = None
    may_edit: bool = False
    may_accept: bool = False
    may_withdraw: bool = False
    may_flag: bool = False
    fate: Fate | None = None
    order_url: str = ""
    is_accepted: bool = False
    is_cut: bool = False

    @property
    def is_withdrawn(self) -> bool:
        """Whether its author took it back: only its place is shown, for the answers below it."""
        return self.comment.withdrawn_at is not None

    @property
    def beginning(self) -> str:
        """Its first words, where the whole stands elsewhere."""
        return markdown.plain(self.comment.body, length=_BEGINNING)

    @property
    def answered_words(self) -> str:
        """The first words of what it answers; that may stand far from it."""
        return markdown.plain(self.answers.body, length=_BEGINNING) if self.answers else ""

    @property
    def has_reactions(self) -> bool:
        """Whether anybody has reacted."""
        return any(reaction.number for reaction in self.reactions)


def shown_alone(comment: Comment) -> ShownComment:
    """Return ``comment`` as it is shown above the others, with what it answers where that is shown."""
    said = shown_text(comment.body, _attached(comment, attached_to(comments=[comment])))
    first = comment.reply_to
    is_shown = first is not None and not (first.is_hidden or first.is_internal)
    return ShownComment(
        comment,
        said.html,
        text.language_of(comment.body),
        said.below,
        answers=first if is_shown else None,
    )


def _attached(comment: Comment, found: Found) -> list[Attachment]:
    """Return what is attached to ``comment``; nothing where its words are gone for good."""
    return found.get(("comment", comment.pk), []) if comment.body else []


def shown(
    comments: Sequence[Comment],
    *,
    post: Post,
    reader: Person,
    attached: Found,
    order: Mapping[int, str] | None = None,
    whole: str = "",
) -> list[ShownComment]:
    """Return ``comments`` of ``post``, in their order, as ``reader`` sees them; ``order`` has where the team decides about each.

    One that is very long is cut, but not that with the public id ``whole``.
    """
    reacted = queries.reactions_to(comments, reader=reader)
    fates = fates_of(comments)
    may_accept = permissions.may_accept(reader, post)
    rows, above = [], None
    for comment in comments:
        comment.post = post
        thread = comment.reply_to_id or comment.pk
        is_whole = comment.public_id == whole
        said = shown_text(
            comment.body,
            _attached(comment, attached),
            most=0 if is_whole else MOST[Comment],
            kept=None if is_whole else kept_of(comment),
        )
        rows.append(
            ShownComment(
                comment,
                said.html,
                text.language_of(comment.body),
                said.below,
                reactions=reactions_of(reacted.get(comment.pk, {})),
                answers=comment.reply_to if comment.reply_to_id and thread != above else None,
                may_edit=permissions.may_edit_comment(reader, comment),
                may_accept=may_accept and not comment.is_internal and not comment.is_hidden,
                may_withdraw=permissions.may_withdraw_comment(reader, comment),
                may_flag=permissions.may_flag(reader, comment),
                fate=fates.get(comment.pk),
                order_url=(order or {}).get(comment.pk, ""),
                is_accepted=comment.pk == post.accepted_id,
                is_cut=said.is_cut,
            )
        )
        above = thread
    return rows


def reactions_of(counted: dict[str, tuple[int, bool]]) -> list[ShownReaction]:
    """Return every kind of reaction with what was counted."""
    return [
        ShownReaction(kind, SIGNS[kind], str(label), *counted.get(kind, (0, False)))
        for kind, label in Reaction.Kind.choices
    ]
