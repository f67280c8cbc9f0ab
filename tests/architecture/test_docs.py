"""What README and docs say is so: links lead somewhere, commands exist with the options shown, and run."""

import re
import shlex
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/**/*.md")])
names = [str(page.relative_to(ROOT)) for page in PAGES]


def blocks(page: Path) -> list[str]:
    """Return the shell lines of a page's code blocks, continued lines joined."""
    found = []
    for block in re.findall(r"```(?:sh|bash|console)\n(.*?)```", page.read_text(), re.S):
        joined = block.replace("\\\n", " ")
        found += [line.strip().removeprefix("$ ") for line in joined.splitlines()]
    return [line for line in found if line and not line.startswith("#")]


def manage_lines() -> list[tuple[str, str]]:
    return [
        (name, line[line.index("manage.py") :])
        for page, name in zip(PAGES, names, strict=True)
        for line in blocks(page)
        if "manage.py" in line
    ]


def test_links_lead_to_files_that_are_there():
    assert len(names) > 20
    for name in names:
        page = ROOT / name
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text()):
            if not re.match(r"[a-z]+:", target):
                assert (page.parent / target).exists(), f"{name} links to {target}"


def test_make_targets_exist():
    targets = set(re.findall(r"^([a-z][\w-]*):", (ROOT / "Makefile").read_text(), re.M))
    for line in (line for name in names for line in blocks(ROOT / name)):
        if line.startswith("make "):
            words = [word for word in shlex.split(line)[1:] if "=" not in word and word[0] != "-"]
            assert set(words) <= targets, line


@pytest.mark.parametrize(("name", "line"), manage_lines())
def test_commands_take_the_options_shown(name, line):
    words = shlex.split(re.sub(r"[|&;].*", "", line))[1:]
    if not words or words[0] not in get_commands():
        pytest.fail(f"{name} shows a command that does not exist: {line}")
    command = load_command_class(get_commands()[words[0]], words[0])
    command.create_parser("manage.py", words[0]).parse_args(words[1:])


@pytest.mark.django_db
def test_the_readme_s_way_to_import_and_to_group_a_file_works(tmp_path, monkeypatch, board):
    """Run the README's own lines on a small file of that name, with an encoder that loads at once."""
    from django.core.management import call_command

    from feedback.forum.models import Post

    lines = [line for name, line in manage_lines() if name == "README.md"]
    words = {shlex.split(line)[1]: shlex.split(line)[2:] for line in lines}
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("django.conf.settings.ENCODER", "hashing")
    (tmp_path / "reviews.csv").write_text(
        "title,body\nDark mode,Please add a dark mode\nExport,Export my data as CSV\n"
        "Dark theme,Add a dark mode please\n"
    )
    call_command("import_posts", *words["import_posts"])
    assert Post.objects.filter(board=board).count() == 3
    call_command("group_file", *words["group_file"])
    assert len((tmp_path / "groups.jsonl").read_text().splitlines()) == 3


# --- Where does my line go? -----------------------------------------------------------------------------
GUIDE = (ROOT / "docs" / "where-does-my-line-go.md").read_text(encoding="utf-8")
CHANGES = re.findall(r"^\| \*\*(.+?)\*\* \| (.+?) \| (.+?) \|$", GUIDE, re.M)


def test_every_file_it_names_is_there():
    named = set(re.findall(r"`((?:feedback|config|docs|tests)/[^` ]*)`", GUIDE))
    assert len(named) > 50
    assert not {one for one in named if not (ROOT / one).exists()}


@pytest.mark.parametrize(("change", "files"), [(one, files) for one, files, _ in CHANGES])
def test_a_typical_change_touches_five_files_at_most(change, files):
    assert (
        1 <= len(re.findall(r"`(?:feedback|config|docs)/[^` ]*`|`[a-z]+\.(?:py|html)`", files)) <= 5
    )


def test_the_way_of_a_post_is_forty_files_at_most():
    way = re.findall(r"`(feedback/[^` ]+\.py)`", GUIDE[GUIDE.index("## The way of a post") :])
    assert len(CHANGES) >= 10
    assert 30 < len(way) == len(set(way)) <= 40
