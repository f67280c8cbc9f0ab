"""What a machine read out of somebody's words goes with them."""

import datetime as dt

from django.db.models import Exists, OuterRef

from feedback.accounts.models import User
from feedback.accounts.own_data.parts import Part
from feedback.forum.models import Post
from feedback.grouping.models import Vector
from feedback.kernel.batches import batches


def erase(person: User, *, keeps_words: bool, now: dt.datetime) -> None:
    """Delete the vectors of ``person``'s words, but for those that another says in the same words."""
    if keeps_words:
        return
    hashes = set(Post.objects.filter(author=person).values_list("content_hash", flat=True))
    others = Post.objects.filter(content_hash=OuterRef("content_hash")).exclude(author=person)
    for some in batches(hashes):
        Vector.objects.filter(~Exists(others), content_hash__in=some).delete()


PART = Part(room="grouping", erase=erase)
