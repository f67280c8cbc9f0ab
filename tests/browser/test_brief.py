"""The weekly brief: drafted, made one's own, published, and read by a member on a phone."""

import re

import pytest

from feedback.briefs.models import Brief
from tests.briefs.conftest import news as news
from tests.briefs.conftest import told as told


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_from_the_draft_to_what_members_read(walk, language, told, ann, pia):
    desk = walk(language, width=1440)
    desk.sign_in(pia)
    page = desk.go("/desk/briefs/")
    desk.look(f"brief-1-weeks-{language}")
    page.locator(".brief-weeks form button").first.click()
    page.wait_for_url(re.compile(r"/desk/briefs/\w+/$"))
    drafted = page.locator("[name=words_en]").input_value()
    assert "shipped" in drafted.lower()
    page.locator("[name=words_en]").fill(f"{drafted}\n\nThank you for the maps.")
    page.locator("main form.stack .buttons .button--primary").first.click()
    page.locator(".message").first.wait_for()
    desk.look(f"brief-2-draft-{language}")
    page.locator("#brief-board").select_option("news")
    page.locator('form[action$="/publish/"] .button--primary').click()
    page.locator(".message").first.wait_for()
    desk.content()
    brief = Brief.objects.get()
    assert brief.is_published and "Thank you for the maps." in brief.words_en

    reader = walk(language, width=390, dark=True)
    reader.sign_in(ann)
    page = reader.go("/")
    page.locator(f'a[href^="/briefs/{brief.public_id}/"]').first.click()
    page.locator("article.brief").wait_for()
    reader.look(f"brief-3-read-{language}")
    if language == "en":
        page.get_by_text("Thank you for the maps.").wait_for()
    else:
        page.locator('a[hreflang="en"]').click()
        page.get_by_text("Thank you for the maps.").wait_for()
    reader.content()
