"""Files in the storage: the data folder, or a bucket where one is set up. A name tells whose they are, and which."""

import datetime as dt
import logging
import string

from django.core.files.storage import default_storage

from feedback.forum.attachments.models import Attachment
from feedback.forum.attachments.reading import Read
from feedback.kernel.public_ids import LENGTH

logger = logging.getLogger(__name__)

FOLDER = "attachments"
#: The folders within, by the first character of what lies there.
SHARDS = string.digits + string.ascii_lowercase
#: A file that is younger may be on its way into a row.
_YOUNG = dt.timedelta(days=2)


def store(attachment: Attachment, read: Read) -> None:
    """Put the files of ``read`` into the storage, and note their names in ``attachment``. Raises `OSError`."""
    begin = f"{FOLDER}/{attachment.public_id[0]}/{attachment.public_id}"
    attachment.stored = default_storage.save(f"{begin}{read.ending}", read.whole)
    if read.small is not None:
        attachment.stored_small = default_storage.save(f"{begin}-small{read.ending}", read.small)


def discard(attachment: Attachment) -> None:
    """Take the files of ``attachment`` out of the storage; what is gone already is no mistake."""
    for name in (attachment.stored, attachment.stored_small):
        if name:
            default_storage.delete(name)


def sweep(shard: str, *, now: dt.datetime) -> int:
    """Remove the files of one folder that no row knows of; return how many.

    A process that died between its file and its row leaves one, and so does a restored backup.
    """
    try:
        _folders, names = default_storage.listdir(f"{FOLDER}/{shard}")
    except FileNotFoundError:
        return 0
    by_id: dict[str, list[str]] = {}
    for name in names:
        by_id.setdefault(name[:LENGTH], []).append(f"{FOLDER}/{shard}/{name}")
    known = Attachment.objects.filter(public_id__in=list(by_id)).values_list("public_id", flat=True)
    gone = 0
    for public_id in by_id.keys() - set(known):
        for name in by_id[public_id]:
            if default_storage.get_modified_time(name) < now - _YOUNG:
                default_storage.delete(name)
                gone += 1
    return gone
