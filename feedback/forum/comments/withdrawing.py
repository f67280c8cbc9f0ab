"""Taking one's own comment back."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction

from feedback.accounts.models import User
from feedback.forum.comments.operations import count_again
from feedback.forum.models import Comment, Post
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb


def withdraw_comment(*, comment: Comment, author: User, now: dt.datetime) -> bool:
    """Take a comment back for its author; return whether it stood. Nothing brings it back: it is theirs.

    Its row stays, hidden, so that answers to it keep their place and every link leads somewhere. An answer to a question is
    one no longer. Raises `PermissionDenied` for anybody else. Lock contract: the comment's row, then its post's.
    """
    if comment.author_id != author.pk:
        raise PermissionDenied
    with transaction.atomic():
        held = Comment.objects.select_for_update(no_key=True, of=("self",))
        stored = held.select_related("post").get(pk=comment.pk)
        if stored.withdrawn_at is not None:
            return False
        was_shown = not stored.is_hidden
        stored.withdrawn_at, stored.is_hidden = now, True
        stored.save(update_fields=["withdrawn_at", "is_hidden"])
        if was_shown:
            count_again(stored, -1)
        data = {"post": stored.post.public_id, "comment": stored.public_id}
        if Post.objects.filter(pk=stored.post_id, accepted=stored).update(accepted=None):
            _record(Verb.ANSWER_NOT_ACCEPTED, stored, author, now, {"post": data["post"]})
        _record(Verb.COMMENT_WITHDRAWN, stored, author, now, data)
    return True


def _record(
    verb: Verb, comment: Comment, author: User, now: dt.datetime, data: dict[str, str]
) -> None:
    journal.write(verb=verb, subject=comment.post, actor_id=author.pk, now=now, data=data)
