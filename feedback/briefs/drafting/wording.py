"""A week in sentences, one a line, in English and in Chinese: figures, titles, and the team's own words as they stand.

A title in two languages is written "one / 另一个"; each draft takes the half in its own.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from feedback.asks.models import Ask
from feedback.briefs.drafting.gathering import Departure, Happened, Promise, Reply, Rise
from feedback.engine.words.clauses import sentences
from feedback.kernel import markdown, text, visible
from feedback.roadmap.models import Item
from feedback.roadmap.train.drafting import LOCALES, in_language

#: Letters of the team's words that are taken over: one sentence or two.
EXTRACT_LENGTH = {"en": 220, "zh": 110}
_OTHER = {"en": "zh", "zh": "en"}
_INNER = {ord("“"): "‘", ord("”"): "’"}
_MARKS = {ord(sign): f"\\{sign}" for sign in "\\`*_[]<>#|~"}


def worded(happened: Happened, language: str) -> str:
    """Return the draft of a brief in ``language`` ("en", "zh"); "" for an empty week."""
    if happened.is_empty:
        return ""
    with override(LOCALES[language]):
        parts = [
            ("", _lead(happened)),
            (_("What grew"), [_rise(one, language) for one in happened.grew]),
            (_("What was answered"), [_reply(one, language) for one in happened.replies]),
            (
                _("What shipped"),
                [line for one in happened.departures for line in _departure(one, language)],
            ),
            (
                _("What comes next"),
                [line for one in happened.promises for line in _promise(one, language)],
            ),
        ]
    blocks = []
    for heading, lines in parts:
        if not lines:
            continue
        if heading:
            blocks.append(f"# {heading}\n\n" + "\n".join(f"- {line}" for line in lines))
        else:
            blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def escaped(words: str) -> str:
    """Return ``words`` so that Markdown shows them as they are."""
    return words.translate(_MARKS)


def link(title: str, path: str) -> str:
    """Return a Markdown link."""
    return f"[{escaped(text.one_line(title))}]({path})"


def ask_title(ask: Ask, language: str) -> str:
    """Return what ``ask`` is called in ``language``, or else in the other."""
    with override(LOCALES[language]):
        return in_language(ask.title_here, language)


def _ask(ask: Ask, language: str) -> str:
    return link(ask_title(ask, language), reverse("asks:ask-detail", args=[ask.public_id]))


def extract(words: str, language: str) -> str:
    """Return the first sentences of the team's ``words``, those in ``language`` where there are any, as they stand.

    Quotation marks in them become single ones, as they stand within others.
    """
    said = list(sentences(markdown.plain(words, length=2_000)))
    own = [one for one in said if text.language_of(one) == language]
    spoken = language if own else _OTHER[language]
    most, between = EXTRACT_LENGTH[spoken], "" if spoken == "zh" else " "
    taken = ""
    for sentence in own or said:
        longer = f"{taken}{between}{sentence}" if taken else sentence
        if taken and len(longer) > most:
            break
        taken = longer
    return escaped(visible.cut(taken, most).translate(_INNER))


def _lead(happened: Happened) -> list[str]:
    if not happened.posts:
        return []
    facts = {
        "people": _n(happened.people),
        "posts": _posts(happened.posts),
        "before": _n(happened.posts_before),
    }
    if not happened.posts_before:
        return [
            ngettext(
                "%(people)s person wrote %(posts)s this week.",
                "%(people)s people wrote %(posts)s this week.",
                happened.people,
            )
            % facts
        ]
    return [
        ngettext(
            "%(people)s person wrote %(posts)s this week, after %(before)s in the week before.",
            "%(people)s people wrote %(posts)s this week, after %(before)s in the week before.",
            happened.people,
        )
        % facts
    ]


def _rise(rise: Rise, language: str) -> str:
    facts = {
        "ask": _ask(rise.ask, language),
        "posts": _posts(rise.posts),
        "people": _n(rise.people),
        "before": _n(rise.before),
    }
    if not rise.before:
        return (
            ngettext(
                "%(ask)s: %(posts)s by %(people)s person this week, and none in the eight weeks before.",
                "%(ask)s: %(posts)s by %(people)s people this week, and none in the eight weeks before.",
                rise.people,
            )
            % facts
        )
    return (
        ngettext(
            "%(ask)s: %(posts)s by %(people)s person this week, after %(before)s in the eight weeks before.",
            "%(ask)s: %(posts)s by %(people)s people this week, after %(before)s in the eight weeks before.",
            rise.people,
        )
        % facts
    )


def _reply(reply: Reply, language: str) -> str:
    facts = {
        "ask": _ask(reply.ask, language),
        "people": _n(reply.people),
        "words": extract(reply.words, language),
    }
    if reply.declined:
        return (
            ngettext(
                "%(ask)s, raised by %(people)s person, is declined: “%(words)s”",
                "%(ask)s, raised by %(people)s people, is declined: “%(words)s”",
                reply.people,
            )
            % facts
        )
    return (
        ngettext(
            "%(ask)s, raised by %(people)s person: “%(words)s”",
            "%(ask)s, raised by %(people)s people: “%(words)s”",
            reply.people,
        )
        % facts
    )


def _departure(departure: Departure, language: str) -> Iterable[str]:
    release = link(departure.release.version, departure.release.address)
    facts = {"release": release, "day": _day(departure.release.release_date)}
    if not departure.lines:
        yield _("%(release)s left on %(day)s.") % facts
    for line in departure.lines:
        named = facts | {"item": _item(line.item, language), "people": _n(line.people_count)}
        if not line.people_count:
            yield _("%(item)s came with %(release)s on %(day)s.") % named
            continue
        yield (
            ngettext(
                "%(item)s came with %(release)s on %(day)s; %(people)s person had asked for it.",
                "%(item)s came with %(release)s on %(day)s; %(people)s people had asked for it.",
                line.people_count,
            )
            % named
        )


def _promise(promise: Promise, language: str) -> Iterable[str]:
    release = promise.release
    facts = {
        "release": link(release.version, release.address),
        "day": _day(release.release_date),
        "items": _listed([_item(item, language) for item in promise.items]),
    }
    if promise.items:
        yield _("%(release)s is planned for %(day)s, with %(items)s.") % facts
    else:
        yield _("%(release)s is planned for %(day)s.") % facts
    if release.promised_date and release.promised_date != release.release_date:
        was = {"day": _day(release.promised_date)}
        yield _("It was promised for %(day)s at first.") % was


def _item(item: Item, language: str) -> str:
    page = reverse("roadmap:item-detail", args=[item.public_id])
    return link(in_language(item.title, language), page)


def _listed(names: Sequence[str]) -> str:
    """Return ``names`` as one says them in a row."""
    if len(names) < 2:
        return "".join(names)
    first = pgettext("between things in a row", ", ").join(names[:-1])
    return _("%(first)s and %(last)s") % {"first": first, "last": names[-1]}


def _posts(number: int) -> str:
    return ngettext("%(n)s post", "%(n)s posts", number) % {"n": _n(number)}


def _n(number: int) -> str:
    return str(number_format(number, force_grouping=True))


def _day(day: dt.date) -> str:
    return date_format(day, pgettext("a day with its weekday, Django format", "l j F"))
