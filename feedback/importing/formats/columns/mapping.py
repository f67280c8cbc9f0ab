"""Which column is taken for what, and why: judged by name and content together, or said by a person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from feedback.importing.formats.columns.evidence import Evidence
from feedback.importing.formats.columns.fields import (
    KNOWN_NAMES,
    LESSER_BODIES,
    NOT_CONTENT,
    SHORT_BODIES,
    Field,
    called,
    plain,
)
from feedback.importing.formats.columns.fits import WHY_NOT, is_others_id
from feedback.importing.formats.columns.labels import LABELS
from feedback.importing.formats.refusals import CannotImport, Choice, Question, Undecided

#: A text so much longer than another is the one that says what it is about.
LONGER = 1.5
#: A title has at most so many characters, and differs from row to row.
TITLE_CHARACTERS, TITLE_VARIETY = 120, 0.7
#: Fewer words are a label. So many rows with one title have none.
LABEL_WORDS, ALIKE_ROWS = 2.5, 3
#: Words on average from which a column is taken for text by what is in it.
SAID_WORDS, DETAIL_WORDS = 1.5, 5
_LISTED = 30


@dataclass(frozen=True)
class ColumnUse:
    """What one column is taken for, why, three of its values, and all with their ``counts`` where they are few (None: many).

    ``filled`` rows say something in it. Taken for nothing (None) it stays with the post as it is, if it ``is_kept``.
    """

    name: str
    field: Field | None
    why: str
    examples: tuple[str, ...] = ()
    counts: Mapping[str, int] | None = None
    filled: int = 0
    is_kept: bool = True


@dataclass
class Judgement:
    """What the columns are taken for so far."""

    columns: Mapping[str, Evidence]
    taken: dict[Field, str] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    settled: set[Field] = field(default_factory=set)
    asks: bool = True
    ignored: frozenset[str] = frozenset()

    def free(self) -> list[Evidence]:
        """Return the columns that are taken for nothing yet, in the order of the file."""
        used = set(self.taken.values())
        return [
            one
            for name, one in self.columns.items()
            if name not in used and name not in self.ignored and one.plain not in NOT_CONTENT
        ]

    def take(self, what: Field, column: Evidence, why: str) -> None:
        """Take ``column`` for ``what``."""
        self.taken[what] = column.name
        self.why[column.name] = why

    def uses(self) -> tuple[ColumnUse, ...]:
        """Return what every column is taken for."""
        fields = {name: what for what, name in reversed(self.taken.items())}
        return tuple(
            ColumnUse(
                name,
                fields.get(name),
                self.why.get(name, ""),
                one.examples(),
                one.counts,
                one.filled - one.empty,
            )
            for name, one in self.columns.items()
            if one.plain not in NOT_CONTENT
        )


#: In this order columns find their field: what is told by its content for certain goes first.
_ORDER = (
    Field.COMMENTS, Field.EXTERNAL_ID, Field.EMAIL, Field.URL, Field.POSTED_ON, Field.ANSWERED_ON, Field.ANSWER, Field.STARS, Field.VOTES,
    Field.APP_VERSION, Field.AUTHOR_ID, Field.AUTHOR, Field.LANGUAGE, Field.COUNTRY, Field.DEVICE, Field.KIND, Field.STATE, Field.TAGS,
    Field.MERGED_INTO,
)  # fmt: skip


def judge(
    columns: Mapping[str, Evidence],
    chosen: Mapping[Field, str],
    path: object,
    *,
    needs_dates: bool = True,
    usual: Mapping[Field, str] | None = None,
    why_usual: str = "",
    ignored: frozenset[str] = frozenset(),
) -> Judgement:
    """Return which column is taken for what. ``chosen`` is what a person said (field to column, "" for none) and holds.

    ``usual`` is what the columns of a known format are; what neither says is judged by the columns that are
    not ``ignored``, and then nothing is asked. Raises `CannotImport` when no column holds words, `Undecided` when several do and none is called so.
    """
    found = Judgement(columns, asks=usual is None, ignored=ignored)
    for what, name in (usual or {}).items():
        if what not in chosen and name not in chosen.values():
            found.settled.add(what)
            if name:
                found.take(what, columns[name], why_usual)
    for what, name in chosen.items():
        found.settled.add(what)
        if not name:
            continue
        if name not in columns:
            raise CannotImport(
                _('%(file)s has no column "%(name)s" for “%(field)s”; its columns are %(columns)s.')
                % {"file": path, "name": name, "field": LABELS[what], "columns": _listed(columns)},
                f"columns.{what.value}",
            )
        found.take(what, columns[name], _("you said so"))
    _take_text(found)
    for what in _ORDER:
        if what not in found.settled:
            _take_named(found, what)
    _take_more(found, needs_dates)
    _take_unnamed_text(found, path)
    return found


def _candidates(found: Judgement, what: Field) -> list[Evidence]:
    """Return the free columns that are called like ``what``, the likeliest first, and note why the others are not."""
    named = [(rank, one) for one in found.free() if (rank := called(what, one.plain)) is not None]
    good = []
    for _rank, one in sorted(named, key=lambda one: one[0]):
        why_not = WHY_NOT[what](one)
        if why_not:
            found.why.setdefault(
                one.name, _("not “%(field)s”: %(why)s") % {"field": LABELS[what], "why": why_not}
            )
        else:
            good.append(one)
    # "user" is empty where "user.name" says who: somebody of the list was deleted.
    return sorted(good, key=lambda one: not one.filled)


def _take_named(found: Judgement, what: Field) -> None:
    good = _candidates(found, what)
    if what == Field.EXTERNAL_ID:
        good.sort(key=lambda one: one.filled < one.rows)
    if what == Field.POSTED_ON:
        # Of two dates that are both called so the first that holds dates.
        good.sort(key=lambda one: one.dates is None or one.dates.share < 0.5)
    if what == Field.LANGUAGE and not good:
        # "store: en, zh" holds languages, whatever it is called.
        good = [
            one
            for one in found.free()
            if one.plain in KNOWN_NAMES[Field.COUNTRY] and not WHY_NOT[what](one)
        ]
    if what == Field.COUNTRY and not good:
        good = [
            one
            for one in found.free()
            if one.plain in KNOWN_NAMES[Field.LANGUAGE] and not WHY_NOT[what](one)
        ]
    if good:
        found.take(what, good[0], _("it is called so"))


def _take_text(found: Judgement) -> None:
    """Take title and body by their names, where their contents agree."""
    titles: list[Evidence] = []
    if Field.TITLE not in found.settled:
        titles = _candidates(found, Field.TITLE)
        if titles:
            found.take(Field.TITLE, titles[0], _("it is called so"))
    if Field.BODY in found.settled:
        return
    bodies = [one for one in _candidates(found, Field.BODY) if one.texts]
    if not bodies:
        return
    body = _likeliest(bodies)
    found.take(Field.BODY, body, _("it is called so"))
    if titles and titles[0].rows >= ALIKE_ROWS and len(set(titles[0].texts)) == 1:
        # The name of the product, or of the form.
        del found.taken[Field.TITLE]
        found.why[titles[0].name] = _("all rows have the same")
    if Field.TITLE not in found.taken and not titles and Field.TITLE not in found.settled:
        shorter = [
            one
            for one in bodies
            if one is not body and one.plain in SHORT_BODIES and _may_be_title(one, body)
        ]
        if shorter:
            found.take(Field.TITLE, shorter[0], _("it is the shorter of two texts"))


def _likeliest(bodies: list[Evidence]) -> Evidence:
    """Return the column that says most, of those with the better names first: a label called "feedback" is no text."""
    said = [one for one in bodies if one.words >= LABEL_WORDS] or bodies
    first = [one for one in said if one.plain not in LESSER_BODIES] or said
    longest = max(first, key=lambda one: one.length)
    return longest if longest.length > LONGER * first[0].length else first[0]


def _may_be_title(one: Evidence, body: Evidence) -> bool:
    return (
        one.is_said
        and one.length <= TITLE_CHARACTERS
        and one.length < body.length
        and one.variety >= TITLE_VARIETY
    )


def _take_more(found: Judgement, needs_dates: bool) -> None:
    """Take by their contents: dates and e-mail addresses whatever they are called, an id that ends so, the words of an author's address."""
    free = found.free()
    if Field.EXTERNAL_ID not in found.taken and Field.EXTERNAL_ID not in found.settled:
        ids = [
            one for one in free
            if one.plain.endswith(("_id", "id", "编号", "_no", "_nr", "_number", "_key")) and not is_others_id(one) and one.is_token
            and one.filled == one.rows and one.variety == 1.0
        ]  # fmt: skip
        # An address of its own tells a row from others too; it stays its address.
        links = [
            one
            for one in found.columns.values()
            if one.name == found.taken.get(Field.URL) and one.is_token
        ]
        ids += [one for one in links if one.filled == one.rows and one.variety == 1.0]
        if ids:
            found.take(Field.EXTERNAL_ID, ids[0], _("each row has one of its own"))
    if Field.POSTED_ON not in found.taken and Field.POSTED_ON not in found.settled:
        dated = [one for one in found.free() if one.is_dated or one.counts_seconds]
        neutral = [one for one in dated if not WHY_NOT[Field.POSTED_ON](one)] or dated
        if len(neutral) == 1:
            found.take(Field.POSTED_ON, neutral[0], _("it holds the only dates"))
        elif neutral and needs_dates:
            raise Undecided(
                Question(
                    "columns.posted_on",
                    _(
                        "Several columns hold dates, and none is called as if it said when a row was posted."
                    ),
                    tuple(
                        Choice(one.name, f"{one.name}: {', '.join(one.examples(2))}")
                        for one in neutral
                    ),
                )
            )
    if Field.EMAIL not in found.taken and Field.EMAIL not in found.settled:
        addresses = [one for one in found.free() if one.emails >= 0.9]
        if addresses:
            found.take(Field.EMAIL, addresses[0], _("it holds e-mail addresses"))


def _take_unnamed_text(found: Judgement, path: object) -> None:
    """Take title and body by what is in them, where no column is called so."""
    if Field.BODY not in found.taken and Field.BODY not in found.settled:
        said = [one for one in found.free() if one.is_said]
        if Field.TITLE in found.taken:
            _take_details(found, said)
        else:
            _take_longest(found, said, path)
    if Field.TITLE not in found.taken and Field.BODY not in found.taken:
        raise CannotImport(
            _("%(file)s has no column for title or body; its columns are %(columns)s.")
            % {"file": path, "columns": _listed(found.columns)},
            "columns.body",
        )


def _take_details(found: Judgement, said: list[Evidence]) -> None:
    """Take the one text that says more than the title, if there is one: a title is enough."""
    title = found.columns[found.taken[Field.TITLE]]
    longer = [
        one for one in said if one.words >= DETAIL_WORDS and one.length > LONGER * title.length
    ]
    if len(longer) == 1:
        found.take(Field.BODY, longer[0], _("it holds the longest text"))


def _take_longest(found: Judgement, said: list[Evidence], path: object) -> None:
    texts = [one for one in said if one.words >= SAID_WORDS or len(said) == 1]
    texts.sort(key=lambda one: -one.length)
    if not texts:
        return
    body = texts[0]
    if found.asks and len(texts) > 1 and body.length < LONGER * texts[1].length:
        raise Undecided(
            Question(
                "columns.body",
                _(
                    "Several columns of %(file)s hold text, and none is called as if it were what people say."
                )
                % {"file": path},
                tuple(Choice(one.name, f"{one.name}: {one.examples(1)[0]}") for one in texts[:4]),
            )
        )
    found.take(Field.BODY, body, _("it holds the longest text"))
    titles = [
        one
        for one in texts[1:]
        if _may_be_title(one, body) and one.position < body.position and one.words >= 2
    ]
    if len(titles) == 1 and Field.TITLE not in found.settled:
        found.take(Field.TITLE, titles[0], _("it is the shorter of two texts"))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(list(names)[:_LISTED])


def chosen_from(pairs: Iterable[tuple[str, str]]) -> dict[Field, str]:
    """Return field to column from what a person wrote. Raises `ValueError` for a field that is none."""
    return {Field(plain(name)): column.strip() for name, column in pairs}
