"""The logo: one picture written anew in each size in which it is shown, and whether it is seen by day and by night."""

import datetime as dt
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from PIL import Image

from feedback.identity.colours import contrast
from feedback.identity.models import Look
from feedback.kernel.pictures.reading import read_flat
from feedback.kernel.public_ids import new_public_id
from feedback.kernel.refusals import Refusal

logger = logging.getLogger(__name__)

FOLDER = "identity"
#: Twice the pixels of the head of a page, and how much wider than high it may stand there.
_HEIGHT, _WIDEST = 64, 6
_DAY, _NIGHT = "#fbfaf7", "#1c1d1f"
#: Below this the logo as a whole is lost in the paper.
_SEEN = 1.7
#: Name of the file, side in pixels, how much of the side the logo takes, and whether it stands on paper.
_ICONS = (
    ("icon-32.png", 32, 1.0, False),
    ("icon-180.png", 180, 0.78, True),
    ("icon-192.png", 192, 1.0, False),
    ("icon-512.png", 512, 1.0, False),
    ("icon-cut-512.png", 512, 0.6, True),
)
LOGO = "logo.png"
NAMES = frozenset({LOGO, *(name for name, *_rest in _ICONS)})
_YOUNG = dt.timedelta(days=2)


@dataclass(frozen=True)
class Logo:
    """A logo that lies in the storage: its key, its size in pixels, and when it needs a plate."""

    key: str
    width: int
    height: int
    plate: str


def path_of(key: str, name: str) -> str:
    """Return where in the storage a file of the logo ``key`` lies."""
    return f"{FOLDER}/{key}/{name}"


def store_logo(file: IO[bytes]) -> Logo:
    """Write the picture ``file`` anew in every size. Raises `Refusal` for what is no picture, too small a one, and where nothing can be stored."""
    picture = _without_edge(read_flat(file).convert("RGBA"))
    if min(picture.size) < 16 or picture.height < 32:
        raise Refusal(
            _("This picture is too small for a logo: 32 pixels high is the least, 192 is better."),
            status=422,
        )
    plate = _plate_of(picture)
    shown = _fitted(picture, (_HEIGHT * _WIDEST, _HEIGHT))
    key = new_public_id()
    try:
        for name, raw in _files(picture, shown, plate):
            default_storage.save(path_of(key, name), ContentFile(raw))
    except OSError:
        logger.exception("A logo could not be stored")
        raise Refusal(_("It could not be stored just now. Try again in a moment.")) from None
    return Logo(key, shown.width, shown.height, plate)


def _files(picture: Image.Image, shown: Image.Image, plate: str) -> Iterator[tuple[str, bytes]]:
    yield LOGO, _png(shown)
    for name, side, share, has_paper in _ICONS:
        paper = _NIGHT if plate == Look.Plate.DAY else _DAY
        square = Image.new("RGBA", (side, side), paper if has_paper else (0, 0, 0, 0))
        room = round(side * share)
        small = _fitted(picture, (room, room))
        square.alpha_composite(small, ((side - small.width) // 2, (side - small.height) // 2))
        yield name, _png(square)


def _without_edge(picture: Image.Image) -> Image.Image:
    """Return ``picture`` without what nobody sees around it."""
    box = picture.getchannel("A").point(lambda value: 255 if value > 8 else 0).getbbox()
    return picture.crop(box) if box else picture


def _fitted(picture: Image.Image, room: tuple[int, int]) -> Image.Image:
    share = min(room[0] / picture.width, room[1] / picture.height)
    size = max(1, round(picture.width * share)), max(1, round(picture.height * share))
    return picture.resize(size, Image.Resampling.LANCZOS)


def _png(picture: Image.Image) -> bytes:
    file = BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def _plate_of(picture: Image.Image) -> str:
    """Return when the logo is lost in the paper: one that fills its picture never is, it brings its own ground."""
    small = picture.resize((32, 32), Image.Resampling.BOX)
    raw = small.tobytes()
    all_points = (raw[start : start + 4] for start in range(0, len(raw), 4))
    points = [point for point in all_points if point[3] > 100]
    if not points or len(points) > 0.97 * 32 * 32:
        return str(Look.Plate.NONE)
    seen = {
        plate: sum(contrast(f"#{point[:3].hex()}", paper) for point in points) / len(points)
        for plate, paper in ((Look.Plate.DAY, _DAY), (Look.Plate.NIGHT, _NIGHT))
    }
    worst = min(seen, key=lambda plate: seen[plate])
    return str(worst if seen[worst] < _SEEN else Look.Plate.NONE)


def sweep(*, now: dt.datetime) -> int:
    """Remove the files of logos that no row speaks of, once no backup that is being made does; return how many logos."""
    try:
        folders, _names = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return 0
    known = set(Look.objects.filter(logo__in=folders).values_list("logo", flat=True))
    gone = 0
    for key in folders:
        _folders, names = default_storage.listdir(f"{FOLDER}/{key}")
        paths = [path_of(key, name) for name in names]
        if key in known or any(
            default_storage.get_modified_time(path) > now - _YOUNG for path in paths
        ):
            continue
        for path in paths:
            default_storage.delete(path)
        gone += bool(paths)
    return gone
