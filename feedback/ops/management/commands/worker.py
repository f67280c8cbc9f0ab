"""`manage.py worker`: run the background jobs."""

import os
import signal
import threading
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand

from feedback.ops import watch_parent, worker


class Command(BaseCommand):
    help = "Run the background jobs: embedding, placing, regrouping, telling. Any number may run."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--follow",
            type=int,
            metavar="PID",
            help="Stop when this process, which started the worker, has ended.",
        )

    def handle(self, *, follow: int | None, **options: Any) -> None:
        stop = threading.Event()

        def asked_to_stop(signum: int, frame: FrameType | None) -> None:
            if stop.is_set():
                os._exit(1)  # asked twice: leave at once
            stop.set()

        signal.signal(signal.SIGTERM, asked_to_stop)
        signal.signal(signal.SIGINT, asked_to_stop)
        if follow:
            watch_parent.follow(follow)
        if not worker.work(stop):
            os._exit(0)  # a thread still runs a job that was given back
