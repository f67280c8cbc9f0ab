"""Whether what is in a column can be what its name says: "" when it can, otherwise why not, in a few words."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from feedback.importing.formats import places, values
from feedback.importing.formats.columns.evidence import Evidence
from feedback.importing.formats.columns.fields import LATER, NO_STARS, OTHERS_ID, Field

#: The share of values that must be what the column is said to be.
MOST, NEARLY_ALL = 0.5, 0.98
#: A name has at most so many words on average.
NAME_WORDS = 4.5


def no_words(column: Evidence) -> str:
    """Return why a column holds no words."""
    if column.is_flag:
        return _("it says only yes or no")
    if column.numbers >= 0.9:
        return _("it holds numbers")
    if column.is_dated:
        return _("it holds dates")
    if column.urls >= 0.9:
        return _("it holds addresses of pages")
    if column.emails >= 0.9:
        return _("it holds e-mail addresses")
    if column.lists >= 0.5:
        return _("it holds lists")
    return ""


def no_id(column: Evidence) -> str:
    """Return why a column does not tell rows apart."""
    if column.rows >= 20 and column.variety < 0.5:
        return _("many rows share one")
    if column.words > 6 and not column.is_token:
        return _("it holds words")
    return ""


def no_author(column: Evidence) -> str:
    """Return why a column names no people."""
    if column.is_flag:
        return _("it says only yes or no")
    if column.is_dated:
        return _("it holds dates")
    if column.words > NAME_WORDS:
        return _("it holds sentences")
    if column.emails >= MOST:
        return _("it holds e-mail addresses")
    if column.numbers >= 0.9:
        return _("it holds numbers")
    return ""


def no_date(column: Evidence) -> str:
    """Return why a column does not say when a row was posted."""
    if column.parts & LATER:
        return _("it says when something else happened")
    if not column.texts:
        return _("it is empty")
    if column.is_flag:
        return _("it says only yes or no")
    if column.dates is not None and column.dates.read == 0 and column.numbers >= 0.9:
        return _("it holds numbers")
    return ""


def no_stars(column: Evidence) -> str:
    """Return why a column counts no stars: they go from 1 to 5, and no score to 10 or 100 or a number of votes does."""
    if column.parts & NO_STARS:
        return _("it is a score of another kind")
    if not column.texts:
        return _("it is empty")
    is_named_stars = any(
        "star" in part or part in ("星级", "星数", "별점", "sterne") for part in column.parts
    )
    read = [values.stars_or_none(text) for text in column.texts]
    good = sum(one is not None for one in read) / len(read)
    numbers = column.whole_numbers
    if column.different is None or (
        numbers and numbers[-1] > 5 and not (is_named_stars and good >= MOST)
    ):
        top = f"{numbers[-1]:g}" if numbers else "…"
        return _("it goes up to %(top)s, and stars go from 1 to 5") % {"top": top}
    if numbers and numbers[0] <= 0 and not is_named_stars:
        return _("it goes from %(low)s, and stars go from 1 to 5") % {"low": f"{numbers[0]:g}"}
    if good < (MOST if is_named_stars else 0.9):
        return _("its values are no stars")
    return ""


def no_votes(column: Evidence) -> str:
    """Return why a column counts no votes."""
    counts = column.share(values.count(text) is not None for text in column.texts)
    return _("it holds no counts") if counts < 0.9 else ""


def no_version(column: Evidence) -> str:
    """Return why a column holds no versions."""
    return "" if column.versions >= MOST or column.words <= 3 else _("it holds words")


def no_country(column: Evidence) -> str:
    """Return why a column names no countries."""
    given = set(column.texts)
    if places.are_languages(given):
        return _("it holds languages")
    if given and sum(bool(places.country(one)) for one in given) < 0.3 * len(given):
        return _("its values are no countries")
    return ""


def no_language(column: Evidence) -> str:
    """Return why a column names no languages."""
    given = set(column.texts)
    found = sum(bool(places.language(one)) or one == "UK" for one in given)
    if found < MOST * len(given):
        return _("its values are no languages")
    if (
        given
        and not places.are_languages(given)
        and all(places.country(one) for one in given)
        and any(map(str.isupper, given))
    ):
        return _("it holds countries")
    return ""


def no_short_words(column: Evidence) -> str:
    """Return why a column holds no names of kinds, states, tags or devices."""
    if column.is_flag and column.numbers >= MOST:
        return _("it says only yes or no")
    if column.is_dated:
        return _("it holds dates")
    return _("it holds sentences") if column.words > 8 else ""


def no_kind(column: Evidence) -> str:
    """Return why a column says not what kind of post a row is."""
    return _("it holds numbers") if column.numbers >= 0.9 else no_short_words(column)


def no_email(column: Evidence) -> str:
    """Return why a column holds no e-mail addresses."""
    return "" if column.emails >= MOST else _("it holds no e-mail addresses")


def no_url(column: Evidence) -> str:
    """Return why a column holds no addresses of pages."""
    return "" if column.urls >= MOST else _("it holds no addresses of pages")


def no_list(column: Evidence) -> str:
    """Return why a column holds no comments."""
    return "" if column.lists > 0 else _("it holds no lists")


def no_other_id(column: Evidence) -> str:
    """Return why a column does not tell people apart."""
    return "" if column.is_token and not column.is_flag else _("it says only yes or no")


def no_moment(column: Evidence) -> str:
    """Return why a column holds no dates."""
    return "" if column.dates is not None and column.dates.share >= MOST else _("it holds no dates")


def no_target(column: Evidence) -> str:
    """Return why a column does not say what rows were merged into: where few were, a "1" alone is the first row's id."""
    is_first_row = column.different == {"1"} and column.filled < column.rows
    return "" if is_first_row else no_other_id(column)


def is_others_id(column: Evidence) -> bool:
    """Tell whether a name is that of an id of something else than the row: "userId", "Package ID"."""
    return bool(column.parts & OTHERS_ID)


WHY_NOT: dict[Field, Callable[[Evidence], str]] = {
    Field.EXTERNAL_ID: no_id,
    Field.TITLE: no_words,
    Field.BODY: no_words,
    Field.AUTHOR: no_author,
    Field.AUTHOR_ID: no_other_id,
    Field.EMAIL: no_email,
    Field.POSTED_ON: no_date,
    Field.STARS: no_stars,
    Field.VOTES: no_votes,
    Field.APP_VERSION: no_version,
    Field.COUNTRY: no_country,
    Field.LANGUAGE: no_language,
    Field.DEVICE: no_short_words,
    Field.KIND: no_kind,
    Field.STATE: no_kind,
    Field.TAGS: no_short_words,
    Field.ANSWER: no_words,
    Field.ANSWERED_ON: no_moment,
    Field.COMMENTS: no_list,
    Field.URL: no_url,
    Field.MERGED_INTO: no_target,
}
