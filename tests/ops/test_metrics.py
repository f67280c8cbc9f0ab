"""What Prometheus reads, who may, and that the dashboard and the alerts ask for what there is."""

import datetime as dt
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django_tasks_db.models import DBTaskResult

from feedback.grouping.models import Run
from feedback.journal.models import Dispatch, Entry
from feedback.kernel import clock, doorbell
from feedback.ops import reconciling
from feedback.ops.metrics import folder, requests, state
from tests.processes import ROOT

DOCS = ROOT / "docs" / "ops"
TOKEN = "shown-by-prometheus-alone"


@pytest.fixture
def read(db: None, client: Client, settings: Any) -> Any:
    """Read the figures as Prometheus does; by name and labels."""
    settings.METRICS_TOKEN = TOKEN

    def figures() -> dict[str, float]:
        answer = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith("text/plain")
        lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
        return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}

    return figures


@pytest.mark.parametrize("shown", ["", "Bearer ", f"Bearer {TOKEN}x", TOKEN, f"bearer {TOKEN}"])
def test_nobody_else_learns_that_there_is_anything(
    db: None, client: Client, settings: Any, shown: str
) -> None:
    for token in (TOKEN, ""):
        settings.METRICS_TOKEN = token
        assert client.get("/metrics", headers={"authorization": shown}).status_code == 404


def test_a_private_site_is_read_with_the_token(read: Any, settings: Any) -> None:
    settings.SITE_PRIVATE = True
    assert read()["heed_database_up"] == 1


def test_requests_are_counted_by_page_and_status(read: Any) -> None:
    def of_home(figures: dict[str, float]) -> float:
        return figures.get('heed_requests_total{method="GET",route="site:home",status="200"}', 0)

    before = of_home(read())
    requests.count(method="GET", route="site:home", status=200, seconds=0.02)
    figures = read()
    assert of_home(figures) == before + 1
    assert figures['heed_request_seconds_bucket{le="0.025",route="site:home"}'] >= 1


def test_the_queue_says_how_long_jobs_wait(read: Any, frozen: Any) -> None:
    from feedback.ops.tasks import reconcile_counters

    doorbell.ring(reconcile_counters)
    DBTaskResult.objects.create(
        task_path="a.b", queue_name="mail", args_kwargs={}, backend_name="default",
        status="RUNNING", started_at=clock.now(), run_after=clock.now(), priority=0,
    )  # fmt: skip
    reconcile_counters.enqueue()
    frozen.shift(40)
    figures = read()
    assert figures['heed_queue_age_seconds{lane="slow"}'] == 40
    assert figures['heed_queue_waiting{lane="slow"}'] >= 1
    assert figures['heed_queue_age_seconds{lane="quick"}'] == 0
    assert figures['heed_job_age_seconds{lane="mail"}'] == 40


def test_leases_deliveries_and_runs(read: Any, product: Any, now: dt.datetime) -> None:
    assert "heed_run_age_seconds" not in read()
    entry = Entry.objects.create(at=now, verb="post.published", subject_type="x", subject_id=1)
    over = now - dt.timedelta(seconds=90)
    Dispatch.objects.create(entry=entry, consumer="a", due_at=now, leased_until=over)
    Dispatch.objects.create(entry=entry, consumer="b", due_at=now, state=Dispatch.State.PARKED)
    Run.objects.create(
        product=product, state=Run.State.FAILED, requested_at=over, started_at=over, finished_at=over
    )  # fmt: skip
    figures = read()
    assert figures['heed_lease_overdue_seconds{work="journal"}'] == 90
    assert figures['heed_lease_overdue_seconds{work="mail"}'] == 0
    assert figures['heed_deliveries_waiting{channel="journal"}'] == 1
    assert figures['heed_deliveries_given_up{channel="journal"}'] == 1
    assert figures["heed_run_age_seconds"] == 90
    assert figures["heed_run_failed"] == 1


def test_what_had_drifted_last_night(read: Any, publish: Any, ann: Any, frozen: Any) -> None:
    publish(ann)
    post = __import__("feedback.forum.models", fromlist=["Post"]).Post
    post.objects.update(vote_count=7)
    frozen.shift(24 * 3600)
    assert reconciling.reconcile_tonight(now=clock.now()) is not None
    frozen.shift(60)
    figures = read()
    assert figures['heed_counters_drift{counter="votes"}'] == 1
    assert figures["heed_counters_age_seconds"] == 60


def test_without_the_database_the_rest_is_said(read: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_now: dt.datetime) -> Any:
        raise DatabaseError("away")

    monkeypatch.setattr(state, "_queue", away)
    figures = read()
    assert figures["heed_database_up"] == 0
    assert figures["heed_encoder_up"] == 0
    assert figures["heed_disk_free_bytes"] > 0
    assert "heed_run_failed" not in figures


def test_processes_count_together(tmp_path: Path) -> None:
    code = (
        "from feedback.ops.metrics.requests import count;"
        "count(method='GET', route='site:home', status=200, seconds=0.01)"
    )
    env = os.environ | {folder.VARIABLE: str(tmp_path)}
    for _ in range(2):
        subprocess.run([sys.executable, "-c", code], env=env, cwd=ROOT, check=True, timeout=60)
    read = (
        "from prometheus_client import CollectorRegistry, generate_latest, multiprocess as m;"
        "r = CollectorRegistry(); m.MultiProcessCollector(r); print(generate_latest(r).decode())"
    )
    said = subprocess.run(
        [sys.executable, "-c", read], env=env, cwd=ROOT, check=True, timeout=60, capture_output=True, text=True
    )  # fmt: skip
    assert 'heed_requests_total{method="GET",route="site:home",status="200"} 2.0' in said.stdout


def test_the_figures_of_webs_that_are_gone_go_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(folder.VARIABLE, "")
    monkeypatch.setattr(folder.platform, "node", lambda: "here")
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for name in (f"here/{gone.pid}", f"there/{gone.pid}", f"here/{os.getppid()}"):
        (tmp_path / name).mkdir(parents=True)
    folder.prepare(tmp_path)
    assert {str(path.relative_to(tmp_path)) for path in tmp_path.glob("*/*")} == {
        f"there/{gone.pid}", f"here/{os.getppid()}", f"here/{os.getpid()}",
    }  # fmt: skip
    assert os.environ[folder.VARIABLE] == str(tmp_path / f"here/{os.getpid()}")


# --- The dashboard and the alerts --------------------------------------------------------------------------
_NAME = re.compile(r"\bheed_[a-z_]+")


@pytest.fixture
def names(read: Any, product: Any, now: dt.datetime) -> set[str]:
    """Every name that is exposed once something happened."""
    requests.count(method="GET", route="site:home", status=200, seconds=0.02)
    Run.objects.create(
        product=product, state=Run.State.DONE, requested_at=now, started_at=now, finished_at=now
    )
    reconciling.cache.set(reconciling._LAST, (now, {"votes": 0}), 60)
    return {name.partition("{")[0] for name in read()}


def test_the_dashboard_asks_for_what_there_is(names: set[str]) -> None:
    board = json.loads((DOCS / "grafana.json").read_text(encoding="utf-8"))
    asked = {
        name
        for panel in board["panels"]
        for target in panel["targets"]
        for name in _NAME.findall(target["expr"])
    }
    assert len(asked) > 10
    assert asked <= names


def test_the_alerts_ask_for_what_there_is_and_lead_to_what_to_do(names: set[str]) -> None:
    alerts = (DOCS / "alerts.yml").read_text(encoding="utf-8")
    asked = {name for line in re.findall(r"expr: (.+)", alerts) for name in _NAME.findall(line)}
    assert len(asked) > 8
    assert asked <= names
    assert alerts.count("- alert:") == alerts.count("summary:") == alerts.count("severity:")


def test_every_figure_is_documented(names: set[str]) -> None:
    told = set(_NAME.findall((DOCS / "watching.md").read_text(encoding="utf-8")))
    families = {
        re.sub(r"_(bucket|sum|count)$", "", name) for name in names if not name.endswith("_created")
    }
    assert {name for name in families if name.startswith("heed_")} == told
