"""What many tests begin with, made once for all of them and seen by no other."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection, transaction
from django.utils import translation

from tests.afresh import forget_the_last_database
from tests.cast import NOW


class Shared:
    """What a fixture finds, made once and kept in a transaction around those of the tests that ask for the fixture.

    Each test still has a transaction of its own, which is rolled back at its end. No other test sees what is shared:
    the transaction around ends before the first that does not ask for it.
    """

    def __init__(self, make: Callable[[], object]) -> None:
        self._make = make
        self._around: transaction.Atomic | None = None

    @property
    def is_there(self) -> bool:
        return self._around is not None

    def begin(self) -> None:
        """Make it if it is not there."""
        if self._around is not None:
            return
        self._around = transaction.atomic()
        self._around.__enter__()
        try:
            forget_the_last_database()
            with time_machine.travel(NOW, tick=False), translation.override(settings.LANGUAGE_CODE):
                self._make()
        except BaseException:
            self.end()
            raise

    def end(self) -> None:
        """Take it away if it is there."""
        if self._around is not None:
            transaction.set_rollback(True)
            self._around.__exit__(None, None, None)
            self._around = None


#: By the fixture that finds it; a test that asks for several has the last.
_SHARED: dict[str, Shared] = {}


def share(fixture: str, make: Callable[[], object]) -> Shared:
    """Have what ``make`` makes be there for the tests that ask for ``fixture``, as far as they can share it."""
    _SHARED[fixture] = Shared(make)
    return _SHARED[fixture]


def _shared_by(item: pytest.Item) -> str:
    """Return which of them ``item`` begins with, or ""."""
    asked_for = getattr(item, "fixturenames", ())
    marker = item.get_closest_marker("django_db")
    if "live_server" in asked_for or (marker and marker.kwargs.get("transaction")):
        return ""  # what these write is there for every connection, and stays until it is removed
    return next((name for name in reversed(_SHARED) if name in asked_for), "")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have the tests that share something follow each other, before all others.

    Those that commit stay the last, where pytest-django puts them: beside the event loop of a browser Django has
    another connection, and what is begun on the one must not be ended on the other.
    """
    places = {name: place for place, name in enumerate([*_SHARED, ""])}
    items.sort(key=lambda item: places[_shared_by(item)])


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: Any, request: pytest.FixtureRequest) -> None:
    """End one transaction around and begin another before a test begins its own."""
    if fixturedef.argname == "_django_db_helper":
        request.getfixturevalue("_nothing_is_left")
        wanted = _shared_by(request.node)
        try:
            with request.getfixturevalue("django_db_blocker").unblock():
                _end_all(but=wanted)
                _have_the_list_of_words()
                if wanted:
                    _SHARED[wanted].begin()
        except BaseException as error:
            # As pytest notes of a fixture that failed; without it no later test gets this one.
            fixturedef.cached_result = (
                None,
                fixturedef.cache_key(request),
                (error, error.__traceback__),
            )
            raise


def _have_the_list_of_words() -> None:
    """Make what `feedback.forum.search.table.present` makes on a connection, before a transaction begins on it.

    SQLite reads the whole schema again after every rollback in a transaction that has made a table.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE VIRTUAL TABLE IF NOT EXISTS temp.forum_words"
                " USING fts5vocab('main', 'forum_post_search', 'row')"
            )


@pytest.fixture(scope="session")
def _nothing_is_left(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    yield
    with django_db_blocker.unblock():
        _end_all()


def _end_all(but: str = "") -> None:
    for name, shared in _SHARED.items():
        if name != but:
            shared.end()
