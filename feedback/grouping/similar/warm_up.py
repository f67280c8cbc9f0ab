"""Being ready for the first person who types, when a web process starts."""

import logging

from django.db import DatabaseError, connection

from feedback.forum.search import index
from feedback.grouping.similar.similar import matrix_of, view_of
from feedback.grouping.vectors.encoders import EncoderDown, client_of, current_model

logger = logging.getLogger(__name__)
#: Seconds the encoder may take to answer; loading its models, it says so at once.
_PATIENCE = 5.0


def warm_up() -> None:
    """Read the vectors, cut a word and knock at the encoder, so that nobody waits for it. For a thread of its own."""
    try:
        index.find("暖 warm", limit=1, mode="any")
        model = current_model()
        if model is None:
            return
        view = view_of(model)
        if connection.vendor != "postgresql":
            matrix_of(model, view).refresh()
        client_of(model).embed(["warm"], view=view[0] or None, timeout=_PATIENCE)
    except (DatabaseError, EncoderDown) as reason:
        logger.info("Not warm yet: %s", reason)
    finally:
        connection.close()
