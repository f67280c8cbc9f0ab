"""Checks of what people attached: whether the storage answers, and whether each file lies in it."""

from collections.abc import Iterator

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from feedback.accounts.models import User
from feedback.forum.models import Attachment
from feedback.ops.doctor.finding import Check, Finding

#: Of a larger site the newest are looked for: in a bucket each costs a request.
_LOOKED_FOR = 2_000
_TRIAL = "doctor.txt"


def storage() -> Finding:
    """Whether a file can be written, read and removed where attachments lie."""
    about = "storage"
    where = settings.FILES_BUCKET.get("bucket") or settings.MEDIA_ROOT
    try:
        name = default_storage.save(_TRIAL, ContentFile(b"tried"))
        with default_storage.open(name) as file:
            is_read = file.read() == b"tried"
        default_storage.delete(name)
    except OSError as error:
        return Finding.failure(about, f"{where} cannot be used: {error}")
    if not is_read:
        return Finding.failure(about, f"{where} gives back something else than was put there.")
    return Finding.well(about, f"files lie in {where}")


def attached_files() -> Finding:
    """Whether the files are there that the database speaks of."""
    about = "attached files"
    names = [*_names()]
    missing = [name for name in names if not default_storage.exists(name)]
    if missing:
        return Finding.failure(
            about,
            f"{len(missing)} of {len(names)} are missing, {missing[0]} first; restore them from a backup.",
        )
    return Finding.well(about, f"all {len(names)} that were looked for are there")


def _names() -> Iterator[str]:
    """Yield the names of the files of the newest attachments and of faces."""
    rows = Attachment.objects.filter(removed_at=None, is_stored=True).order_by("-pk")
    for names in rows.values_list("stored", "stored_small")[:_LOOKED_FOR]:
        yield from filter(None, names)
    faces = User.objects.exclude(face="").order_by("-pk")
    yield from faces.values_list("face", flat=True)[:_LOOKED_FOR]


CHECKS: tuple[Check, ...] = (storage, attached_files)
