"""Whether words of a stranger read like an advert: by their meaning where the encoder answers, by their letters otherwise."""

import logging

from feedback.encoder.client import EncoderDown
from feedback.engine.verdicts import adverts
from feedback.engine.verdicts.adverts import Advert
from feedback.forum.moderation.holding.judging import DOUBTFUL, SURE
from feedback.grouping.vectors.encoders import client_of, current_model

logger = logging.getLogger(__name__)
#: So long whoever posts waits for what it means.
_PATIENCE = 0.4


#: What the door that asks calls it.
_SURE = {Advert.NO: 0, Advert.DOUBTFUL: DOUBTFUL, Advert.YES: SURE}


def read(said: str, links: int) -> int:
    """Return how sure it is that ``said``, with so many ``links``, is an advert: 0, `DOUBTFUL` or `SURE`."""
    found = _by_meaning(said, links)
    if found is None:
        letters = adverts.shipped(adverts.LETTERS_ALONE)
        found = letters.says(adverts.by_letters(said, links=links)) if letters else Advert.NO
    return _SURE[found]


def _by_meaning(said: str, links: int) -> Advert | None:
    """Return what it is by its vector; None while the encoder does not give one that can be read."""
    model = current_model()
    reader = adverts.shipped(model.model_key) if model is not None else None
    if model is None or reader is None:
        return None
    try:
        row = adverts.by_meaning(
            client_of(model).embed([said], timeout=_PATIENCE)[0], said, links=links
        )
    except EncoderDown as reason:
        logger.info("Read by letters only: %s", reason)
        return None
    if len(row) + 1 != len(reader.weights):
        logger.warning("The encoder gives %d numbers that are no vector of %s.", len(row), model)
        return None
    return reader.says(row)
