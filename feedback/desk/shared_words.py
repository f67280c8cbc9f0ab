"""What several posts say alike, marked in their words; and what one says alone."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from feedback.engine.data.word_lists import EMPTY_CHINESE, STOP_WORDS
from feedback.kernel.text import fold, tokens

#: A word is shared that stands in so large a part of the posts.
SHARE = 0.5
#: Words by which two wishes that speak of the same thing want the reverse.
TURNS = frozenset(
    (
        "not", "no", "never", "without", "don't", "remove", "delete", "hide", "disable", "off", "less", "stop",
        "add", "show", "enable", "on", "more", "keep",
        "不", "不要", "不想", "不用", "没有", "无", "别", "去掉", "取消", "删除", "隐藏", "关闭", "关掉", "禁止", "减少",
        "增加", "添加", "显示", "打开", "开启", "恢复", "保留",
    )
)  # fmt: skip


def shared_words(texts: Sequence[str]) -> set[str]:
    """Return the words that at least half of ``texts``, and two of them, hold; "the" and its like are none."""
    counted: Counter[str] = Counter()
    for text in texts:
        counted.update(set(tokens(text)))
    least = max(2, SHARE * len(texts))
    return {word for word, number in counted.items() if number >= least and _says(word)}


def words_in_both(text: str, others: Sequence[str]) -> set[str]:
    """Return the words of ``text`` that one of ``others`` at least holds too; "the" and its like are none."""
    held = {word for other in others for word in tokens(other)}
    return {word for word in tokens(text) if word in held and _says(word)}


def different_words(texts: Sequence[str]) -> set[str]:
    """Return the numbers and versions that stand in some of ``texts`` and not in all of them; a lone digit numbers a list."""
    held = [set(tokens(text)) for text in texts]
    if len(held) < 2:
        return set()
    everywhere = set.intersection(*held)
    return {
        word
        for words in held
        for word in words - everywhere
        if word[:1].isdigit() and len(word) > 1
    }


def only_in(text: str, others: Iterable[str]) -> set[str]:
    """Return the numbers and the words that turn a wish round which stand in ``text`` and in none of ``others``."""
    held = {word for other in others for word in tokens(other)}
    return {
        word for word in tokens(text) if word not in held and (word[:1].isdigit() or word in TURNS)
    }


def _says(word: str) -> bool:
    letters = len(word) > 1 or not word.isascii()
    return letters and not word.isdigit() and word not in STOP_WORDS and word not in EMPTY_CHINESE


def marked(text: str, shared: Iterable[str], different: Iterable[str] = ()) -> SafeString:
    """Return ``text`` as HTML: what is shared in <mark>, what differs in <b>. All else is escaped."""
    folded = fold(text)
    if len(folded) != len(text):
        return mark_safe(escape(text))  # noqa: S308 (escaped)
    tags = {**dict.fromkeys(different, "b"), **dict.fromkeys(shared, "mark")}
    shown, at, read = [], 0, 0
    for word in tokens(text):
        found = folded.find(word, read)
        if found < 0:
            continue
        read = found + len(word)
        if tag := tags.get(word):
            shown += [escape(text[at:found]), f"<{tag}>{escape(text[found:read])}</{tag}>"]
            at = read
    shown.append(escape(text[at:]))
    return mark_safe("".join(shown))  # noqa: S308 (every part is escaped above)
