"""What a search may be narrowed by: in the address (``?board=bugs``) and in the box (``board:bugs``).

A room above adds what it knows of posts with `provide`: the stage of their asks, whether they are in one.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from feedback.accounts.claiming.queries import claimers_of
from feedback.accounts.models import User, without_mark
from feedback.forum import queries
from feedback.forum.guests.queries import not_known_yet
from feedback.forum.models import Post, Product
from feedback.kernel.folding import fold_spelling
from feedback.kernel.languages import KNOWN
from feedback.ui.language_names import language_name

Choice = tuple[str, str | Promise]
#: What posts must be, the value in words, and the value as the address has it.
Meant = tuple[Q, str, str]


class Unknown(Exception):
    """A filter was given something that it does not know; the message says what it wants."""


@dataclass(frozen=True)
class Filter:
    """One way to narrow a search.

    ``names`` are what it goes by in the box, the first one in the address. ``condition`` says what a value means, or
    raises `Unknown`. ``choices`` are offered; a filter without any is typed.
    """

    names: tuple[str, ...]
    label: str | Promise
    condition: Callable[[HttpRequest, str], Meant]
    choices: Callable[[HttpRequest, Product | None], Iterable[Choice]] | None = None
    kind: str = "text"
    #: Whether it can be said of an ask, an item or a release too, and not of posts alone.
    is_of_all: bool = False

    @property
    def name(self) -> str:
        return self.names[0]


_filters: dict[str, Filter] = {}


def provide(one: Filter, *, knows_more: bool = True) -> None:
    """Have searches narrowed by ``one``. Call it in ``AppConfig.ready``.

    A room that knows more of what a filter means puts its own in the place of another's.
    """
    if knows_more or one.name not in _filters:
        _filters[one.name] = one


def all_filters() -> list[Filter]:
    """Return every filter in the order of the form."""
    order = {name: at for at, name in enumerate(ORDER)}
    return sorted(_filters.values(), key=lambda one: order.get(one.name, len(order)))


#: How they stand in the form.
ORDER = (
    "board", "kind", "stage", "lang", "version", "by", "after", "before", "ask", "answered",
)  # fmt: skip


@dataclass(frozen=True)
class Chosen:
    """One filter that is on: what it is called, its value in words and as it stands in the address."""

    filter: Filter
    value: str
    label: str


@dataclass(frozen=True)
class Narrowed:
    """All filters of a search: what posts must be, which are on, and what could not be understood, in sentences."""

    condition: Q
    chosen: tuple[Chosen, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def of_posts_alone(self) -> bool:
        """Whether one is on that says nothing of asks, items and releases."""
        return any(not one.filter.is_of_all for one in self.chosen)

    def value(self, name: str) -> str:
        """Return what the filter ``name`` is set to, "" when it is off."""
        return next((one.value for one in self.chosen if one.filter.name == name), "")


def narrow(request: HttpRequest, values: Mapping[str, str]) -> Narrowed:
    """Return what ``values`` by name narrow a search to. What is not understood narrows nothing and is told."""
    condition = Q()
    chosen: list[Chosen] = []
    problems: list[str] = []
    for one in all_filters():
        value = values.get(one.name, "").strip()
        if not value:
            continue
        try:
            more, label, value = one.condition(request, value)
        except Unknown as unknown:
            problems.append(str(unknown))
            continue
        condition &= more
        chosen.append(Chosen(one, value, label))
    return Narrowed(condition, tuple(chosen), tuple(problems))


def one_of(value: str, choices: Iterable[Choice]) -> Choice | None:
    """Return the choice that ``value`` names, by its value or by its label, however it is written."""
    wanted = fold_spelling(value)
    for key, label in choices:
        if wanted in (fold_spelling(key), fold_spelling(str(label))):
            return key, label
    return None


def known(name: str, value: str, choices: Iterable[Choice]) -> Choice:
    """Return the choice that ``value`` names; raises `Unknown` with the choices there are."""
    there = list(choices)
    found = one_of(value, there)
    if found is None:
        listed = ", ".join(str(label) for _key, label in there[:12])
        raise Unknown(
            _("“%(name)s:%(value)s” narrows nothing. Known are: %(choices)s.")
            % {"name": name, "value": value[:40], "choices": listed}
        )
    return found


# --- The forum's own ----------------------------------------------------------------------------------------------
#: Nothing on a closed board is ever found, so none narrows a search, whoever searches.
_NOBODY = AnonymousUser()


def _boards(request: HttpRequest, product: Product | None) -> Iterable[Choice]:
    return [(board.slug, board.title) for board in queries.boards_with_counts(_NOBODY, product)]


def _of_board(request: HttpRequest, value: str) -> Meant:
    boards = {board.slug: board for board in queries.boards_with_counts(_NOBODY)}
    names = [(slug, name) for slug, one in boards.items() for name in (one.name, one.name_zh)]
    slug = known("board", value, [(key, name) for key, name in names if name])[0]
    here = boards[slug]
    return Q(board=here.pk) | Q(board__parent=here.pk), here.title, slug


def _of_kind(request: HttpRequest, value: str) -> Meant:
    key, label = known("kind", value, Post.Kind.choices)
    return Q(kind=key), str(label), key


_LANGUAGE_NAMES = {"chinese": "zh", "中文": "zh", "english": "en", "英文": "en", "英语": "en"}


def _languages(*_: object) -> list[Choice]:
    return [(code, language_name(code)) for code in KNOWN]


def _of_language(request: HttpRequest, value: str) -> Meant:
    value = _LANGUAGE_NAMES.get(fold_spelling(value), value.partition("-")[0])
    key, label = known("lang", value, _languages())
    return Q(language=key), str(label), key


def _of_version(request: HttpRequest, value: str) -> Meant:
    plain = value.removeprefix("v").removeprefix("V")
    return Q(product_version__in=[plain, f"v{plain}", f"V{plain}"]), value, value


#: How a reader says "me".
ME = ("me", "我")


def _of_author(request: HttpRequest, value: str) -> Meant:
    if value in ME and isinstance(request.user, User):
        return Q(author=request.user.pk), _("me"), value
    named = Q(display_name__iexact=without_mark(value)) | Q(public_id=value)
    people = User.objects.filter(named, is_active=True).exclude(not_known_yet())
    found = list(people.values_list("pk", "display_name")[:50])
    if not found:
        raise Unknown(
            _(
                "Nobody here is called “%(name)s”. The whole name is needed, as it stands beside a post."
            )
            % {"name": value[:60]}
        )
    pks = [pk for pk, _name in found]
    # Who was called so elsewhere has claimed these words here.
    return Q(author__in=[*pks, *claimers_of(pks)]), found[0][1] or value, value


#: The years that a calendar, a time zone and a database can all go a step beyond.
_FIRST_YEAR, _LAST_YEAR = 1970, 9_998
_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?)?月?年?")


def _day(name: str, value: str) -> tuple[dt.date, dt.date]:
    """Return the first day of the day, month or year that ``value`` names, and the first one after it."""
    found = _DAY.fullmatch(fold_spelling(value))
    try:
        if found is None:
            raise ValueError
        year, month, day = (int(part) if part else 0 for part in found.groups())
        first = dt.date(year, month or 1, day or 1)
        if not _FIRST_YEAR <= year <= _LAST_YEAR:
            raise ValueError
        if day:
            return first, first + dt.timedelta(days=1)
        after = (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
        return first, after if month else dt.date(year + 1, 1, 1)
    except (ValueError, OverflowError):
        raise Unknown(
            _(
                "“%(name)s:%(value)s” narrows nothing. It wants a day, a month or a year: 2026-03-01."
            )
            % {"name": name, "value": value[:40]}
        ) from None


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _after(request: HttpRequest, value: str) -> Meant:
    day = _day("after", value)[0]
    return Q(posted_at__gte=_midnight(day)), value, day.isoformat()


def _before(request: HttpRequest, value: str) -> Meant:
    """Up to the end of the day, month or year: whoever sets both ends means them too."""
    end = _day("before", value)[1]
    return Q(posted_at__lt=_midnight(end)), value, (end - dt.timedelta(days=1)).isoformat()


YES_OR_NO: list[Choice] = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]


def yes_or_no(name: str, value: str, condition: Q) -> Meant:
    """Return ``condition`` or its opposite, as ``value`` says; raises `Unknown`."""
    key, label = known(name, value, YES_OR_NO)
    return (condition if key == "yes" else ~condition), str(label), key


def _answered(request: HttpRequest, value: str) -> Meant:
    return yes_or_no("answered", value, Q(is_answered=True))


def provide_own() -> None:
    """Add what the forum itself knows of a post."""
    for one in (
        Filter(("board", "版块"), gettext_lazy("Board"), _of_board, _boards, "choice"),
        Filter(
            ("kind", "类型"), gettext_lazy("Kind"), _of_kind, lambda *_: Post.Kind.choices, "choice"
        ),
        Filter(
            ("lang", "language", "语言"),
            gettext_lazy("Language"),
            _of_language,
            _languages,
            "choice",
        ),
        Filter(("version", "版本"), gettext_lazy("Version"), _of_version),
        Filter(("by", "author", "作者"), gettext_lazy("Author"), _of_author),
        Filter(("after", "since", "自"), pgettext_lazy("posted", "From"), _after, kind="date"),
        Filter(("before", "until", "至"), pgettext_lazy("posted", "To"), _before, kind="date"),
        Filter(
            ("answered", "已答复"),
            gettext_lazy("Answered by the team"),
            _answered,
            lambda *_: YES_OR_NO,
            "choice",
        ),
    ):
        provide(one, knows_more=False)
