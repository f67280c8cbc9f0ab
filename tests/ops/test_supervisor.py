"""Keeping processes running, with real processes that die."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from feedback.ops.supervisor import QUICK_DEATHS, Part, PartFailed, Supervisor, how_it_ended
from tests.processes import ROOT

#: A process that has a child of its own, notes both, and takes no notice of `--follow`.
FAMILY = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(100)"])
open(sys.argv[1], "a").write(f"{os.getpid()} {child.pid}\\n")
print("up", flush=True)
time.sleep(100)
"""
DYING = "import sys; print('no such thing'); sys.exit(3)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, lambda *_: None); print('up', flush=True); time.sleep(100)"


def alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:  # noqa: PTH123
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def until(condition: Callable[[], Any], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "It did not happen."
        time.sleep(0.05)


def supervise(code: str, *words: str, is_vital: bool = False) -> tuple[Supervisor, list[str]]:
    said: list[str] = []
    part = Part("thing", [sys.executable, "-c", code, *words], is_vital=is_vital)
    supervisor = Supervisor(
        [part],
        environment=dict(os.environ),
        say=said.append,
        pass_on=lambda name, line: said.append(f"{name}: {line}"),
    )
    return supervisor, said


def test_what_is_killed_starts_again_and_its_children_are_gone(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    supervisor, said = supervise(FAMILY, str(notes))
    supervisor.start()
    try:
        until(lambda: "thing: up" in said)
        first, grandchild = map(int, notes.read_text().split())
        os.kill(first, signal.SIGKILL)

        def again() -> bool:
            supervisor.look()
            return len(notes.read_text().splitlines()) == 2

        until(again)
        assert "The thing was ended by SIGKILL; it starts again in 0.5 s." in said
        assert not alive(grandchild)
    finally:
        supervisor.stop()
    pids = [int(word) for word in notes.read_text().split()]
    until(lambda: not any(alive(pid) for pid in pids), 5)


def test_a_vital_process_that_cannot_run_is_given_up_with_its_last_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("feedback.ops.supervisor.LONGEST_VITAL_PAUSE", 0.0)
    supervisor, _ = supervise(DYING, is_vital=True)
    supervisor.start()

    def look_on() -> None:
        for _ in range(1_000):
            supervisor.look()
            time.sleep(0.02)

    with pytest.raises(PartFailed, match="the thing ends as soon as it is started: no such thing"):
        look_on()
    supervisor.stop()


def test_a_vital_process_that_ran_once_is_never_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedback.ops.supervisor.LONGEST_VITAL_PAUSE", 0.0)
    supervisor, said = supervise(DYING, is_vital=True)
    supervisor.saw("thing")
    supervisor.start()

    def died_often() -> bool:
        supervisor.look()
        return len([line for line in said if "stopped by itself" in line]) > QUICK_DEATHS

    until(died_often)
    supervisor.stop()


def test_what_must_run_pauses_shortly_however_often_it_died() -> None:
    supervisor, said = supervise(DYING, is_vital=True)
    [part] = supervisor.parts
    part.has_run, part.deaths = True, 40
    supervisor.start()

    def died() -> bool:
        supervisor.look()
        return part.deaths == 41

    until(died)
    supervisor.stop()
    assert "The thing stopped by itself (exit code 3); it starts again in 2 s." in said


def test_what_does_not_stop_is_ended() -> None:
    supervisor, said = supervise(STUBBORN)
    supervisor.start()
    until(lambda: "thing: up" in said)
    supervisor.stop(patience=0.3)
    assert "The thing did not stop in time and was ended." in said


def test_how_a_process_ended_is_said_in_words() -> None:
    assert how_it_ended(-9) == "was ended by SIGKILL"
    assert how_it_ended(-77) == "was ended by signal 77"
    assert how_it_ended(3) == "stopped by itself (exit code 3)"


def test_a_process_ends_when_the_one_that_started_it_is_killed(tmp_path: Path) -> None:
    child = (
        "import os, sys, time; sys.path.insert(0, sys.argv[1]);"
        "from feedback.ops import watch_parent; watch_parent.follow(int(sys.argv[2]), pause=0.05);"
        "print(os.getpid(), flush=True); time.sleep(100)"
    )
    parent = (
        "import os, subprocess, sys, time;"
        f"subprocess.Popen([sys.executable, '-c', {child!r}, sys.argv[1], str(os.getpid())]);"
        "time.sleep(100)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", parent, str(ROOT)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    pid = int(process.stdout.readline())
    assert alive(pid)
    process.kill()
    process.wait()
    process.stdout.close()
    until(lambda: not alive(pid), 10)
