"""How posts and queries are cut into words, so that whatever stands in a sentence is found in it.

A post is found by

* its words, and the parts of compound ones ("pi-hole", "pi", "hole");
* every pair of neighbouring Chinese characters, and the last character of every Chinese run.

A query's Chinese words become the pairs they consist of, wherever the dictionary would cut; a single character is
found as the beginning of a pair. A Latin word of three letters or more also finds the longer words that begin with
it, which makes up for endings.
"""

import re

from feedback.kernel import text

#: A longer "word" is a key or a link; nobody searches for its end.
_TOKEN_LENGTH = 60
#: More words than this in one query help nobody and cost time: the rarest would decide anyway.
_QUERY_TOKENS = 40
_PREFIX_FROM = 3

_HAN_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_ENDINGS = re.compile(r"(?<=\w{4})(?:ing|ed|es|s)$|(?<=\w{3})s$")
# Words that say nothing of what a post is about. They are left out of a query that has other words.
_FUNCTION_WORDS = frozenset(
    """
    a an the and or but of to in on at for with from by as is are was were be been am do does did it its this
    that these those i you he she we they my your our their me us them not no so if then than there can could
    will would should please have has had just very too also when what how why
    的 了 是 在 我 你 他 她 它 们 我们 你们 和 与 也 都 就 还 很 吗 呢 吧 啊 一个 这个 那个 请 希望 可以
    """.split()  # noqa: SIM905 (a word list is read more easily as words)
)


def clean(token: str) -> str:
    """Return ``token`` as it stands in the index: no apostrophes ("don't" is "dont"), not endless."""
    return token.replace("'", "").replace("’", "")[:_TOKEN_LENGTH]


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def index_tokens(words: str) -> list[str]:
    """Return the tokens that ``words`` is found by, in reading order."""
    found = [token for token in map(clean, text.search_tokens(words)) if token]
    known = set(found)
    for run in _HAN_RUN.findall(text.fold(words)):
        for token in (*_pairs(run), run[-1]):
            if token not in known:
                known.add(token)
                found.append(token)
    return found


def stem(token: str) -> str:
    """Return ``token`` without the ending that says how many or when."""
    return _ENDINGS.sub("", token) if token.isalpha() else token


#: One thing a query asks for: every token of it must be there; True means "or a word that begins so".
Term = tuple[tuple[str, bool], ...]


def query_terms(query: str) -> list[Term]:
    """Return what ``query`` asks for, each once; function words are left out unless nothing else is there."""
    words = list(dict.fromkeys(text.tokens(query)))
    telling = [word for word in words if word not in _FUNCTION_WORDS] or words
    several = [word for word in telling if len(word) > 1 or not _HAN_RUN.match(word)]
    terms: list[Term] = []
    for word in several or telling:
        if _HAN_RUN.match(word):
            term = tuple((pair, False) for pair in _pairs(word)) or ((word, True),)
        else:
            token = clean(word)
            root = stem(token)
            term = ((root, len(root) >= _PREFIX_FROM),) if token else ()
        if term and term not in terms:
            terms.append(term)
    return terms[:_QUERY_TOKENS]
