"""`manage.py encoder`: turn text into vectors for the other processes."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Run the encoder: the one process that loads a model. It listens at HEED_ENCODER_URL's host and port."
    requires_system_checks: list[str] = []  # type: ignore[assignment]  # it needs no database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", help="The address to listen at.")
        parser.add_argument("--port", type=int, help="The port to listen at.")
        parser.add_argument("--encoder", help="Which encoder to load instead of HEED_ENCODER.")
        parser.add_argument(
            "--follow",
            type=int,
            metavar="PID",
            help="Stop when this process, which started the encoder, has ended.",
        )

    def handle(self, **options: Any) -> None:
        words = [
            word
            for name in ("host", "port", "encoder", "follow")
            if options[name] is not None
            for word in (f"--{name}", str(options[name]))
        ]
        os.chdir(settings.BASE_DIR)
        # The same process goes on without the rest of the site in its memory.
        os.execv(  # noqa: S606
            sys.executable, [sys.executable, "-m", "feedback.ops.encoder_process", *words]
        )
