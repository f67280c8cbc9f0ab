"""Which guests nobody but the team knows of."""

from django.db.models import Exists, OuterRef, Q

from feedback.accounts.claiming.queries import has_been_claimed
from feedback.accounts.models import GUEST
from feedback.accounts.operations import came_from
from feedback.forum.models import Post


def not_known_yet() -> Q:
    """Return the condition that a person is a guest of whom no post stands, and whose words nobody has claimed."""
    stands = Post.objects.filter(author=OuterRef("pk"), state=Post.State.PUBLISHED)
    return came_from(GUEST) & ~Exists(stands) & ~has_been_claimed()
