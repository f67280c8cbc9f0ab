"""Other ways in: a passkey of one's device, and a link of the product that one uses."""

import datetime as dt
import re

import pytest
from django.conf import settings as configured

from feedback.accounts.models import JoiningWishes
from tests.accounts.doors.product import Product
from tests.browser.test_journey import sign_in

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


def test_from_the_product_s_page_to_a_post_with_its_version(walk, ada, board):
    JoiningWishes.objects.create(has_tick=True)
    app = Product(ada)
    at = int(dt.datetime.now(tz=dt.UTC).timestamp())
    said = {"iat": at, "exp": at + 60, "name": "小明", "language": "zh-CN", "next": "/posts/new/"}
    walker = walk(width=390, language="zh-hans")
    page = walker.go(f"/hand-over/?token={app.token(**said)}")
    walker.look("hand-over-1-question")
    page.check("input[name=accepts_rules]")
    page.click("main form button.button--primary")
    page.wait_for_url(re.compile("/posts/new/"))
    assert page.input_value("input[name=product_version]") == "5.2.1"
    walker.look("hand-over-2-post")
    page.goto(f"{walker.base}/hand-over/?token={app.token(**said, jti='again')}")
    page.wait_for_url(re.compile("/posts/new/"))  # asked once
    assert configured.SESSION_COOKIE_NAME in {one["name"] for one in walker.context.cookies()}
    walker.expected.add(403)
    page = walker.go("/hand-over/?token=nonsense")
    walker.look("hand-over-3-refused")
    walker.complaints = [one for one in walker.complaints if "403 (Forbidden)" not in one]
