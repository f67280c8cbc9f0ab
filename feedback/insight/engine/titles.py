"""What a group is called: the post in its middle, and the words most of it shares."""

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from .corpus import Corpus, Floats, Ints

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？；])|\n+")
_TITLE_CHARACTERS = 80
_TITLE_HAN = 40
_HAN = re.compile(r"[\u3400-\u9fff]")
#: Words too common to say what a group is about; the board's own frequencies do the rest.
STOP_WORDS = frozenset(
    [
        "a",
        "about",
        "after",
        "all",
        "also",
        "am",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "because",
        "been",
        "being",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "don't",
        "for",
        "from",
        "get",
        "got",
        "had",
        "has",
        "have",
        "he",
        "her",
        "here",
        "him",
        "his",
        "how",
        "i",
        "i'm",
        "i've",
        "if",
        "in",
        "into",
        "is",
        "isn't",
        "it",
        "it's",
        "its",
        "just",
        "let",
        "like",
        "me",
        "more",
        "my",
        "no",
        "not",
        "now",
        "of",
        "off",
        "on",
        "one",
        "only",
        "or",
        "our",
        "out",
        "please",
        "she",
        "should",
        "so",
        "some",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "to",
        "too",
        "up",
        "us",
        "use",
        "was",
        "we",
        "were",
        "what",
        "what's",
        "when",
        "where",
        "which",
        "who",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
        "app",
        "application",
        "的",
        "了",
        "是",
        "我",
        "你",
        "他",
        "她",
        "它",
        "们",
        "我们",
        "你们",
        "在",
        "有",
        "和",
        "与",
        "就",
        "都",
        "也",
        "还",
        "又",
        "很",
        "吗",
        "呢",
        "吧",
        "啊",
        "呀",
        "哦",
        "么",
        "这",
        "那",
        "这个",
        "那个",
        "一个",
        "什么",
        "怎么",
        "如何",
        "为什么",
        "可以",
        "能",
        "会",
        "要",
        "想",
        "请",
        "请问",
        "不",
        "没",
        "没有",
        "不能",
        "把",
        "被",
        "给",
        "到",
        "从",
        "对",
        "上",
        "下",
        "里",
        "个",
        "用",
        "说",
        "让",
        "着",
        "过",
        "得",
        "地",
        "之",
        "以",
        "及",
        "或",
        "而",
        "但",
        "但是",
        "如果",
        "因为",
        "所以",
        "多少",
        "哪",
        "哪个",
        "谁",
        "几",
        "怎样",
        "怎么样",
        "是不是",
        "有没有",
        "能不能",
        "可不可以",
    ]
)


def medoid(vectors: Floats) -> int:
    """Return the row with the greatest mean similarity to all rows of ``vectors``."""
    return int(np.argmax(vectors @ vectors.sum(axis=0)))


def short_title(title: str, text: str) -> str:
    """Return ``title``, or the first sentence of ``text``, cut at a word to about one line."""
    line = " ".join((title.strip() or _first_sentence(text)).split())
    limit = _TITLE_HAN if len(_HAN.findall(line)) * 3 > len(line) else _TITLE_CHARACTERS
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    if limit == _TITLE_CHARACTERS and " " in cut[40:]:
        cut = cut[: cut.rindex(" ")]
    return cut.rstrip(" ,.;:，。；：、") + "…"


def _first_sentence(text: str) -> str:
    for sentence in _SENTENCE_END.split(text.strip()):
        if len(sentence.strip()) >= 4:
            return sentence.strip()
    return text.strip()


class Keywords:
    """Keywords of groups: coverage in the group x inverse document frequency on the board.

    A word has to stand in at least two posts of the group. Classic c-TF-IDF scores a small group by one
    post's words; coverage asks what the posts share.
    """

    def __init__(self, corpus: Corpus) -> None:
        self.words = [
            frozenset(w for w in words if w not in STOP_WORDS and not (len(w) == 1 and w.isascii()))
            for words in corpus.tokens
        ]
        self.frequency = Counter(word for words in self.words for word in words)
        self.n = len(corpus)

    def idf(self, word: str) -> float:
        return math.log((1 + self.n) / (1 + self.frequency[word])) + 0.1

    def of(self, rows: Sequence[int] | Ints, limit: int = 4) -> tuple[str, ...]:
        """Return up to ``limit`` words that the posts ``rows`` share and others do not, best first."""
        counts = Counter(word for row in rows for word in self.words[row])
        scored = [
            (count / len(rows) * self.idf(word), word)
            for word, count in counts.items()
            if count >= min(2, len(rows))
        ]
        scored.sort(key=lambda pair: (-pair[0], pair[1]))
        return tuple(word for _, word in scored[:limit])

    def shared(self, row: int, others: Sequence[int], limit: int = 5) -> tuple[str, ...]:
        """Return the words of post ``row`` that stand in any of ``others``, rarest first."""
        around = set().union(*(self.words[other] for other in others)) if len(others) else set()
        common = sorted(self.words[row] & around, key=lambda word: (-self.idf(word), word))
        return tuple(common[:limit])
