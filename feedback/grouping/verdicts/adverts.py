"""Whether words of a stranger read like an advert: by their meaning where the encoder answers, by their letters otherwise."""

import logging

from feedback.encoder.client import EncoderDown
from feedback.engine.verdicts import adverts
from feedback.engine.verdicts.adverts import Advert
from feedback.grouping.vectors.encoders import client_of, current_model

logger = logging.getLogger(__name__)
#: So long whoever posts waits for what it means.
_PATIENCE = 0.4


def read(said: str, links: int) -> int:
    """Return how sure it is that ``said``, with so many ``links``, is an advert: an `Advert`."""
    model = current_model()
    reader = adverts.shipped(model.model_key) if model is not None else None
    if model is not None and reader is not None:
        try:
            vector = client_of(model).embed([said], timeout=_PATIENCE)[0]
        except EncoderDown as reason:
            logger.info("Read by letters only: %s", reason)
        else:
            return reader.says(adverts.by_meaning(vector, said, links=links))
    letters = adverts.shipped(adverts.LETTERS_ALONE)
    return letters.says(adverts.by_letters(said, links=links)) if letters else Advert.NO
