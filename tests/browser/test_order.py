"""On a phone: a post is reported, the team decides, its author hears why and appeals, and somebody else answers."""

import re

import pytest

from feedback.forum.models import Case, Ruling
from tests.browser.waiting import until

_WORDS = {
    "en": {"why": "Why, and how to appeal", "back": "This was taken back"},
    "zh-hans": {"why": "查看原因与申诉方式", "back": "这个决定已撤回"},
}


@pytest.fixture
def on_a_phone(walk):
    """Open a window in a language as somebody: ``on_a_phone("en", ann)``."""

    def open_window(language, person):
        walker = walk(language, width=390)
        walker.sign_in(person)
        return walker

    return open_window


@pytest.mark.parametrize("language", list(_WORDS))
def test_report_decision_appeal(on_a_phone, language, publish, rule, ann, bo, mo, pia, run_jobs):
    post = publish(ann, "My shop has the same for less", body="Write to me.")
    reader = on_a_phone(language, bo)
    page = reader.go(f"/posts/{post.public_id}/")
    until(page, "window.htmx !== undefined")
    page.locator(".post__more summary").click()
    page.locator(f'a[href="/report/post/{post.public_id}/"]').click()
    page.locator('#dialog[open] input[value="SPAM"]').check()
    reader.look(f"order-1-report-{language}")
    page.locator("#dialog[open] .button--primary").click()
    page.locator(".message").first.wait_for()
    reader.content()

    moderator = on_a_phone(language, mo)
    page = moderator.go("/desk/moderation/")
    until(page, "window.htmx !== undefined")
    page.locator(".case-row a").first.click()
    page.locator('#evidence button[value="HIDE"]').wait_for()
    moderator.look(f"order-2-case-{language}")
    page.locator(f'#evidence input[name="rule"][value="{rule.slug}"]').check()
    page.locator('#evidence button[value="HIDE"]').click()
    page.locator(".message").first.wait_for()
    moderator.content()
    run_jobs()

    author = on_a_phone(language, ann)
    page = author.go(f"/posts/{post.public_id}/")
    page.locator("a", has_text=_WORDS[language]["why"]).click()
    page.locator("textarea").fill("It is no shop, it is a museum.")
    author.look(f"order-3-appeal-{language}")
    page.locator("main form .button--primary").click()
    page.wait_for_url(re.compile("/moderation/"))
    until(page, "document.querySelector('main textarea') === null")
    author.content()

    other = on_a_phone(language, pia)
    case = Case.objects.get(closed_at=None)
    page = other.go(f"/desk/moderation/{case.public_id}/")
    other.look(f"order-4-answer-{language}")
    page.locator('button[value="GRANT"]').click()
    page.locator(".message").first.wait_for()
    other.content()
    run_jobs()

    page = author.go(f"/moderation/{Ruling.objects.order_by('pk').first().public_id}/")
    page.locator(".message", has_text=_WORDS[language]["back"]).wait_for()
    author.look(f"order-5-granted-{language}")
    page.goto(f"{author.base}/posts/{post.public_id}/")
    assert page.locator("a", has_text=_WORDS[language]["why"]).count() == 0
    author.content()
    post.refresh_from_db()
    assert post.is_shown
