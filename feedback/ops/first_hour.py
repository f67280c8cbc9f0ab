"""What a person sees while a new site reads and groups its posts, taken from the database alone."""

import time
from dataclasses import dataclass

from feedback.asks.coverage import summary
from feedback.forum.models import Product
from feedback.forum.queries import grouped_posts
from feedback.grouping.models import Run
from feedback.grouping.runs.regroup import SMALLEST_BOARD
from feedback.grouping.vectors.embedding import missing_count
from feedback.grouping.vectors.encoders import current_model
from feedback.ops.progress import Bars

STAGE_WORDS = {
    "reading": "reading the vectors",
    "grouping": "finding posts that ask for the same thing",
    "applying": "writing down the asks",
    "arranging": "finding the areas they are in",
}


@dataclass(frozen=True)
class State:
    """Posts, those of them without a vector, products to be grouped, and how a run is doing ("" when none is)."""

    posts: int
    missing: int
    has_model: bool
    ungrouped: int
    has_failed: bool
    run_stage: str


def look() -> State:
    """Return how far the site is."""
    model = current_model()
    posts = grouped_posts().count()
    worth_it = [
        one for one in Product.objects.all() if grouped_posts(one).count() >= SMALLEST_BOARD
    ]
    under_way = Run.objects.filter(state=Run.State.RUNNING).order_by("-id").first()
    newest = Run.objects.order_by("-id").first()
    return State(
        posts=posts,
        missing=missing_count(model.model_key) if model else posts,
        has_model=model is not None,
        ungrouped=sum(Run.objects.last_done(one) is None for one in worth_it),
        has_failed=newest is not None and newest.state == Run.State.FAILED,
        run_stage=under_way.stage if under_way is not None else "",
    )


class FirstHour:
    """Shows embedding, then grouping, then the result in one sentence. Call `step` once a second."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._reading = bars.add("Reading posts")
        self._grouping = bars.add("Grouping")
        self._next_look = 0.0
        self._read_all = False
        self._started = time.monotonic()

    def step(self) -> bool:
        """Look, show, and return whether everything there is has been grouped."""
        if time.monotonic() < self._next_look:
            return False
        began = time.monotonic()
        state = look()
        # On a large site a look takes its time; looking must never be what the site is busy with.
        self._next_look = time.monotonic() + max(1.0, 20 * (time.monotonic() - began))
        return self._show(state)

    def _show(self, state: State) -> bool:
        if state.posts == 0:
            return True
        if state.missing:
            note = "" if state.has_model else "waiting for the encoder to load"
            self._reading.show(state.posts - state.missing, state.posts, note=note)
            return False
        if not self._read_all:
            self._read_all = True
            self._reading.finish(f"All {state.posts:,} posts are read.")
        if not state.ungrouped:
            found = summary()
            self._grouping.finish(
                f"{found.posts:,} posts are {found.asks:,} asks, {found.answered:,} answered."
            )
            return True
        if state.has_failed:
            self._grouping.finish("Grouping failed; `manage.py doctor` says why.")
            return True
        self._grouping.show(0, None, note=STAGE_WORDS.get(state.run_stage, "about to start"))
        return False
