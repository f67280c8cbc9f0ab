"""A small site of the first schema, served by its own code, upgraded to today's while people read and write."""

import json
import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from django.conf import settings

from benchmarks.growth import SEEDS
from benchmarks.rolling import THEN
from tests.processes import ROOT

_HAS_THEN = not subprocess.run(
    ["git", "cat-file", "-e", f"{THEN}^{{commit}}"], cwd=ROOT, capture_output=True, check=False
).returncode

pytestmark = [
    pytest.mark.loopback,
    pytest.mark.own_database,
    pytest.mark.timeout(1200),
    pytest.mark.skipif(
        settings.TEST_DATABASE != "postgres", reason="on SQLite no two versions run at once"
    ),
    pytest.mark.skipif(not _HAS_THEN, reason=f"this clone has no commit {THEN} to serve from"),
]


@pytest.mark.check(40)
def test_nobody_notices_an_upgrade(record_property: Callable[..., None]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.rolling", "--posts", str(SEEDS)],
        cwd=ROOT, capture_output=True, text=True, check=False, env={
            name: value for name, value in os.environ.items() if not name.startswith(("HEED_", "DJANGO_", "PYTEST_"))
        },
    )  # fmt: skip
    assert done.stdout, done.stderr
    came = json.loads(done.stdout)
    record_property("got", f"{came['requests']:,} requests, {came['errors']} errors, {came['lost']} comments lost, the longest waited {came['longest']:.1f} s")  # fmt: skip
    # How long somebody waits is told and not judged: that is the machine's doing as much as ours.
    assert (came["errors"], came["lost"]) == (0, 0), done.stderr
