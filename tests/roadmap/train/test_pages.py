"""A release's page: for everyone, and what a manager does there."""

import datetime as dt
import re

import pytest

from feedback.roadmap.models import ChangelogLine, Release
from feedback.roadmap.stops import Stop
from feedback.roadmap.train import editing
from feedback.roadmap.train import operations as train
from feedback.roadmap.train.leaving import leave
from tests.products import make_notes
from tests.roadmap.train.conftest import FRIDAY

PAGE = "/releases/1.4.0/"


def read(client, address=PAGE, language="en"):
    return client.get(address, headers={"accept-language": language}).content.decode()


def test_everyone_reads_the_timetable_and_what_is_on_board(client, coming):
    page = read(client)
    for words in ("Mon</span> 2 Mar", "Fri</span> 6 Mar", "Tue</span> 10 Mar", "A dark theme"):
        assert words in page
    assert "For the team" not in page
    assert "体验报告" in read(client, language="zh-hans")


def test_notes_are_read_in_ones_own_language_and_a_draft_says_that_it_is_one(client, coming):
    editing.draft_notes(release=coming.release, **coming.by)
    editing.change_notes(
        release=coming.again(),
        notes_en="*Our* words",
        notes_zh=coming.again().notes_zh,
        **coming.by,
    )
    english = read(client)
    assert "<em>Our</em> words" in english
    assert "the machine put together" not in english
    assert "机器根据大家的需求拼出的草稿" in read(client, language="zh-hans")


def test_a_manager_walks_it_along_its_line_and_back(client_of, coming, pia):
    manager = client_of(pia)
    assert "On to: Build" in read(manager)
    response = manager.post(f"{PAGE}move/", {"stop": "BUILD"}, follow=True)
    assert 'aria-current="step"' in response.content.decode()
    undo = next(message for message in response.context["messages"]).extra_tags.split()[0]
    manager.post(undo.removeprefix("undo:"))
    assert coming.again().stop == Stop.PLANNED
    assert manager.post(f"{PAGE}move/", {"stop": "NOWHERE"}).status_code == 404


def test_what_is_due_today_stands_on_top(client_of, coming, pia, frozen):
    frozen.move_to(dt.datetime(2026, 3, 3, 9, tzinfo=dt.UTC))
    page = read(client_of(pia))
    assert "Late: Build." in page.replace("<b>", "")
    assert "Due today: Preview." in page.replace("<b>", "")
    assert page.index("Due today:") < page.index('class="line"') < page.index("For the team")


def test_a_slip_is_shown_with_its_word_and_the_day_that_was_promised(
    client, client_of, coming, pia
):
    manager = client_of(pia)
    response = manager.post(f"{PAGE}slip/", {"slip-release_date": "2026-03-13", "slip-word": ""})
    assert response.status_code == 422
    manager.post(f"{PAGE}slip/", {"slip-release_date": "2026-03-13", "slip-word": "A crash."})
    page = read(client)
    assert "Friday 6 March</s>" in page
    assert "Friday 13 March" in page
    assert "A crash." in page


def test_what_is_held_is_shown_so_and_taken_up_again(client, client_of, coming, pia):
    manager = client_of(pia)
    manager.post(f"{PAGE}halt/", {"halt-how": "stop", "halt-word": "A leak."})
    assert "Stopped" in read(client)
    assert "Release it" not in read(manager)
    manager.post(f"{PAGE}resume/")
    assert not coming.again().is_halted
    manager.post(f"{PAGE}halt/", {"halt-how": "skip", "halt-word": "Holidays."})
    assert coming.again().stop == Stop.SKIPPED


def test_release_day_from_the_page(client, client_of, coming, pia, bo):
    manager = client_of(pia)
    ready, waits = coming.ready.public_id, coming.waits.public_id
    ticks = re.findall(r'name="leave-(\w+)_goes"[^>]*checked', read(manager))
    assert ticks == [ready], "what is in beta goes along unless somebody says otherwise"
    manager.post(
        f"{PAGE}leave/",
        {
            f"leave-{ready}_goes": "on",
            f"leave-{ready}_text": "Dark at last.",
            f"leave-{waits}_text": "No crash",
        },
    )
    assert coming.again().is_out
    page = read(client)
    assert "Dark at last." in page
    assert page.index(">New<") < page.index("Dark at last.")
    assert f"/people/{bo.public_id}/" in page, "who voted is thanked too"
    line = ChangelogLine.objects.get()
    manager.post(
        f"{PAGE}line/{ready}/",
        {f"line{line.pk}-text": "Dark.", f"line{line.pk}-category": "BETTER"},
    )
    assert ">Better<" in read(client)


@pytest.mark.parametrize("credit", ["NAMED", "COUNTED"])
def test_who_is_thanked_by_name_is_their_own_choice(client, client_of, coming, bo, credit):
    leave(release=coming.release, **coming.by)
    assert "credit" in client_of(bo).get("/settings/").content.decode()
    client_of(bo).post(
        "/settings/", {"display_name": "Bo", "bio": "", "language": "", "credit": credit}
    )
    page = read(client)
    assert (f"/people/{bo.public_id}/" in page) == (credit == "NAMED")
    assert ("and 1 other" in page) == (credit == "COUNTED")


def test_imported_authors_are_counted_until_they_choose(client, coming, ann, bo):
    bo.origin = "IMPORTED"
    bo.save()
    leave(release=coming.release, **coming.by)
    assert f"/people/{bo.public_id}/" not in read(client)
    bo.credit = "NAMED"
    bo.save()
    assert f"/people/{bo.public_id}/" in read(client)


def test_a_stale_edit_of_the_notes_shows_both_texts(client_of, coming, pia, ada):
    first, second = client_of(pia), client_of(ada)
    seen = first.get(PAGE).context["notes_form"].initial["seen"]
    for client, words in ((first, "Pia's words"), (second, "Ada's words")):
        response = client.post(
            f"{PAGE}notes/", {"notes-notes_en": words, "notes-notes_zh": "", "notes-seen": seen}
        )
    assert response.status_code == 409
    page = response.content.decode()
    assert "Pia&#x27;s words" in page
    assert "Ada&#x27;s words" in page
    assert coming.again().notes_en == "Pia's words"
    seen = response.context["notes_form"]["seen"].value()
    second.post(
        f"{PAGE}notes/", {"notes-notes_en": "Both", "notes-notes_zh": "", "notes-seen": seen}
    )
    assert coming.again().notes_en == "Both"


def test_known_problems_and_links_stand_on_the_page(client, client_of, coming, pia, product):
    manager = client_of(pia)
    later = train.plan_release(product=product, version="1.4.1", **coming.by)
    fields = {"problem-text": "Slow on start", "problem-text_zh": "启动慢"}
    manager.post(f"{PAGE}problem/", fields)
    assert "Slow on start" in read(client)
    assert "启动慢" in read(client, language="zh-hans")
    problem = coming.release.problems.get()
    manager.post(f"{PAGE}problem/", {"known": problem.pk, "mended_in": later.version})
    assert "mended in 1.4.1" in read(client)
    assert "Slow on start" in read(client, "/releases/1.4.1/")
    manager.post(f"{PAGE}problem/", {"known": problem.pk, "mended_in": ""})
    assert "Slow on start" not in read(client)
    manager.post(f"{PAGE}link/", {"link-label": "Download", "link-url": "https://example.org/app"})
    assert 'href="https://example.org/app"' in read(client)
    manager.post(f"{PAGE}link/", {"known": coming.release.links.get().pk})
    assert "https://example.org/app" not in read(client)


def test_days_and_what_is_due_are_edited_in_place(client, client_of, coming, pia):
    manager = client_of(pia)
    fields = {
        f"days-{name}": value
        for name, value in {
            "BUILD_date": "2026-03-02",
            "BUILD_due": "Freeze at noon.",
            "PREVIEW_date": "2026-03-04",
            "PREVIEW_due": "",
            "BETA_date": "2026-03-04",
            "BETA_due": "",
            "RELEASED_due": "",
            "REPORT_date": "2026-03-10",
            "REPORT_due": "",
        }.items()
    }
    manager.post(f"{PAGE}days/", fields)
    page = read(client)
    assert "Freeze at noon." in page
    assert coming.release.stop_days.get(stop="PREVIEW").due_date == dt.date(2026, 3, 4)
    assert coming.again().release_date == FRIDAY


def test_a_manager_sets_the_week_and_plans_the_next_version(client_of, product, pia):
    manager = client_of(pia)
    assert "Plan a release" in read(manager, "/train/")
    week = {
        "weeks": 1,
        "build_weekday": 0,
        "preview_weekday": 1,
        "beta_weekday": 2,
        "release_weekday": 3,
        "report_weekday": 0,
        "framed_by": "",
    }
    manager.post("/train/", week)
    response = manager.post("/train/plan/", {"plan-version": "2.0"})
    assert response["Location"] == "/releases/2.0/"
    assert Release.objects.get().release_date == dt.date(2026, 3, 12)
    assert manager.post("/train/plan/", {"plan-version": "2.0"}).status_code == 422
    assert manager.post("/train/plan/", {"plan-version": "a/b"}).status_code == 422


@pytest.mark.parametrize("day", ["0026-03-13", "9999-12-31", "1999-12-31"])
def test_a_slip_of_the_pen_is_no_day(client_of, product, pia, day):
    fields = {"plan-version": "2.0", "plan-release_date": day}
    assert client_of(pia).post("/train/plan/", fields).status_code == 422
    assert not Release.objects.exists()


def test_a_release_is_planned_for_the_product_whose_releases_one_reads(client_of, product, pia):
    make_notes()
    manager = client_of(pia)
    page = read(manager, "/releases/?product=notes")
    assert 'href="/train/?product=notes"' in page
    manager.post("/train/plan/?product=notes", {"plan-version": "2.0"})
    assert Release.objects.get().product.slug == "notes"


def test_a_site_before_its_first_board_has_a_train(client_of, pia):
    assert client_of(pia).get("/train/").status_code == 200


def test_who_changes_the_days_reads_a_slip_that_came_between_them(client_of, coming, pia):
    manager = client_of(pia)
    form = manager.get(PAGE).context["days_form"]
    fields = {field.html_name: field.value() or "" for field in form}
    fields["days-BUILD_due"] = "Freeze at noon."
    later = FRIDAY + dt.timedelta(days=7)
    train.slip(release=coming.release, release_date=later, word="A crash.", **coming.by)
    response = manager.post(f"{PAGE}days/", fields)
    assert response.status_code == 409
    assert coming.release.stop_days.get(stop="BETA").due_date == dt.date(2026, 3, 11)
    page = response.content.decode()
    assert "As it was saved meanwhile" in page
    assert "Freeze at noon." in page
    fields["days-seen"] = response.context["days_form"]["seen"].value()
    assert manager.post(f"{PAGE}days/", fields).status_code == 302
    assert coming.release.stop_days.get(stop="BETA").due_date == dt.date(2026, 3, 4)


def test_a_line_that_cannot_be_saved_comes_back_as_it_was_written(client_of, coming, pia):
    leave(release=coming.release, **coming.by)
    line = ChangelogLine.objects.get()
    response = client_of(pia).post(
        f"{PAGE}line/{coming.ready.public_id}/",
        {f"line{line.pk}-text": "Dark at last", f"line{line.pk}-category": "NONSENSE"},
    )
    assert response.status_code == 422
    assert 'value="Dark at last"' in response.content.decode()
