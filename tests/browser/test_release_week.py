"""One release week in a browser, on a stopped clock: planned, built, previewed, in beta, out on Friday, and thanked."""

import datetime as dt

import pytest
import time_machine
from django.utils import translation
from django.utils.translation import gettext as _

from feedback.forum.models import Board
from feedback.roadmap import operations as roadmap
from feedback.roadmap.models import Release
from tests.browser.waiting import until

MONDAY = dt.datetime(2027, 3, 1, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def clock_at():
    """Stop the clock of the site: ``clock_at(MONDAY + dt.timedelta(days=1))``."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller.move_to


@pytest.mark.parametrize(("language", "dark"), [("en", False), ("zh-hans", True)])
def test_a_release_week_on_a_phone(walk, language, dark, clock_at, item, product, ann, bo, pia):
    roadmap.move(item=item, stage="BETA", actor=pia, now=MONDAY)
    Board.objects.create(product=product, slug="news", name="News", name_zh="公告", posters="TEAM")
    team = walk(language=language, width=390, dark=dark)
    team.sign_in(pia)

    def on_day(number):
        """Have it be that day of the week, with everybody signed in: sessions end by the clock."""
        clock_at(MONDAY + dt.timedelta(days=number))
        team.sign_in(pia)
        return team.go("/releases/5.0/")

    def press(words):
        team.page.get_by_role("button", name=words, exact=False).first.click()
        team.page.wait_for_load_state("load")

    with translation.override(language):
        # Monday: planned, an item is promised for it, and it is being built.
        page = team.go("/train/")
        team.look(f"week-{language}-1-train")
        page.fill("#id_plan-version", "5.0")
        press(_("Put it on the train"))
        roadmap.edit_item(
            item=item, title=item.title, summary="", version="5.0", actor=pia, now=MONDAY
        )
        on_day(0)
        press(_("On to: %(stop)s") % {"stop": Release(stop="BUILD").get_stop_display()})
        team.look(f"week-{language}-2-build")

        # Tuesday: notes are drafted, edited and posted as a preview.
        page = on_day(1)
        press(_("Draft the notes from items and asks"))
        marked = _(
            "A draft that the machine put together from what people asked. Nobody has edited it yet."
        )
        assert page.get_by_text(marked).is_visible()
        team.look(f"week-{language}-3-drafted")
        page.get_by_text(_("Edit the notes"), exact=True).click()
        for name in ("en", "zh"):
            page.fill(f"#id_notes-notes_{name}", "Dark, at last. 终于有深色了。")
        page.locator("form[action*='/notes/'] button").click()
        page.get_by_text(marked).wait_for(state="detached")
        page.get_by_text(_("Post a preview"), exact=True).click()
        press(_("Post the preview"))
        page.locator("h1", has_text="5.0").wait_for()
        on_day(1)
        press(_("On to: %(stop)s") % {"stop": Release(stop="PREVIEW").get_stop_display()})

        # Wednesday: in beta.
        on_day(2)
        press(_("On to: %(stop)s") % {"stop": Release(stop="BETA").get_stop_display()})
        team.look(f"week-{language}-4-beta")

        # Friday: out, with what was ticked.
        on_day(4)
        press(_("Release and tell everyone who asked"))
        page.locator(".line__stop--here .line__name").wait_for()
        assert Release.objects.get().is_out
        item.refresh_from_db()
        assert item.stage == "SHIPPED"
        team.look(f"week-{language}-5-out")

        # Everyone reads it, and Ann finds her own page with its picture.
        reader = walk(language=language, width=390, dark=dark)
        page = reader.go("/")
        page.locator("#train-title").wait_for()
        reader.look(f"week-{language}-6-home")
        page = reader.go("/releases/")
        assert page.get_by_text("5.0").first.is_visible()
        reader.look(f"week-{language}-7-changelog")
        reader.sign_in(ann)
        page = reader.go(f"/shipped/{item.public_id}/")
        assert page.get_by_role("heading", name=_("Your idea shipped")).is_visible()
        page.locator(".story__picture img").scroll_into_view_if_needed()
        until(page, "document.querySelector('.story__picture img').naturalWidth === 1200")
        reader.look(f"week-{language}-8-story")
