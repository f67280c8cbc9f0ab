"""Choosing a face, and taking it away."""

import datetime as dt
import logging
from collections.abc import Collection
from typing import IO, Protocol

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.restrictions import refuse_muted
from feedback.kernel.pictures.reading import read_square
from feedback.kernel.public_ids import new_public_id
from feedback.kernel.refusals import Refusal

logger = logging.getLogger(__name__)

FOLDER = "faces"
#: Twice as many pixels as the largest place has.
SIDE = 192
_YOUNG = dt.timedelta(days=2)


class Kept(Protocol):
    """Says which pictures nobody is shown by now, and somebody may be again."""

    def __call__(self, *, now: dt.datetime) -> Collection[str]: ...


_kept: list[Kept] = []


def provide_kept(kept: Kept) -> None:
    """Have the room that takes faces away say which may come back. Call it in ``AppConfig.ready``."""
    _kept[:] = [kept]


def choose_face(*, person: User, file: IO[bytes], now: dt.datetime) -> None:
    """Show ``person`` by the middle of the picture ``file`` from now on.

    Raises `Refusal` for what is no picture, for one who is muted, and where nothing can be stored.
    """
    refuse_muted(person, now=now)
    square = read_square(file, side=SIDE)
    name = f"{FOLDER}/{person.public_id[0]}/{person.public_id}-{new_public_id()}.webp"
    try:
        stored = default_storage.save(name, ContentFile(square.raw))
    except OSError:
        logger.exception("A face could not be stored")
        raise Refusal(_("It could not be stored just now. Try again in a moment.")) from None
    _show_by(person, stored)


def remove_face(*, person: User) -> bool:
    """Show ``person``, who wants it so, by a drawn face again; return whether they had another."""
    return _show_by(person, "")


def _show_by(person: User, stored: str) -> bool:
    """Write which picture ``person`` is shown by, and return whether they were by one before. Lock contract: the person's row.

    Nobody gets the one before any more; `sweep` takes it away once no backup that is being made speaks of it.
    """
    with transaction.atomic():
        before = User.objects.select_for_update(no_key=True).get(pk=person.pk).face
        person.face = stored
        person.save(update_fields=["face"])
    return bool(before)


def sweep(shard: str, *, now: dt.datetime) -> int:
    """Remove the faces of one folder that nobody is shown by; return how many."""
    folder = f"{FOLDER}/{shard}"
    try:
        _folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return 0
    paths = [f"{folder}/{name}" for name in names]
    shown = set(User.objects.filter(face__in=paths).values_list("face", flat=True))
    shown |= {face for kept in _kept for face in kept(now=now)}
    gone = 0
    for path in paths:
        if path not in shown and default_storage.get_modified_time(path) < now - _YOUNG:
            default_storage.delete(path)
            gone += 1
    return gone
