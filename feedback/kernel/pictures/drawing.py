"""Pictures to share: 1200 by 630 pixels, as the places where people share things cut them.

Drawn with Noto Sans CJK (SIL Open Font License), which comes as a package of its own, so that a name, a title and a
sentence may be in Chinese on a server without any fonts.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from functools import lru_cache
from importlib.resources import files
from io import BytesIO

from django.core.files.storage import default_storage
from PIL import Image, ImageDraw, ImageFont, ImageOps

from feedback.kernel.identity import Identity, identity

SIZE = (1200, 630)
_EDGE = 84
_INK, _INK_2, _PAPER = "#1e1b16", "#57514a", "#fbfaf7"
_PALE = "#c9c2b6"
#: Another number for each way of drawing, so that no picture of the way before is shown.
_DRAWN_AS = 2
_SIMPLIFIED = 2  # the face of the collection that draws Chinese as it is written in China


@lru_cache(maxsize=16)
def _font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    path = files("manimgx_fonts_cjk") / "NotoSansCJK-VF.otf.ttc"
    font = ImageFont.truetype(str(path), size, index=_SIMPLIFIED)
    font.set_variation_by_axes([weight])
    return font


def wrapped(words: str, font: ImageFont.FreeTypeFont, *, width: int, most: int) -> list[str]:
    """Return ``words`` in at most ``most`` lines of ``width`` pixels.

    They are broken at spaces, between any two Han characters, and where a word alone is too long for a line.
    """
    lines, line = [], ""
    for piece in _fitting(_pieces(words), font, width):
        if line and font.getlength((line + piece).rstrip()) > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    lines.append(line.rstrip())
    if len(lines) > most:
        lines = lines[:most]
        while lines[-1] and font.getlength(lines[-1] + "…") > width:
            lines[-1] = lines[-1][:-1]
        lines[-1] += "…"
    return [line for line in lines if line]


def _pieces(words: str) -> list[str]:
    """Return what a line may be broken into: words with the space after them, single Han characters with their sign."""
    pieces: list[str] = []
    for sign in words:
        is_wide = ord(sign) >= 0x2E80
        closes = sign in "，。！？：；、）》”’…,.!?:;)"
        last = pieces[-1] if pieces else ""
        if last and (closes or not (is_wide or last.endswith(" ") or ord(last[-1]) >= 0x2E80)):
            pieces[-1] = last + sign
        else:
            pieces.append(sign)
    return pieces


def _fitting(pieces: Iterable[str], font: ImageFont.FreeTypeFont, width: int) -> Iterator[str]:
    """Yield ``pieces``; one that is wider than a line comes in parts that are not."""
    for piece in pieces:
        part = ""
        for sign in [piece] if font.getlength(piece.rstrip()) <= width else piece:
            if part and font.getlength((part + sign).rstrip()) > width:
                yield part
                part = ""
            part += sign
        yield part


@dataclass(frozen=True)
class Place:
    """Where something stands on its line: the word for it, at which stop of how many; 0 for what takes no line."""

    word: str = ""
    stop: int = 0
    stops: int = 0


@dataclass(frozen=True)
class Card:
    """What a picture to share says: a line on top, what it is about, the lines under it, and where it stands."""

    headline: str
    title: str
    lines: tuple[str, ...] = ()
    place: Place = Place()

    @property
    def key(self) -> str:
        """A name for what the picture shows: another where anything of it changes."""
        site = identity()
        look = [site.called, site.signal, site.signal_ink, site.logo_path]
        said = json.dumps([_DRAWN_AS, look, *astuple(self)], ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()[:32]


def draw(card: Card, *, site: Identity) -> bytes:
    """Return the picture of ``card`` as PNG, in the colours of ``site``, with its name at the foot."""
    image = Image.new("RGB", SIZE, _PAPER)
    pen = ImageDraw.Draw(image)
    _flow(pen, card.place, site.signal)
    width = SIZE[0] - 2 * _EDGE
    room = width
    if card.place.word:
        pen.text(
            (SIZE[0] - _EDGE, 52), card.place.word, font=_font(34, 700), fill=_INK, anchor="ra"
        )
        room -= round(_font(34, 700).getlength(card.place.word)) + 40
    for line in wrapped(card.headline, _font(34, 700), width=room, most=1):
        pen.text((_EDGE, 52), line, font=_font(34, 700), fill=site.signal_ink)
    font = _font(60, 800)
    y = 104
    for line in wrapped(card.title, font, width=width, most=3):
        pen.text((_EDGE, y), line, font=font, fill=_INK)
        y += 76
    y = max(y + 22, 300)
    small = _font(32, 400)
    for words in card.lines:
        for line in wrapped(words, small, width=width, most=2):
            pen.text((_EDGE, y), line, font=small, fill=_INK_2)
            y += 44
    _sign(image, pen, site)
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def _sign(image: Image.Image, pen: ImageDraw.ImageDraw, site: Identity) -> None:
    """Write the name of the site at the foot, under its logo, which stands alone where it is the name."""
    logo = _logo_of(site)
    if logo is not None:
        place = SIZE[0] - _EDGE - logo.width, (556 if site.logo_is_name else 510)
        if site.plate == "DAY":
            x, y = place
            pen.rounded_rectangle(
                (x - 10, y - 8, x + logo.width + 10, y + logo.height + 8), 8, _INK
            )
        image.paste(logo, place, logo)
    if logo is None or not site.logo_is_name:
        font = _font(30, 700)
        end = "".join(wrapped(site.called, font, width=SIZE[0] - _EDGE - 880, most=1))
        pen.text((SIZE[0] - _EDGE, 560), end, font=font, fill=_INK, anchor="ra")


def _logo_of(site: Identity) -> Image.Image | None:
    if not site.logo_file:
        return None
    try:
        with (
            default_storage.open(site.logo_file) as file,
            Image.open(file, formats=["PNG"]) as logo,
        ):
            return ImageOps.contain(logo.convert("RGBA"), (236, 40))
    except OSError:
        return None


def _flow(pen: ImageDraw.ImageDraw, place: Place, signal: str) -> None:
    """Draw the mark of an ask along the foot: many lines that become one, and where it has arrived."""
    meet, end, foot = 560, 824, 578
    for number in range(9):
        start = foot + (number - 4) * 8
        points = []
        for step in range(41):
            x = step / 40
            ease = x * x * (3 - 2 * x)
            points.append((_EDGE + x * (meet - _EDGE), start + (foot - start) * ease))
        pen.line(points, fill=_PALE, width=3, joint="curve")
    stops = max(1, place.stops)
    here = place.stop if place.stops else 1
    between = (end - meet) / stops
    reached = meet + between * here
    pen.line([(meet, foot), (end, foot)], fill=_PALE, width=8)
    pen.line([(meet, foot), (reached, foot)], fill=_INK, width=8)
    for stop in range(1, stops + 1):
        x = meet + between * stop
        if stop == here:
            pen.ellipse(_round(x, foot, 16), fill=signal, outline=_INK, width=5)
        else:
            pen.ellipse(
                _round(x, foot, 9),
                fill=_INK if stop < here else _PAPER,
                outline=_INK if stop < here else _PALE,
                width=4,
            )


def _round(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    return [(x - radius, y - radius), (x + radius, y + radius)]
