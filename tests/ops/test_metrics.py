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

from feedback.forum.models import Post
from feedback.forum.posts.operations import edit_post
from feedback.forum.products.operations import ensure_product
from feedback.grouping.models import Run
from feedback.journal.models import Dispatch, Entry
from feedback.journal.verbs import Verb
from feedback.kernel import clock, doorbell
from feedback.notify.models import Mail, Push
from feedback.ops import reconciling
from feedback.ops.archive import noted
from feedback.ops.metrics import folder, requests, state
from feedback.ops.models import Night
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
    entry = Entry.objects.create(at=now, verb="post.published", subject_type="x", subject_id=1)
    over = now - dt.timedelta(seconds=90)
    Dispatch.objects.create(entry=entry, consumer="a", due_at=now, leased_until=over)
    Dispatch.objects.create(entry=entry, consumer="b", due_at=now, state=Dispatch.State.PARKED)
    figures = read()
    assert figures['heed_lease_overdue_seconds{work="journal"}'] == 90
    assert figures['heed_lease_overdue_seconds{work="mail"}'] == 0
    assert figures['heed_deliveries_waiting{channel="journal"}'] == 1
    assert figures['heed_deliveries_given_up{channel="journal"}'] == 1


def test_mail_and_push_that_were_refused_are_told_beside_the_rest(
    read: Any, ann: Any, now: dt.datetime
) -> None:
    kept: Any
    for kept in (Mail, Push):
        more = {"device": None} if kept is Push else {}
        for wanted in ("REFUSED", "SENT", "DROPPED"):
            kept.objects.create(person=ann, state=wanted, made_at=now, due_at=now, **more)
    figures = read()
    for channel, number in {"journal": 0, "mail": 1, "webhooks": 0, "push": 1}.items():
        assert figures[f'heed_deliveries_given_up{{channel="{channel}"}}'] == number


def test_a_young_product_that_groups_well_hides_no_large_one_that_fails(
    read: Any, product: Any, now: dt.datetime
) -> None:
    assert not [name for name in read() if name.startswith("heed_run_")]
    young = ensure_product(slug="young", name="Young", name_zh="新", now=now)
    for of, ended, before in ((product, "DONE", 900), (product, "FAILED", 90), (young, "DONE", 9)):
        at = now - dt.timedelta(seconds=before)
        Run.objects.create(product=of, state=ended, requested_at=at, started_at=at, finished_at=at)
    figures = read()
    mine, other = f'{{product="{product.slug}"}}', '{product="young"}'
    assert (figures[f"heed_run_age_seconds{mine}"], figures[f"heed_run_failed{mine}"]) == (90, 1)
    assert (figures[f"heed_run_age_seconds{other}"], figures[f"heed_run_failed{other}"]) == (9, 0)


def test_posts_that_the_encoder_has_not_read_are_told_with_their_age(
    read: Any, publish: Any, ann: Any, embed: Any, frozen: Any
) -> None:
    first, _second = publish(ann, "Dark mode"), publish(ann, "Offline maps")
    frozen.shift(300)
    figures = read()
    assert (figures["heed_posts_unread"], figures["heed_posts_unread_age_seconds"]) == (2, 300)
    embed()
    figures = read()
    assert (figures["heed_posts_unread"], figures["heed_posts_unread_age_seconds"]) == (0, 0)
    edit_post(post=first, editor=ann, title="Dark mode at night", body="", now=clock.now())
    frozen.shift(20)
    figures = read()
    assert (figures["heed_posts_unread"], figures["heed_posts_unread_age_seconds"]) == (1, 20)


def test_what_had_drifted_last_night(read: Any, publish: Any, ann: Any, frozen: Any) -> None:
    publish(ann)
    Post.objects.update(vote_count=7)
    frozen.shift(3 * 24 * 3600)
    figures = read()
    assert figures["heed_counters_age_seconds"] == 3 * 24 * 3600, "never, and that can be seen"
    assert 'heed_counters_drift{counter="votes"}' not in figures
    assert reconciling.reconcile_tonight(now=clock.now()) is not None
    frozen.shift(60)
    figures = read()
    assert figures['heed_counters_drift{counter="votes"}'] == 1
    assert figures["heed_counters_age_seconds"] == 60


def test_how_long_ago_the_site_was_backed_up_and_a_backup_came_back(
    read: Any, frozen: Any, now: dt.datetime
) -> None:
    assert not {"heed_backup_age_seconds", "heed_drill_age_seconds"} & {*read()}
    for days, verb in ((5, Verb.BACKED_UP), (4, Verb.BACKUP_TRIED), (1, Verb.BACKED_UP)):
        noted.note(verb=verb, name="b.tar.gz", now=now - dt.timedelta(days=days))
    figures = read()
    assert figures["heed_backup_age_seconds"] == 86_400
    assert figures["heed_drill_age_seconds"] == 4 * 86_400


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
    Night.objects.create(day=now.date(), counted_at=now, drift={"votes": 0})
    for verb in (Verb.BACKED_UP, Verb.BACKUP_TRIED):
        noted.note(verb=verb, name="heed-2026-03-03-020000.tar.gz", now=now)
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
