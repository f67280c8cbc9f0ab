"""A small board whose posts ask for six things, and the real engine over it."""

from collections.abc import Callable
from typing import Any

import pytest

from feedback.encoder.models.registry import load_encoder
from feedback.engine.words.reading import read_posts
from feedback.grouping.runs.regroup import regroup_due
from feedback.grouping.runs.request import request_run
from feedback.kernel import clock
from feedback.ops.files.vectors import judge_of

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
    """Name the encoder: one that loads in no time and knows words, not meaning."""
    return "hashing"


@pytest.fixture
def embed(db: None, spec: str) -> Callable[[], None]:
    """Give every post its vector, in this process."""
    encoder = load_encoder(spec)

    def run() -> None:
        from feedback.forum.models import Post
        from feedback.grouping.models import EncoderModel, Vector

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

    return run


@pytest.fixture
def regroup(product: Any, embed: Callable[[], None]) -> Callable[[], Any]:
    """Embed what is new and run the engine over everything."""

    def run() -> Any:
        embed()
        request_run(product=product, now=clock.now())
        return regroup_due(now=clock.now())

    return run


@pytest.fixture
def posts(person: Callable[..., Any], publish: Callable[..., Any]) -> dict[str, list[Any]]:
    """The board: each post by a person of its own, by theme."""
    return {
        theme: [
            publish(person(f"Person {at}{number}"), title) for number, title in enumerate(titles)
        ]
        for at, (theme, titles) in enumerate(THEMES.items())
    }


@pytest.fixture
def grouped(posts: dict[str, list[Any]], regroup: Callable[[], Any]) -> dict[str, list[Any]]:
    """The board after its first run."""
    run = regroup()
    assert run is not None
    assert run.state == "DONE"
    return posts


@pytest.fixture
def ask_of() -> Callable[[Any], Any]:
    """Return the ask a post is in now, or None."""
    from feedback.asks.models import Membership

    def find(post: Any) -> Any:
        membership = Membership.objects.filter(post=post).select_related("ask").first()
        return membership.ask if membership else None

    return find
