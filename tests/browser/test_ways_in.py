"""Other ways in: a passkey of one's device, and a link of the product that one uses."""

import datetime as dt
import re

import pytest
from django.conf import settings as configured

from feedback.accounts.models import JoiningWishes
from feedback.forum.models import Post
from tests.accounts.doors.product import Product
from tests.browser.test_journey import sign_in
from tests.browser.test_pictures import find_a_twin
from tests.browser.waiting import until

#: A device with a lock, that says yes when it is asked.
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def at_localhost(settings):
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True


def test_a_passkey_is_made_and_signs_in(walk, ann, at_localhost):
    walker = walk(width=390)
    device = walker.context.new_cdp_session(walker.page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    sign_in(walker, ann)
    page = walker.go("/accounts/2fa/")
    walker.look("passkey-1-settings")
    page.click("text=Add a passkey")
    page.fill("input[name=password]", "a long password")
    walker.look("passkey-2-it-is-you")
    page.click("main form button.button--primary")
    page.wait_for_url(re.compile("webauthn/add/"))
    page.fill("input[name=name]", "My phone")
    walker.look("passkey-3-make")
    page.click("text=Make the passkey")
    page.wait_for_url(re.compile("recovery-codes/"))
    walker.look("passkey-4-recovery-codes")

    walker.sign_in(None)
    page = walker.go("/accounts/login/?next=/asks/")
    walker.look("passkey-5-sign-in")
    page.click("text=Sign in with a passkey")
    page.wait_for_url(re.compile(r":\d+/asks/$"))
    assert page.locator("summary >> text=Account of Ann").count() == 1


@pytest.mark.parametrize(
    ("language", "name", "title"),
    [("en", "Cleo", "The timer forgets its time"), ("zh-hans", "小明", "计时器忘了时间")],
)
def test_from_the_product_s_page_to_a_post_with_its_version(
    walk, ada, bo, board, publish, language, name, title
):
    publish(bo, title)
    JoiningWishes.objects.create(has_tick=True)
    app = Product(ada)
    at = int(dt.datetime.now(tz=dt.UTC).timestamp())
    said = {"iat": at, "exp": at + 60, "name": name, "next": "/posts/new/"}
    said["language"] = "zh-CN" if language == "zh-hans" else "en"
    walker = walk(width=390, language=language)
    page = walker.go(f"/hand-over/?token={app.token(**said)}")
    walker.look("hand-over-1-question")
    page.check("input[name=accepts_rules]")
    page.click("main form button.button--primary")
    page.wait_for_url(re.compile("/posts/new/"))
    assert page.input_value("input[name=product_version]") == "5.2.1"
    assert page.locator("html").get_attribute("lang").startswith(language[:2])
    until(page, "window.htmx !== undefined")
    find_a_twin(page, title)
    walker.look("hand-over-2-post")
    page.click("#compose .form-end .button--primary")
    page.locator("h1", has_text=title).wait_for()
    assert Post.objects.filter(title=title, product_version="5.2.1", author__display_name=name)
    page.goto(f"{walker.base}/hand-over/?token={app.token(**said, jti='again')}")
    page.wait_for_url(re.compile("/posts/new/"))  # asked once
    assert configured.SESSION_COOKIE_NAME in {one["name"] for one in walker.context.cookies()}
    walker.expected.add(403)
    page = walker.go("/hand-over/?token=nonsense")
    walker.look("hand-over-3-refused")
    walker.complaints = [one for one in walker.complaints if "403 (Forbidden)" not in one]
