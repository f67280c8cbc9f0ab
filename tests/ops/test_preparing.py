"""What is done before the processes start, by `serve` and by `prepare`, and where the first administrator's login goes."""

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from feedback.accounts.models import User
from feedback.forum.models import Board
from feedback.ops import preparing
from feedback.ops.first_start import LOGIN_NAME, FirstStart
from tests.processes import ROOT, command, environment

#: A process that prints an object, a line beside it, and a word that looks like JSON.
TALKATIVE = 'print(\'{"event": "served", "process": "web"}\'); print(\'no such thing\'); print(7)'
SERVES = f"""
import os, sys, time
import django; django.setup()
from rich.console import Console
from feedback.ops.progress import Bars
from feedback.ops.supervisor import Part, Supervisor
bars = Bars(Console(file=sys.stdout))
bars.say("Heed is at http://127.0.0.1:8000")
part = Part("web", [sys.executable, "-uc", {TALKATIVE!r}])
supervisor = Supervisor([part], environment=os.environ, say=bars.say, pass_on=bars.pass_on)
supervisor.start()
part.process.wait()
while len(part.last_lines) < 3:
    time.sleep(0.01)
supervisor.look()
"""


@pytest.fixture
def folder(db: None, settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def test_a_site_is_ready_and_its_login_lies_where_the_log_says(
    folder: Path, capsys: pytest.CaptureFixture[str], client: Client
) -> None:
    call_command("prepare")
    said = capsys.readouterr().out
    path = folder / LOGIN_NAME
    assert str(path) in said
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    email, password = re.findall(r"(?:E-mail|Password) +(\S+)", path.read_text(encoding="utf-8"))
    assert password not in said
    assert Board.objects.exists()
    assert FirstStart(folder).step == "done"
    answer = client.post("/accounts/login/", {"login": email, "password": password})
    assert (answer.status_code, answer["Location"]) == (302, "/")

    path.unlink()
    call_command("prepare")
    assert LOGIN_NAME not in capsys.readouterr().out
    assert not path.exists()
    assert User.objects.filter(role="ADMIN").count() == 1


@pytest.mark.usefixtures("folder")
def test_who_sits_at_a_terminal_is_shown_it_but_not_where_lines_are_objects(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    settings.LOG_FORMAT = "json"
    call_command("prepare")
    assert "Password" not in capsys.readouterr().out
    User.objects.all().delete()
    settings.LOG_FORMAT = "text"
    call_command("prepare")
    assert re.search(r"Password +\w{4}-\w{4}-\w{4}-\w{4}-\d\d", capsys.readouterr().out)


@pytest.mark.usefixtures("folder")
def test_what_is_in_the_way_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "ROOM_FOR_A_FIRST_START", 10**9)
    with pytest.raises(CommandError, match=r"Heed cannot start: the disk under .* is nearly full"):
        call_command("prepare")


def test_where_lines_are_objects_all_are_and_name_their_process(tmp_path: Path) -> None:
    more = {"HEED_LOG_FORMAT": "json", "DJANGO_SETTINGS_MODULE": "config.settings", "PGAPPNAME": "heed serve"}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", SERVES],
        env=environment(tmp_path, **more), cwd=ROOT, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    lines = [json.loads(line) for line in (done.stdout + done.stderr).splitlines()]
    assert {(line["process"], line["event"]) for line in lines} == {
        ("serve", "Heed is at http://127.0.0.1:8000"),
        ("web", "served"),
        ("web", "no such thing"),
        ("web", "7"),
        ("serve", "The web stopped by itself (exit code 0); it starts again in 0.5 s."),
    }


def test_a_start_that_fails_says_so_in_an_object(tmp_path: Path) -> None:
    done = subprocess.run(
        command("serve", "--port", "http"),
        env=environment(tmp_path, HEED_LOG_FORMAT="json") | {"PATH": os.defpath},
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    (line,) = map(json.loads, (done.stdout + done.stderr).splitlines())
    assert done.returncode == 1
    assert line["process"] == "serve"
    assert line["event"].startswith("Heed cannot start: PORT=http is not a port")
