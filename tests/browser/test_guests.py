"""Somebody without an account posts on a phone, sees that it waits, and later that everyone reads it."""

import pytest

from feedback.forum.models import HoldingWishes, Post
from feedback.forum.moderation.deciding import Said, decide
from feedback.kernel import clock
from tests.browser.waiting import until

_WORDS = {"en": "Everyone can read it now", "zh-hans": "现在所有人都能看到了"}


@pytest.mark.parametrize("language", list(_WORDS))
def test_from_the_words_to_the_published_post(walk, board, settings, mo, language):
    settings.CAPTCHA = {"kind": "", "at": [], "work": 2_000, "hosts": []}
    HoldingWishes.objects.create(takes_guests=True)
    walker = walk(language, width=390)
    page = walker.go("/posts/new/")
    until(page, "window.htmx !== undefined")
    page.locator("#id_title").press_sequentially("Dark mode at night", delay=5)
    page.fill("input[name=guest_name]", "林")
    page.fill("input[name=guest_email]", "lin@example.org")
    walker.look(f"guests-1-compose-{language}")
    page.click('button[name="as"]')
    page.wait_for_url("**/sent/**")
    post = Post.objects.get()
    assert (post.state, post.author.display_name) == ("HELD", "林")
    assert page.locator("#private-link").input_value().endswith(page.url.partition("/posts/")[2])
    walker.look(f"guests-2-waits-{language}")
    mine = page.url.removeprefix(walker.base)

    # What was sent is nothing to go on with, and the way to the sign-in waits for no proof.
    page = walker.go("/posts/new/")
    until(page, "window.htmx !== undefined")
    assert page.input_value("#id_title") == ""
    page.fill("#id_title", "Another one")
    page.locator("#compose .button--primary").click()
    page.wait_for_url("**/accounts/login/**")

    said = Said(action="KEEP")
    decide(case=post.cases.get(), said=said, actor=mo, now=clock.now())
    page = walker.go(mine)
    page.locator("h1", has_text=_WORDS[language]).wait_for()
    walker.look(f"guests-3-published-{language}")
    page.locator(f'a[href="/posts/{post.public_id}/"]').click()
    page.locator(".post__by", has_text="林").wait_for()
    walker.look(f"guests-4-post-{language}")
    walker.content()
