"""The list of checks names tests that are there, and the page says what a run brought."""

import ast

from tests.loopback.list_of_checks import CHECKS, MARKED, files
from tests.loopback.table import page, told
from tests.processes import ROOT


def functions_of(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_the_checks_are_numbered_and_name_what_is_there() -> None:
    assert [check.number for check in CHECKS] == list(range(1, 46))
    for check in CHECKS:
        for test in check.tests:
            path, _, name = test.partition("::")
            assert (ROOT / path).exists(), test
            assert not name or any(one.startswith(name) for one in functions_of(path)), test


def test_every_check_stands_on_tests_or_says_that_it_has_no_feature_yet() -> None:
    marked = "".join((ROOT / path).read_text(encoding="utf-8") for path in MARKED)
    alone = {c.number for c in CHECKS if not c.tests and f"mark.check({c.number})" not in marked}
    assert not alone
    assert not [name for name in files() if not (ROOT / name).exists()]


def test_the_page_says_what_came_of_it() -> None:
    came = {"held": 2, "failed": [], "skipped": 1, "got": ["statuses 200", "statuses 200"]}
    broken = {"held": 2, "failed": ["test_b", "test_a"], "skipped": 0, "got": []}
    assert told(came) == "holds, 2 tests, 1 not run here; statuses 200"
    assert told(broken) == "**fails**: test_a, test_b"
    assert told(None) == told({"held": 0, "failed": [], "skipped": 3, "got": []}) == "not run"
    written = page({"sqlite": {"7": came}, "postgres": {"7": broken}})
    assert "| 7 | " in written
    assert "| holds, 2 tests, 1 not run here; statuses 200 | **fails**: test_a, test_b |" in written
    assert written.count("\n| ") == 45 + 1


def test_the_lines_of_other_checks_stay_as_they_were() -> None:
    came = {"held": 1, "failed": [], "skipped": 0, "got": []}
    before = page({"sqlite": {"7": came, "8": came}, "postgres": {}})
    after = page({"sqlite": {}, "postgres": {"8": came}}, before, [8]).splitlines()
    assert "| holds, 1 test | not run |" in next(line for line in after if line.startswith("| 7 |"))
    assert "| not run | holds, 1 test |" in next(line for line in after if line.startswith("| 8 |"))
    assert len(after) == len(before.splitlines())
