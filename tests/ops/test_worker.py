"""The worker: lanes, the clock, and what becomes of the jobs of a worker that was killed."""

import datetime as dt
import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connections
from django_tasks_db.models import DBTaskResult

from feedback.forum.tasks import index_posts
from feedback.kernel import doorbell, request_id
from feedback.ops import worker
from tests.processes import command, environment, on_sqlite

TABLE = DBTaskResult._meta.db_table

pytestmark = pytest.mark.django_db(transaction=True)


def lane(stop: threading.Event | None = None) -> worker.Lane:
    return worker.Lane(doorbell.QUICK, stop=stop or threading.Event(), worker_id="w1")


def job(**fields: Any) -> DBTaskResult[Any, Any]:
    result = DBTaskResult.objects.get(pk=index_posts.enqueue().id)
    if fields:
        DBTaskResult.objects.filter(pk=result.pk).update(**fields)
        result.refresh_from_db()
    return result


def test_a_lane_runs_a_job_and_says_when_there_is_none(now: dt.datetime) -> None:
    waiting = job()
    assert lane().take_one() is True
    waiting.refresh_from_db()
    assert (waiting.status, waiting.worker_ids) == ("SUCCESSFUL", ["w1"])
    assert lane().take_one() is False


def test_what_a_job_does_is_named_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting, heard = job(), []
    monkeypatch.setattr(
        worker.Lane, "run_task", lambda self, result: heard.append(request_id.present())
    )
    lane().take_one()
    assert heard == [f"job-{waiting.pk}"]
    assert request_id.present() == ""


def test_an_empty_queue_is_looked_at_without_a_lock(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1) as captured:
        lane().take_one()
    assert captured.captured_queries[0]["sql"].startswith("SELECT")


def test_of_two_lanes_one_gets_the_job() -> None:
    for _ in range(12):
        job()
    stop = threading.Event()
    lanes = [worker.Lane(doorbell.QUICK, stop=stop, worker_id=f"w{n}") for n in range(2)]

    def drain(one: worker.Lane) -> None:
        while one.take_one():
            pass
        connections.close_all()

    threads = [threading.Thread(target=drain, args=(one,)) for one in lanes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert all(len(ids) == 1 for ids in DBTaskResult.objects.values_list("worker_ids", flat=True))
    assert DBTaskResult.objects.successful().count() == 12


def test_a_lane_waits_for_a_database_that_is_away(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stop = threading.Event()
    one = lane(stop)

    def broken() -> bool:
        stop.set()
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(one, "take_one", broken)
    one.run()
    assert "waits for the database" in caplog.text


def test_a_job_whose_worker_is_gone_does_not_run_for_ever(now: dt.datetime) -> None:
    lost = job(status="RUNNING", started_at=now - dt.timedelta(minutes=3))
    slow = job(status="RUNNING", started_at=now - dt.timedelta(minutes=3), queue_name="slow")
    assert worker.tidy_queue(now=now) == 1
    lost.refresh_from_db()
    slow.refresh_from_db()
    assert (lost.status, slow.status) == ("FAILED", "RUNNING")
    assert worker.tidy_queue(now=now + dt.timedelta(minutes=13)) == 1


def test_old_rows_of_the_queue_are_removed(now: dt.datetime) -> None:
    job(status="SUCCESSFUL", finished_at=now - dt.timedelta(hours=2))
    young = job(status="SUCCESSFUL", finished_at=now - dt.timedelta(minutes=5))
    failed = job(status="FAILED", finished_at=now - dt.timedelta(hours=2))
    worker.tidy_queue(now=now)
    assert set(DBTaskResult.objects.values_list("pk", flat=True)) == {young.pk, failed.pk}


def test_the_clock_rings_every_job_at_its_own_interval() -> None:
    ticker = worker.Ticker()
    ticker.tick(0.0)
    tasks = {task.module_path: seconds for task, seconds in doorbell.periodic()}
    assert set(DBTaskResult.objects.values_list("task_path", flat=True)) == set(tasks)
    DBTaskResult.objects.all().delete()
    wait = ticker.tick(1.0)
    assert DBTaskResult.objects.count() == 0
    assert wait == pytest.approx(min(tasks.values()) - 1.0)
    ticker.tick(min(tasks.values()))
    assert DBTaskResult.objects.count() == sum(
        seconds == min(tasks.values()) for seconds in tasks.values()
    )


def test_a_job_that_does_not_end_goes_back_to_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, running, leave = threading.Event(), threading.Event(), threading.Event()

    def stuck(self: worker.Lane, result: DBTaskResult[Any, Any]) -> None:
        running.set()
        leave.wait(30)

    monkeypatch.setattr(worker.Lane, "run_task", stuck)
    monkeypatch.setattr(worker.Ticker, "tick", lambda self, at: 0.05)
    waiting = job()
    outcome: list[bool] = []
    thread = threading.Thread(
        target=lambda: (outcome.append(worker.work(stop, patience=0.2)), connections.close_all())
    )
    thread.start()
    assert running.wait(20)
    stop.set()
    thread.join(20)
    leave.set()
    for lane in threading.enumerate():
        if lane.name.startswith("lane-"):
            lane.join(20)  # or its connection is there in the next test
    assert outcome == [False]
    waiting.refresh_from_db()
    assert waiting.status == "READY"


def _stops_without_a_word(process: Any, signum: int) -> None:
    os.kill(process.pid, signum)
    said, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "Traceback" not in said


@on_sqlite
def test_a_worker_that_is_interrupted_stops_without_a_word(
    site: Path, start: Callable[..., Any]
) -> None:
    process = start(command("worker"), env=environment(site))
    _until_a_job_is_done(site)
    _stops_without_a_word(process, signal.SIGINT)


@on_sqlite
def test_a_job_of_a_killed_worker_is_rung_again_and_the_next_stops_when_asked(
    site: Path, start: Callable[..., Any]
) -> None:
    first = start(command("worker"), env=environment(site))
    _until_a_job_is_done(site)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    with sqlite3.connect(site / "heed.sqlite3", timeout=20) as database:
        database.execute(f"UPDATE {TABLE} SET status = 'RUNNING'")
    database.close()
    second = start(command("worker"), env=environment(site))
    _until_a_job_is_done(site)
    _stops_without_a_word(second, signal.SIGTERM)


def _until_a_job_is_done(site: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with sqlite3.connect(site / "heed.sqlite3", timeout=20) as database:
            (done,) = database.execute(
                f"SELECT COUNT(*) FROM {TABLE} WHERE status = 'SUCCESSFUL'"
            ).fetchone()
        database.close()
        if done:
            return
        time.sleep(0.05)
    raise AssertionError("No job was done within a minute.")
