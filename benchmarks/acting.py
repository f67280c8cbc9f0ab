"""Several acts at the same time, each in a thread of its own, until they are told to stop."""

import threading
from collections.abc import Callable, Sequence

_PATIENCE = 120.0


class Acting:
    """Acts that go on until `stop`; an act looks at ``stopped``, and rests by waiting for it."""

    def __init__(self, acts: Sequence[Callable[[], None]]) -> None:
        self.stopped = threading.Event()
        self._threads = [threading.Thread(target=act, daemon=True) for act in acts]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Have all acts end, and wait for them."""
        self.stopped.set()
        for thread in self._threads:
            if thread.ident is not None:  # it was started
                thread.join(_PATIENCE)
