"""`manage.py encoder`: turn text into vectors for the other processes."""

from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from feedback.ops import lifeline


class Command(BaseCommand):
    help = (
        "Run the encoder: the one process that loads a model, at HEED_ENCODER_URL's host and port."
    )

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

    def handle(
        self,
        *,
        host: str | None,
        port: int | None,
        encoder: str | None,
        follow: int | None,
        **options: Any,
    ) -> None:
        from feedback.insight.engine.encoders.base import EncoderUnavailable
        from feedback.ops import encoder_server

        if follow:
            lifeline.follow(follow)
        configured = urlsplit(settings.ENCODER_URL)
        try:
            encoder_server.run(
                host or configured.hostname or "127.0.0.1",
                port or configured.port or 8765,
                encoder or settings.ENCODER,
            )
        except EncoderUnavailable as error:
            raise CommandError(str(error)) from error
