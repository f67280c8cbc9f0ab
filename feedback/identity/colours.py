"""Colours: reading them, how far apart they are to the eye (WCAG 2.2), and moving one in lightness alone (OKLCH).

The space is Björn Ottosson's OKLab (2020), in which equal steps of lightness look equal whatever the hue.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

#: Red, green and blue, each from 0 to 1, as screens take them.
Rgb = tuple[float, float, float]
_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_STEP = 0.005


def read(written: str) -> str | None:
    """Return a colour that somebody wrote as six small digits, None where it is none: "#1E90FF", "1e90ff", "#08f"."""
    found = _HEX.fullmatch(written.strip())
    if found is None:
        return None
    digits = found[1].lower()
    return digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)


def rgb_of(colour: str) -> Rgb:
    """Return what a screen shows for "#rrggbb"."""
    digits = colour.removeprefix("#")
    red, green, blue = (int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4))
    return red, green, blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _encoded(value: float) -> float:
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def luminance(colour: str) -> float:
    """Return how bright "#rrggbb" is, from 0 to 1."""
    red, green, blue = map(_linear, rgb_of(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return how far apart two colours are to the eye, from 1 to 21."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@dataclass(frozen=True)
class Oklch:
    """A colour by lightness (0 to 1), chroma and hue (radians)."""

    lightness: float
    chroma: float
    hue: float

    @property
    def written(self) -> str:
        """As "#rrggbb": what no screen shows loses chroma until one does."""
        chroma = self.chroma
        while True:
            values = _linear_rgb(self.lightness, chroma, self.hue)
            if chroma <= 0 or all(-0.0005 <= value <= 1.0005 for value in values):
                break
            chroma = max(0.0, chroma - 0.002)
        shown = (_encoded(min(1.0, max(0.0, value))) for value in values)
        return "#" + "".join(f"{round(value * 255):02x}" for value in shown)

    def at(self, lightness: float, *, chroma: float = math.inf) -> "Oklch":
        """Return the same hue at another lightness, with at most so much ``chroma``."""
        return Oklch(min(1.0, max(0.0, lightness)), min(self.chroma, chroma), self.hue)


def oklch_of(colour: str) -> Oklch:
    """Return "#rrggbb" by lightness, chroma and hue."""
    red, green, blue = map(_linear, rgb_of(colour))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return Oklch(lightness, math.hypot(a, b), math.atan2(b, a))


def _linear_rgb(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def nearest(colour: Oklch, works: Callable[[str], bool]) -> str:
    """Return the colour of the same hue, nearest in lightness, that ``works``: itself where it does.

    Raises `ValueError` where no lightness works.
    """
    for step in range(round(1 / _STEP) + 1):
        for lightness in (colour.lightness - step * _STEP, colour.lightness + step * _STEP):
            if 0 <= lightness <= 1:
                written = colour.at(lightness).written
                if works(written):
                    return written
    raise ValueError(colour)
