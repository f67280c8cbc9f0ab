"""What the documents say is so: settings, commands, links."""

import re
import shlex
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
SETTINGS = ROOT / "docs" / "ops" / "settings.md"
COMMANDS = ROOT / "docs" / "ops" / "commands.md"
_VARIABLE = re.compile(r"\b(HEED_[A-Z][A-Z_]*[A-Z]|DATABASE_URL|EMAIL_URL)\b")
#: What Django gives every command.
_OF_DJANGO = {
    "--help", "--version", "--verbosity", "--settings", "--pythonpath", "--traceback", "--no-color",
    "--force-color", "--skip-checks",
}  # fmt: skip
OURS = sorted(name for name, app in get_commands().items() if app.startswith("feedback."))


def read_by_code():
    """Return every variable that the code reads; a test's own are not for operators."""
    found = set()
    for folder in ("config", "feedback"):
        for path in (ROOT / folder).rglob("*.py"):
            found |= set(_VARIABLE.findall(path.read_text(encoding="utf-8")))
    return {name.removesuffix("_FILE") for name in found if not name.startswith("HEED_TEST_")}


def documented():
    """Return every variable that the settings page has a row for."""
    rows = re.findall(r"^\| `([A-Z_]+)` \|", SETTINGS.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) == len(set(rows)), "A setting has two rows."
    return {row for row in rows if not row.startswith("HEED_TEST_")}


def test_every_setting_is_documented_and_every_documented_one_is_read():
    assert read_by_code() - documented() == set()
    assert documented() - read_by_code() == set()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_document_speaks_of_a_setting_that_is_not_there(path):
    named = set(_VARIABLE.findall(path.read_text(encoding="utf-8")))
    named = {name.removesuffix("_FILE") for name in named if not name.startswith("HEED_TEST_")}
    assert named - read_by_code() == set()


def section(name):
    """Return what the page of commands says of ``name``."""
    page = COMMANDS.read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(name)}$(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    return found.group(1) if found else ""


@pytest.mark.parametrize("name", OURS)
def test_a_command_is_documented_with_all_its_options(name):
    said = section(name)
    assert said.strip(), f"docs/ops/commands.md has no section on {name}."
    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
    options = {
        option
        for action in parser._actions
        for option in action.option_strings
        if option.startswith("--")
    }
    missing = {option for option in options - _OF_DJANGO if option not in said}
    assert not missing


def examples():
    """Yield every `manage.py` line that a document shows, with where it stands."""
    for path in DOCUMENTS:
        for line in path.read_text(encoding="utf-8").splitlines():
            found = re.match(r"\s*(?:\$ )?\S*python3? manage\.py (\w+)(.*)$", line)
            if found and found.group(1) in OURS:
                yield pytest.param(
                    found.group(1), found.group(2), id=f"{path.name}:{line.strip()[:60]}"
                )


@pytest.mark.parametrize(("name", "rest"), examples())
def test_an_example_in_the_documents_is_understood(name, rest):
    words = shlex.split(re.sub(r"\$\(.*?\)", "x", rest), comments=True)
    words = words[: words.index(">")] if ">" in words else words
    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
    parser.parse_args(words)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_link_within_the_repository_leads_somewhere(path):
    source = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", source):
        if re.match(r"[a-z]+:", target) or target.startswith("#"):
            continue
        assert (path.parent / target.split("#")[0]).exists(), target


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_make_target_that_is_named_exists(path):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)", path.read_text(encoding="utf-8")))
    named |= set(re.findall(r"^\s+make ([a-z-]+)", path.read_text(encoding="utf-8"), re.MULTILINE))
    assert named - targets == set()
