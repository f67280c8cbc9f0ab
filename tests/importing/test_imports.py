"""An import in the worker and at the command line: stopped, killed, gone on with, kept and undone."""

import datetime as dt
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation

from feedback.accounts.models import User
from feedback.asks.models import Ask
from feedback.forum.models import Board, Post
from feedback.forum.posts import bulk
from feedback.importing import run
from feedback.importing.imports import folder, working
from feedback.importing.imports.operations import (
    go_on,
    receive_file,
    start_import,
    stop_import,
)
from feedback.importing.models import Import, RefusedRow, Stretch
from feedback.kernel.leases import TakenOver, claim
from feedback.kernel.refusals import Refusal
from feedback.roadmap.models import Item

pytestmark = pytest.mark.django_db

#: Rows of a table, and of a batch here.
ROWS, BATCH = 350, 100


def table(rows: int = ROWS, batch: int = BATCH) -> str:
    """Return a table of which a row of every ``batch`` cannot be taken."""
    lines = (
        f"{n},Post number {n},with some words {n * 7},{'9' if n % batch == batch - 1 else n % 5 + 1}\n"
        for n in range(rows)
    )
    return "id,title,body,stars\n" + "".join(lines)


@pytest.fixture(autouse=True)
def _data_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write few rows at a time, so that a small table takes several batches."""
    monkeypatch.setattr(bulk, "BATCH", BATCH)
    monkeypatch.setattr(run, "REPORT_EVERY", BATCH // 4)


@pytest.fixture
def brought(pia: Any, board: Board, now: dt.datetime) -> Callable[..., Import]:
    def bring(text: str = "", name: str = "many.csv", source: str = "many") -> Import:
        arrived = folder.folder() / "arrived.part"
        arrived.write_text(text or table(), encoding="utf-8")
        one = receive_file(
            arrived=arrived, name=name, size=arrived.stat().st_size, actor=pia, now=now
        )
        working.work_on_next(now=now)
        one.refresh_from_db()
        assert one.state == "READY", one.found
        start_import(of=one, board=board, source=source, takes_changes=False, actor=pia, now=now)
        return one

    return bring


def figures(one: Import) -> tuple[Any, ...]:
    one.refresh_from_db()
    return one.state, one.read, one.made, one.already_there, one.refused


def test_an_import_that_is_stopped_goes_on_where_it_was(
    brought: Callable[..., Import], pia: Any, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "LOOKS_EVERY", 0.0)
    one = brought()
    written = working.Recorder.written

    def then_stop(self: Any, progress: Any, made: int) -> None:
        written(self, progress, made)
        Import.objects.filter(pk=one.pk, made__gte=200).update(state="STOPPED")

    monkeypatch.setattr(working.Recorder, "written", then_stop)
    working.work_on_next(now=now)
    state, read, made, _there, refused = figures(one)
    assert state == "STOPPED"
    assert 200 <= made < ROWS - 3
    assert read == made + refused == Post.objects.count() + RefusedRow.objects.count()
    assert one.leased_until is None
    assert not working.work_on_next(now=now), "Nobody takes it up by itself."
    monkeypatch.undo()
    go_on(of=one, actor=pia, now=now)
    working.work_on_next(now=now)
    assert figures(one) == ("DONE", ROWS, ROWS - 3, 0, 3)
    assert Post.objects.count() == ROWS - 3
    assert one.posts().count() == ROWS - 3
    assert one.stretches.count() == 2


def test_what_a_worker_did_that_lost_its_import_counts_for_nothing(
    brought: Callable[..., Import], now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that slept too long finds its import taken over: its batch is not there, and nothing is there twice."""
    one = brought()
    written = working.Recorder.written

    def taken_over(self: Any, progress: Any, made: int) -> None:
        if progress.read > 150:
            raise TakenOver
        written(self, progress, made)

    monkeypatch.setattr(working.Recorder, "written", taken_over)
    working.work_on_next(now=now)
    state, read, made, _there, refused = figures(one)
    assert (state, made) == ("RUNNING", Post.objects.count())
    assert read == made + refused
    monkeypatch.undo()
    Import.objects.update(leased_until=now - dt.timedelta(seconds=1))
    working.work_on_next(now=now)
    assert figures(one) == ("DONE", ROWS, ROWS - 3, 0, 3)
    assert Post.objects.count() == ROWS - 3


def test_the_same_file_again_makes_nothing_and_undoing_it_removes_nothing(
    brought: Callable[..., Import], now: dt.datetime
) -> None:
    first = brought()
    working.work_on_next(now=now)
    again = brought()
    working.work_on_next(now=now)
    assert figures(again) == ("DONE", ROWS, 0, ROWS - 3, 3)
    assert again.posts().count() == 0
    assert first.posts().count() == ROWS - 3
    moments = set(Stretch.objects.values_list("began_at", flat=True))
    assert len(moments) == 2, "Even at one moment each has its own."


def test_a_file_that_arrives_while_another_runs_is_looked_at(
    brought: Callable[..., Import], pia: Any, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "LOOKS_EVERY", 0.0)
    one = brought()
    arrived = folder.folder() / "second.part"
    arrived.write_text("id,text\n1,Please add folders\n", encoding="utf-8")
    other = receive_file(arrived=arrived, name="second.csv", size=30, actor=pia, now=now)
    Import.objects.filter(pk=other.pk).update(leased_until=now + dt.timedelta(minutes=1))
    seen: list[str] = []
    written = working.Recorder.written

    def then_free(self: Any, progress: Any, made: int) -> None:
        written(self, progress, made)
        other.refresh_from_db()
        seen.append(other.state)
        Import.objects.filter(pk=other.pk, state="LOOKING").update(leased_until=None)

    monkeypatch.setattr(working.Recorder, "written", then_free)
    working.work_on_next(now=now)
    assert seen[0] == "LOOKING"
    assert seen[-1] == "READY"
    assert figures(one)[0] == "DONE"


def test_what_goes_wrong_is_told_and_can_be_gone_on_from(
    brought: Callable[..., Import], pia: Any, now: dt.datetime
) -> None:
    one = brought()
    folder.forget(one)
    working._looked_at.clear()
    working.work_on_next(now=now)
    one.refresh_from_db()
    assert (one.state, one.error) == ("FAILED", "The file is no longer there; bring it again.")
    with pytest.raises(Refusal):
        stop_import(of=one, actor=pia, now=now)
    path = folder.path_of(one)
    path.parent.mkdir(parents=True)
    path.write_text(table(), encoding="utf-8")
    go_on(of=one, actor=pia, now=now)
    working.work_on_next(now=now)
    assert figures(one)[0] == "DONE"


def test_old_files_and_what_never_became_an_import_are_tidied_away(
    brought: Callable[..., Import], now: dt.datetime
) -> None:
    one = brought()
    working.work_on_next(now=now)
    left = folder.folder() / "left.part"
    left.write_text("half a file", encoding="utf-8")
    working.tidy(now=now)
    assert folder.path_of(one).exists()
    os.utime(left, (0, 0))
    working.tidy(now=now + working.KEPT + dt.timedelta(days=1))
    assert not folder.path_of(one).exists()
    assert not left.exists()


def test_a_worker_of_long_ago_holds_no_import_that_another_took_up_since(
    brought: Callable[..., Import], now: dt.datetime
) -> None:
    """How often it was taken up only grows, also where an import ended well in between."""
    one = brought("id,title\n1,Dark mode\n")
    due = Import.objects.filter(pk=one.pk)
    lost = claim(due, due.get(), lasts=working.LEASE)
    assert lost is not None
    due.update(leased_until=None)
    working.work_on_next(now=now)
    assert figures(one)[0] == "DONE"
    assert claim(due, due.get(), lasts=working.LEASE) is not None
    with pytest.raises(TakenOver):
        lost.renew(made=99)


def test_attempts_of_before_count_for_nothing_once_somebody_has_it_go_on(
    brought: Callable[..., Import], pia: Any, now: dt.datetime
) -> None:
    one = brought("id,title\n1,Dark mode\n")
    Import.objects.update(attempts=working.ATTEMPTS + 5)
    working.work_on_next(now=now)
    assert figures(one)[0] == "FAILED"
    go_on(of=one, actor=pia, now=now)
    working.work_on_next(now=now)
    assert figures(one)[0] == "DONE"


def test_a_person_reads_reasons_in_their_language(
    brought: Callable[..., Import], now: dt.datetime
) -> None:
    with translation.override("zh-hans"):
        one = brought()
    working.work_on_next(now=now)
    assert "星" in RefusedRow.objects.filter(of=one)[0].reason
    assert translation.get_language() == "en"


def test_any_text_is_kept_of_a_refused_row(
    brought: Callable[..., Import], now: dt.datetime
) -> None:
    rows = [
        {"id": 1, "text": "Please add folders", "stars": 4},
        {"id": 2, "text": "half a letter \ud83d", "stars": 9},
        {"id": 3, "text": "Please add a widget", "stars": 4},
    ]
    one = brought("\n".join(map(json.dumps, rows)) + "\n{broken\n", "many.jsonl")
    # What is in a column decides: said to be stars, a nine is refused.
    Import.objects.filter(pk=one.pk).update(said={"columns": {"stars": "stars"}})
    working.work_on_next(now=now)
    assert figures(one) == ("DONE", 4, 2, 0, 2)
    broken, odd = RefusedRow.objects.order_by("-line")
    assert bytes(broken.raw) == b"{broken"
    assert json.loads(odd.said)["text"] == "half a letter \ufffd"


# --- At the command line -----------------------------------------------------------------------------------
def import_posts(path: Path, *words: str) -> None:
    call_command("import_posts", str(path), "--board", "suggestions", *words)


def test_a_command_leaves_the_same_traces_and_is_undone_like_it(
    board: Board, tmp_path: Path, capsys: pytest.CaptureFixture[str], client_of: Any, pia: Any
) -> None:
    path = tmp_path / "many.csv"
    path.write_text(table(), encoding="utf-8")
    import_posts(path)
    one = Import.objects.get()
    assert figures(one) == ("DONE", ROWS, ROWS - 3, 0, 3)
    assert RefusedRow.objects.count() == 3
    assert (tmp_path / "many.rejects.csv").exists()
    desk = client_of(pia)
    page = desk.get(f"/desk/import/{one.public_id}/").content.decode()
    assert "at the command line" in page
    capsys.readouterr()
    call_command("undo_import")
    assert one.public_id in capsys.readouterr().out
    call_command("undo_import", one.public_id, "--dry-run")
    assert "347 posts" in capsys.readouterr().out
    assert Post.objects.count() == ROWS - 3
    call_command("undo_import", one.public_id)
    assert "Gone: 347 posts and 347 people." in capsys.readouterr().out
    assert not Post.objects.exists()
    assert not User.objects.exclude(pk=pia.pk).exists()
    board.refresh_from_db()
    assert board.post_count == 0


def test_undoing_what_is_not_there_is_a_sentence(db: None) -> None:
    with pytest.raises(CommandError, match='There is no import "nowhere"'):
        call_command("undo_import", "nowhere")


def test_a_command_that_was_cut_short_goes_on_with_the_same_import(
    board: Board, tmp_path: Path, now: dt.datetime
) -> None:
    path = tmp_path / "many.csv"
    path.write_text(table(), encoding="utf-8")
    import_posts(path, "--limit", "150")
    Import.objects.update(state="RUNNING", leased_until=now - dt.timedelta(seconds=1))
    working.work_on_next(now=now)
    one = Import.objects.get()
    assert one.state == "STOPPED", "Its file is the command's alone."
    import_posts(path)
    assert figures(one) == ("DONE", ROWS, ROWS - 3, 0, 3)
    assert Import.objects.count() == 1
    assert one.posts().count() == ROWS - 3


def test_what_states_made_is_undone_with_the_import(
    board: Board, pia: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(__file__).parent / "sources" / "fider.csv"
    import_posts(path, "--stages", "default", "--by", pia.email)
    assert Ask.objects.exists()
    assert Item.objects.exists()
    one = Import.objects.get()
    capsys.readouterr()
    call_command("undo_import", one.public_id, "--dry-run")
    assert "0 of them have votes, replies or decisions" in capsys.readouterr().out
    call_command("undo_import", one.public_id)
    assert not Post.objects.exists()
    assert not Ask.objects.exists()
    assert not Item.objects.exists()
    assert not User.objects.exclude(pk=pia.pk).exists()
