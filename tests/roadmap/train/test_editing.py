"""Notes in two languages, drafted and edited; known problems, links, lines of the changelog."""

import pytest

from feedback.kernel.refusals import Refusal
from feedback.kernel.stale import StaleEdit, mark_of
from feedback.roadmap.models import ChangelogLine
from feedback.roadmap.train import editing
from feedback.roadmap.train.drafting import drafted, in_language
from feedback.roadmap.train.leaving import leave


def test_a_draft_says_what_each_item_brings_and_who_asked(coming):
    coming.ready.title, coming.ready.summary = "A dark theme / 深色主题", "Follows the system."
    coming.ready.save()
    english = drafted(coming.release, "en")
    assert english.splitlines() == [
        "### New",
        "",
        "- **A dark theme** Follows the system. Asked for by 2 people: “Dark mode, please”",
        "",
        "### Mended",
        "",
        "- **No crash** Asked for by 1 person: “It crashes on start”",
    ]
    chinese = drafted(coming.release, "zh")
    assert "### 新增" in chinese
    assert "**深色主题**" in chinese
    assert "Follows" not in chinese


@pytest.mark.parametrize(
    ("title", "language", "said"),
    [
        ("Dark / 深色", "en", "Dark"),
        ("Dark / 深色", "zh", "深色"),
        ("Only English", "zh", "Only English"),
        ("and/or", "en", "and/or"),
    ],
)
def test_a_title_in_two_languages_is_cut_in_two(title, language, said):
    assert in_language(title, language) == said


def test_somebodys_words_stay_words_in_the_notes(coming, bo):
    bo_post = coming.waits.asks.get().medoid
    bo_post.title = "*Crash* [here](https://example.org) <b>"
    bo_post.save()
    assert "](https" not in drafted(coming.release, "en")


def test_a_machines_draft_is_marked_until_a_person_edits_it(coming):
    editing.draft_notes(release=coming.release, **coming.by)
    release = coming.again()
    assert release.notes_en_by_machine and release.notes_zh_by_machine
    editing.change_notes(
        release=release, notes_en="Our own words.", notes_zh=release.notes_zh, **coming.by
    )
    release = coming.again()
    assert (release.notes_en_by_machine, release.notes_zh_by_machine) == (False, True)
    editing.draft_notes(release=release, **coming.by)
    assert coming.again().notes_en == "Our own words."


def test_a_stale_edit_overwrites_nothing(coming):
    seen = mark_of(editing.notes_of(coming.release))
    editing.change_notes(
        release=coming.release, notes_en="First.", notes_zh="", seen=seen, **coming.by
    )
    with pytest.raises(StaleEdit) as why:
        editing.change_notes(
            release=coming.release, notes_en="Second.", notes_zh="", seen=seen, **coming.by
        )
    assert why.value.theirs["notes_en"] == "First."
    assert coming.again().notes_en == "First."


def test_a_known_problem_is_mended_by_a_release_of_the_same_product(coming, product):
    problem = editing.add_problem(release=coming.release, text="Slow on start", **coming.by)
    editing.mend_problem(problem=problem, mended_in=coming.release, **coming.by)
    problem.refresh_from_db()
    assert problem.mended_in == coming.release
    editing.remove_problem(problem=problem, **coming.by)
    assert not coming.release.problems.exists()
    with pytest.raises(Refusal):
        editing.add_problem(release=coming.release, text=" ", **coming.by)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "example.org", "ftp://example.org/a"])
def test_a_link_is_an_address_of_the_web(coming, url):
    with pytest.raises(Refusal):
        editing.add_link(release=coming.release, label="x", url=url, **coming.by)


def test_a_link_stands_once(coming):
    for label in ("Download", "Get it"):
        link = editing.add_link(
            release=coming.release, label=label, url="https://example.org/app", **coming.by
        )
    assert [one.label for one in coming.release.links.all()] == ["Get it"]
    editing.remove_link(link=link, **coming.by)
    assert not coming.release.links.exists()


def test_a_line_of_the_changelog_can_be_put_better(coming):
    leave(release=coming.release, **coming.by)
    line = ChangelogLine.objects.get()
    editing.change_line(line=line, text="Dark at last.", category="BETTER", **coming.by)
    line.refresh_from_db()
    assert (line.text, line.category) == ("Dark at last.", "BETTER")
    with pytest.raises(Refusal):
        editing.change_line(line=line, text="", category="BETTER", **coming.by)
