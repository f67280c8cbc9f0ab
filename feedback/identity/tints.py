"""One colour made into the six that the interface needs, by day and by night, each readable where it stands (WCAG 2.2 AA)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from feedback.identity.colours import Oklch, contrast, nearest, oklch_of

#: Another number for each way of making them: it stands in the address of the style sheet.
WAY = 1
#: What words need, and what a surface needs to be seen beside the paper. A surface is never read: words stand on it.
WORDS, SURFACE = 4.5, 1.6
#: A browser marks words with the colour of selection in this ink.
_INK_DAY, _INK_NIGHT = "#1e1b16", "#ece8e1"


@dataclass(frozen=True)
class _Ground:
    """What the colours stand on by day or by night: the papers, and what may be written on a surface."""

    papers: tuple[str, ...]
    ink: str
    on: tuple[str, str]
    wash: tuple[float, float]
    select: tuple[float, float]


_DAY = _Ground(
    ("#fbfaf7", "#f3f0ea", "#ffffff"), _INK_DAY, ("#1e1b16", "#ffffff"), (0.955, 0.03), (0.9, 0.07)
)
_NIGHT = _Ground(
    ("#1c1d1f", "#151618", "#25262a"), _INK_NIGHT, ("#1b130c", "#ffffff"), (0.29, 0.04), (0.4, 0.07)
)


@dataclass(frozen=True)
class Tints:
    """The colours of one ground, written "#rrggbb", as the tokens of the interface call them."""

    signal: str
    signal_strong: str
    signal_ink: str
    signal_wash: str
    on_signal: str
    select: str

    def tokens(self) -> Iterator[tuple[str, str]]:
        """Yield each with the name of its token."""
        for name, value in vars(self).items():
            yield f"--{name.replace('_', '-')}", value


@lru_cache(maxsize=256)
def tints_of(colour: str) -> tuple[Tints, Tints]:
    """Return what ``colour`` ("rrggbb") becomes by day and by night."""
    chosen = oklch_of(colour)
    return _on(_DAY, chosen), _on(_NIGHT, chosen.at(max(chosen.lightness, 0.66)))


def _on(ground: _Ground, chosen: Oklch) -> Tints:
    def is_seen(surface: str) -> bool:
        return all(contrast(surface, paper) >= SURFACE for paper in ground.papers)

    def carries(surface: str) -> bool:
        return any(contrast(surface, words) >= WORDS for words in ground.on)

    signal = nearest(chosen, lambda one: is_seen(one) and carries(one))
    on_signal = max(ground.on, key=lambda words: contrast(signal, words))
    # Under the pointer it goes away from what is written on it, so that this stays readable.
    away = 0.04 if on_signal == ground.on[0] else -0.04
    surface = oklch_of(signal)
    strong = nearest(
        surface.at(surface.lightness + away), lambda one: contrast(one, on_signal) >= WORDS
    )
    wash = chosen.at(ground.wash[0], chroma=ground.wash[1]).written
    papers = (*ground.papers, wash)
    ink = nearest(chosen, lambda one: all(contrast(one, paper) >= WORDS for paper in papers))
    select = nearest(
        chosen.at(ground.select[0], chroma=ground.select[1]),
        lambda one: contrast(one, ground.ink) >= WORDS,
    )
    return Tints(signal, strong, ink, wash, on_signal, select)


def sheet(colour: str) -> str:
    """Return the style sheet that gives the interface ``colour`` ("rrggbb")."""
    day, night = tints_of(colour)
    pairs = zip(day.tokens(), night.tokens(), strict=True)
    lines = (
        f"  {name}: light-dark({by_day}, {by_night});\n" for (name, by_day), (_, by_night) in pairs
    )
    return f":root {{\n{''.join(lines)}}}\n"


@dataclass(frozen=True)
class Measured:
    """What a colour became on one ground, and how far its words are from the paper, at least."""

    is_day: bool
    surface: str
    is_moved: bool
    words: str
    contrast: float


def measured(colour: str) -> list[Measured]:
    """Return what ``colour`` ("rrggbb") became by day and by night, for whoever chose it."""
    return [
        Measured(
            is_day=ground is _DAY,
            surface=tints.signal,
            is_moved=tints.signal != f"#{colour}",
            words=tints.signal_ink,
            contrast=min(contrast(tints.signal_ink, paper) for paper in ground.papers),
        )
        for ground, tints in zip((_DAY, _NIGHT), tints_of(colour), strict=True)
    ]
