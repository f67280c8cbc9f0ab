"""Which posts say nearly the same as words that somebody wants to post: a flood is known by its meaning."""

from collections.abc import Collection

from feedback.forum.models import Board
from feedback.grouping.similar.similar import meaning_of

#: Cosine from which two texts are one with a few words changed. Two people's own words for one wish lie below.
NEARLY_THE_SAME = 0.93
_LOOKED_AT = 20


def nearly_the_same(words: str, board: Board) -> Collection[str]:
    """Return the content hashes of posts that say nearly the same as ``words``; none while the encoder is away."""
    meaning = meaning_of(words)
    if meaning is None:
        return []
    near = meaning.nearest(_LOOKED_AT, board.product)
    return [key for key, cosine in near.items() if cosine >= NEARLY_THE_SAME]
