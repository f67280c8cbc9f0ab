"""An import whose worker is killed with SIGKILL, among its rows and among the asks that it makes of them."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.importing.test_imports import table
from tests.processes import command, environment, on_sqlite

MANY, ASKED = 12_000, 60
Do = Callable[[str], None]


def _ask(site: Path, sql: str) -> Any:
    with sqlite3.connect(site / "heed.sqlite3", timeout=20) as database:
        found = database.execute(sql).fetchone()
        return found[0] if found else None


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 90
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def begun(site: Path, start: Callable[..., Any]) -> Callable[..., Any]:
    """Have pia bring a file, and start its import with ``more`` words once the worker has looked; return the worker."""
    here = environment(site, DJANGO_SETTINGS_MODULE="config.settings")

    def do(code: str) -> None:
        before = (
            "import django; django.setup();from feedback.accounts.models import User;"
            "from feedback.forum.models import Board;from feedback.importing.models import Import;"
            "from feedback.importing.imports.operations import *;from feedback.kernel import clock;"
        )
        subprocess.run([sys.executable, "-c", before + code], env=here, check=True, timeout=60)

    def begin(text: str, more: str = "") -> Any:
        arrived = site / "imports" / "arrived.part"
        arrived.parent.mkdir()
        arrived.write_text(text, encoding="utf-8")
        do(
            "pia = User.objects.create_user('pia@example.org', 'x', role='MANAGER');"
            f"receive_file(arrived=Path({str(arrived)!r}), name='many.csv', size=9, actor=pia, now=clock.now())"
        )
        worker = start(command("worker"), env=environment(site))
        _until(lambda: _ask(site, "SELECT state FROM importing_import") == "READY")
        do(
            "start_import(of=Import.objects.get(), board=Board.objects.get(slug='bugs'), source='many',"
            f" takes_changes=False, actor=User.objects.get(), now=clock.now(){more})"
        )
        return worker

    return begin


def _kill(worker: Any, site: Path) -> None:
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    assert _ask(site, "SELECT state FROM importing_import") == "RUNNING"


def _go_on(site: Path, start: Callable[..., Any]) -> None:
    """Have another worker find that the killed one's lease has ended."""
    with sqlite3.connect(site / "heed.sqlite3", timeout=20) as database:
        database.execute("UPDATE importing_import SET leased_until = '2020-01-01 00:00:00'")
    start(command("worker"), env=environment(site))
    _until(lambda: _ask(site, "SELECT state FROM importing_import") == "DONE")


@on_sqlite
def test_a_worker_that_is_killed_loses_nothing_and_doubles_nothing(
    site: Path, start: Callable[..., Any], begun: Callable[..., Any]
) -> None:
    worker = begun(table(MANY, batch=1_000))
    _until(lambda: _ask(site, "SELECT COUNT(*) FROM forum_post") >= 2_000)
    _kill(worker, site)
    there = _ask(site, "SELECT COUNT(*) FROM forum_post")
    assert there < MANY - 12
    assert there == _ask(site, "SELECT made FROM importing_import")
    _go_on(site, start)
    assert _ask(site, "SELECT COUNT(*) FROM forum_post") == MANY - 12
    assert _ask(site, "SELECT made FROM importing_import") == MANY - 12
    assert _ask(site, "SELECT COUNT(*) FROM importing_refusedrow") == 12
    assert _ask(site, "SELECT already_there + refused FROM importing_import") == 12
    assert _ask(site, "SELECT SUM(post_count) FROM forum_board") == MANY - 12


@on_sqlite
def test_a_worker_that_is_killed_among_the_asks_goes_on_behind_the_last(
    site: Path, start: Callable[..., Any], begun: Callable[..., Any]
) -> None:
    rows = (f"{n},Wish number {n} of many,Next,It is planned\n" for n in range(ASKED))
    worker = begun(
        "id,title,status,official_answer\n" + "".join(rows), ", stages={'Next': 'PLANNED'}"
    )
    asks = "SELECT COUNT(*) FROM asks_ask WHERE state = 'PUBLIC'"
    decided = "SELECT json_extract(decided, '$.asks') FROM importing_import"
    _until(lambda: _ask(site, asks) >= 20)
    _kill(worker, site)
    there = _ask(site, asks)
    assert there < ASKED
    assert there == _ask(site, decided)
    _go_on(site, start)
    assert _ask(site, asks) == _ask(site, decided) == ASKED
    assert _ask(site, "SELECT json_extract(decided, '$.left') FROM importing_import") == 0
    for kept in ("roadmap_item", "asks_answer", "asks_membership", "forum_comment"):
        assert _ask(site, f"SELECT COUNT(*) FROM {kept}") == ASKED
