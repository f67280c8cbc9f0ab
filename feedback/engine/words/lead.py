"""The sentences of a post that lead: those that ask for something, without greeting, small talk and forms.

Of a post with several sentences each is judged by its own vector (`Speech`); those that ask about as clearly as the
clearest one are kept. What many posts of the board say beside different things (greetings, signatures, headings of a form,
the same small talk) is learned from the board (`Refrains`) and counts for less the more posts say it.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from feedback.engine.data.corpus import Doubles
from feedback.engine.words.clauses import sentences
from feedback.kernel import text as words

#: How much less clearly than the clearest sentence another may ask and still lead with it.
NEARLY = 0.5
#: A sentence that asks less than this is left out beside one that asks clearly.
ASKS, CLEARLY = 0.0, 0.3
#: Fewer sentences give each other their sense: of them only those are left out that ask much less than this.
MANY, IDLE = 4, -0.8
#: What a doubling of the posts that say a sentence costs it, from so many posts on.
COMMON, COMMON_FROM = 0.4, 2
#: A title speaks for the post: it asks so much more clearly than it sounds.
TITLE = 0.5
#: Share of the board that says a line of a form or a signature, beside other things; and the fewest posts.
FORM_SHARE, FORM_FROM = 0.2, 5
#: Sentences of a post that are read.
MOST = 24
#: What the lead weighs in a post's vector; the whole post has the rest, as its context gives the lead its sense.
LEAD_SHARE = 0.6
#: Words of a label ("Device: Pixel 8") at most.
_LABEL_WORDS = 4

_NOT_A_WORD = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"\d+")
_LABELLED = re.compile(r"^([^\W\d][^:：\n]{0,30})[:：]\s*(.*)$", re.DOTALL)
_ENDS = re.compile(r"[.!?…。！？～~]$")

#: Tells how clearly each of some sentences asks for something (n,): `Speech.asking` of their vectors.
Judge = Callable[[Sequence[str]], Doubles]


def skeleton(sentence: str) -> str:
    """Return ``sentence`` without case, marks and the numbers in it: what makes two lines of a form the same."""
    return _DIGITS.sub("0", _NOT_A_WORD.sub("", words.fold(sentence)))


@dataclass(frozen=True)
class Refrains:
    """What the posts of a board keep saying: how many of ``posts`` hold a sentence beside others, by its skeleton."""

    counts: Mapping[str, int] = field(default_factory=dict)
    posts: int = 0

    @classmethod
    def learn(cls, texts: Iterable[str]) -> "Refrains":
        """Learn the refrains of ``texts``; a few thousand posts say enough."""
        counts: Counter[str] = Counter()
        posts = 0
        for text in texts:
            posts += 1
            cut = list(islice(sentences(text), MOST))
            labelled = [_label_of(sentence) for sentence in cut]
            said = {skeleton(label) for label, _ in labelled if label}
            if len(cut) > 1:
                said |= {skeleton(one) for one in (*cut, *(value for _, value in labelled)) if one}
            counts.update(said)
        return cls({said: count for said, count in counts.items() if count > COMMON_FROM}, posts)

    def cost(self, sentence: str) -> float:
        """Return what being common costs ``sentence``."""
        said = self.counts.get(skeleton(sentence), 0)
        return COMMON * float(np.log2(max(said / COMMON_FROM, 1.0)))

    def is_form(self, sentence: str) -> bool:
        """Tell whether ``sentence`` is a line of a form, a signature or a greeting of this board."""
        said = self.counts.get(skeleton(sentence), 0)
        return said >= max(FORM_FROM, FORM_SHARE * self.posts)


@dataclass(frozen=True)
class Lead:
    """The sentences of a post that lead, in reading order, and how clearly each asks."""

    sentences: tuple[str, ...]
    asking: tuple[float, ...]

    @property
    def text(self) -> str:
        """The sentences as one text."""
        return " ".join(
            one if _ENDS.search(one) else f"{one}{_stop(one)}" for one in self.sentences
        )


def leads(
    posts: Sequence[tuple[str, str]], judge: Judge, refrains: Refrains | None = None
) -> list[Lead | None]:
    """Return what leads in each of ``posts`` (title, body); None where a post is one sentence, and so leads as it is.

    ``judge`` hears the sentences of all posts in one call, each once.
    """
    known = refrains or Refrains()
    read = [_read(title, body, known) for title, body in posts]
    heard = sorted({sentence for one in read for sentence, _ in one})
    asks = dict(zip(heard, judge(heard).tolist(), strict=True)) if heard else {}
    return [_lead(one, asks, known) if one else None for one in read]


def _read(title: str, body: str, refrains: Refrains) -> list[tuple[str, float]]:
    """Return the sentences of a post without the lines of forms, each with what its place adds to how clearly it asks.

    None at all when the post is one sentence.
    """
    titled = len(list(sentences(title)))
    cut = list(islice(sentences(words.text_of(title, body)), MOST))
    if len(cut) < 2:
        return []
    found = []
    for at, sentence in enumerate(cut):
        label, value = _label_of(sentence)
        said = value if label and refrains.is_form(label) else sentence
        if said and not refrains.is_form(said):
            found.append((said, TITLE if at < titled else 0.0))
    return found or [(sentence, 0.0) for sentence in cut]


def _lead(read: Sequence[tuple[str, float]], asks: Mapping[str, float], refrains: Refrains) -> Lead:
    cost = np.array([refrains.cost(one) for one, _ in read])
    heard = np.array([asks[one] + more for one, more in read]) - cost
    clearest = float(heard.max())
    kept = heard >= clearest - NEARLY
    if clearest >= CLEARLY:
        kept &= heard >= ASKS
    if len(read) < MANY:
        kept |= (cost == 0.0) & (heard >= IDLE)
    said = [(one, asks[one]) for (one, _), keep in zip(read, kept.tolist(), strict=True) if keep]
    return Lead(tuple(one for one, _ in said), tuple(round(value, 3) for _, value in said))


def _label_of(sentence: str) -> tuple[str, str]:
    """Return the label of a line of a form ("Device: Pixel 8") and what follows it; ("", "") when it has none."""
    found = _LABELLED.match(sentence)
    return (found[1], found[2]) if found and len(found[1].split()) <= _LABEL_WORDS else ("", "")


def _stop(sentence: str) -> str:
    return "。" if words.language_of(sentence) == "zh" else "."
