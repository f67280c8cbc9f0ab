"""Which language a text is in, told by py3langid from its letters, offline.

On single short sentences of nine languages it is right nine times in ten, and takes a tenth of a millisecond. Where two
languages stand in one text the rule of `text.language_of` decides: a fifth of Han letters makes it Chinese.
"""

import math
import re
from functools import cache
from typing import Any

from feedback.kernel import text

#: The languages that are told apart: those that the encoders know and many people write. Rarer ones would only be mistaken
#: for them in short posts.
KNOWN = [
    "en",
    "zh",
    "ja",
    "ko",
    "fr",
    "de",
    "es",
    "pt",
    "it",
    "nl",
    "pl",
    "ru",
    "uk",
    "tr",
    "ar",
    "vi",
    "id",
    "th",
    "cs",
    "sv",
    "da",
    "fi",
    "hu",
    "ro",
    "el",
    "he",
    "hi",
    "fa",
    "bg",
]
#: What English is favoured by, and the share below which a language is not considered.
ENGLISH = 10.0
LEAST_LIKELY = 0.05
#: How far, in natural logarithms, the likeliest language is before the second where no other is considered.
_SURE = 3.0
#: Characters that are read: more do not change the answer.
_READ = 1_000
_KANA = re.compile(r"[\u3040-\u30ff]")
_LETTER = re.compile(r"[^\W\d_]")


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # loads a model of a few megabytes

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(KNOWN)
    return identifier


def spoken_in(words: str) -> str:
    """Return the language of ``words`` as a code of two letters (ISO 639-1); "en" where there is nothing to tell by."""
    sample = words[:_READ]
    if text.language_of(sample) == "zh" and not _KANA.search(sample):
        return "zh"
    if not _LETTER.search(sample):
        return "en"
    return str(_identifier().classify(sample)[0])


def likely_languages(words: str) -> dict[str, float]:
    """Return how likely ``words``, which are not Chinese, are in each language: shares that sum to 1, small ones left out.

    English counts `ENGLISH` times as much as the letters alone say: what people write to a product is full of its words.
    """
    sample = words[:_READ]
    if not _LETTER.search(sample):
        return {"en": 1.0}
    scores = {one: float(score) for one, score in _identifier().rank(sample) if one != "zh"}
    scores["en"] += math.log(ENGLISH)
    best = max(scores.values())
    if sum(score > best - _SURE for score in scores.values()) == 1:
        return {max(scores, key=scores.__getitem__): 1.0}
    weights = {one: math.exp(score - best) for one, score in scores.items()}
    total = sum(weights.values())
    kept = {one: weight for one, weight in weights.items() if weight >= LEAST_LIKELY * total}
    total = sum(kept.values())
    return {one: weight / total for one, weight in kept.items()}


def reads_as(words: str, language: str) -> bool:
    """Return whether ``words``, perhaps too few to tell, may be of ``language``: Chinese or not Chinese."""
    return (text.language_of(words) == "zh") == (language == "zh")
