"""The models of one encoder process: found by name, loaded when first asked for, given back when nobody asks.

A site that tries another model reads with two of them until somebody decides. Nobody has to tell the encoder
when that is: a model that nobody has asked for during `KEPT` seconds is dropped, as long as another is in use.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import logging
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from feedback.encoder.models.base import Encoder
from feedback.encoder.models.registry import describe

logger = logging.getLogger(__name__)

KEPT = 600.0
"""Seconds for which a model is kept although nobody asks for it. The worker asks every few seconds."""
TRIED_AGAIN_AFTER = 60.0
"""Seconds after which a model that could not be loaded is tried again, when somebody asks."""

Load = Callable[[str], Encoder]


class ServedModel:
    """One model. ``encoder`` is None until it is loaded and after it was given back."""

    def __init__(self, spec: str) -> None:
        described = describe(spec)
        self.spec = described.spec
        self.model_key = described.model_key
        self.encoder: Encoder | None = None
        self.failure: Exception | None = None
        self.failed_at = 0.0
        self.asked_at = 0.0
        self.loading = False

    @property
    def state(self) -> str:
        """READY, LOADING, FAILED or ASLEEP: not in memory, and loaded when it is asked for."""
        if self.encoder is not None:
            return "READY"
        if self.loading:
            return "LOADING"
        return "FAILED" if self.failure is not None else "ASLEEP"

    def identity(self) -> dict[str, Any]:
        """What it is, as `/health` lists it."""
        return {"model": self.spec, "model_key": self.model_key, "state": self.state}


class ServedModels:
    """All that this process may serve, the first of them loaded at once. Safe in threads.

    :param load: makes the encoder of a spec.
    """

    def __init__(self, specs: Sequence[str], load: Load) -> None:
        self.all = tuple({model.model_key: model for model in map(ServedModel, specs)}.values())
        if not self.all:
            raise ValueError("an encoder process needs at least one model")
        self._load = load
        self._lock = threading.Lock()

    def named(self, name: str) -> ServedModel | None:
        """The model of this spec or model key."""
        return next((one for one in self.all if name in (one.spec, one.model_key)), None)

    def usual(self) -> ServedModel:
        """The model of a caller who names none: the first, or the one last asked for when that sleeps."""
        awake = [one for one in self.all if one.encoder is not None]
        first = self.all[0]
        if first in awake or first.loading or not awake:
            return first
        return max(awake, key=lambda one: one.asked_at)

    @property
    def failure(self) -> Exception | None:
        """Why nothing can be served, when no model could be loaded."""
        if all(one.failure is not None and one.encoder is None for one in self.all):
            return self.all[0].failure
        return None

    def start(self, when_done: Callable[[], None]) -> None:
        """Load the first that can be loaded, in a thread; then call ``when_done``."""

        def load() -> None:
            for model in self.all:
                if self._claim(model):
                    self._bring(model)
                if model.encoder is not None:
                    break
            when_done()

        threading.Thread(target=load, name="load", daemon=True).start()

    def asked(self, model: ServedModel) -> Encoder | None:
        """Note that ``model`` is wanted; its encoder, or None and a thread that loads it."""
        model.asked_at = time.monotonic()
        encoder = model.encoder
        if encoder is None and self._claim(model):
            threading.Thread(target=self._bring, args=(model,), name="load", daemon=True).start()
        return encoder

    def _claim(self, model: ServedModel) -> bool:
        """Whether the caller is the one to load it now."""
        with self._lock:
            rests = (
                model.failure is not None and time.monotonic() - model.failed_at < TRIED_AGAIN_AFTER
            )
            if model.loading or rests or model.encoder is not None:
                return False
            model.loading = True
            return True

    def _bring(self, model: ServedModel) -> None:
        started = time.perf_counter()
        try:
            encoder = self._load(model.spec)
            encoder.encode(["a first text, so that the first person does not wait 第一句"])
            model.asked_at = time.monotonic()
            model.encoder, model.failure = encoder, None
            give_back_memory()
            seconds = time.perf_counter() - started
            logger.info("Encoder %s is ready after %.1f s", encoder.model_key, seconds)
        except Exception as error:  # whatever it is, the process must not pretend to load
            model.failure, model.failed_at = error, time.monotonic()
            logger.error("The encoder %s cannot be loaded: %s", model.spec, error)
        finally:
            model.loading = False

    def idle(self) -> list[ServedModel]:
        """The loaded models that nobody asked for lately, unless no other is in use."""
        now = time.monotonic()
        awake = [one for one in self.all if one.encoder is not None]
        used = [one for one in awake if now - one.asked_at < KEPT]
        return [one for one in awake if one not in used] if used else []

    def give_back(self, models: Sequence[ServedModel]) -> None:
        """Drop these models and return their memory to the system."""
        for model in models:
            logger.info("Encoder %s is given back: nobody asks for it.", model.model_key)
            model.encoder = None
        gc.collect()
        give_back_memory()


def give_back_memory() -> None:
    """Return freed pages to the system (glibc keeps them otherwise); elsewhere, nothing."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)
