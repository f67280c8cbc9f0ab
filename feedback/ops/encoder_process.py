"""The encoder's process: settings and models, and nothing else of the site.

`manage.py encoder` becomes this process, which weighs some fifty megabytes less than one with every room in it.
"""

import argparse
import os
import sys
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.log import configure_logging

from feedback.encoder import server
from feedback.encoder.models.base import EncoderUnavailable
from feedback.ops import watch_parent


def main(arguments: list[str]) -> int:
    """Serve until told to stop; return the exit code."""
    parser = argparse.ArgumentParser(prog="encoder_process")
    parser.add_argument("--host")
    parser.add_argument("--port", type=int)
    parser.add_argument("--encoder", action="append")
    parser.add_argument("--follow", type=int)
    options = parser.parse_args(arguments)
    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
    if options.follow:
        watch_parent.follow(options.follow)
    configured = urlsplit(settings.ENCODER_URL)
    try:
        server.run(
            options.host or configured.hostname or "127.0.0.1",
            options.port or configured.port or 8765,
            *(options.encoder or [settings.ENCODER]),
            token=settings.ENCODER_TOKEN,
            threads=settings.ENCODER_THREADS,
        )
    except EncoderUnavailable as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    sys.exit(main(sys.argv[1:]))
