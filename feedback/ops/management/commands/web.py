"""`manage.py web`: answer browsers, with Granian."""

import gc
import multiprocessing
import resource
import threading
from argparse import ArgumentParser
from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import get_resolver
from django.utils.module_loading import import_string
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from feedback.ops import watch_parent
from feedback.ops.metrics import folder
from feedback.ops.web import bounds, patience, peers
from feedback.ops.web.bridge import Bridge
from feedback.ops.web.noted import Count

#: Milliseconds for the head of a request, from the first moment of a connection or the end of the answer before.
_HEAD_MILLISECONDS = 15_000
#: Open connections of one process, idle ones too; each needs a file of the system's.
_CONNECTIONS = 4_000
#: Granian's own lines go where all others go, in their format.
_OUR_LOG = {"loggers": {"_granian": {"propagate": True}, "granian.access": {"propagate": True}}}


def load_application(target: str, port: int) -> Callable[..., Any]:
    """Return the application at ``target``; called by Granian in each of its own processes, which listen at ``port``."""
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None:
        watch_parent.follow(parent.pid)
    patience.have_little()
    # All connections of a proxy are of one address.
    if settings.SECURE_PROXY_SSL_HEADER is None:
        peers.bound(port, most=max(1, connections() // peers.SHARE))
    application: Callable[..., Any] = import_string(target)
    threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()
    return Bridge(application, bounds.of_settings(), count=_count()).__call__


def _count() -> Count | None:
    if not settings.METRICS_TOKEN:
        return None
    # Decides as it is loaded whether processes share their figures.
    from feedback.ops.metrics.requests import count

    return count


def _warm_up() -> None:
    from feedback.grouping.similar.warm_up import warm_up  # needs the models

    warm_up()


def connections() -> int:
    """Have the system give as many files as it may; return how many connections a process keeps open at most."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        soft = hard
    if soft == resource.RLIM_INFINITY:
        return _CONNECTIONS
    return max(64, min(_CONNECTIONS, soft - 256))


class Command(BaseCommand):
    help = "Answer browsers. Processes and threads: HEED_WEB_WORKERS, HEED_WEB_THREADS."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="The address to listen at.")
        parser.add_argument("--port", type=int, default=8000, help="The port to listen at.")
        parser.add_argument(
            "--follow",
            type=int,
            metavar="PID",
            help="Stop when this process, which started the web server, has ended.",
        )

    def handle(self, *, host: str, port: int, follow: int | None, **options: Any) -> None:
        if follow:
            watch_parent.follow(follow)
        if settings.METRICS_TOKEN:
            folder.prepare(settings.DATA_DIR / "metrics")
        # What is loaded before the processes part is there once for all of them.
        get_resolver().url_patterns  # noqa: B018
        gc.collect()
        gc.freeze()
        Granian(
            settings.WSGI_APPLICATION,
            address=host,
            port=port,
            interface=Interfaces.ASGINL,
            # Only this mode ends a connection that never says a word.
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(header_read_timeout=_HEAD_MILLISECONDS),
            workers=settings.WEB_WORKERS,
            backpressure=connections(),
            websockets=False,
            respawn_failed_workers=True,
            workers_kill_timeout=10,
            log_level=LogLevels.warning,
            log_dictconfig=_OUR_LOG,
        ).serve(target_loader=partial(load_application, port=port))
