"""Who may know of a poll: whoever may know of its post."""

from django.http import Http404

from feedback.forum.models import Poll
from feedback.forum.permissions import Person, access_post


def access_poll(person: Person, public_id: str) -> Poll:
    """Return the poll with its post; raises `Http404` if ``person`` may not know of it."""
    poll = Poll.objects.filter(public_id=public_id).select_related("post").first()
    if poll is None:
        raise Http404
    poll.post = access_post(person, poll.post.public_id)
    return poll
