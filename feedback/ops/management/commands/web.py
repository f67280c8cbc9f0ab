"""`manage.py web`: answer browsers, with Granian."""

import gc
import multiprocessing
import threading
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import get_resolver
from django.utils.module_loading import import_string
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from feedback.ops import watch_parent


def load_application(target: str) -> Callable[..., Any]:
    """Return the application at ``target``; called by Granian in each of its own processes."""
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None:
        watch_parent.follow(parent.pid)
    application: Callable[..., Any] = import_string(target)
    threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()
    return application


def _warm_up() -> None:
    from feedback.grouping.similar.warm_up import warm_up  # needs the models

    warm_up()


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
        # What is loaded before the processes part is there once for all of them.
        get_resolver().url_patterns  # noqa: B018
        gc.collect()
        gc.freeze()
        Granian(
            settings.WSGI_APPLICATION,
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=settings.WEB_WORKERS,
            blocking_threads=settings.WEB_THREADS,
            blocking_threads_idle_timeout=600,
            backpressure=64,
            websockets=False,
            respawn_failed_workers=True,
            workers_kill_timeout=10,
            log_level=LogLevels.warning,
        ).serve(target_loader=load_application)
