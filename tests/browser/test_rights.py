"""From a link that says a role to the first case that its taker decides."""

import re

from feedback.forum.moderation.flagging import flag
from feedback.kernel import clock


def test_somebody_is_invited_to_look_after_a_board(walk, ada, ann, bo, mo, rule, board, publish):
    flag(thing=publish(ann, "Cheap hats"), person=mo, reason="SPAM", now=clock.now())
    walker = walk()
    walker.sign_in(ada)
    page = walker.go("/desk/rights/")
    page.select_option("#offer_role", "MODERATOR")
    page.select_option("#offer_place", f"board:{board.slug}")
    page.click("text=Make a link")
    link = page.inner_text("code.offer-link")
    walker.look("rights-1-a-link")
    walker.wear(390, dark=True)
    walker.look("rights-2-narrow")

    phone = walk("zh-hans", width=390)
    phone.sign_in(bo)
    page = phone.go(link[link.index("/team/") :])
    phone.look("rights-3-an-invitation")
    page.click("main form button.button--primary")
    page.wait_for_url(re.compile(r":\d+/$"))
    page = phone.go("/desk/moderation/")
    page.click("a.proposal__link")
    page.wait_for_selector("button[value=HIDE]")
    assert page.locator("button[value=BAN]").count() == 0
    phone.look("rights-4-the-queue-of-one-board")
    page.click("button[value=HIDE]")
    page.wait_for_selector("a.proposal__link", state="detached")
    phone.look("rights-5-decided")
