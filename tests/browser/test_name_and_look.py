"""An administrator gives the site its look, and a stranger's browser shows that it is no program."""

import re

from feedback.accounts.models import User
from feedback.forum.products.operations import make_product
from feedback.identity.models import Look
from feedback.kernel import clock
from tests.browser.test_journey import sign_in


def test_a_look_is_seen_by_day_and_by_night_and_then_by_everybody(walk, ada, board):
    walker = walk(width=390, language="zh-hans")
    sign_in(walker, ada)
    page = walker.go("/desk/identity/")
    page.fill("input[name=name]", "流明")
    page.locator("input[type=color]").fill("#1e6fd9")
    assert page.input_value("input[name=colour]") == "#1e6fd9"
    page.click("main form[enctype] button")
    page.wait_for_selector("text=对所有人启用")
    walker.look("identity-1-draft")
    assert Look.objects.get().state == "DRAFT"
    primary = page.locator(".look--night .button--primary")
    by_night = primary.evaluate("one => getComputedStyle(one).backgroundColor")
    day = page.locator(".look--day .button--primary")
    assert day.evaluate("one => getComputedStyle(one).backgroundColor") == "rgb(30, 111, 217)"
    assert by_night != "rgb(30, 111, 217)"
    page.click("text=对所有人启用")
    page.wait_for_selector(".message--success")
    walker.sign_in(None)
    page = walker.go("/")
    assert page.locator(".wordmark__name").inner_text() == "流明"
    walker.look("identity-2-home")


def test_a_browser_shows_that_it_is_no_program_while_the_form_is_filled_in(walk, db, settings):
    settings.CAPTCHA = {"kind": "work", "at": ["sign-up"], "work": 2_000, "hosts": []}
    walker = walk(width=390)
    page = walker.go("/accounts/signup/")
    page.fill("input[name=display_name]", "Cleo")
    page.fill("input[name=email]", "cleo@new.example")
    page.fill("input[name=password1]", "a long password")
    page.wait_for_selector("text=Checked: you are a person.")
    walker.look("captcha-1-done")
    page.click("main form button.button--primary")
    page.wait_for_url(re.compile(r":\d+/(?!accounts/signup)"))
    assert User.objects.filter(display_name="Cleo").exists()


def test_the_products_are_within_reach_on_a_phone(walk, ann, board, pia):
    make_product(slug="next", name="Something with a rather long name", actor=pia, now=clock.now())
    walker = walk("en", width=390)
    walker.sign_in(ann)
    page = walker.go("/roadmap/?product=next")
    page.click(".product-switch > summary")
    sheet = page.locator(".product-switch .menu__sheet").bounding_box()
    assert sheet["x"] >= 0 and sheet["x"] + sheet["width"] <= 390
    face = page.locator(".top__end .menu").last.bounding_box()
    assert face["x"] + face["width"] <= 390
    walker.look("products-on-a-phone")
