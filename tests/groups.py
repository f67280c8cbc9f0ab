"""A small board whose posts ask for six things, and the real engine over it."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

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
from tests.cast import make_person, publish, suggestions
from tests.shared import share

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


def posts_by_theme(board: Board) -> Posts:
    """Return the posts of `THEMES` on ``board`` as they are in the database."""
    there = Post.objects.filter(board=board).select_related("author", "board__product")
    found = {post.title: post for post in there}
    return {theme: [found[title] for title in titles] for theme, titles in THEMES.items()}


def run_on(product: Product) -> Run | None:
    """Run the engine over ``product``."""
    request_run(product=product, now=clock.now())
    return regroup_due(now=clock.now())


def _written() -> None:
    write_posts(suggestions(default_product(now=clock.now())))


def _grouped() -> None:
    _written()
    embed_all(load_encoder(QUICK))
    run_on(default_product(now=clock.now()))


WRITTEN, GROUPED = share("posts", _written), share("grouped", _grouped)


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
    if not (WRITTEN.is_there or GROUPED.is_there):
        return write_posts(board)
    return posts_by_theme(board)


@pytest.fixture
def grouped(posts: Posts, spec: str, regroup: Callable[[], Run | None]) -> Posts:
    """The board after its first run."""
    assert spec == QUICK, "The board that tests share is read by one encoder."
    run = Run.objects.get() if GROUPED.is_there else regroup()
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
