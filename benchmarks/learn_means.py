"""Learn the generic mean vectors that ship in ``feedback/encoder/models/means``.

    python -m benchmarks.learn_means --data DIR [--model e5 ...] [--check]

Sources, each with the same weight in its language, at most ``--texts`` of each, evenly spaced:

* en: the project's own generic sentences; ``youtube_reviews.csv`` (MIT), ``banking77_test.jsonl``
  (PolyAI banking77, CC BY 4.0), ``forum_en.jsonl`` (banking77 and clinc150, CC BY 4.0 / 3.0).
* zh: the English mean, moved by the way from the project's own sentences in English to the same
  sentences in Chinese. So it is as broad as the English one, nothing of unknown licence is
  distilled, and a post and its translation stay neighbours.

* the other languages: the English mean, moved by the way from the English sentences of Django's interface to their translations
  (BSD-3, a hundred to two hundred a language).

A mean is a statistic of thousands of texts; none can be read back from it. ``--check`` writes
nothing and prints, for every labelled file in DIR, how much common direction is left.
"""

from __future__ import annotations

import argparse
import csv
import gettext
import json
from pathlib import Path

import django
import numpy as np

from feedback.encoder.models.base import (
    LANGUAGES,
    Language,
    Model,
    Vectors,
    language_of,
    prepare,
    unit_rows,
)
from feedback.encoder.models.generic_sentences import generic_sentences
from feedback.encoder.models.means import load_means
from feedback.encoder.models.registry import bundled_model
from feedback.kernel.languages import KNOWN

MEANS = Path(__file__).parents[1] / "feedback/encoder/models/means"
MODELS = ("use", "e5", "minilm")
#: Words of the shortest sentence of an interface that is learned from.
WORDS = 3
LICENSED = ("youtube_reviews.csv", "banking77_test.jsonl", "forum_en.jsonl")


def read_texts(path: Path) -> list[str]:
    """Texts of a labelled JSONL file, or title and body of the reviews."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as rows:
            return [f"{row['title']}\n{row['body']}" for row in csv.DictReader(rows)]
    with path.open(encoding="utf-8") as lines:
        return [row["text"] for row in map(json.loads, lines) if "text" in row]


def spaced(texts: list[str], count: int) -> list[str]:
    """``count`` texts at even distances."""
    step = max(1, len(texts) // count)
    return texts[::step][:count]


def embed(model: Model, texts: list[str]) -> Vectors:
    prepared = [prepare(text) for text in texts]
    slices = [model.embed(prepared[i : i + 32]) for i in range(0, len(prepared), 32)]
    return unit_rows(np.concatenate(slices))


def translated(language: str) -> dict[str, str]:
    """Sentences of Django's interface: English to ``language``."""
    root = Path(django.__file__).parent
    folder = f"locale/{language}/LC_MESSAGES/django.mo"
    found: dict[str, str] = {}
    for path in sorted([root / "conf" / folder, *root.glob(f"contrib/*/{folder}")]):
        if not path.exists():
            continue
        with path.open("rb") as compiled:
            catalogue = gettext.GNUTranslations(compiled)
        for english in catalogue._catalog:  # type: ignore[attr-defined]
            if not isinstance(english, str) or "%" in english or "\x04" in english:
                continue
            said = catalogue.gettext(english)
            if len(english.split()) >= WORDS and said != english:
                found[english] = said
    return found


def learn_others(model: Model, english: Vectors) -> dict[str, Vectors]:
    """The means of the languages that are told apart, but for English and Chinese."""
    found = {}
    for language in KNOWN:
        if language in LANGUAGES:
            continue
        pairs = sorted(translated(language).items())
        way = embed(model, [said for _, said in pairs]) - embed(model, [said for said, _ in pairs])
        found[language] = (english + way.mean(axis=0)).astype(np.float32)
    return found


def learn(model: Model, data: Path, count: int) -> dict[str, Vectors]:
    english = [generic_sentences("en"), *(read_texts(data / name) for name in LICENSED)]
    broad = np.mean([embed(model, spaced(texts, count)).mean(axis=0) for texts in english], axis=0)
    said = {each: embed(model, generic_sentences(each)).mean(axis=0) for each in LANGUAGES}
    return {
        "en": broad.astype(np.float32),
        "zh": (broad + said["zh"] - said["en"]).astype(np.float32),
        **learn_others(model, broad),
    }


def check(model: Model, means: dict[str, Vectors], data: Path, count: int) -> None:
    """Mean cosine of unrelated texts before and after centring, per file and language."""
    for path in sorted(data.glob("*.jsonl")):
        by_language: dict[Language, list[str]] = {language: [] for language in LANGUAGES}
        for text in read_texts(path):
            by_language[language_of(text)].append(text)
        for language, texts in by_language.items():
            if len(texts) < 100:
                continue
            raw = embed(model, spaced(texts, count))
            centred = unit_rows(raw - means[language])
            before, after = (float((m.mean(axis=0) ** 2).sum()) for m in (raw, centred))
            print(f"  {path.stem:20} {language} {len(texts):5}  {before:.3f} -> {after:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", choices=MODELS, nargs="+", default=MODELS)
    parser.add_argument("--texts", type=int, default=600, help="at most this many of each source")
    parser.add_argument("--check", action="store_true")
    chosen = parser.parse_args()
    for name in chosen.model:
        model = bundled_model(name)
        if chosen.check:
            print(name)
            check(model, load_means(name), chosen.data, chosen.texts)
            continue
        means = learn(model, chosen.data, chosen.texts)
        np.savez(MEANS / f"{name}.npz", **means)
        print(
            f"{name}: |en| {np.linalg.norm(means['en']):.3f}  |zh| {np.linalg.norm(means['zh']):.3f}"
        )


if __name__ == "__main__":
    main()
