"""`manage.py serve`: everything, in one terminal."""

import logging
import os
import signal
import socket
import sys
import threading
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection, connections
from rich.console import Console

from feedback.encoder.models.registry import bundled, is_here
from feedback.grouping.vectors.encoders import (
    EncoderDown,
    asking,
    current_model,
    is_own,
    name_of,
)
from feedback.kernel import clock
from feedback.kernel.refusals import Refusal
from feedback.ops.first_hour import FirstHour
from feedback.ops.first_start import DONE, GROUPING, IMPORTING, FirstStart
from feedback.ops.preconditions import CannotStart, check_address, check_data_folder, free_port
from feedback.ops.preparing import prepare
from feedback.ops.progress import Bars
from feedback.ops.running import Running, RunsAlready
from feedback.ops.supervisor import Part, PartFailed, Supervisor
from feedback.sample import choosing
from feedback.sample.loading import is_loaded, is_place, load

logger = logging.getLogger(__name__)

PAUSE = 0.2


class Command(BaseCommand):
    help = "Start Heed: web, worker and encoder. The first start prepares everything."
    requires_system_checks: list[str] = []  # type: ignore[assignment]  # `doctor` checks; a start is quick

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="The address to listen at.")
        parser.add_argument("--port", default="8000", help="The port to listen at.")
        parser.add_argument(
            "--sample",
            default=choosing.DEFAULT,
            help=f"What a new site begins with: {', '.join(choosing.names())}, several with commas, or none.",
        )

    def handle(self, *, host: str, port: str, sample: str, **options: Any) -> None:
        self.bars = Bars(Console(file=sys.stdout, highlight=False))
        self.stop = threading.Event()
        try:
            with self.bars:
                self._serve(host, port, choosing.chosen(sample))
        except (CannotStart, RunsAlready, PartFailed, choosing.UnknownSample) as trouble:
            self._fail(str(trouble))
        except DatabaseError as error:
            self._fail(_database_words(error))
        except KeyboardInterrupt:
            self.bars.say("Stopped.")

    def _fail(self, reason: str) -> None:
        if self.bars.as_objects:
            logger.error("Heed cannot start: %s", reason)
        else:
            sys.stderr.write(f"Heed cannot start: {reason}\n")
        raise SystemExit(1)

    def _serve(self, host: str, port: str, samples: Sequence[str]) -> None:
        folder = settings.DATA_DIR
        check_data_folder(folder)
        running = Running(folder)
        try:
            _wait_for_address(host, port, patience=10.0 if running.was_killed else 0.0)
            _check_encoder()
            start = self._prepare(folder, samples)
            address, environment, parts = _parts(host, port)
            connections.close_all()
            supervisor = Supervisor(
                parts, environment=environment, say=self.bars.say, pass_on=self.bars.pass_on
            )
            for signum in (signal.SIGINT, signal.SIGTERM):
                signal.signal(signum, self._asked_to_stop)
            supervisor.start()
            running.note(
                address=address,
                encoder=environment["HEED_ENCODER_URL"],
                own_encoder=environment.get("HEED_OWN_ENCODER_URL", ""),
            )
            try:
                self._watch(supervisor, start, address, host, int(port))
            finally:
                self.bars.say("Stopping …")
                supervisor.stop()
        finally:
            running.close()
        self.bars.say("Heed has stopped. Everything is kept.")

    def _asked_to_stop(self, signum: int, frame: FrameType | None) -> None:
        self.stop.set()

    # --- Before the processes start ---------------------------------------------------------------
    def _prepare(self, folder: Path, samples: Sequence[str]) -> FirstStart:
        start = prepare(folder, samples, self.bars)
        self._say_what_comes_late(start, samples)
        if start.step == IMPORTING:
            # A place is one long transaction, which nobody waits for before the processes are there.
            for name in filter(is_place, start.samples):
                _load(name, self.bars, self.stop)
        connections.close_all()
        return start

    def _say_what_comes_late(self, start: FirstStart, samples: Sequence[str]) -> None:
        """Say how a site that has begun gets the samples that it was started with, other than the usual one."""
        for name in samples:
            if start.step == DONE and name != choosing.DEFAULT and not is_loaded(name):
                self.bars.say(
                    f"This site has begun already; `manage.py load_sample {name}` brings the sample."
                )

    # --- While they run ------------------------------------------------------------------------------
    def _watch(
        self, supervisor: Supervisor, start: FirstStart, address: str, host: str, port: int
    ) -> None:
        samples = _Samples(start, self.bars, self.stop) if start.step == IMPORTING else None
        first_hour: FirstHour | None = None
        is_up = False
        while not self.stop.wait(PAUSE):
            supervisor.look()
            if not is_up and _answers(host, port):
                is_up = True
                supervisor.saw("web")
                self.bars.say(f"Heed is at {address}   (Ctrl-C stops it)")
                for name in _other_addresses(host, port):
                    self.bars.say(f"           {name}")
            if samples is not None:
                if not samples.is_over():
                    continue
                samples = None
            if start.step == GROUPING:
                first_hour = first_hour or FirstHour(self.bars)
                if _survives(first_hour):
                    start.reach(DONE)
                    self.bars.say(f"Everything is ready: {address}")
                    connections.close_all()
        if samples is not None:
            samples.join()


class _Samples:
    """The import of the samples' files in a thread, so that the processes are looked after meanwhile."""

    def __init__(self, start: FirstStart, bars: Bars, stop: threading.Event) -> None:
        self._start = start
        self._bars = bars
        self._stop = stop
        self._thread = threading.Thread(target=self._run, name="samples", daemon=True)
        self._thread.start()

    def is_over(self) -> bool:
        """Whether it ended, well or not."""
        return not self._thread.is_alive()

    def join(self) -> None:
        """Wait until the batch in hand is written."""
        self._thread.join(10)

    def _run(self) -> None:
        try:
            for name in self._start.samples:
                if not is_place(name):
                    _load(name, self._bars, self._stop)
            if not self._stop.is_set():
                self._start.reach(GROUPING)
        finally:
            connections.close_all()


def _load(name: str, bars: Bars, stop: threading.Event) -> None:
    bar = bars.add(f"Loading the sample “{name}”", unit="bytes")
    try:
        loaded = load(
            name=name,
            now=clock.now(),
            on_progress=lambda it: bar.show(it.done, it.size),
            is_stopped=stop.is_set,
        )
    except DatabaseError as error:
        bar.finish(f"The sample “{name}” could not be loaded: {_database_words(error)}")
    except Refusal as refusal:
        bar.finish(f"The sample “{name}” could not be loaded: {refusal}")
    else:
        if not stop.is_set():
            bar.finish(f"{loaded.product.name}: {loaded.posts:,} posts are there.")


def _survives(first_hour: FirstHour) -> bool:
    """Take a step, and take a busy database for "not yet"."""
    try:
        return first_hour.step()
    except DatabaseError:
        connection.close()
        time.sleep(1)
        return False


def _wait_for_address(host: str, port: str, *, patience: float) -> None:
    """Check the address; the processes of a killed predecessor get ``patience`` seconds to leave it."""
    deadline = time.monotonic() + patience
    while True:
        try:
            return check_address(host, port)
        except CannotStart:
            if time.monotonic() >= deadline:
                raise
            time.sleep(0.5)


def _parts(host: str, port: str) -> tuple[str, dict[str, str], list[Part]]:
    """Return the address people use, the environment of the processes, and the processes."""
    environment = dict(os.environ)
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104
    shown = f"[{shown}]" if ":" in shown else shown
    here = f"http://{shown}:{port}"
    environment.setdefault("HEED_BASE_URL", here)
    environment.setdefault(
        "HEED_ALLOWED_HOSTS",
        ",".join(_own_names()) if host in ("0.0.0.0", "::") else host,  # noqa: S104
    )
    if settings.LOG_FORMAT != "json":
        # A terminal is for what needs a person; a program that gathers lines has use for all.
        environment.setdefault("HEED_LOG_LEVEL", "WARNING")
    # Several threads share one heap here: two heaps a process keep memory small.
    environment.setdefault("MALLOC_ARENA_MAX", "2")
    command = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    parts = [
        Part("web", [*command, "web", "--host", host, "--port", port], is_vital=True),
        Part("worker", [*command, "worker"]),
    ]
    if "HEED_ENCODER_URL" not in os.environ:
        own = free_port()
        environment["HEED_ENCODER_URL"] = f"http://127.0.0.1:{own}"
        parts.insert(0, Part("encoder", [*command, "encoder"]))
    elif spec := _still_needed_here():
        # Another server is tried, and the model in force is Heed's own: both answer until somebody decides.
        own = free_port()
        environment["HEED_OWN_ENCODER_URL"] = f"http://127.0.0.1:{own}"
        words = ["encoder", "--encoder", spec, "--host", "127.0.0.1", "--port", str(own)]
        parts.insert(0, Part("encoder", [*command, *words]))
    return environment["HEED_BASE_URL"], environment, parts


def _check_encoder() -> None:
    """Raise unless the encoder that HEED_ENCODER names can be started, where none is named that runs: a site without it is half a site."""
    if "HEED_ENCODER_URL" not in os.environ and not is_here(settings.ENCODER):
        raise CannotStart(
            f"HEED_ENCODER is {settings.ENCODER!r}: it can be {', '.join(bundled())}, or the name or path of a "
            "SentenceTransformer that is on this machine."
        )


def _still_needed_here() -> str:
    """Return the model in force when it is Heed's own and the server at HEED_ENCODER_URL has it not, else ""."""
    model = current_model()
    if model is None or not is_own(model):
        return ""
    try:
        found = asking(model, own=settings.ENCODER_URL).health(timeout=3)
    except EncoderDown as reason:
        return "" if reason.loading else name_of(model)
    return "" if found.model_key == model.model_key else name_of(model)


def _own_names() -> list[str]:
    """Return the names and addresses by which other machines may know this one."""
    names = {socket.gethostname()}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(
                ("192.0.2.1", 9)
            )  # sends nothing: it only asks which address would be used
            names.add(probe.getsockname()[0])
        except OSError:
            pass
    return sorted(names)


def _other_addresses(host: str, port: int) -> list[str]:
    if host not in ("0.0.0.0", "::"):  # noqa: S104
        return []
    return [f"http://{name}:{port}" for name in _own_names()]


def _answers(host: str, port: int) -> bool:
    """Whether the web server answers; a wildcard address is asked on the loopback."""
    asked = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    connection = HTTPConnection(asked, port, timeout=1)
    try:
        connection.request("GET", "/livez", headers={"Host": "localhost"})
        return connection.getresponse().status < 500
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _database_words(error: DatabaseError) -> str:
    text = " ".join(str(error).split())
    where = settings.DATABASES["default"]
    name = where["NAME"] if "sqlite" in where["ENGINE"] else f"{where['HOST']}/{where['NAME']}"
    if "full" in text:
        return f"the disk under the database {name} is full."
    return f"the database {name} cannot be used: {text[:300]}."
