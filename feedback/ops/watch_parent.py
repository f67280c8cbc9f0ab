"""A process that ends with the one that started it, even when that one is killed."""

import os
import signal
import threading
import time

#: Seconds between two looks, and seconds a process has to stop cleanly.
PAUSE = 0.5
PATIENCE = 12.0


def follow(parent: int, *, pause: float = PAUSE, patience: float = PATIENCE) -> None:
    """Stop this process soon after process ``parent`` is gone: SIGTERM first, the hard way if that fails.

    A killed parent can tell nobody. Its children notice because somebody else becomes their parent; a look
    twice a second costs nothing and works wherever there are processes.
    """
    threading.Thread(
        target=_watch, args=(parent, pause, patience), name="lifeline", daemon=True
    ).start()


def _watch(parent: int, pause: float, patience: float) -> None:
    while os.getppid() == parent:
        time.sleep(pause)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(patience)
    os._exit(1)
