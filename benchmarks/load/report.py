"""What the load came to, as tables, and which promises it broke."""

import json
import time
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.web import Site

#: Milliseconds for which ninety-nine of a hundred transactions may hold the writer.
HELD = 200.0
#: A process may grow from the middle to the end by this share and these megabytes.
GROWN, AND = 1.25, 30.0


def spread(times: list[float]) -> dict[str, float]:
    """Return how many, and what 50, 95 and 99 of a hundred and the slowest took."""
    times = sorted(times)
    if not times:
        return {"requests": 0}
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    return {
        "requests": len(times),
        **{name: round(times[int(len(times) * share)], 1) for name, share in shares.items()},
        "worst": round(times[-1], 1),
    }


def held_of(folder: Path, *, since: float) -> dict[str, Any]:
    """Return for how long transactions held SQLite's writer, in milliseconds, and where the longest were; {} of none."""
    lines = [
        json.loads(line)
        for path in folder.glob("*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.endswith("]")
    ]
    lines = [line for line in lines if line[0] >= since]
    if not lines:
        return {}
    longest: dict[str, float] = {}
    for _, held, where in lines:
        if where:
            longest[where] = max(held, longest.get(where, 0.0))
    worst = sorted(longest.items(), key=lambda one: -one[1])[:12]
    return spread([held for _, held, _ in lines]) | {"longest": worst}


def memory_of(site: Site) -> dict[str, float]:
    """Return the megabytes of each kind of process, what is shared counted once; waits for one that is just starting."""
    for _ in range(20):
        try:
            return {name: round(one["proportional"], 1) for name, one in site.memory().items()}
        except OSError:
            time.sleep(0.2)
    return {}


def broken(found: dict[str, Any]) -> list[str]:
    """Return the promises that were not kept, a sentence each."""
    load, after, kills = found["load"], found["after"], found.get("kills")
    wrong = []
    if load["error_count"]:
        wrong.append(f"{load['error_count']} requests failed while nothing was killed")
    if not load["import"]["went well"] or not load["run asked for"]:
        wrong.append("the import or the run was refused")
    if load["held"] and load["held"]["p99"] > HELD:
        wrong.append(
            f"the writer was held for {load['held']['p99']} ms (p99; {HELD:g} are promised)"
        )
    wrong += _grown(load["memory"])
    wrong += [f"{len(lost)} {name}" for name, lost in after.items() if "lost" in name and lost]
    if after["told twice here"] or found["mailed twice"]:
        wrong.append(
            f"told twice: {after['told twice here']} here, {found['mailed twice']} by mail"
        )
    if after["counted wrong"]:
        wrong.append(f"counted wrong: {after['counted wrong']}")
    wrong += [f"a run failed: {reason}" for reason in after["failed runs"]]
    if any(found["left"].values()):
        wrong.append(f"not told or sent in the end: {found['left']}")
    if kills and kills["unexcused"]:
        wrong.append(f"failed while nothing that answers was away: {kills['unexcused']}")
    if kills and kills["not back"]:
        wrong.append(f"{kills['not back']} killed processes did not come back")
    return wrong


def _grown(memory: list[dict[str, float]]) -> list[str]:
    """Return which kinds of process hold more at the end than once the import and the run were asked for."""
    after, last = _part(memory, 0.6, 0.8), _part(memory, 0.8, 1.0)
    return [
        f"the {name} grew from {after[name]:.0f} MB to {size:.0f}"
        for name, size in last.items()
        if name in after and size > after[name] * GROWN + AND
    ]


def _part(memory: list[dict[str, float]], start: float, end: float) -> dict[str, float]:
    """Return the middle of what each kind of process held in a part of the time."""
    some = memory[int(len(memory) * start) : int(len(memory) * end)] or memory[-1:]
    names = {name for one in some for name in one}
    return {name: median(one[name] for one in some if name in one) for name in sorted(names)}


def report(found: dict[str, Any]) -> None:
    """Print the tables."""
    load, kills = found["load"], found.get("kills")
    print(
        f"{found['posts']:,} posts on {found['database']}, {found['rate']:g} requests a second for"
        f" {found['minutes']:g} minutes, load of the machine {load['load']}"
    )
    _table(load["requests"])
    print(f"errors {load['error_count']} {load['errors']}; import {load['import']}")
    tenths = [_part(load["memory"], at / 10, (at + 1) / 10) for at in range(10)]
    print(f"\n{'memory, MB':<12}" + "".join(f"{f'{at + 1}0 %':>7}" for at in range(10)))
    for name in tenths[0]:
        print(f"{name:<12}" + "".join(f"{one.get(name, 0):>7.0f}" for one in tenths))
    if held := load["held"]:
        print(
            f"\nSQLite's writer was held {held['requests']:,.0f} times: p50 {held['p50']} ms, p95 {held['p95']},"
            f" p99 {held['p99']}, longest {held['worst']}"
        )
        for where, milliseconds in held["longest"]:
            print(f"{milliseconds:>10.0f}  {where}")
    if kills:
        print(f"\nkilled {kills['killed']}")
        _table(kills["requests"])
        print(
            f"errors {kills['error_count']} ({kills['share']} %), longest gap {kills['longest gap']} s"
        )
    after = found["after"]
    print(
        f"\nclaimed {found['claimed']}; lost "
        + ", ".join(f"{len(after[f'lost {name}'])} {name}" for name in found["claimed"])
        + f"; {after['notices']:,} notices, {found['mails']:,} mails, twice {after['told twice here']} and"
        f" {found['mailed twice']}, again under one Message-ID {found['mails again under their Message-ID']}"
    )
    for line in found["said"]:
        print("  " + line)
    print("\n".join(f"BROKEN: {one}" for one in found["broken"]) or "Every promise was kept.")


def _table(requests: dict[str, Any]) -> None:
    print(
        f"{'ms from planned':<16}{'asked':>8}{'p50':>9}{'p95':>9}{'p99':>9}{'worst':>9}{'errors':>8}"
    )
    for kind, row in requests.items():
        cells = "".join(f"{row.get(name, ''):>9}" for name in ("p50", "p95", "p99", "worst"))
        print(f"{kind:<16}{row['requests'] + row['errors']:>8}{cells}{row['errors']:>8}")
