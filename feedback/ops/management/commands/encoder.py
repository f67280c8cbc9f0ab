"""`manage.py encoder`: turn text into vectors for the other processes."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import Error as DatabaseError
from django.db import connection

from feedback.grouping.vectors.encoders import specs_to_serve


class Command(BaseCommand):
    help = "Run the encoder: the one process that loads a model. It listens at HEED_ENCODER_URL's host and port."
    requires_system_checks: list[str] = []  # type: ignore[assignment]  # it needs no database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", help="The address to listen at.")
        parser.add_argument("--port", type=int, help="The port to listen at.")
        parser.add_argument(
            "--encoder",
            action="append",
            help="Which encoder to serve; repeat it for several, the first is loaded at once. Without it: the "
            "one in force, as the database says, HEED_ENCODER, and those whose vectors are kept.",
        )
        parser.add_argument(
            "--follow",
            type=int,
            metavar="PID",
            help="Stop when this process, which started the encoder, has ended.",
        )

    def handle(self, **options: Any) -> None:
        options["encoder"] = options["encoder"] or _specs()
        words = [
            word
            for name in ("host", "port", "encoder", "follow")
            if options[name] is not None
            for value in (options[name] if isinstance(options[name], list) else [options[name]])
            for word in (f"--{name}", str(value))
        ]
        os.chdir(settings.BASE_DIR)
        # The same process goes on without the rest of the site in its memory.
        os.execv(  # noqa: S606
            sys.executable, [sys.executable, "-m", "feedback.ops.encoder_process", *words]
        )


def _specs() -> list[str]:
    """Return what the site needs served; without its database, what HEED_ENCODER says."""
    database = connection.settings_dict
    if connection.vendor == "sqlite" and not Path(str(database["NAME"])).exists():
        return [settings.ENCODER]  # an encoder on a machine of its own
    try:
        return specs_to_serve()
    except DatabaseError:
        return [settings.ENCODER]
