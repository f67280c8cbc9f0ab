"""Drawn pictures in the storage, by what they show: one is drawn once, and another as soon as anything of it changes."""

import datetime as dt
import logging
import threading

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from feedback.kernel.identity import identity
from feedback.kernel.pictures.drawing import Card, draw

logger = logging.getLogger(__name__)

FOLDER = "cards"
_SHARDS = "0123456789abcdef"
#: What nobody has asked for meanwhile is drawn again.
_KEPT_FOR = dt.timedelta(days=14)
#: Drawing takes a processor for a tenth of a second, and the fonts are not made for two at once.
_AT_ONCE = threading.Lock()


def kept(card: Card) -> bytes | None:
    """Return the picture of ``card`` if it is drawn already."""
    try:
        with default_storage.open(_name(card)) as file:
            raw: bytes = file.read()
            return raw
    except OSError:
        return None


def drawn(card: Card) -> bytes:
    """Draw the picture of ``card`` and keep it."""
    with _AT_ONCE:
        raw = kept(card) or draw(card, site=identity())
    try:
        if not default_storage.exists(_name(card)):
            default_storage.save(_name(card), ContentFile(raw))
    except OSError:
        logger.warning("A picture to share could not be kept")
    return raw


def _name(card: Card) -> str:
    return f"{FOLDER}/{card.key[0]}/{card.key}.png"


def sweep(hour: int, *, now: dt.datetime) -> int:
    """Remove the old pictures of one folder, another each ``hour``; return how many."""
    folder = f"{FOLDER}/{_SHARDS[hour % len(_SHARDS)]}"
    try:
        _folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return 0
    gone = 0
    for name in names:
        if default_storage.get_modified_time(f"{folder}/{name}") < now - _KEPT_FOR:
            default_storage.delete(f"{folder}/{name}")
            gone += 1
    return gone
