"""Write docs/ops/checks.md from what came of a run: ``python -m tests.loopback.table var/checks``.

After a run of some checks alone (``python -m tests.loopback.list_of_checks 28 35`` names their tests) ``… var/checks 28 35`` writes
their lines and leaves the others.
"""

import json
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Any

from tests.loopback.list_of_checks import CHECKS, Check

PAGE = Path(__file__).resolve().parents[2] / "docs" / "ops" / "checks.md"
DATABASES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
HEAD = """\
# Forty-five checks

What was tried from outside and inside, what is expected, and what came of it on each database. `make test-loopback` runs them and writes this page; the
list stands in `tests/loopback/list_of_checks.py`. What does not depend on the database is left out on PostgreSQL.

| no | tried | expected | SQLite | PostgreSQL |
|---|---|---|---|---|
"""


def read(folder: Path) -> dict[str, dict[str, Any]]:
    """Return what came of each check by its number, for each database that was run."""
    found = {}
    for database in DATABASES:
        path = folder / f"{database}.json"
        found[database] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return found


def told(came: dict[str, Any] | None) -> str:
    """Return what came of one check on one database, in words."""
    if not came or not (came["held"] or came["failed"]):
        return "not run"
    if came["failed"]:
        return "**fails**: " + ", ".join(sorted(came["failed"])[:3])
    count = f"holds, {came['held']} test" + ("s" if came["held"] != 1 else "")
    if came["skipped"]:
        count += f", {came['skipped']} not run here"
    return "; ".join([count, *dict.fromkeys(came["got"])])


def row(check: Check, came: dict[str, dict[str, Any]]) -> str:
    """Return the line of ``check``."""
    cells = [told(came[database].get(str(check.number))) for database in DATABASES]
    return "| " + " | ".join([str(check.number), check.sentence, check.expected, *cells]) + " |\n"


def page(came: dict[str, dict[str, Any]], before: str = "", numbers: Collection[int] = ()) -> str:
    """Return the whole page; with ``numbers`` the other lines are those of the page ``before``."""
    kept = {
        line.split(" ")[1]: line for line in before.splitlines(keepends=True) if line[:2] == "| "
    }
    return HEAD + "".join(
        kept[str(check.number)] if numbers and check.number not in numbers else row(check, came)
        for check in CHECKS
    )


def main(folder: Path, *numbers: int) -> int:
    """Write the page, or the lines of ``numbers``; return 1 where a check fails, or nothing was run on a database."""
    came = read(folder)
    PAGE.write_text(page(came, PAGE.read_text("utf-8"), numbers), encoding="utf-8")
    sys.stdout.write(f"{PAGE} says what came of {len(numbers or CHECKS)} checks.\n")
    failed = any(one["failed"] for found in came.values() for one in found.values())
    return int(failed or not all(came.values()))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *map(int, sys.argv[2:])))
