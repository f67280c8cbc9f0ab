"""Marking the words of a query in a text, and cutting out the part of a text that they stand in."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from feedback.forum.search.language.words import (
    SOUND,
    Term,
    clusters,
    form_of,
    is_unspaced,
    pairs,
    parts_of,
    pieces,
    stem,
)
from feedback.kernel import markdown
from feedback.kernel.folding import fold_spelling
from feedback.kernel.sounds import sounds_of

#: Letters of an excerpt, and of what stands in it before the first word that was found.
LENGTH, _BEFORE = 180, 50
#: Letters that are read of a long body to find the place.
_READ = 20_000
Span = tuple[int, int]


class Marker:
    """Marks what ``terms`` stand for in a text."""

    def __init__(self, terms: Iterable[Term]) -> None:
        once = {(term.word, term.exact): term for term in terms if not term.is_function}
        self._terms = list(once.values())
        words = [term for term in self._terms if term.is_word]
        self._forms = {form for term in words for form in term.exact}
        self._stems = {stem(form) for form in self._forms} | {
            token for term in words for tokens in term.strict for token in tokens
        }
        names = [name for term in self._terms for name in term.names]
        #: Names of several words are marked where all of them stand side by side.
        self._names = {tuple(map(stem, name)) for name in names if not is_unspaced(name[0])}
        self._longest = max(map(len, self._names), default=0)
        self._beginnings = tuple(form for form in self._forms if len(form) > 2)
        self._runs = [term.word for term in self._terms if not term.is_word]
        self._runs += [_run_of(name) for name in names if is_unspaced(name[0])]
        self._sounds = {
            token.removeprefix(SOUND)
            for term in self._terms
            for tokens in term.strict
            for token in tokens
            if token.startswith(SOUND)
        }
        named = {name[0] for name in self._names}
        self._needles = sorted({*self._runs, *self._forms, *self._stems, *named}, key=len)[::-1]

    def spans(self, text: str) -> list[Span]:
        """Return where in ``text`` something of the query stands, in order, without overlaps."""
        folded, places = _folded(text)
        found: list[Span] = []
        before: list[tuple[str, int]] = []
        for kind, piece, start, _end in pieces(folded):
            if kind == "word":
                before.append((stem(form_of(piece)), start))
                end = start + len(piece)
                if self._is_word(piece):
                    found.append((start, end))
                found += [
                    (before[-count][1], end)
                    for count in range(1, min(self._longest, len(before)) + 1)
                    if tuple(one for one, _ in before[-count:]) in self._names
                ]
            else:
                before = []
                found += [(start + one, start + other) for one, other in self._in_run(piece)]
        return _merged((places[start], places[end]) for start, end in found)

    def _is_word(self, word: str) -> bool:
        form = form_of(word)
        if form in self._forms or stem(form) in self._stems or form.startswith(self._beginnings):
            return True
        return any(self._is_word(part) for part in parts_of(word) if part != word)

    def _in_run(self, run: str) -> list[Span]:
        found = [(at, at + len(word)) for word in self._runs for at in _places_of(word, run)]
        if self._sounds:
            for at, pair in enumerate(pairs(run)):
                if len(pair) == 2 and self._sounds.intersection(sounds_of(pair)):
                    found.append((at, at + 2))
        return found

    def mark(self, text: str) -> SafeString:
        """Return ``text`` as HTML with what was found in <mark>."""
        return _marked(text, self.spans(text))

    def excerpt(self, title: str, body: str) -> SafeString:
        """Return the part of ``body``, Markdown, that most of the query stands in, marked; its beginning otherwise.

        Empty where the title says it all.
        """
        start = self._place(body)
        line = markdown.plain(body[start : start + 3 * LENGTH], length=2 * LENGTH)
        spans = self.spans(line)
        begins = spans[0][0] - _BEFORE if spans and spans[-1][1] > LENGTH else 0
        begins = _word_start(line, begins) if begins > 0 else 0
        cut = line[begins : begins + LENGTH]
        if not start and not begins and fold_spelling(cut.rstrip("…")) == fold_spelling(title):
            return mark_safe("")
        before = "…" if start or begins else ""
        after = "…" if begins + LENGTH < len(line) and not cut.endswith("…") else ""
        inside = [(one - begins, min(other - begins, len(cut))) for one, other in spans]
        shown = _marked(cut, [(one, other) for one, other in inside if 0 <= one < other])
        return format_html("{}{}{}", before, shown, after)

    def _place(self, body: str) -> int:
        """Return from where ``body`` is worth reading: 0, or shortly before most of the query."""
        folded = fold_spelling(body[:_READ])
        if len(folded) <= LENGTH or len(folded) != len(body[:_READ]):
            return 0
        if any(needle in folded[:LENGTH] for needle in self._needles):
            return 0
        place = next((at for needle in self._needles if (at := folded.find(needle)) > 0), 0)
        return max(0, _word_start(body, place - _BEFORE)) if place > _BEFORE else 0


def _marked(text: str, spans: Iterable[Span]) -> SafeString:
    shown: list[str] = []
    at = 0
    for start, end in spans:
        shown += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    shown.append(escape(text[at:]))
    return mark_safe("".join(shown))  # noqa: S308 (every part is escaped above)


def _run_of(name: tuple[str, ...]) -> str:
    """Return a part of a stream of characters as they are written."""
    return name[0] + "".join(pair[1:] for pair in name[1:])


def _word_start(text: str, at: int) -> int:
    """Return ``at``, or where the next word begins if that is near."""
    space = text.find(" ", at, at + 20)
    return space + 1 if space >= 0 else at


def _places_of(word: str, run: str) -> Iterable[int]:
    return (found.start() for found in re.finditer(re.escape(word), run)) if word else ()


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


_fold_letter = lru_cache(maxsize=8_192)(fold_spelling)


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """Return ``text`` folded, and for each place in it, and its end, the place in ``text``."""
    if text.isascii():
        return text.lower(), range(len(text) + 1)
    letters: list[str] = []
    places: list[int] = []
    at = 0
    for letter in clusters(text):
        folded = _fold_letter(letter)
        letters.append(folded)
        places += [at] * len(folded)
        at += len(letter)
    return "".join(letters), [*places, at]
