"""What happens to releases: out, on another day, skipped, stopped, taken up again; and the reports on them."""

from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.kernel import markdown
from feedback.kernel.identity import at_home
from feedback.kernel.visible import cut
from feedback.notify.happenings import LINE_LENGTH, Group, Happening, Kind
from feedback.notify.occasions import _release as said
from feedback.notify.occasions import report_results
from feedback.roadmap.models import Item, Release, Report
from feedback.roadmap.train.presenting import Notes, notes_for_reader

#: Facts of an entry that are public, and the same for ever.
_KEPT = ("was", "word", "instead")


def _release_of(entry: Entry) -> Release | None:
    return Release.objects.filter(pk=entry.subject_id).select_related("product").first()


def _written(release: Release) -> dict[str, Any]:
    return {
        "version": release.version,
        "date": release.release_date.isoformat(),
        "stop": release.stop,
        "url": at_home(release.address),
    }


def _shipped(entry: Entry) -> list[dict[str, Any]]:
    items = Item.objects.filter(pk__in=entry.data.get("shipped", [])).order_by("pk")
    return [
        {
            "id": item.public_id,
            "title": item.title,
            "url": at_home(reverse("roadmap:item-detail", args=[item.public_id])),
        }
        for item in items
    ]


def _words_of(release: Release, notes: Notes) -> str:
    return markdown.plain(getattr(release, f"notes_{notes.language}"), length=LINE_LENGTH)


def out(entry: Entry) -> Happening | None:
    release = _release_of(entry)
    if release is None:
        return None
    shipped = _shipped(entry)
    notes = notes_for_reader(release)
    titles = cut(" · ".join(item["title"] for item in shipped), LINE_LENGTH)
    return Happening(
        product=release.product,
        title=release.version,
        line=_("A release is out"),
        path=release.address,
        data=lambda: {
            "product": release.product.slug,
            "release": _written(release),
            "shipped": shipped,
        },
        # What a machine wrote and nobody has read stays where it is marked as such.
        excerpt=titles if notes is None or notes.is_machines else _words_of(release, notes),
    )


def _day(line: Callable[[Mapping[str, Any]], str]) -> Callable[[Entry], Happening | None]:
    """Return what tells that a release comes on another day, or not; ``line`` says so."""

    def happening(entry: Entry) -> Happening | None:
        release = _release_of(entry)
        if release is None:
            return None
        kept = {name: entry.data[name] for name in _KEPT if entry.data.get(name)}
        words = {"version": release.version, "day": said.day(entry.data["date"])}
        return Happening(
            product=release.product,
            title=release.version,
            line=line(words),
            path=release.address,
            data=lambda: {"product": release.product.slug, "release": _written(release)} | kept,
            excerpt=cut(markdown.plain(kept.get("word", "")), LINE_LENGTH),
        )

    return happening


def _report(
    line: Callable[[Mapping[str, Any]], str], *, of: str
) -> Callable[[Entry], Happening | None]:
    """Return what tells of a report; ``of`` names the page it leads to."""

    def happening(entry: Entry) -> Happening | None:
        found = Report.objects.filter(release=entry.subject_id).select_related("release__product")
        report = found.first()
        kept = report_results.facts(entry)
        if report is None or kept is None:
            return None
        release, path = report.release, str(kept[of])
        result = {name: kept[name] for name in ("people", "award") if name in kept}
        about = {
            "opens_at": report.opens_at.isoformat(),
            "closes_at": report.closes_at.isoformat(),
            "url": at_home(path),
        }
        return Happening(
            product=release.product,
            title=release.version,
            line=line(kept),
            path=path,
            data=lambda: {
                "product": release.product.slug,
                "release": _written(release),
                "report": about | result,
            },
        )

    return happening


_GROUP = Group.RELEASES
KINDS: Mapping[Verb, Kind] = {
    Verb.RELEASED: Kind("release.out", _GROUP, out),
    Verb.RELEASE_SLIPPED: Kind(
        "release.slipped", _GROUP, _day(lambda words: _("It leaves on %(day)s now") % words)
    ),
    Verb.RELEASE_SKIPPED: Kind("release.skipped", _GROUP, _day(lambda words: _("It is skipped"))),
    Verb.RELEASE_STOPPED: Kind(
        "release.stopped", _GROUP, _day(lambda words: _("It is held for now"))
    ),
    Verb.RELEASE_RESUMED: Kind(
        "release.resumed",
        _GROUP,
        _day(lambda words: _("It goes on, and leaves on %(day)s") % words),
    ),
    Verb.REPORT_OPENED: Kind(
        "report.opened",
        _GROUP,
        _report(lambda kept: _("How did it turn out? Say it in four cells"), of="report"),
    ),
    Verb.REPORT_CLOSED: Kind(
        "report.closed",
        _GROUP,
        _report(report_results.sentence, of="results"),
    ),
}
