"""Progress that a person can trust: bars on a terminal, a line now and then elsewhere."""

import json
import logging
import time
from types import TracebackType

from django.conf import settings
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
)
from rich.text import Text

logger = logging.getLogger(__name__)

#: Seconds between two lines where there is no terminal.
QUIET_FOR = 10.0


class _Remaining(ProgressColumn):
    """The time that is left, said as roughly as it is known, and not at all before it is known."""

    max_refresh = 1.0

    def render(self, task: Task) -> Text:
        if task.finished or not task.total:
            return Text("")
        return Text(remaining_words(task.time_remaining), style="progress.remaining")


def remaining_words(seconds: float | None) -> str:
    """Return "40 s left", "3 min left" or "1 h 20 min left"; a guess is not more exact than it can be."""
    if seconds is None:
        return ""
    if seconds < 10:
        return "a few seconds left"
    if seconds < 90:
        return f"{round(seconds / 5) * 5} s left"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min left"
    return f"{minutes // 60} h {minutes % 60} min left"


class Bar:
    """One thing that takes a while."""

    def __init__(self, bars: "Bars", name: str, unit: str) -> None:
        self._bars = bars
        self._name = name
        self._unit = unit
        self._task: TaskID | None = None
        self._said_at = 0.0
        # Time is counted from the first thing done: loading a model says nothing about the speed.
        self._started_at: float | None = None
        self._first_done: float | None = None

    def show(self, done: float, total: float | None, *, note: str = "") -> None:
        """Show ``done`` of ``total``; without a total it only says that it goes on."""
        counted = f"{int(done):,} of {int(total):,}" if total and self._unit != "bytes" else ""
        words = " · ".join(filter(None, (counted, note)))
        now = time.monotonic()
        is_start = self._started_at is None and self._first_done not in (None, done)
        if self._first_done is None or is_start:
            self._first_done = done
        if is_start:
            self._started_at = now
        progress = self._bars.progress
        if progress is not None:
            if self._task is None:
                self._task = progress.add_task(self._name, total=total, words=words)
            if is_start:
                progress.reset(self._task, completed=int(done), total=total, words=words)
            progress.update(self._task, completed=done, total=total, words=words)
        elif now - self._said_at >= QUIET_FOR:
            self._said_at = now
            self._bars.say(
                f"{self._name}: {' · '.join(filter(None, (words, self._left(done, total, now))))}"
            )

    def _left(self, done: float, total: float | None, now: float) -> str:
        if self._started_at is None or self._first_done is None or not total:
            return ""
        moved = done - self._first_done
        if moved <= 0:
            return ""
        return remaining_words((total - done) * (now - self._started_at) / moved)

    def finish(self, words: str) -> None:
        """Take the bar away and leave one line."""
        if self._bars.progress is not None and self._task is not None:
            self._bars.progress.remove_task(self._task)
            self._task = None
        self._bars.say(words)


class Bars:
    """Bars on one console; what is said meanwhile appears above them. Where lines are objects, they are those of the log."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.as_objects = settings.LOG_FORMAT == "json"
        self.progress: Progress | None = None
        if console.is_terminal and not self.as_objects:
            self.progress = Progress(
                SpinnerColumn(),
                TextColumn("{task.description}"),
                BarColumn(bar_width=32),
                TextColumn("{task.fields[words]}"),
                _Remaining(),
                console=console,
                transient=True,
                speed_estimate_period=20,
                refresh_per_second=5,
            )

    def __enter__(self) -> "Bars":
        if self.progress is not None:
            self.progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.progress is not None:
            self.progress.stop()

    def add(self, name: str, *, unit: str = "posts") -> Bar:
        """Return a bar called ``name``; it appears with its first number."""
        return Bar(self, name, unit)

    def say(self, words: str) -> None:
        """Write one line."""
        if self.as_objects:
            logger.info(words)
            return
        self.console.print(words, markup=False, highlight=False, soft_wrap=True)

    def pass_on(self, process: str, line: str) -> None:
        """Write a ``line`` that a ``process`` wrote: an object as it is, since it names the process, and else as a line of that process."""
        if not self.as_objects:
            self.say(f"{process}: {line}")
        elif _is_object(line):
            self.console.print(line, markup=False, highlight=False, soft_wrap=True)
        else:
            logger.warning(line, extra={"of_process": process})


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False
