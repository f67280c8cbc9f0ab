"""Posts that say how a person feels and not what about: mood ("bad, very bad", "it doesn't work") and praise ("love it!").

They are close to everything and swallow groups. Words and vector decide together: a post with hardly a word that tells
what it is about, and a vector that vents or praises rather than asks, is set aside; the more telling words, the surer the
vector has to be. A post with a wish beside its mood keeps the wish.
"""

import re
from collections.abc import Collection, Sequence

from feedback.engine.data.rows import Rows
from feedback.engine.words.empty_words import SAYING_NOTHING
from feedback.engine.words.speech import KINDS, Speech, margin
from feedback.kernel import text as words

#: How little a post must ask when no word tells what it is about; when some do, and what each of these costs.
BARELY, SURELY, EACH = -0.2, -0.5, 0.2
#: How much a post must be of its kind: what is like nothing known says neither.
CLEARLY = -0.2
#: With more telling words a post is about something, however it is said.
MOST_TELLING = 4

_ENDING = re.compile(r"(?:n't|'\w+)$")
_MODAL = frozenset({"cannot", "can't", "won't"})
_MOOD, _PRAISE = KINDS.index("mood"), KINDS.index("praise")


def telling_words(text: str, names: Collection[str] = ()) -> set[str]:
    """Return the words of ``text`` that tell what it is about; ``names`` of the product itself do not."""
    found = set()
    for token in words.tokens(text):
        word = token.replace("’", "'")
        bare = _ENDING.sub("", word)
        empty = any(
            one in SAYING_NOTHING or one in names for one in (word, word.replace("'", ""), bare)
        )
        short = len(word) < 2 and word.isascii()
        if not (empty or short or word in _MODAL or word.isdigit()):
            found.add(bare)
    return found


def set_aside(
    texts: Sequence[str], vectors: Rows, speech: Speech, names: Collection[str] = ()
) -> list[str]:
    """Return for each post "mood" or "praise" when it says nothing else, and "" when it may ask.

    ``vectors`` (n, d) are those of ``texts`` as the encoder gives them, not centred on a board.
    """
    if not len(texts):
        return []
    known = {token for name in names for token in words.tokens(name)}
    scores = speech.scores(vectors)
    asking = margin(scores)
    found = []
    for text, kinds, asks in zip(texts, scores, asking.tolist(), strict=True):
        kind = int(kinds.argmax())
        if asks >= BARELY or kind not in (_MOOD, _PRAISE) or kinds[kind] < CLEARLY:
            found.append("")
            continue
        telling = len(telling_words(text[:500], known))
        least = SURELY - EACH * telling if telling else BARELY
        sure = telling <= MOST_TELLING and asks < least
        found.append(KINDS[kind] if sure else "")
    return found
