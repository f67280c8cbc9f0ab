"""Telling by its bytes what a file is, and making of it what is kept. Its name and what the browser calls it prove nothing."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from feedback.forum.attachments.models import FILE_NAME_LENGTH, Attachment
from feedback.kernel import text, visible
from feedback.kernel.pictures.reading import looks_like_one, read_picture
from feedback.kernel.refusals import Refusal
from feedback.kernel.uploads import too_large
from feedback.kernel.videos.editing import DamagedVideoError, Editing, MoreThanPlayedError
from feedback.kernel.videos.mp4 import strip_mp4
from feedback.kernel.videos.webm import strip_webm

#: Generic to the type checker alone.
if TYPE_CHECKING:
    Uploaded = UploadedFile[Any]
    Kept = File[Any]
else:
    Uploaded, Kept = UploadedFile, File

IMAGE_BYTES, LOG_BYTES = 15_000_000, 2_000_000
#: What a chooser of files offers. With JPEG named, an iPhone hands over its photos as JPEG.
OFFERED = "image/jpeg,image/png,image/webp,image/gif,video/mp4,video/webm,.log,.txt,.json"
_HEAD = 512
_LOGS = (".log", ".txt", ".json")
_PHOTOS_OF_PHONES = {b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis"}
_MP4 = {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash", b"MSNV"}  # fmt: skip
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


@dataclass(frozen=True)
class Read:
    """What is kept of a file: its kind, the file and the small one of a picture, the ending of its name, and its measures."""

    kind: Attachment.Kind
    name: str
    whole: Kept
    ending: str
    size: int
    sha256: str
    small: Kept | None = None
    width: int = 0
    height: int = 0


def read(file: Uploaded) -> Read:
    """Return what is kept of ``file``. Raises `Refusal` with what is wrong with it, by its name."""
    name = _name_of(file)
    try:
        head = file.read(_HEAD)
        file.seek(0)
        return _read(file, name, head)
    except Refusal as why:
        raise Refusal(f"{name}: {why}", status=why.status) from None


def _name_of(file: Uploaded) -> str:
    name = text.one_line(file.name or "")
    return visible.cut(name, FILE_NAME_LENGTH - 1) or _("File without a name")


def _read(file: Uploaded, name: str, head: bytes) -> Read:
    if not file.size or not head:
        raise Refusal(_("This file is empty."), status=422)
    if looks_like_one(head):
        return _read_image(file, name)
    if head[4:8] == b"ftyp":
        return _read_mp4(file, name, head[8:12])
    if head.startswith(b"\x1aE\xdf\xa3") and b"webm" in head[:64]:
        return _read_video(file, name, ".webm", strip_webm)
    if b"<svg" in head.lower() or name.lower().endswith((".svg", ".svgz")):
        raise Refusal(
            _("An SVG may carry a program, so it is not taken. Save it as PNG."), status=422
        )
    if name.lower().endswith(_LOGS):
        return _read_log(file, name)
    raise Refusal(
        _("This kind of file is not taken: pictures (JPEG, PNG, WebP, GIF), videos (MP4, WebM) and logs (.log, .txt, .json) are."),
        status=422,
    )  # fmt: skip


def _hold_to(file: Uploaded, most: int) -> None:
    if (file.size or 0) > most:
        raise too_large(most)


def _read_image(file: Uploaded, name: str) -> Read:
    _hold_to(file, IMAGE_BYTES)
    assert file.file is not None
    picture = read_picture(file.file)
    whole = picture.whole
    return Read(
        Attachment.Kind.IMAGE,
        name,
        ContentFile(whole.raw),
        ".webp",
        len(whole.raw),
        hashlib.sha256(whole.raw).hexdigest(),
        small=ContentFile(picture.small.raw),
        width=whole.width,
        height=whole.height,
    )


def _read_mp4(file: Uploaded, name: str, brand: bytes) -> Read:
    if brand in _PHOTOS_OF_PHONES:
        raise Refusal(
            _("This is a HEIC or AVIF photo, which not every browser shows. Save it as JPEG, then send it."),
            status=422,
        )  # fmt: skip
    if brand not in _MP4:
        raise Refusal(_("This video is no MP4. Save it as MP4 or WebM, then send it."), status=422)
    return _read_video(file, name, ".mp4", strip_mp4)


def _read_video(file: Uploaded, name: str, ending: str, strip: Callable[[Editing], None]) -> Read:
    """Keep picture and sound of a video as they came, and nothing that was written beside them."""
    if not settings.VIDEO_BYTES:
        raise Refusal(_("No videos are taken here. A picture or a log helps as well."), status=422)
    _hold_to(file, settings.VIDEO_BYTES)
    assert file.file is not None
    editing = Editing(file.file, file.size or 0)
    try:
        strip(editing)
    except DamagedVideoError:
        raise Refusal(
            _(
                "This video is damaged, or was not saved to its end. Save it once more, then send it."
            ),
            status=422,
        ) from None
    except MoreThanPlayedError:
        raise Refusal(
            _("This video carries more than picture and sound, such as subtitles or places. Save it without, then send it."),
            status=422,
        ) from None  # fmt: skip
    editing.write()
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return Read(Attachment.Kind.VIDEO, name, file, ending, file.size or 0, digest.hexdigest())


def _read_log(file: Uploaded, name: str) -> Read:
    _hold_to(file, LOG_BYTES)
    found = text.decoded(file.read())
    words = _COLOURS.sub("", found or "").replace("\x1b", "")
    if found is None or _NO_TEXT.search(words):
        raise Refusal(_("This file is no text, so it is not taken as a log."), status=422)
    raw = words.encode()
    return Read(
        Attachment.Kind.LOG,
        name,
        ContentFile(raw),
        ".txt",
        len(raw),
        hashlib.sha256(raw).hexdigest(),
    )
