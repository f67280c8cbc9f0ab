"""Thanking those who asked: "asked by Ann, Bo and 212 others"."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.cache import caches
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext

from feedback.accounts.models import User
from feedback.roadmap import queries
from feedback.roadmap.models import ChangelogLine

#: Counting everyone behind a release takes a query over all their posts; once in so many seconds.
_COUNTED_SECONDS = 600
#: How many names a sentence bears.
NAMED = 3


def sentence(people: Sequence[User], people_count: int) -> SafeString:
    """Return who asked, in words: the first names as links, everyone else as a number.

    ``people`` are those who may be named, first to ask first; ``people_count`` counts everyone.
    """
    shown = people[:NAMED]
    others = max(0, people_count - len(shown))
    links = [
        format_html(
            '<a href="{}">{}</a>',
            reverse("forum:person-detail", args=[person.public_id]),
            person.name,
        )
        for person in shown
    ]
    comma = pgettext("between two names", ", ")
    if not links:
        text = ngettext("asked by {n} person", "asked by {n} people", others)
        return format_html(text, n=number_format(others, force_grouping=True))
    if others:
        names = format_html_join(comma, "{}", ((link,) for link in links))
        text = ngettext("asked by {names} and {n} other", "asked by {names} and {n} others", others)
        return format_html(text, names=names, n=number_format(others, force_grouping=True))
    if len(links) == 1:
        return format_html(gettext("asked by {name}"), name=links[0])
    return format_html(
        gettext("asked by {names} and {last}"),
        names=format_html_join(comma, "{}", ((link,) for link in links[:-1])),
        last=links[-1],
    )


@dataclass(frozen=True)
class CreditedLine:
    """A line of the changelog with the sentence that thanks, and the people whom it could name."""

    line: ChangelogLine
    credit: SafeString
    people: Sequence[User]


def credited(lines: Iterable[ChangelogLine], *, everyone: bool = False) -> dict[int, CreditedLine]:
    """Return every line with its credit, by its primary key and in order, with one query for all.

    ``everyone`` fetches all who may be named, not only the first few.
    """
    lines = list(lines)
    # Somebody may have left since, or be counted by choice: look further than the sentence needs.
    reach = None if everyone else NAMED * 8
    named = queries.named(who for line in lines for who in line.credited[:reach])
    found = {}
    for line in lines:
        people = [named[who] for who in line.credited[:reach] if who in named]
        found[line.pk] = CreditedLine(line, sentence(people, line.people_count), people)
    return found


@dataclass(frozen=True)
class Thanks:
    """Everyone behind what a release brought: some by name, the others as a number."""

    people: Sequence[User]
    others: int

    @property
    def names(self) -> SafeString:
        """Each as a link: hundreds of them, so not by a template."""
        return format_html_join(
            " ",
            '<a href="{}" dir="auto">{}</a>',
            (
                (reverse("forum:person-detail", args=[person.public_id]), person.name)
                for person in self.people
            ),
        )


def thanks(lines: Sequence[CreditedLine]) -> Thanks:
    """Return whom ``lines``, fetched with ``everyone``, thank: each person once, in the order of the lines."""
    people = list({person.pk: person for line in lines for person in line.people}.values())
    if len(lines) == 1:
        everyone = lines[0].line.people_count
    else:
        ask_ids = queries.asks_of_items([line.line.item_id for line in lines])
        key = f"roadmap.thanked:{'-'.join(str(line.line.pk) for line in lines)}"[:200]
        counted = caches["template_fragments"].get_or_set(
            key, lambda: queries.count_people(ask_ids), _COUNTED_SECONDS
        )
        everyone = counted or 0
    return Thanks(people, max(0, everyone - len(people)))
