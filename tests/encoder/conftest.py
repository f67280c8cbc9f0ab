"""The real encoders, loaded once, and a running encoder server."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from feedback.encoder.app import EncoderApp
from feedback.encoder.client import EncoderClient
from feedback.encoder.models.base import Encoder
from feedback.encoder.models.registry import load_encoder
from feedback.encoder.server import listen, server_of

ENGLISH = (
    "Please add a dark mode, my eyes hurt at night",
    "The app crashes when I open the camera",
    "I was charged twice for one order",
    "How do I change my password?",
    "thanks, great app!",
    "Version 14.2.1 drains the battery in two hours",
)
CHINESE = (
    "希望增加深色模式，晚上看着眼睛疼",
    "一打开相机应用就闪退",
    "同一个订单扣了我两次钱",
    "怎么修改密码？",
    "谢谢，很好用！",
    "升级到14.2.1以后两个小时就没电了",
)


@pytest.fixture(scope="session")
def fused() -> Encoder:
    """The default encoder with its real weights."""
    return load_encoder("fused", threads=2)


@pytest.fixture(scope="session")
def use() -> Encoder:
    """The part of it that reads sentences in many languages, by itself."""
    return load_encoder("use")


@contextmanager
def served(app: EncoderApp) -> Iterator[str]:
    """Run ``app`` on a free port of this machine; yields its address."""
    server = server_of(app)
    with listen("127.0.0.1", 0) as listening:
        app.start()
        thread = threading.Thread(
            target=server.run, kwargs={"sockets": [listening]}, name="encoder", daemon=True
        )
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)


@pytest.fixture
def serve() -> Iterator[Callable[[EncoderApp], str]]:
    """Start servers that end with the test."""
    with ExitStack() as stack:
        yield lambda app: stack.enter_context(served(app))


@pytest.fixture(scope="module")
def address(fused: Encoder) -> Iterator[str]:
    """The address of a server with the default encoder, ready."""
    app = EncoderApp("fused", load=lambda _: fused)
    with served(app) as url:
        wait_until_ready(EncoderClient(url, "fused"))
        yield url


def wait_until_ready(client: EncoderClient, seconds: float = 60) -> None:
    """Ask for health until there is some."""
    import time

    from feedback.encoder.client import EncoderDown

    end = time.monotonic() + seconds
    while True:
        try:
            client.health()
            return
        except EncoderDown:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)
