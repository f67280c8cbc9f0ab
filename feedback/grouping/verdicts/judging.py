"""Whether words are like what the team removed before."""

import datetime as dt
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from django.core.cache import caches

from feedback.accounts.models import User
from feedback.engine.verdicts.features import SIZE, Circumstances, score
from feedback.forum.models import Comment, Post
from feedback.forum.moderation.holding.judging import links_in
from feedback.grouping.models import LearnedVerdicts

#: So long a process goes by what it read.
_SECONDS = 60
_JUST_NOW = dt.timedelta(minutes=10)


def circumstances_of(author: User, said: str, *, now: dt.datetime) -> Circumstances:
    """Return how ``said`` came, or comes, from ``author`` at ``now``."""
    just_now = {"author": author, "posted_at__gte": now - _JUST_NOW, "posted_at__lt": now}
    return Circumstances(
        links=links_in(said),
        minutes_here=(now - author.joined_at).total_seconds() / 60,
        said_just_now=Post.objects.filter(**just_now).count()
        + Comment.objects.filter(**just_now).count(),
    )


def is_like_what_was_removed(author: User, said: str, now: dt.datetime) -> bool:
    """Whether ``said`` is as much like what was removed as what is held has to be; never, where nothing was learned."""
    learned = caches["template_fragments"].get_or_set("grouping.verdicts", _learned, _SECONDS)
    if not learned or not learned[0]:
        return False
    weights, threshold = learned
    circumstances = circumstances_of(author, said, now=now)
    return bool(score(said, circumstances, _read(weights)) >= threshold)


def _learned() -> tuple[bytes, float]:
    kept = LearnedVerdicts.objects.first()
    return (bytes(kept.weights), kept.threshold) if kept is not None else (b"", 0.0)


@lru_cache(maxsize=2)
def _read(weights: bytes) -> npt.NDArray[np.float32]:
    read = np.frombuffer(weights, dtype="<f4")
    return read if len(read) == SIZE + 1 else np.zeros(SIZE + 1, dtype=np.float32)
