"""On the board of the roadmap: an item is dragged to another column, moved there by keys, and asked what it needs."""

import re

from playwright.sync_api import expect

from feedback.asks.stages import Stage
from feedback.roadmap.models import Item
from tests.browser.conftest import on_sqlite_alone

pytestmark = on_sqlite_alone


def column(page, stage):
    return page.locator(f'section[data-stages="{stage}"]')


def test_an_item_is_dragged_and_moved_by_keys(walk, pia, item):
    window = walk()
    window.sign_in(pia)
    page = window.go("/roadmap/")
    row = page.locator(f"#item-{item.public_id}")
    row.drag_to(column(page, "IN_PROGRESS"))
    page.wait_for_url(f"**/roadmap/#item-{item.public_id}")
    expect(
        column(page, "IN_PROGRESS").get_by_role("link", name="A dark theme").first
    ).to_be_focused()
    assert Item.objects.get().stage == Stage.IN_PROGRESS
    window.look("board-moved")
    # Where the move left it, the keys go on.
    page.keyboard.press(">")
    expect(column(page, "BETA").get_by_role("link", name="A dark theme").first).to_be_focused()
    assert Item.objects.get().stage == Stage.BETA
    # What ships needs a version: the form asks for it, and for nothing that only a refusal needs.
    page.keyboard.press(">")
    page.wait_for_url("**/to/?to=SHIPPED**")
    expect(page.get_by_label("Version")).to_be_visible()
    expect(page.get_by_label("Public reason")).to_have_count(0)
    window.look("board-asks")
    page.go_back()
    page.keyboard.press("<")
    expect(
        column(page, "IN_PROGRESS").get_by_role("link", name="A dark theme").first
    ).to_be_visible()
    page.get_by_role("link", name=re.compile("^Move A dark")).focus()
    page.keyboard.press("Enter")
    page.get_by_label("Planned").check()
    page.get_by_role("button", name="Move and tell").click()
    expect(column(page, "PLANNED").get_by_role("link", name="A dark theme").first).to_be_visible()
