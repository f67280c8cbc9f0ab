"""Who may see what is attached: whoever may see the words that it hangs under."""

from django.http import Http404

from feedback.accounts.permissions import is_team
from feedback.forum.attachments.models import Attachment
from feedback.forum.models import Comment, Post
from feedback.forum.permissions import Person, access_comment, access_post, may_moderate


def access_attachment(person: Person, public_id: str) -> Attachment:
    """Return the attachment; raises `Http404` for who may not know of its post or comment.

    What is not sent yet is its owner's alone. What hangs under words that the team removed is
    the team's alone, for an appeal.
    """
    found = (
        Attachment.objects.select_related("post", "comment__post")
        .filter(public_id=public_id, removed_at=None, is_stored=True)
        .first()
    )
    if found is None:
        raise Http404
    if found.comment is not None:
        access_comment(person, found.comment.public_id)
    elif found.post is not None:
        access_post(person, found.post.public_id)
    elif found.owner_id != person.pk:
        raise Http404
    if _is_removed(found.post, found.comment) and not _keeps_order(person, found):
        raise Http404
    return found


def _keeps_order(person: Person, found: Attachment) -> bool:
    thing = found.comment or found.post
    return is_team(person) or (thing is not None and may_moderate(person, thing))


def _is_removed(post: Post | None, comment: Comment | None) -> bool:
    if comment is not None:
        return not comment.body or comment.post.state == Post.State.REMOVED
    return post is not None and post.state == Post.State.REMOVED


def is_everyones(attachment: Attachment) -> bool:
    """Whether anybody may see it, so that a cache on the way may keep it."""
    comment = attachment.comment
    if comment is not None and (comment.is_internal or comment.is_hidden):
        return False
    post = comment.post if comment is not None else attachment.post
    return post is not None and post.state == Post.State.PUBLISHED
