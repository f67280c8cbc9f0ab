"""What a report says: how many people are happy with each item, and for how many it is still broken, with bounds."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from feedback.asks.models import Ask
from feedback.asks.people import people_behind
from feedback.engine.stats.intervals import Share, wilson
from feedback.roadmap.models import (
    Cell,
    ChangelogLine,
    Item,
    ItemAsk,
    Report,
    ReportEntry,
    ReportResponse,
)
from feedback.roadmap.models.reports import VERDICTS
from feedback.roadmap.queries import followed
from feedback.ui.language_names import language_name

#: People from whom on a share is shown: of fewer the bounds reach nearly from none to all.
FEWEST = 5
#: Reports that one is set against.
EARLIER = 4


@dataclass(frozen=True)
class Figure:
    """A share of people with its bounds; ``is_known`` from `FEWEST` people on, ``missing`` says how many more it takes."""

    share: Share

    @property
    def is_known(self) -> bool:
        return self.share.total >= FEWEST

    @property
    def missing(self) -> int:
        return max(0, FEWEST - int(self.share.total))

    @property
    def value(self) -> float | None:
        return self.share.value if self.is_known else None

    @property
    def low(self) -> float | None:
        return self.share.low if self.is_known else None

    @property
    def high(self) -> float | None:
        return self.share.high if self.is_known else None


def figure(hits: int, total: int) -> Figure:
    """Return the share ``hits`` of ``total`` people with bounds that hold the truth 19 times in 20."""
    return Figure(wilson(hits, total))


@dataclass(frozen=True)
class Verdict:
    """How one item turned out: each person who named it did so in one of three cells."""

    item: Item
    text: str
    loved: int
    needs_work: int
    broken: int

    @property
    def people(self) -> int:
        return self.loved + self.needs_work + self.broken

    @property
    def happy(self) -> Figure:
        return figure(self.loved, self.people)

    @property
    def still_broken(self) -> Figure:
        return figure(self.broken, self.people)


def item_results(reports: Collection[Report]) -> dict[int, list[Verdict]]:
    """Return for each of ``reports`` what people say of each item of its release, in the order of the changelog."""
    counts: dict[int, Counter[tuple[int, str]]] = defaultdict(Counter)
    named = (
        ReportEntry.objects.filter(
            response__report__in=reports, item__isnull=False, cell__in=VERDICTS
        )
        .values_list("response__report", "item", "cell")
        .annotate(n=Count("id"))
    )
    for report, item, cell, n in named:
        counts[report][item, cell] = n
    of_release = {report.release_id: report.pk for report in reports}
    found: dict[int, list[Verdict]] = {report.pk: [] for report in reports}
    for line in ChangelogLine.objects.filter(release__in=of_release).select_related("item"):
        report = of_release[line.release_id]
        loved, needs_work, broken = (counts[report][line.item_id, cell] for cell in VERDICTS)
        found[report].append(Verdict(line.item, line.text, loved, needs_work, broken))
    return found


def verdicts_on(item_ids: Collection[int]) -> dict[int, Verdict]:
    """Return what people say of those of these items that shipped in a release with a report, by their ids."""
    reports = Report.objects.filter(release__lines__item__in=item_ids).distinct()
    return {
        verdict.item.pk: verdict
        for verdicts in item_results(list(reports)).values()
        for verdict in verdicts
        if verdict.item.pk in item_ids
    }


def most_loved(verdicts: Iterable[Verdict]) -> Verdict | None:
    """Return what gets the popcorn award: what is loved most by the lower bound; None where nobody can tell yet."""
    known = [one for one in verdicts if one.happy.is_known and one.loved]
    return max(known, key=lambda one: (one.happy.share.low, one.people, -one.item.pk), default=None)


# --- By person ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Group:
    """Some of the people who filled in a report: how many love something in it, and name something broken."""

    name: str
    people: int
    loved: Figure
    broken: Figure


def _group(name: str, responses: QuerySet[ReportResponse]) -> Group:
    counted = responses.aggregate(
        people=Count("pk"),
        loves=Count("pk", filter=Q(has_loved=True)),
        breaks=Count("pk", filter=Q(has_broken=True)),
    )
    people = counted["people"]
    return Group(name, people, figure(counted["loves"], people), figure(counted["breaks"], people))


def everyone(report: Report, name: str) -> Group:
    """Return all who filled in ``report``, under ``name``."""
    return _group(name, report.responses.all())


def groups(report: Report) -> list[Group]:
    """Return those who filled in ``report``: all, those who asked for what shipped and the others, and by language.

    A group that nobody is in, or everybody, says nothing more. Whoever has told no language is in none of the last.
    """
    linked = ItemAsk.objects.filter(item__changelog_line__release=report.release_id)
    asks = set(followed(list(linked.values_list("ask", flat=True))).values())
    asked = Q(person__in=people_behind(asks).values("pk"))
    found = [everyone(report, _("Everyone"))]
    found.append(_group(_("Asked for what shipped"), report.responses.filter(asked)))
    found.append(_group(_("Did not ask for it"), report.responses.exclude(asked)))
    languages = report.responses.exclude(person__language="").order_by("person__language")
    for code in languages.values_list("person__language", flat=True).distinct():
        said = report.responses.filter(person__language=code)
        found.append(_group(language_name(code), said))
    return [found[0], *(group for group in found[1:] if 0 < group.people < found[0].people)]


def earlier(report: Report) -> list[Report]:
    """Return the reports before ``report`` on the same product, newest first, `EARLIER` at most."""
    before = Report.objects.filter(
        release__product=report.release.product_id, opens_at__lt=report.opens_at
    )
    return list(before.select_related("release__product").order_by("-opens_at", "-pk")[:EARLIER])


# --- Asks ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Waited:
    """An ask that people wait for, by what they say in a report."""

    ask: Ask
    people: int


def waiting(report: Report) -> list[Waited]:
    """Return the asks that people of ``report`` wait for, most people first; one that was joined counts for what it became."""
    named = ReportEntry.objects.filter(
        response__report=report, cell=Cell.WAITING_FOR, ask__isnull=False
    )
    pairs = list(named.values_list("ask", "response"))
    became = followed({ask for ask, _ in pairs})
    people: dict[int, set[int]] = defaultdict(set)
    for ask, response in pairs:
        people[became[ask]].add(response)
    asks = Ask.objects.public().in_bulk(list(people))
    found = [Waited(asks[pk], len(who)) for pk, who in people.items() if pk in asks]
    return sorted(found, key=lambda one: (-one.people, one.ask.pk))


def lines_count(report: Report) -> int:
    """Return how many lines people wrote in ``report``."""
    return ReportEntry.objects.filter(response__report=report).exclude(text="").count()
