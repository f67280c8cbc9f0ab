"""Keeping web, worker and encoder running, and stopping all of them."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

#: A process that ran this many seconds can run: whatever ends it later, it starts again, and quickly at first.
RAN_AFTER = 10.0
#: Seconds before a process starts again, at most: the site is away while one that must run is.
LONGEST_PAUSE = 30.0
LONGEST_VITAL_PAUSE = 2.0
#: A process that must run and never ran is given up after this many deaths.
QUICK_DEATHS = 6
PATIENCE = 15.0

Say = Callable[[str], None]
#: Takes the name of a process and a line that it wrote.
PassOn = Callable[[str, str], None]


class PartFailed(Exception):
    """A process that Heed cannot do without ends as soon as it is started."""


@dataclass
class Part:
    """One process to keep running. ``has_run`` once it was seen to work: then it is never given up."""

    name: str
    command: Sequence[str]
    is_vital: bool = False
    has_run: bool = False
    process: "subprocess.Popen[str] | None" = None
    started_at: float = 0.0
    deaths: int = 0
    due_at: float = 0.0
    last_lines: list[str] = field(default_factory=list)


class Supervisor:
    """Starts processes, each in a session of its own, and starts again what dies.

    Every process gets `--follow` with this process's id, so that none outlives a supervisor that is killed.
    """

    def __init__(
        self, parts: Sequence[Part], *, environment: Mapping[str, str], say: Say, pass_on: PassOn
    ) -> None:
        self.parts = list(parts)
        self.environment = dict(environment)
        self.say = say
        self.pass_on = pass_on

    def start(self) -> None:
        """Start everything."""
        for part in self.parts:
            self._start(part)

    def look(self) -> None:
        """Notice who died and start them again when it is time. Call it a few times a second.

        Raises `PartFailed` when a vital process dies again and again and never ran.
        """
        now = time.monotonic()
        for part in self.parts:
            if part.process is None:
                if now >= part.due_at:
                    self._start(part)
            elif part.process.poll() is not None:
                self._bury(part, now)

    def saw(self, name: str) -> None:
        """Note that the part ``name`` does its work, as when it answered."""
        for part in self.parts:
            part.has_run = part.has_run or part.name == name

    def stop(self, *, patience: float = PATIENCE) -> None:
        """Ask every process to end, wait, and kill what is left, grandchildren included."""
        for part in self.parts:
            _signal_group(part, signal.SIGTERM)
        deadline = time.monotonic() + patience
        for part in self.parts:
            if part.process is not None:
                try:
                    part.process.wait(max(0.0, deadline - time.monotonic()))
                except subprocess.TimeoutExpired:
                    self.say(f"The {part.name} did not stop in time and was ended.")
                _signal_group(part, signal.SIGKILL)
                part.process.wait()

    def _start(self, part: Part) -> None:
        part.started_at = time.monotonic()
        part.last_lines.clear()
        part.process = subprocess.Popen(  # noqa: S603
            [*part.command, "--follow", str(os.getpid())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=self.environment,
            start_new_session=True,
        )
        threading.Thread(
            target=self._pass_on, args=(part, part.process), name=f"{part.name}-output", daemon=True
        ).start()

    def _pass_on(self, part: Part, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        for line in process.stdout:
            part.last_lines = [*part.last_lines[-19:], line.rstrip()]
            self.pass_on(part.name, line.rstrip())

    def _bury(self, part: Part, now: float) -> None:
        assert part.process is not None
        _signal_group(part, signal.SIGKILL)  # what it had started itself
        is_quick = now - part.started_at < RAN_AFTER
        part.has_run = part.has_run or not is_quick
        part.deaths = part.deaths + 1 if is_quick else 1
        if part.is_vital and not part.has_run and part.deaths >= QUICK_DEATHS:
            raise PartFailed(
                f"the {part.name} ends as soon as it is started"
                + (f": {part.last_lines[-1]}" if part.last_lines else ".")
            )
        longest = LONGEST_VITAL_PAUSE if part.is_vital else LONGEST_PAUSE
        pause = min(longest, 2.0 ** min(part.deaths - 1, 10) - 0.5)
        self.say(
            f"The {part.name} {how_it_ended(part.process.returncode)}; it starts again in {pause:g} s."
        )
        part.process = None
        part.due_at = now + pause


def how_it_ended(code: int) -> str:
    """Put a process's return code into words."""
    if code < 0:
        try:
            return f"was ended by {signal.Signals(-code).name}"
        except ValueError:
            return f"was ended by signal {-code}"
    return f"stopped by itself (exit code {code})"


def _signal_group(part: Part, signum: int) -> None:
    if part.process is None:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(part.process.pid, signum)
