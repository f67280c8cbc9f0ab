"""Searching on a phone: one box, one list, why each hit is there, filters that stand in the address."""

import pytest

from feedback.roadmap import operations as roadmap


@pytest.fixture
def community(ann, bo, pia, publish, make_ask, now, board):
    """A few posts in both languages, an ask, an item and a release about the same things."""
    dark = make_ask(
        publish(ann, "Night mode, please", body="The white page is too bright in bed."),
        publish(bo, "希望增加深色模式", body="晚上看着刺眼。"),
        title="Dark mode",
    )
    publish(
        bo,
        "登录不了",
        body="更新后一直登录失败，版本2.10.3。" + "试了很多次。" * 40,
        kind="BUG",
        product_version="2.10.3",
    )
    publish(ann, "Wi-Fi only downloads", body="Only on wi-fi, please.")
    publish(ann, "字幕不见了", body="看视频时没有字幕。", kind="BUG")
    roadmap.adopt(ask=dark, actor=pia, now=now, title="A dark theme")
    shipped = roadmap.adopt(
        ask=make_ask(publish(bo, "Faster start")), actor=pia, now=now, title="Fast"
    )
    roadmap.ship(item=shipped, version="1.4.0", actor=pia, now=now, text="Starts twice as fast.")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_searching_on_a_phone(walk, community, language):
    walker = walk(language=language, width=390)
    page = walker.go("/")
    page.locator(".top__search-link").click()
    page.locator("#search-words").wait_for()
    assert page.locator("form[role=search]").count() == 1, "one box"
    walker.look(f"search-{language}-empty")

    page.fill("#search-words", "夜间模式")
    page.press("#search-words", "Enter")
    page.locator("#found .post-row").first.wait_for()
    found = page.locator("#found").inner_text()
    assert "Night mode, please" in found
    assert "希望增加深色模式" in found
    assert page.locator("#found mark", has_text="深色模式").count() >= 1
    page.locator("#found .why").first.wait_for()
    walker.look(f"search-{language}-hits")

    page.locator(".search-filters summary").click()
    page.select_option("#filter-lang", "en")
    page.locator(".search-filters .buttons button").click()
    page.locator(".chip").first.wait_for()
    assert "lang=en" in page.url
    assert "board=" not in page.url, "what is not set is not in the address"
    assert "希望增加深色模式" not in page.locator("#found .post-row").all_inner_texts()
    walker.look(f"search-{language}-filtered")
    page.locator(".chip").first.click()
    page.locator("#found", has_text="希望增加深色模式").wait_for()

    page = walker.go("/search/?q=登路")
    assert page.locator("#found mark").first.inner_text() == "登录"
    page = walker.go("/search/?q=kind:nonsense+wifi")
    walker.look(f"search-{language}-problem")
    assert page.locator("#found mark").first.inner_text() == "Wi-Fi"
    page = walker.go("/search/?q=submarine")
    page.locator(".empty a").click()
    assert page.locator("#id_title").input_value() == "submarine"


@pytest.mark.parametrize(("language", "dark"), [("en", False), ("zh-hans", True)])
def test_searching_at_a_desk(walk, community, language, dark):
    walker = walk(language=language, dark=dark)
    page = walker.go("/search/?q=fast")
    assert page.locator("form[role=search]").count() == 1, "the head leaves the box to the page"
    assert page.locator("#found", has_text="1.4.0").count() == 1
    walker.look(f"search-{language}-wide")
    page = walker.go("/search/?q=dark+mode")
    walker.look(f"search-{language}-wide-dark-mode")
    page = walker.go("/")
    page.fill("#search-words", "wifi")
    page.press("#search-words", "Enter")
    page.locator("#found mark").first.wait_for()
