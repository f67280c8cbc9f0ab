"""What was typed into the search box: words, "words together", -words, and filters such as ``board:bugs``."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from feedback.forum.search.language.words import Term, asked, terms_of
from feedback.forum.search.rank import Sought, score, stands
from feedback.forum.search.table import Row
from feedback.kernel.folding import fold_spelling

#: More words than this in one query help nobody and cost time.
TERMS = 40
_QUOTES = '"“”„«»「」『』＂'
_QUOTED = re.compile(f"(?P<minus>(?<![^\\s])[-－])?[{_QUOTES}](?P<words>[^{_QUOTES}]*)[{_QUOTES}]")
_MINUS = re.compile(r"(?<!\S)[-－](?=[^\s\-－])(\S+)")
#: A name, a colon, and one word or several within quotes: by:"Ann Lee".
_OPERATOR = re.compile(
    rf"(?<!\S)(?P<name>[^\W\d_]+)[:：](?P<value>[{_QUOTES}][^{_QUOTES}]*[{_QUOTES}]|\S+)"
)


@dataclass(frozen=True)
class Query:
    """A search as it was typed, read.

    ``words`` is what is looked for by meaning, ``terms`` by word; ``phrases`` stand together as they are, each a part
    of a stream; nothing of ``without`` and ``not_phrases`` may be there. ``filters`` are values by the name of the filter.
    """

    typed: str = ""
    words: str = ""
    terms: tuple[Term, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    without: tuple[Term, ...] = ()
    not_phrases: tuple[tuple[str, ...], ...] = ()
    filters: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_plain(self) -> bool:
        """Whether it is nothing but words: what has quotes or a minus is meant to the letter."""
        return not (self.phrases or self.without or self.not_phrases)

    def accepts(self, row: Row) -> bool:
        """Return whether every phrase stands in ``row``, and nothing that is not wanted."""
        return (
            all(stands(row, one) for one in self.phrases)
            and not any(stands(row, one) for one in self.not_phrases)
            and not (self.without and score(row, [Sought.of(term) for term in self.without]))
        )


def read_query(typed: str, *, names: Mapping[str, Collection[str]]) -> Query:
    """Read ``typed``; ``names`` are the filters that there are, each with the names it goes by.

    A word with a colon that is no filter ("error: 5") is words. Nothing that may be typed raises.
    """
    by_name = {fold_spelling(one): name for name, known in names.items() for one in known}
    filters: dict[str, str] = {}
    phrases: list[tuple[str, ...]] = []
    without: list[Term] = []
    not_phrases: list[tuple[str, ...]] = []
    quoted: list[str] = []

    def take_quoted(found: re.Match[str]) -> str:
        terms = terms_of(found["words"])
        if not terms:
            return " "
        stream = tuple(token for term in terms for token in term.exact)
        if found["minus"]:
            not_phrases.append(stream)
            return " "
        phrases.append(stream)
        quoted.append(found["words"])
        return f" {found['words']} "

    def take_operator(found: re.Match[str]) -> str:
        name = by_name.get(fold_spelling(found["name"]))
        if name is None:
            return found.group()
        filters[name] = found["value"].strip(_QUOTES)
        return " "

    def take_minus(found: re.Match[str]) -> str:
        terms = terms_of(found[1])
        without.extend(
            Term(term.word, term.exact, (tuple(dict.fromkeys(term.exact)), *term.strict[:1]))
            for term in terms
        )
        return " " if terms else found.group()

    rest = _OPERATOR.sub(take_operator, typed)
    rest = _QUOTED.sub(take_quoted, rest)
    words = " ".join(_MINUS.sub(take_minus, rest).split())
    terms = asked(terms_of(words))
    if phrases:  # what is quoted counts to the letter, its function words too
        terms = list({one.word: one for one in [*terms, *terms_of(" ".join(quoted))]}.values())
    return Query(
        typed,
        words,
        tuple(terms[:TERMS]),
        tuple(phrases),
        tuple(without),
        tuple(not_phrases),
        filters,
    )
