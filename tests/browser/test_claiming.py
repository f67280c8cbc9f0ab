"""An imported author comes by, proves who they are, and finds what they wrote and missed: on a phone."""

import re

import pytest
from django.core import mail

from feedback.accounts.claiming.codes import make_code
from feedback.forum.models import Post
from feedback.roadmap import operations as roadmap
from tests.accounts.imported import author, bring_posts, bring_reply, owns
from tests.browser.conftest import on_sqlite_alone

OLD = "ann@old.example"


@pytest.fixture
def ghost(board, make_ask, pia, run_jobs, now):
    """What Ann wrote elsewhere: two posts and a reply; one of the posts is planned by now."""
    posts = bring_posts(board, ("小安 Ann", OLD), ("小安 Ann", OLD), ("bo-gh", ""))
    bring_reply(posts[2], "小安 Ann")
    roadmap.adopt(ask=make_ask(posts[0]), actor=pia, now=now, title="A dark theme")
    run_jobs()
    return author("小安 Ann")


@pytest.fixture
def letters(settings):
    settings.HAS_MAIL_SERVER = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def test_from_the_old_page_to_the_missed_notice(walk, ann, ghost, run_jobs, letters):
    walker = walk(width=390)
    page = walker.go(f"/people/{ghost.public_id}/")
    walker.look("claim-1-is-this-you")
    page.click("text=Claim my old words")
    page.fill("input[name=login]", ann.email)
    page.fill("input[name=password]", "a long password")
    page.click("main form button.button--primary")
    page.wait_for_url(re.compile(r"/claim/$"))
    walker.look("claim-2-ways")

    page.fill("input[name=address]", OLD)
    page.click("text=Mail me a code")
    page.locator("text=a code is on its way").wait_for()
    run_jobs()
    code = re.search(r"[2-9A-Z]{5}-[2-9A-Z]{5}", mail.outbox[-1].body).group()

    # A wrong one keeps what was typed and says why.
    walker.expected.add(422)
    page.fill("input[name=code]", "AAAAA-AAAAA")
    page.click("button:text-is('Go on')")
    page.locator("text=This code does not work").wait_for()
    assert page.input_value("input[name=code]") == "AAAAA-AAAAA"
    walker.complaints = [one for one in walker.complaints if "422" not in one]
    walker.look("claim-5-wrong")

    page.fill("input[name=code]", code.lower())
    page.click("button:text-is('Go on')")
    page.locator("text=2 posts").wait_for()
    assert page.locator("text=1 notice").count() == 1
    walker.look("claim-3-what-comes")
    page.click("text=These are my words")
    page.locator("text=Yours already").wait_for()
    walker.look("claim-4-claimed")

    page = walker.go("/inbox/")
    assert page.locator("text=A dark theme").count() >= 1
    walker.go(f"/people/{ghost.public_id}/")
    page.wait_for_url(re.compile(f"/people/{ann.public_id}/$"))
    assert Post.objects.filter(author=ann).count() == 2


@on_sqlite_alone
@pytest.mark.parametrize(("language", "dark"), [("en", False), ("zh-hans", True)])
def test_the_pages_of_claiming_look_right(walk, language, dark, ann, pia, ghost, now, client_of):
    owns(ann, OLD)
    for width in (390, 1440):
        walker = walk(language=language, width=width, dark=dark)
        at = f"{language}-{width}-{'night' if dark else 'day'}"
        walker.sign_in(ann)
        walker.go("/claim/")
        walker.look(f"claim-page-{at}")
        walker.go(f"/people/{ann.public_id}/")
        walker.look(f"claim-own-{at}")
        walker.sign_in(pia)
        make_code(author=ghost, actor=pia, now=now)
        page = walker.go(f"/people/{ghost.public_id}/")
        walker.look(f"claim-team-{at}")
        page.locator("form[action$='/code/'] button").click()
        page.locator(".claim-code").wait_for()
        walker.look(f"claim-code-{at}")
        walker.go("/desk/first-steps/")
        walker.look(f"claim-setting-{at}")
    client_of(ann).post("/claim/", {"author": ghost.public_id})
    walker = walk(language=language, width=390, dark=dark)
    walker.sign_in(pia)
    walker.go(f"/people/{ann.public_id}/")
    walker.look(f"claim-claimed-{language}-{'night' if dark else 'day'}")
