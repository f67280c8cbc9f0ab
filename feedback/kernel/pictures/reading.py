"""Pictures from strangers, read within limits and written anew: of the file that came nothing is kept but what it shows.

What was in it beside (place, camera, a program behind the picture's end) is gone, because it is not written.
"""

import math
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from feedback.kernel.refusals import Refusal

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
#: Pixels that are decoded at most. A JPEG is reduced while it is read, so it may have more.
_MOST_PIXELS, _MOST_OF_JPEG = 30_000_000, 64_000_000
#: How large the whole is shown at most: a phone's long screenshot stays readable.
_WIDEST, _HIGHEST, _LARGEST = 1600, 6000, 6_000_000
_SMALL = (400, 300)
#: A moving picture: frames, pixels of all frames as they come, width of what is written, bytes of what is written.
_FRAMES, _MOVING_PIXELS, _MOVING_WIDTH, _MOVING_BYTES = 150, 60_000_000, 640, 6_000_000
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS = (5, 6, 7, 8)
#: What Pillow raises for a file that is not what it says.
_DAMAGED = (
    OSError, ValueError, SyntaxError, EOFError, IndexError, OverflowError, struct.error, zlib.error,
)  # fmt: skip
#: So many are decoded side by side in one process: each may take a hundred megabytes for a moment.
_AT_ONCE = threading.BoundedSemaphore(2)


@dataclass(frozen=True)
class Written:
    """One picture as WebP, with its size in pixels."""

    raw: bytes
    width: int
    height: int


@dataclass(frozen=True)
class Picture:
    """A picture as it is opened, and small as it stands in a row of others."""

    whole: Written
    small: Written


def looks_like_one(head: bytes) -> bool:
    """Return whether a file that begins with ``head`` says that it is a picture of a kind that is read here."""
    is_webp = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    return is_webp or head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8"))


def read_picture(file: IO[bytes]) -> Picture:
    """Read a JPEG, PNG, WebP or GIF and write it anew. Raises `Refusal` with what is wrong with it."""
    with _opened(file) as image:
        moving = _moving(image)
        image.seek(0)
        flat = _shown(image)
        small = _small(flat)
        return Picture(moving or _written(flat), _written(small))


def read_square(file: IO[bytes], *, side: int) -> Written:
    """Read a picture and cut the square out of its middle, ``side`` pixels each way. Raises `Refusal`."""
    with _opened(file) as image:
        cut = ImageOps.fit(
            _shown(image), (side, side), Image.Resampling.LANCZOS, centering=(0.5, 0.4)
        )
        if cut.mode == "RGBA":
            paper = Image.new("RGB", cut.size, "white")
            paper.paste(cut, mask=cut.getchannel("A"))
            cut = paper
        return _written(cut)


def read_flat(file: IO[bytes]) -> Image.Image:
    """Read a picture as it is shown, upright and in the colours of the web, for who draws with it. Raises `Refusal`."""
    with _opened(file) as image:
        return _shown(image)


@contextmanager
def _opened(file: IO[bytes]) -> Iterator[Image.Image]:
    with _AT_ONCE:
        try:
            with Image.open(file, formats=_FORMATS) as image:
                _refuse_flood(image)
                yield image
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise _too_many_pixels() from None
        except UnidentifiedImageError:
            raise Refusal(
                _("This is no picture that we can read. JPEG, PNG, WebP and GIF work."), status=422
            ) from None
        except _DAMAGED:
            raise Refusal(
                _("This picture is damaged or not whole. Save it again, then send it."), status=422
            ) from None


def _refuse_flood(image: Image.Image) -> None:
    most = _MOST_OF_JPEG if image.format == "JPEG" else _MOST_PIXELS
    if image.width * image.height > most:
        raise _too_many_pixels()


def _too_many_pixels() -> Refusal:
    return Refusal(
        _("This picture has too many pixels. Make it smaller, then send it."), status=422
    )


def _shown(image: Image.Image) -> Image.Image:
    """Return what ``image`` shows: upright, in the colours of the web, no larger than it is shown, and nothing else."""
    turn = _turn_of(image)
    size = _within(*image.size[::-1]) if turn in _SIDEWAYS else _within(*image.size)
    box = size[::-1] if turn in _SIDEWAYS else size
    image.draft(None, box)
    profile = image.info.get("icc_profile")
    flat = _flat(image)
    if flat.size != box:
        flat = flat.resize(box, Image.Resampling.LANCZOS, reducing_gap=3.0)
    flat = _in_srgb(flat, profile)
    if turn in _TURNS:
        flat = flat.transpose(_TURNS[turn])
    clean = Image.new(flat.mode, flat.size)
    clean.paste(flat)
    return clean


def _turn_of(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except (*_DAMAGED, TypeError):
        return 1  # what a camera wrote beside the picture is no reason to refuse it


def _within(width: int, height: int) -> tuple[int, int]:
    share = min(1, _WIDEST / width, _HIGHEST / height, math.sqrt(_LARGEST / (width * height)))
    return max(1, round(width * share)), max(1, round(height * share))


def _flat(image: Image.Image) -> Image.Image:
    """Return ``image`` as RGB, or as RGBA where anything shines through."""
    if image.mode.startswith("I"):  # 16 bits a point
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if not image.has_transparency_data:
        return image.convert("RGB")
    flat = image.convert("RGBA")
    lowest = flat.getchannel("A").getextrema()[0]
    return flat.convert("RGB") if lowest == 255 else flat


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return ``image`` in the colours that a browser takes for granted, where a readable profile says that it has others."""
    if not profile or image.mode != "RGB":
        return image
    try:
        turned = ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGB",
        )
    except (ImageCms.PyCMSError, *_DAMAGED):
        return image
    return turned or image


def _small(flat: Image.Image) -> Image.Image:
    """Return ``flat`` as it stands in a row: cut to the row's form, of a tall one its top; a tiny one stays whole."""
    if flat.width < _SMALL[0] or flat.height < _SMALL[1]:
        small = flat.copy()
        small.thumbnail(_SMALL, Image.Resampling.LANCZOS)
        return small
    centre = (0.5, 0.0 if flat.height > flat.width else 0.5)
    return ImageOps.fit(flat, _SMALL, Image.Resampling.LANCZOS, centering=centre)


def _written(image: Image.Image) -> Written:
    file = BytesIO()
    image.save(file, "WEBP", quality=86, method=4)
    return Written(file.getvalue(), image.width, image.height)


def _moving(image: Image.Image) -> Written | None:
    """Return a moving picture as WebP; None for one that does not move, or moves for so long that its first frame has to do."""
    if image.format not in ("GIF", "WEBP") or not getattr(image, "is_animated", False):
        return None
    most = min(_FRAMES, _MOVING_PIXELS // (image.width * image.height))
    share = min(1, _MOVING_WIDTH / image.width, 2 * _MOVING_WIDTH / image.height)
    box = max(1, round(image.width * share)), max(1, round(image.height * share))
    frames: list[Image.Image] = []
    durations: list[int] = []
    while True:
        try:
            image.seek(len(frames))
        except EOFError:
            break
        if len(frames) >= most:
            return None
        frame = image.convert("RGBA").resize(box, Image.Resampling.BILINEAR)
        frame.info = {}
        frames.append(frame)
        durations.append(max(20, min(10_000, int(image.info.get("duration") or 100))))
    file = BytesIO()
    frames[0].save(
        file,
        "WEBP",
        save_all=True,
        append_images=frames[1:],
        duration=durations,
        loop=0,
        quality=75,
        method=0,
    )
    if file.tell() > _MOVING_BYTES:
        return None
    return Written(file.getvalue(), *box)
