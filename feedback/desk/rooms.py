"""The rooms of the desk in six groups, as one reader sees them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.accounts.models import User
from feedback.accounts.permissions import is_team
from feedback.desk.first_steps.queries import lately
from feedback.desk.inbox.waiting import Wish, waiting
from feedback.desk.product import product_at
from feedback.forum.moderation.queries import number_waiting
from feedback.kernel import clock

#: The room that lists the settings; a page that is in no other room is one of these.
SET_UP = "set-up"


@dataclass(frozen=True)
class Room:
    """A page that one goes to by name; ``key`` is what the page says of itself in ``here``.

    ``url`` is the name of its address.
    """

    key: str
    label: str | Promise
    url: str
    seen_by: Callable[[User], bool] = is_team


@dataclass(frozen=True)
class Group:
    """Rooms that belong together; ``number`` says what waits in them, "" for nothing."""

    label: str | Promise
    rooms: tuple[Room, ...]
    number: Callable[[HttpRequest, User, str], str] = lambda _request, _reader, _here: ""


@dataclass(frozen=True)
class ShownRoom:
    """A room as the reader of one page sees it."""

    label: str | Promise
    url: str
    is_here: bool


@dataclass(frozen=True)
class ShownGroup:
    """A group as the reader of one page sees it; ``is_open``: the page is in it."""

    label: str | Promise
    url: str
    number: str
    is_open: bool
    rooms: list[ShownRoom]

    @property
    def has_rooms(self) -> bool:
        """Whether there is anything to choose in it."""
        return len(self.rooms) > 1


def _to_decide(request: HttpRequest, reader: User, _here: str) -> str:
    """Return how many proposals of the product wait."""
    product = product_at(request)
    number = waiting(product, Wish(), now=clock.now()).count() if product is not None else 0
    return str(number or "")


def _cases(_request: HttpRequest, reader: User, _here: str) -> str:
    """Return how many cases wait."""
    return str(number_waiting(reader) or "")


def _first_steps(_request: HttpRequest, reader: User, here: str) -> str:
    """Return how many of the first steps are done, for those who can take them."""
    if not reader.is_manager:
        return ""
    steps = lately()
    shown = steps.are_shown or here == "first-steps"
    return f"{steps.done}/{steps.number}" if shown else ""


GROUPS = (
    Group(
        pgettext_lazy("rooms of the desk", "Decide"),
        (
            Room("inbox", _("To decide"), "desk:inbox"),
            Room("questions", _("Questions"), "desk:questions"),
            Room("too-little", _("Set aside"), "desk:too-little"),
        ),
        _to_decide,
    ),
    Group(
        pgettext_lazy("rooms of the desk", "Asks"),
        (
            Room("asks", _("All asks"), "desk:ask-list"),
            Room("priority", _("Priority"), "desk:priority"),
            Room("areas", _("Areas"), "desk:areas"),
            Room("map", _("Map"), "desk:map"),
        ),
    ),
    Group(
        pgettext_lazy("rooms of the desk", "Week"),
        (
            Room("tuesday", pgettext_lazy("the list of the desk", "Tuesday"), "desk:tuesday"),
            Room("trends", _("Trends"), "desk:trends"),
            Room("briefs", _("Briefs"), "desk:briefs"),
        ),
    ),
    Group(
        pgettext_lazy("rooms of the desk", "Health"),
        (
            Room("quality", _("Quality"), "desk:quality"),
            Room("decisions", _("Decisions"), "desk:decisions"),
            Room("coverage", _("Coverage"), "desk:coverage"),
        ),
    ),
    Group(
        pgettext_lazy("rooms of the desk", "Order"),
        (
            Room(
                "moderation",
                pgettext_lazy("rooms of the desk", "Cases"),
                "desk:moderation",
                lambda reader: reader.has_duties,
            ),
            Room("words", _("Words that wait"), "desk:moderation-words"),
            Room("rules", _("Rules"), "desk:moderation-rules"),
            Room(
                "log",
                pgettext_lazy("rooms of the desk", "Internal log"),
                "desk:moderation-log",
                lambda reader: reader.has_duties,
            ),
        ),
        _cases,
    ),
    Group(
        pgettext_lazy("rooms of the desk", "Set up"),
        (Room(SET_UP, pgettext_lazy("rooms of the desk", "Set up"), "desk:set-up"),),
        _first_steps,
    ),
)


def group_of(here: str) -> Group:
    """Return the group that the page ``here`` is in."""
    of = {room.key: group for group in GROUPS for room in group.rooms}
    return of.get(here, of[SET_UP])


def groups_for(request: HttpRequest, here: str) -> list[ShownGroup]:
    """Return the groups that the reader of the page ``here`` may go to; none where there is one page alone."""
    reader = request.user
    if not isinstance(reader, User):
        return []
    seen = [(group, _shown(group, reader, here)) for group in GROUPS]
    if sum(len(rooms) for _group, rooms in seen) < 2:
        return []
    return [
        ShownGroup(
            label=group.label,
            url=rooms[0].url,
            number=group.number(request, reader, here),
            is_open=group is group_of(here),
            rooms=rooms,
        )
        for group, rooms in seen
        if rooms
    ]


def _shown(group: Group, reader: User, here: str) -> list[ShownRoom]:
    """Return the rooms of ``group`` that ``reader`` may go to."""
    return [
        ShownRoom(room.label, reverse(room.url), room.key == here)
        for room in group.rooms
        if room.seen_by(reader)
    ]
