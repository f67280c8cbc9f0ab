"""How the site's work goes, asked for anew each time: the queue, leases, deliveries, runs, counters, encoder and disk."""

import datetime as dt
import shutil
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.db import Error, models
from django.db.models import Count, Max, Min
from django_tasks_db.models import DBTaskResult
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from feedback.grouping.models import Run
from feedback.grouping.vectors.embedding import unread
from feedback.grouping.vectors.encoders import current_model
from feedback.importing.models import Import
from feedback.journal.models import Dispatch, Entry
from feedback.journal.verbs import Verb
from feedback.kernel import clock
from feedback.notify.models import Mail, Push, WebhookDelivery
from feedback.ops import health, reconciling
from feedback.ops.archive import noted
from feedback.ops.worker import LEASES

Figures = Mapping[str, float]
#: What is claimed by leases and still to be done, each found by an index.
_LEASED: dict[str, models.QuerySet[Any]] = {
    "journal": Dispatch.objects.filter(state=Dispatch.State.WAITING),
    "mail": Mail.objects.filter(state=Mail.State.WAITING),
    "webhooks": WebhookDelivery.objects.filter(state=WebhookDelivery.State.WAITING),
    "push": Push.objects.filter(state=Push.State.WAITING),
    "runs": Run.objects.filter(state=Run.State.RUNNING),
    "imports": Import.objects.exclude(leased_until=None),
}
_DELIVERED = ("journal", "mail", "webhooks", "push")
#: What is not tried again by itself, each found by an index.
_GIVEN_UP: dict[str, models.QuerySet[Any]] = {
    "journal": Dispatch.objects.filter(state=Dispatch.State.PARKED),
    "mail": Mail.objects.filter(state=Mail.State.REFUSED),
    "webhooks": WebhookDelivery.objects.filter(state=WebhookDelivery.State.DEAD),
    "push": Push.objects.filter(state=Push.State.REFUSED),
}


class State(Collector):
    """Gauges. While the database is away it says so, and what it knows without."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield from _of_machine()
        try:
            found = list(_of_database(clock.now()))
        except Error:
            found = []
        yield _one("heed_database_up", "Whether the database answers.", bool(found))
        yield from found


def _of_machine() -> Iterator[GaugeMetricFamily]:
    encoder = health.encoder_state(timeout=1.0)
    yield _one("heed_encoder_up", "Whether the encoder is ready.", encoder.state == "READY")
    disk = shutil.disk_usage(settings.DATA_DIR)
    yield _one("heed_disk_free_bytes", "Bytes free where the data folder lies.", disk.free)
    yield _one("heed_disk_size_bytes", "Bytes of the disk where the data folder lies.", disk.total)


def _of_database(now: dt.datetime) -> Iterator[GaugeMetricFamily]:
    yield from _queue(now)
    yield _by(
        "heed_lease_overdue_seconds",
        "Seconds since the oldest lease ended whose work nobody took up again.",
        "work",
        {name: _overdue(rows, now) for name, rows in _LEASED.items()},
    )
    yield _by(
        "heed_deliveries_waiting",
        "What is still to be told, by channel; the journal's are what happened and nobody followed up.",
        "channel",
        {name: _LEASED[name].count() for name in _DELIVERED},
    )
    yield _by(
        "heed_deliveries_given_up",
        "What could not be told, by channel.",
        "channel",
        {name: rows.count() for name, rows in _GIVEN_UP.items()},
    )
    yield from _runs(now)
    yield from _unread(now)
    yield from _counters(now)
    yield from _backups(now)


def _queue(now: dt.datetime) -> Iterator[GaugeMetricFamily]:
    none = dict.fromkeys(LEASES, 0.0)
    waiting = DBTaskResult.objects.ready().order_by().values("queue_name")
    rows = list(waiting.annotate(count=Count("pk"), oldest=Min("enqueued_at")))
    yield _by(
        "heed_queue_waiting",
        "Jobs that wait, by lane.",
        "lane",
        none | {row["queue_name"]: row["count"] for row in rows},
    )
    yield _by(
        "heed_queue_age_seconds",
        "Seconds that the first job of a lane has waited.",
        "lane",
        none | {row["queue_name"]: _age(row["oldest"], now) for row in rows},
    )
    running = DBTaskResult.objects.filter(status="RUNNING").order_by().values("queue_name")
    yield _by(
        "heed_job_age_seconds",
        "Seconds that the oldest running job of a lane has taken.",
        "lane",
        none
        | {
            row["queue_name"]: _age(row["oldest"], now)
            for row in running.annotate(oldest=Min("started_at"))
        },
    )


def _runs(now: dt.datetime) -> Iterator[GaugeMetricFamily]:
    """Of every product by itself: a young one that groups well hides no large one that fails."""
    over = Run.objects.filter(state__in=[Run.State.DONE, Run.State.FAILED])
    last = over.order_by().values("product").annotate(last=Max("pk")).values("last")
    ended = list(
        Run.objects.filter(pk__in=last).values_list("product__slug", "state", "finished_at")
    )
    yield _by(
        "heed_run_age_seconds",
        "Seconds since the last regrouping of a product ended.",
        "product",
        {slug: _age(at, now) for slug, _state, at in ended},
    )
    yield _by(
        "heed_run_failed",
        "Whether the last regrouping of a product failed.",
        "product",
        {slug: state == Run.State.FAILED for slug, state, _at in ended},
    )


def _unread(now: dt.datetime) -> Iterator[GaugeMetricFamily]:
    model = current_model()
    count, oldest = unread(model.model_key if model is not None else None)
    about = "Posts that the encoder has not read yet: they are found by words alone and stay without an ask."
    yield _one("heed_posts_unread", about, count)
    about = "Seconds that the first of them has waited, since it came or was changed."
    yield _one("heed_posts_unread_age_seconds", about, _age(oldest, now))


def _counters(now: dt.datetime) -> Iterator[GaugeMetricFamily]:
    last = reconciling.last_counted()
    about = "Rows whose counter said something else than there is, when all was counted again last."
    yield _by("heed_counters_drift", about, "counter", last.drift if last is not None else {})
    since = last.counted_at if last is not None else _began()
    about = "Seconds since all was counted again; before the first time, since the site began."
    yield _one("heed_counters_age_seconds", about, _age(since, now))


def _began() -> dt.datetime | None:
    return Entry.objects.order_by("pk").values_list("at", flat=True).first()


def _backups(now: dt.datetime) -> Iterator[GaugeMetricFamily]:
    if made := noted.last(Verb.BACKED_UP):
        about = "Seconds since the site was backed up, from whichever machine."
        yield _one("heed_backup_age_seconds", about, _age(made.at, now))
    if tried := noted.last(Verb.BACKUP_TRIED):
        about = "Seconds since a backup came back whole when it was tried."
        yield _one("heed_drill_age_seconds", about, _age(tried.at, now))


def _overdue(rows: models.QuerySet[Any], now: dt.datetime) -> float:
    return _age(rows.aggregate(first=Min("leased_until"))["first"], now)


def _age(at: dt.datetime | None, now: dt.datetime) -> float:
    return max(0.0, (now - at).total_seconds()) if at is not None else 0.0


def _one(name: str, about: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, about, value=float(value))


def _by(name: str, about: str, label: str, figures: Figures) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, about, labels=[label])
    for key, value in figures.items():
        family.add_metric([key], float(value))
    return family
