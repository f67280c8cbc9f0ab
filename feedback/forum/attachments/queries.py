"""Reading what is attached, and showing it in a text and below it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.safestring import SafeString

from feedback.forum.attachments.models import Attachment
from feedback.forum.models import Comment, Post
from feedback.kernel import markdown
from feedback.kernel.markdown import PictureInText, Rendered

Found = Mapping[tuple[str, int], list[Attachment]]


@dataclass(frozen=True)
class ShownText:
    """Words as HTML with the pictures that they name, what is attached besides, and whether more words follow."""

    html: SafeString
    below: list[Attachment] = field(default_factory=list)
    is_cut: bool = False


def attached_to(*, post: Post | None = None, comments: Iterable[Comment] = ()) -> Found:
    """Return what is attached to ``post`` and ``comments``, by ("post" or "comment", primary key), in one query."""
    pks = [comment.pk for comment in comments]
    wanted = Q(comment__in=pks) if pks else Q(pk__in=[])
    if post is not None:
        wanted |= Q(post=post)
    found: dict[tuple[str, int], list[Attachment]] = {}
    for one in Attachment.objects.filter(wanted, removed_at=None, is_stored=True):
        key = ("post", one.post_id) if one.post_id is not None else ("comment", one.comment_id or 0)
        found.setdefault(key, []).append(one)
    return found


def shown_text(
    body: str, attached: Iterable[Attachment], *, most: int = 0, kept: Rendered | None = None
) -> ShownText:
    """Return ``body`` with those of ``attached`` within that it names, and the others below.

    Of a text that becomes longer than ``most`` characters of HTML its beginning; with 0 all of it. ``kept`` is what
    that became when it was written, for a text that `markdown.stands_alone`.
    """
    named = markdown.named_in(body)
    pictures = {
        one.public_id: PictureInText(one.address, one.width, one.height, one.alt)
        for one in attached
        if one.kind == Attachment.Kind.IMAGE and one.public_id in named
    }
    below = [one for one in attached if one.public_id not in pictures]
    rendered = kept or markdown.render_up_to(most, body, pictures=pictures)
    return ShownText(rendered.html, below, rendered.is_cut)
