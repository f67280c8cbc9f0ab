"""What a person sees while a new site reads and groups its posts, taken from the database alone."""

import time
from dataclasses import dataclass

from feedback.asks.coverage import summary
from feedback.forum.queries import grouped_posts
from feedback.grouping.models import Run
from feedback.grouping.vectors.embedding import missing_count
from feedback.grouping.vectors.encoders import current_model
from feedback.ops.progress import Bars

STAGE_WORDS = {
    "reading": "reading the vectors",
    "grouping": "finding posts that ask for the same thing",
    "applying": "writing down the asks",
}


@dataclass(frozen=True)
class State:
    """Posts, those of them without a vector, and what the newest run is doing ("" when none is)."""

    posts: int
    missing: int
    has_model: bool
    run_state: str
    run_stage: str


def look() -> State:
    """Return how far the site is."""
    model = current_model()
    posts = grouped_posts().count()
    run = Run.objects.order_by("-id").first()
    return State(
        posts=posts,
        missing=missing_count(model.model_key) if model else posts,
        has_model=model is not None,
        run_state=run.state if run else "",
        run_stage=run.stage if run else "",
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
        if state.run_state == Run.State.DONE:
            found = summary()
            self._grouping.finish(
                f"{found.posts:,} posts are {found.asks:,} asks, {found.answered:,} answered."
            )
            return True
        if state.run_state == Run.State.FAILED:
            self._grouping.finish("Grouping failed; `manage.py doctor` says why.")
            return True
        self._grouping.show(0, None, note=STAGE_WORDS.get(state.run_stage, "about to start"))
        return False
