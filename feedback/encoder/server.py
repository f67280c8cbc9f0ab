"""The encoder as a process of its own: the socket it listens at, and how it starts and ends."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator

import uvicorn

from feedback.encoder.app import EncoderApp
from feedback.encoder.models.base import EncoderUnavailable


class _Server(uvicorn.Server):
    """Ends quietly on SIGINT and SIGTERM: after a clean shutdown there is nothing to raise again."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        wanted = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, self.handle_exit) for number in wanted}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes any free one.

    :raises EncoderUnavailable: when the address is taken or not of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio turns Nagle's delay off only where it is.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(256)
    except OSError as error:
        listening.close()
        raise EncoderUnavailable(f"cannot listen at {host}:{port}: {error.strerror}") from error
    listening.set_inheritable(True)
    return listening


def server_of(app: EncoderApp) -> uvicorn.Server:
    """The uvicorn server of ``app``: one process, one event loop."""
    return _Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            timeout_keep_alive=75,
            timeout_graceful_shutdown=5,
        )
    )


def run(
    host: str = "127.0.0.1",
    port: int = 8765,
    *specs: str,
    token: str | None = None,
    threads: int | None = None,
) -> None:
    """Serve the models ``specs`` until SIGINT or SIGTERM; the first is loaded at once.

    :param token: what callers must send as bearer token; HEED_ENCODER_TOKEN when not given.
    :param threads: texts embedded at once; HEED_ENCODER_THREADS or two when not given.
    :raises EncoderUnavailable: when the address is taken or no model can be loaded.
    """
    token = token if token is not None else os.environ.get("HEED_ENCODER_TOKEN")
    threads = threads or int(os.environ.get("HEED_ENCODER_THREADS") or 2)
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # parallel over texts, never inside one
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).mallopt(-8, 2)  # M_ARENA_MAX: threads share heaps, 40 MB less
    app = EncoderApp(*specs, token=token, threads=threads)
    server = server_of(app)
    with listen(host, port) as listening:

        def stop_after_failure() -> None:
            server.should_exit = server.should_exit or app.failure is not None

        app.start(stop_after_failure)
        server.run(sockets=[listening])
    if app.failure is not None:
        if isinstance(app.failure, EncoderUnavailable):
            raise app.failure
        raise EncoderUnavailable(f"the encoder cannot be loaded: {app.failure}") from app.failure
