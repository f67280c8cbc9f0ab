"""The house stays small enough to know: no long file, no large room, nothing said twice, no circle, no hidden import."""

import ast
import re
from collections import Counter, defaultdict
from pathlib import Path

import grimp

from tests.both import SAID_ONCE
from tests.slow import SLOW

ROOT = Path(__file__).resolve().parents[2]
#: What a person wrote. Catalogues, samples and archives are not read line by line.
WRITTEN = {".py", ".html", ".css", ".js", ".txt"}
LONGEST_FILE = 400
LONGEST_RUN = 6
LARGEST_ROOM = 0.25
MOST_IGNORED = 19


def files_of(*folders):
    """Return what was written in ``folders``, by its name in the repository."""
    return {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in WRITTEN and "vendor" not in path.parts
    }


def without_migrations(files):
    return {name: source for name, source in files.items() if "/migrations/" not in name}


HOUSE = without_migrations(files_of("feedback", "config"))
PYTHON = {name: source for name, source in HOUSE.items() if name.endswith(".py")}
TESTS = {name: source for name, source in files_of("tests").items() if name.endswith(".py")}


# --- Size ---------------------------------------------------------------------------------------------------
def too_long(files):
    lengths = {name: len(source.splitlines()) for name, source in files.items()}
    return {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE}


def shares(files):
    """Return which share of all lines stands in each room."""
    lines = Counter()
    for name, source in files.items():
        if name.count("/") > 1:
            lines[name.split("/")[1]] += len(source.splitlines())
    return {room: count / lines.total() for room, count in lines.items()}


def test_a_file_is_short_enough_to_read():
    assert not too_long(files_of("feedback", "config", "tests")), "Make folders of these."


def test_no_room_is_most_of_the_house():
    rooms = shares({name: source for name, source in HOUSE.items() if name.startswith("feedback/")})
    assert max(rooms.values()) < LARGEST_ROOM, rooms


def test_a_long_file_and_a_large_room_are_found():
    files = {"feedback/a/one.py": "pass\n" * 401, "feedback/b/two.html": "<p>\n" * 400}
    assert too_long(files) == {"feedback/a/one.py": 401}
    assert shares(files | {"feedback/__init__.py": "pass\n"})["a"] == 401 / 801


# --- Said once ----------------------------------------------------------------------------------------------
#: A name handed on under its own name: two calls with many may well need the same.
_HANDED_ON = re.compile(r"(\w+)=\1,")


def lines_that_say_something(name, source):
    """Return (number, line) of all but blank lines, names handed on and, in Python, imports."""
    imports = set()
    if name.endswith(".py"):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import | ast.ImportFrom):
                imports |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return [
        (number, line.strip())
        for number, line in enumerate(source.splitlines(), start=1)
        if line.strip() and number not in imports and not _HANDED_ON.fullmatch(line.strip())
    ]


def said_twice(files):
    """Return where runs of more than `LONGEST_RUN` equal lines stand, by their first line."""
    places = defaultdict(list)
    for name, source in files.items():
        lines = lines_that_say_something(name, source)
        for start in range(len(lines) - LONGEST_RUN):
            run = lines[start : start + LONGEST_RUN + 1]
            places[tuple(line for _, line in run)].append(f"{name}:{run[0][0]}")
    return {run[0]: found for run, found in places.items() if len(found) > 1}


def test_nothing_is_said_twice():
    assert not said_twice(HOUSE), (
        f"More than {LONGEST_RUN} equal lines stand in both: put them in one place."
    )


def test_what_is_said_twice_is_found():
    run = [f"step_{number}()" for number in range(LONGEST_RUN + 1)]
    files = {
        "one.py": "\n".join(["import re", "", *run]),
        "two.py": "if ready:\n" + "\n\n".join(f"    {line}" for line in run),
    }
    assert said_twice(files) == {"step_0()": ["one.py:3", "two.py:2"]}
    files["two.py"] = "\n".join(run[1:])
    assert not said_twice(files)


def test_the_same_imports_and_names_handed_on_are_not_the_same_thing_said():
    names = "from a import (\n" + "".join(f"    {letter},\n" for letter in "abcdefgh") + ")\n"
    assert not said_twice({"one.py": names, "two.py": names})
    call = "act(\n" + "".join(f"    {letter}={letter},\n" for letter in "abcdefgh") + ")\n"
    assert not said_twice({"one.py": call, "two.py": call})
    assert said_twice({"one.py": (other := call.replace("=", "=x.")), "two.py": other})


# --- Imports ------------------------------------------------------------------------------------------------
def circles(imports):
    """Return the modules that import each other in a circle, and those between two circles.

    An import counts wherever it stands: at the top, in a function, or for types alone. That a module of a package
    has the package loaded first counts for nothing.
    """
    left = {module: set(named) - {module} for module, named in imports.items()}
    while True:
        named = set().union(*left.values())
        ends = {module for module in left if not left[module] & left.keys() or module not in named}
        if not ends:
            return sorted(left)
        left = {module: left[module] - ends for module in left.keys() - ends}


def test_no_modules_import_each_other_in_a_circle():
    graph = grimp.build_graph("feedback", "config", cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert len(imports) > 300
    assert not circles(imports)


def test_a_circle_is_found():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set()}) == ["b", "c"]
    assert circles({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


def test_an_import_in_a_function_counts(tmp_path, monkeypatch):
    package = tmp_path / "round_house"
    package.mkdir()
    for name, source in {
        "__init__": "",
        "one": "from round_house import two",
        "two": "def act():\n    from round_house import one",
    }.items():
        (package / f"{name}.py").write_text(source)
    monkeypatch.syspath_prepend(tmp_path)
    graph = grimp.build_graph("round_house", cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert circles(imports) == ["round_house.one", "round_house.two"]


_REASON = re.compile(r"#\s*(?!noqa|type:|pragma)\w")


def unexplained(source):
    """Return the lines of imports inside functions that do not say why they stand there.

    The reason is a comment on the line, or above the first of several imports that follow each other.
    """
    lines = ["", *source.splitlines()]
    found = set()
    for function in ast.walk(ast.parse(source)):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        explained_up_to = 0
        for node in ast.walk(function):
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            above = lines[node.lineno - 1].strip()
            if (
                (above.startswith("#") and _REASON.search(above))
                or _REASON.search(lines[node.lineno])
                or node.lineno == explained_up_to + 1
            ):
                explained_up_to = node.end_lineno
            else:
                found.add(node.lineno)
    return sorted(found)


def test_an_import_inside_a_function_says_why():
    found = {name: lines for name, source in PYTHON.items() if (lines := unexplained(source))}
    assert not found, "Move these to the top, or say in a comment why not."


def test_an_import_that_does_not_say_why_is_found():
    source = """
import re
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from a import B
def one():
    import scipy  # loads for a second
    import sklearn
def two():
    # Models are there only now.
    from a import (
        tasks,
    )
    from a import slots
    act()
    import late  # noqa: E402
async def three():
    if this:
        import that
"""
    assert unexplained(source) == [16, 19]


# --- Types --------------------------------------------------------------------------------------------------
def ignored(files):
    return [
        f"{name}:{number}"
        for name, source in files.items()
        for number, line in enumerate(source.splitlines(), start=1)
        if re.search(r"#\s*type:\s*ignore", line)
    ]


def test_few_types_are_ignored():
    assert len(ignored(PYTHON)) <= MOST_IGNORED, ignored(PYTHON)


def test_an_ignored_type_is_found():
    assert ignored({"one.py": "a = b  # type: ignore[misc]\nc = d\n"}) == ["one.py:1"]


# --- Tests time nothing -------------------------------------------------------------------------------------
#: A stop watch has no other use; a clock may say until when to wait.
STOP_WATCHES = {"perf_counter", "perf_counter_ns", "process_time", "thread_time", "timeit"}
CLOCKS = {"monotonic", "monotonic_ns", "time", "time_ns"}


def _is_reading(node, names):
    """Whether ``node`` is what a clock says now, or a name for what one said."""
    if isinstance(node, ast.Call):
        called = ast.unparse(node.func)
        return called.rpartition(".")[2] in CLOCKS and called.startswith(("time.", "monotonic"))
    return ast.unparse(node) in names


def timed(source):
    """Return the lines that measure how long something took: how fast belongs to the benchmarks."""
    tree = ast.parse(source)
    names = {
        ast.unparse(target)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and _is_reading(node.value, ())
        for target in node.targets
    }
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name) and (
            ast.unparse(node).rpartition(".")[2] in STOP_WATCHES
        ):
            found.add(node.lineno)
        is_difference = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub)
        if is_difference and any(_is_reading(side, names) for side in (node.left, node.right)):
            found.add(node.lineno)
    return sorted(found)


def test_no_test_times_anything():
    found = {name: lines for name, source in TESTS.items() if (lines := timed(source))}
    assert not found


def test_a_test_that_times_something_is_found():
    source = """
self.began = time.monotonic()
assert time.monotonic() - self.began < 5
ended = time.time()
assert ended - begun < 5
began = perf_counter()
while time.monotonic() < deadline:
    wait()
assert world.time() - 1
"""
    assert timed(source) == [3, 5, 6]


def test_what_is_left_out_as_slow_is_there():
    for node in SLOW:
        path, _, name = node.partition("::")
        assert f"def {name.partition('[')[0]}(" in (ROOT / path).read_text(encoding="utf-8"), node


def test_what_postgres_is_not_asked_is_there():
    assert not {f"tests/{name}" for name in SAID_ONCE} - TESTS.keys()
