"""The checks of docs/ops/checks.md: a test says which it belongs to, and a run writes down what came of each.

``@pytest.mark.check(7)`` belongs to check 7; ``record_property("got", "…")`` adds a figure. ``--checks FOLDER`` has the run
write FOLDER/sqlite.json or FOLDER/postgres.json, from which `python -m tests.loopback.table` makes the page.
"""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.loopback.list_of_checks import CHECKS


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--checks", metavar="FOLDER", help="Write what came of each check here.")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "check(number): belongs to a check of docs/ops/checks.md")
    config.addinivalue_line(
        "markers", "loopback: takes a minute or more; as slow as what tests/slow.py names"
    )
    if (folder := config.getoption("--checks")) and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(Path(folder)))


@pytest.fixture(autouse=True)
def _numbered(request: pytest.FixtureRequest, record_property: Any) -> None:
    """Hand the number on to the process that writes."""
    for mark in request.node.iter_markers("check"):
        record_property("check", mark.args[0])


class Recorder:
    """Gathers the outcome of every test that belongs to a check, and writes them when the run is over."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._came: dict[int, dict[str, Any]] = defaultdict(
            lambda: {"held": 0, "failed": [], "skipped": 0, "got": []}
        )

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" and not (report.failed or report.skipped):
            return
        told = [value for name, value in report.user_properties if name == "got"]
        for number in self._numbers(report):
            came = self._came[number]
            if report.failed:
                came["failed"].append(report.nodeid.partition("::")[2])
            elif report.skipped:
                came["skipped"] += 1
            else:
                came["held"] += 1
                came["got"] += told

    def _numbers(self, report: pytest.TestReport) -> set[int]:
        named = {value for name, value in report.user_properties if name == "check"}
        for check in CHECKS:
            if any(report.nodeid.startswith(test) for test in check.tests):
                named.add(check.number)
        return named

    def pytest_sessionfinish(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{settings.TEST_DATABASE}.json"
        path.write_text(json.dumps(self._came, indent=1, sort_keys=True), encoding="utf-8")
