"""Posts that ask for nothing: thanks, "good app", one emoji, nothing at all, pages of log.

Such posts are close to everything and swallow groups. They are set aside before grouping: identical ones stay
together, and none forms or joins an ask.
"""

import re
from collections.abc import Sequence

from feedback.engine.data.word_lists import EMPTY_CHINESE, EMPTY_ENGLISH, VERDICTS
from feedback.kernel import text as words

#: A short post that holds one of these asks for something, whatever else it says.
_ASKS = re.compile(
    r"\?|？|吗|怎么|怎样|如何|为什么|为何|能不能|可不可以|请问|何时|多少|哪|\b(?:how|what|why|when|where|who|which|can|could|"
    r"does|add|fix|need|want|should|isn't|doesn't|don't|won't|can't|cannot|not|no|crash|bug|error|dark)\b",
    re.IGNORECASE,
)
_GREETINGS = re.compile(
    r"^\W*(?:thank\s*(?:you|u)|thanks|thx|ty|hello|hi|hey|ok|okay|yes|no|good|nice|great|cool|bye|test|asdf+|"
    r"谢谢|感谢|多谢|你好|您好|好的|好|不错|支持|顶|赞|测试)\W*$",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W_]")
_LOG_LINE = re.compile(
    r"^\s*(?:at\s+[\w$.<>]+\(|\[?\d{2,4}[-/:.]\d{2}[-/:.]\d{2}|[A-Z]/[\w.]+[ (:]|(?:DEBUG|INFO|WARN|ERROR|TRACE|FATAL)\b|"
    r"0x[0-9a-f]+|#\d+\s+pc|Caused by:|\.\.\. \d+ more|\{.*\},?$|<[^>]+>$)",
    re.MULTILINE,
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_REPEATED = re.compile(r"(.)\1{2,}")
_LONG_LOG_FROM = 1_500
#: A longer post says something, whatever its words.
SHORT = 120


def boilerplate(text: str, tokens: list[str] | None = None) -> str:
    """Return why ``text`` asks for nothing: "empty", "symbols", "courtesy", "log", or "" when it may ask.

    ``text`` is the whole post, title included. A word count alone never decides: "dark mode" asks.
    """
    stripped = text.strip()
    if not stripped:
        return "empty"
    letters = len(_LETTERS.findall(stripped[:500]))
    if letters < 2:
        return "symbols"
    if len(set(stripped[:500])) <= 3 and len(stripped) >= 10:
        return "symbols"
    if len(stripped) >= _LONG_LOG_FROM and _is_log(stripped):
        return "log"
    if len(stripped) > SHORT:
        return ""
    if _GREETINGS.match(stripped):
        return "courtesy"
    if _ASKS.search(stripped):
        return ""
    cut = words.tokens(_REPEATED.sub(r"\1\1", stripped)) if tokens is None else tokens
    meaning = [
        word
        for word in cut
        if word.replace("'", "").replace("’", "") not in EMPTY_ENGLISH
        and word not in EMPTY_CHINESE
        and not word.isdigit()
    ]
    return "" if meaning else "courtesy"


def says_nothing(keywords: Sequence[str]) -> bool:
    """Tell whether what a group shares is praise or scolding only, so that it is no ask: "great", "best", "love".

    Common words alone do not make it so: "work", "update", "doesn't" is what people write of a fault, and "ad",
    "many", "much" of too many of them.
    """
    empty = sum(word in EMPTY_ENGLISH or word in EMPTY_CHINESE for word in keywords)
    verdicts = sum(word in VERDICTS for word in keywords)
    return (
        len(keywords) >= 3
        and empty >= len(keywords) - (len(keywords) > 3)
        and verdicts >= 2
        and (keywords[0] in VERDICTS or verdicts >= 3)
        and not any(_ASKS.search(word) or word.endswith(("n't", "n’t")) for word in keywords)
    )


def _is_log(text: str) -> bool:
    """Tell pasted log, dumps and filling from prose: most lines look like log, or hardly anything is a plain word."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) >= 10 and sum(bool(_LOG_LINE.match(line)) for line in lines) >= 0.6 * len(lines):
        return True
    sample = text[:5000]
    pieces = sample.split()
    if len(set(pieces)) <= 3 or (len(sample) > 30 * len(pieces) and not _HAN.search(sample)):
        return True
    plain = sum(ch.isalpha() or ch.isspace() for ch in sample)
    return plain < 0.6 * len(sample)
