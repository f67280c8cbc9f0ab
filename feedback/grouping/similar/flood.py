"""What says nearly the same as words that somebody wants to post: a flood is known by its meaning."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from feedback.forum.models import Board
from feedback.forum.moderation.holding.judging import Alike
from feedback.grouping.similar.similar import meaning_of

#: Cosine from which two texts are one with a few words changed. Two people's own words for one wish lie below.
NEARLY_THE_SAME = 0.93
#: Of what new accounts said today less is enough, for it is compared where it is long: of 5,000 reviews of one product in one day, one in a
#: thousand waits for that, and of floods that are worded anew twice as much is found as by the other.
SAID_ANEW = 0.88
_LOOKED_AT = 20
#: Meanings are kept in half precision, as vectors are.
_KEPT = np.dtype("<f2")


def nearly_the_same(words: str, board: Board, kept: Sequence[bytes]) -> Alike:
    """Return which posts, and which meanings that were ``kept``, say nearly the same as ``words``; nothing while the encoder is away."""
    meaning = meaning_of(words)
    if meaning is None:
        return Alike()
    near = meaning.nearest(_LOOKED_AT, board.product)
    own = meaning.query.astype(_KEPT).tobytes()
    return Alike(
        posts=[key for key, cosine in near.items() if cosine >= NEARLY_THE_SAME],
        said=_near(meaning.query, kept, width=len(own)),
        meaning=own,
    )


def _near(query: NDArray[np.float32], kept: Sequence[bytes], *, width: int) -> list[int]:
    """Return the places in ``kept`` of what is nearly ``query``, of unit length; one of another width is another model's."""
    places = [place for place, one in enumerate(kept) if len(one) == width]
    rows = np.frombuffer(b"".join(kept[place] for place in places), dtype=_KEPT)
    cosines = rows.reshape(len(places), len(query)).astype(np.float32) @ query
    return [places[at] for at in np.flatnonzero(cosines >= SAID_ANEW)]
