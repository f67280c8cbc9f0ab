"""What an operator may set or type is documented, and what is documented is there."""

import re
from argparse import ArgumentParser
from pathlib import Path

import pytest
from django.core import management
from django.core.management import find_commands, get_commands, load_command_class

from tests.processes import ROOT

DOCS = ROOT / "docs" / "ops"
KNOB = re.compile(r"\b(?:HEED_[A-Z0-9_]*[A-Z0-9]|DATABASE_URL|EMAIL_URL)\b")
#: What every Django command takes.
EVERYWHERE = {
    "--help", "--version", "--verbosity", "--settings", "--pythonpath", "--traceback", "--no-color",
    "--force-color", "--skip-checks",
}  # fmt: skip
#: Heed's own commands; Django's that Heed only adjusts are documented there.
OURS = sorted(
    name
    for name, room in get_commands().items()
    if room.startswith("feedback.") and name not in find_commands(management.__path__[0])
)


def read_by(path: Path) -> set[str]:
    """The knobs that a file reads: names in quotes."""
    text = path.read_text(encoding="utf-8")
    return {found for found in re.findall(r"[\"']([A-Z_]+)[\"']", text) if KNOB.fullmatch(found)}


def documented_knobs() -> set[str]:
    table = (DOCS / "settings.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| `([A-Z_]+)` \|", table, flags=re.MULTILINE))


def test_every_setting_is_documented_and_every_documented_one_is_read() -> None:
    config = set((ROOT / "config").glob("*.py"))
    read = set().union(*map(read_by, config | set((ROOT / "tests").rglob("conftest.py"))))
    read |= set().union(*map(read_by, (ROOT / "feedback").rglob("*.py")))
    assert documented_knobs() - {"HEED_TEST_SCREENSHOTS", "HEED_TEST_CHROMIUM"} <= read
    assert {name for name in read if not name.endswith("_FILE")} <= documented_knobs()


def test_documents_name_no_setting_that_is_not_there() -> None:
    names = set()
    for page in DOCS.glob("*.md"):
        names |= set(KNOB.findall(page.read_text(encoding="utf-8")))
    known = documented_knobs()
    assert {name for name in names if name not in known and not name.endswith("_FILE")} == set()


def sections() -> dict[str, str]:
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    parts = re.split(r"^## ([a-z_]+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_command_has_its_section() -> None:
    assert sorted(sections()) == OURS


@pytest.mark.parametrize("name", OURS)
def test_every_option_of_a_command_is_documented_and_no_other(name: str) -> None:
    section = sections()[name]
    parser: ArgumentParser = load_command_class(get_commands()[name], name).create_parser("x", name)
    options = {
        word
        for action in parser._actions
        for word in action.option_strings
        if word.startswith("--")
    }
    options -= EVERYWHERE
    named = set(re.findall(r"`(--[a-z-]+)", section))
    assert options == named
    assert parser.description


def test_every_make_target_is_in_its_help() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", text, flags=re.MULTILINE))
    assert targets == set(re.findall(r"^([a-z-]+):.*## ", text, flags=re.MULTILINE))


def test_links_between_the_pages_lead_somewhere() -> None:
    for page in DOCS.glob("*.md"):
        for target, anchor in re.findall(
            r"\]\(([a-z-]+\.md)(?:#([a-z-]+))?\)", page.read_text("utf-8")
        ):
            text = (DOCS / target).read_text(encoding="utf-8")
            headings = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
            anchors = {
                re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-")
                for heading in headings
            }
            assert not anchor or anchor in anchors, f"{page.name}: {target}#{anchor}"
