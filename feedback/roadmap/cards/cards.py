"""What the cards of items and releases say, and how their pages name them."""

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.asks.stages import Stage
from feedback.forum.cards.cards import Sharing, people_want, placed, sharing
from feedback.kernel.pictures.drawing import Card, Place
from feedback.roadmap.days import full_day
from feedback.roadmap.models import Item, Release
from feedback.roadmap.queries import Row
from feedback.roadmap.stops import TIMETABLE, Stop


def card_of_item(item: Item, row: Row) -> Card:
    """Return what the card of ``item`` says: its title, who wants it, and its version where it has one."""
    lines = [people_want(row.people_count)] if row.people_count else []
    if item.release is not None and item.stage != Stage.DECLINED:
        lines.append(item.release.version)
    return Card(
        headline=_("Roadmap"),
        title=item.title,
        lines=(" · ".join(lines),) if lines else (),
        place=placed(item.stage),
    )


def card_of_release(release: Release) -> Card:
    """Return what the card of ``release`` says: its day, what it brings, and where it stands."""
    line = release.lines if release.is_out else release.items.exclude(stage=Stage.DECLINED)
    number = line.count()
    brings = ngettext("%(number)s change", "%(number)s changes", number) % {
        "number": number_format(number, force_grouping=True)
    }
    stop = Stop(release.stop)
    return Card(
        headline=_("Release"),
        title=release.version,
        lines=tuple(filter(None, [full_day(release.release_date), brings if number else ""])),
        place=Place(
            str(stop.label), TIMETABLE.index(stop) + 1 if stop in TIMETABLE else 0, len(TIMETABLE)
        ),
    )


def sharing_of_item(item: Item, row: Row) -> Sharing | None:
    """Return what the page of ``item`` says of itself."""
    return sharing(
        card_of_item(item, row),
        page=reverse("roadmap:item-detail", args=[item.public_id]),
        picture=reverse("roadmap:item-picture", args=[item.public_id]),
    )


def sharing_of_release(release: Release) -> Sharing | None:
    """Return what the page of ``release`` says of itself."""
    picture = reverse("roadmap:release-picture", args=[release.version])
    return sharing(
        card_of_release(release),
        page=release.address,
        picture=f"{picture}{release.query}",
    )
