"""A small board whose posts ask for six things, and the real engine over it."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import translation

from feedback.asks.models import Membership
from feedback.encoder.models.base import Encoder
from feedback.encoder.models.registry import load_encoder
from feedback.engine.words.reading import read_posts
from feedback.forum.models import Board, Post, Product
from feedback.forum.products.operations import default_product
from feedback.grouping.models import EncoderModel, Run, Vector
from feedback.grouping.runs.regroup import regroup_due
from feedback.grouping.runs.request import request_run
from feedback.kernel import clock
from feedback.ops.files.vectors import judge_of
from tests.cast import NOW, make_person, publish, suggestions

Posts = dict[str, list[Post]]

#: An encoder that loads in no time and knows words, not meaning.
QUICK = "hashing"

THEMES = {
    "dark": [
        "Add a dark mode",
        "Please add dark mode to the app",
        "Dark mode would be great at night",
        "We need a dark mode theme",
    ],
    "export": [
        "Export my data as CSV",
        "Let me export data to a CSV file",
        "CSV export of all my data",
        "Data export to CSV please",
    ],
    "crash": [
        "The app crashes when I open settings",
        "Crash on opening the settings page",
        "Settings page crashes the app",
        "App crashes in settings",
    ],
    "深色": ["希望增加深色模式", "请增加深色模式", "能不能增加深色模式呢", "深色模式什么时候增加"],
    "offline": [
        "Download videos to watch offline",
        "Watch videos offline by downloading them",
        "Offline videos: let me download",
    ],
    "alone": ["The mascot should wear a hat", "Translate the legal notice into Latin"],
}


@pytest.fixture
def spec() -> str:
    """Name the encoder."""
    return QUICK


def embed_all(encoder: Encoder) -> None:
    """Give every post its vector, in this process."""
    model, _ = EncoderModel.objects.get_or_create(
        model_key=encoder.model_key,
        defaults={
            "dims": encoder.dims,
            "views": [[view.name, view.start, view.stop] for view in encoder.views],
            "is_current": True,
            "first_seen_at": clock.now(),
        },
    )
    known = set(Vector.objects.values_list("content_hash", flat=True))
    words = {
        post.content_hash: (post.title, post.body)
        for post in Post.objects.all()
        if post.content_hash not in known
    }
    if words:
        read = read_posts(list(words.values()), encoder.encode, judge_of(encoder))
        Vector.objects.bulk_create(
            Vector(content_hash=key, model_key=model.model_key, embedding=vector, lead=lead)
            for key, vector, lead in zip(words, read.vectors, read.leads, strict=True)
        )


def write_posts(board: Board) -> Posts:
    """Write the posts of `THEMES`, each by a person of its own."""
    return {
        theme: [
            publish(make_person(f"Person {at}{number}"), title, board=board)
            for number, title in enumerate(titles)
        ]
        for at, (theme, titles) in enumerate(THEMES.items())
    }


def run_on(product: Product) -> Run | None:
    """Run the engine over ``product``."""
    request_run(product=product, now=clock.now())
    return regroup_due(now=clock.now())


class SharedBoard:
    """A board, made once and kept in a transaction around those of the tests that ask for it.

    Each test still has a transaction of its own, which is rolled back at its end. No other test sees the board: the
    transaction around ends before the first that does not ask for it.
    """

    def __init__(self, make: Callable[[], Posts]) -> None:
        self._make = make
        self._around: transaction.Atomic | None = None
        self._keys: dict[str, list[int]] = {}

    @property
    def is_there(self) -> bool:
        return self._around is not None

    def begin(self) -> None:
        """Make the board if it is not there."""
        if self._around is not None:
            return
        self._around = transaction.atomic()
        self._around.__enter__()
        try:
            cache.clear()
            with time_machine.travel(NOW, tick=False), translation.override(settings.LANGUAGE_CODE):
                posts = self._make()
        except BaseException:
            self.end()
            raise
        self._keys = {theme: [post.pk for post in some] for theme, some in posts.items()}

    def posts(self) -> Posts:
        """Return its posts by theme, as they are in the database."""
        found = Post.objects.select_related("author", "board__product").in_bulk()
        return {theme: [found[pk] for pk in keys] for theme, keys in self._keys.items()}

    def end(self) -> None:
        """Take the board away if it is there."""
        if self._around is not None:
            transaction.set_rollback(True)
            self._around.__exit__(None, None, None)
            self._around = None


def _written() -> Posts:
    return write_posts(suggestions(default_product(now=NOW)))


def _grouped() -> Posts:
    posts = _written()
    embed_all(load_encoder(QUICK))
    run_on(default_product(now=NOW))
    return posts


#: By the fixture that asks for them; a test that asks for both wants the last.
SHARED = {"posts": SharedBoard(_written), "grouped": SharedBoard(_grouped)}


def _shared_by(item: pytest.Item) -> str:
    """Return which board ``item`` begins with as others do, or ""."""
    asked_for = getattr(item, "fixturenames", ())
    marker = item.get_closest_marker("django_db")
    if "live_server" in asked_for or (marker and marker.kwargs.get("transaction")):
        return ""  # what these write is there for every connection, and stays until it is removed
    return next((name for name in reversed(SHARED) if name in asked_for), "")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have the tests that share a board follow each other."""
    places = {name: place for place, name in enumerate(["", *SHARED])}
    items.sort(key=lambda item: places[_shared_by(item)])


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: Any, request: pytest.FixtureRequest) -> None:
    """End one transaction around and begin another before a test begins its own."""
    if fixturedef.argname == "_django_db_helper":
        request.getfixturevalue("_no_board_is_left")
        wanted = _shared_by(request.node)
        with request.getfixturevalue("django_db_blocker").unblock():
            _end_all(but=wanted)
            if wanted:
                SHARED[wanted].begin()


@pytest.fixture(scope="session")
def _no_board_is_left(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    yield
    with django_db_blocker.unblock():
        _end_all()


def _end_all(but: str = "") -> None:
    for name, board in SHARED.items():
        if name != but:
            board.end()


@pytest.fixture
def embed(db: None, spec: str) -> Callable[[], None]:
    """Give every post its vector, in this process."""
    return partial(embed_all, load_encoder(spec))


@pytest.fixture
def regroup(product: Product, embed: Callable[[], None]) -> Callable[[], Run | None]:
    """Embed what is new and run the engine over everything."""

    def run() -> Run | None:
        embed()
        return run_on(product)

    return run


@pytest.fixture
def posts(board: Board) -> Posts:
    """The board: each post by a person of its own, by theme."""
    there = next((shared for shared in SHARED.values() if shared.is_there), None)
    return there.posts() if there else write_posts(board)


@pytest.fixture
def grouped(posts: Posts, spec: str, regroup: Callable[[], Run | None]) -> Posts:
    """The board after its first run."""
    assert spec == QUICK, "The board that tests share is read by one encoder."
    run = Run.objects.get() if SHARED["grouped"].is_there else regroup()
    assert run is not None
    assert run.state == Run.State.DONE
    return posts


@pytest.fixture
def ask_of() -> Callable[[Any], Any]:
    """Return the ask a post is in now, or None."""

    def find(post: Any) -> Any:
        membership = Membership.objects.filter(post=post).select_related("ask").first()
        return membership.ask if membership else None

    return find
