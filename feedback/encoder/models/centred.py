"""The encoder everything else talks to: raw models, centred per language and fused."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from feedback.encoder.models.base import (
    Model,
    Progress,
    Vectors,
    View,
    is_in_latin_letters,
    language_of,
    lay_out,
    prepare,
    unit_rows,
)
from feedback.kernel.languages import likely_languages

Means = Mapping[str, Vectors]

SLICE = 16
"""Texts that go through a model in one step; short enough to share two cores evenly."""

FEW = 4
"""Up to so many texts run on the caller's own thread: someone is waiting, and the pool may be busy."""


@dataclass(frozen=True, slots=True)
class Part:
    """A view before it is laid out.

    :param means: mean raw vector ``(dims,)`` of each language; one that is missing counts as English.
    :param latin_only: whether this model reads Latin letters alone; other texts get zeros in this view
        and their remaining views share the unit length.
    """

    name: str
    model: Model
    means: Means = field(default_factory=dict)
    latin_only: bool = False

    def mean_of(self, languages: Mapping[str, float]) -> Vectors | float:
        """Return what is common to texts in ``languages``, which sum to 1: means by how likely each is."""
        known = [
            (self.means.get(one, self.means.get("en")), share) for one, share in languages.items()
        ]
        return sum((mean * np.float32(share) for mean, share in known if mean is not None), 0.0)


class CentredEncoder:
    """Fuses models: per view centred and normalised, concatenated, divided by sqrt(views).

    Identical texts are embedded once, texts of like length together, and rows come back in the
    order they were asked for. A vector does not depend on its neighbours in the call.
    """

    def __init__(self, parts: Sequence[Part], model_key: str, *, threads: int = 1) -> None:
        if not parts:
            raise ValueError("an encoder needs at least one model")
        self._parts = tuple(parts)
        self._model_key = model_key
        self._views = lay_out([(part.name, part.model.dims) for part in parts])
        self._threads = max(1, threads)
        self._pool: ThreadPoolExecutor | None = None
        self._pool_lock = threading.Lock()

    @property
    def model_key(self) -> str:
        return self._model_key

    @property
    def dims(self) -> int:
        return self._views[-1].stop

    @property
    def views(self) -> tuple[View, ...]:
        return self._views

    def encode(
        self,
        texts: Sequence[str],
        *,
        views: Sequence[str] | None = None,
        progress: Progress | None = None,
    ) -> Vectors:
        """See :meth:`.base.Encoder.encode`. ``progress`` hears how many texts are done."""
        parts = self._chosen(views)
        prepared = [prepare(text) for text in texts]
        distinct = sorted(set(prepared), key=lambda text: (-len(text), text))
        rows = {text: row for row, text in enumerate(distinct)}
        fused = self._encode_distinct(distinct, parts, progress)
        order = np.fromiter((rows[text] for text in prepared), dtype=np.intp, count=len(prepared))
        return fused[order]

    def _chosen(self, names: Sequence[str] | None) -> tuple[Part, ...]:
        if names is None:
            return self._parts
        known = {part.name for part in self._parts}
        for name in names:
            if name not in known:
                raise KeyError(f"no view {name!r}; there are {', '.join(sorted(known))}")
        chosen = tuple(part for part in self._parts if part.name in set(names))
        if not chosen:
            raise KeyError("no view asked for")
        return chosen

    def _encode_distinct(
        self, texts: Sequence[str], parts: Sequence[Part], progress: Progress | None
    ) -> Vectors:
        width = sum(part.model.dims for part in parts)
        fused = np.zeros((len(texts), width), dtype=np.float32)
        if not texts:
            return fused
        chinese = [language_of(text) == "zh" for text in texts]
        languages = [
            {"zh": 1.0} if zh else likely_languages(text)
            for text, zh in zip(texts, chinese, strict=True)
        ]
        live = np.zeros(len(texts), dtype=np.float32)
        jobs: list[tuple[Part, int, list[int]]] = []
        start = 0
        latin = [i for i, text in enumerate(texts) if not chinese[i] and is_in_latin_letters(text)]
        for part in parts:
            read = latin if part.latin_only else list(range(len(texts)))
            live[read] += 1
            jobs.extend((part, start, read[at : at + SLICE]) for at in range(0, len(read), SLICE))
            start += part.model.dims

        done = 0.0
        share = [len(indices) / max(1, len(parts)) for _, _, indices in jobs]

        def run(job: tuple[Part, int, list[int]]) -> None:
            part, start, indices = job
            raw = unit_rows(part.model.embed([texts[i] for i in indices]))
            for row, i in enumerate(indices):
                raw[row] -= part.mean_of(languages[i])
            fused[indices, start : start + part.model.dims] = unit_rows(raw)

        runs = (
            map(run, jobs)
            if len(jobs) == 1 or self._threads == 1
            else self._workers().map(run, jobs)
        )
        for weight, _ in zip(share, runs, strict=True):
            done += weight
            if progress is not None:
                progress(min(len(texts), round(done)), len(texts))
        fused /= np.sqrt(np.maximum(live, 1.0))[:, None]
        return unit_rows(fused) if (live == 0).any() else fused

    def _workers(self) -> ThreadPoolExecutor:
        # Made on first use, so that a process that forks before encoding carries no threads along.
        with self._pool_lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(
                    self._threads, thread_name_prefix="encode", initializer=_give_way
                )
            return self._pool


def _give_way() -> None:
    """Let bulk embedding yield to threads that answer people (Linux nices threads one by one)."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 2)
