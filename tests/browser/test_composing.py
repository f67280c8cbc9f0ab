"""Writing on a phone: words outlive a lost network and a closed tab, and a visitor's click outlives the sign-up."""

import re

import pytest

from feedback.forum.consents.models import Use
from feedback.forum.models import Draft, Post, Vote
from tests.browser.waiting import until

TITLE, BODY = "It stops at night", "Every night, at **two**."


@pytest.fixture
def phone(walk, board):
    """A phone. While it has no network its requests fail, which is no complaint."""

    def open_phone(person=None, language="en"):
        walker = walk(language, width=390)
        walker.sign_in(person)
        return walker

    return open_phone


def begin(walker, query=""):
    page = walker.go(f"/posts/new/{query}")
    until(page, "window.htmx !== undefined")
    return page


def write(page, *, title="", body=""):
    if title:
        page.locator("#id_title").press_sequentially(title, delay=5)
    if body:
        page.locator("#id_body").press_sequentially(body, delay=5)


def state(page):
    return page.locator("[data-state]")


def offline_is_no_complaint(walker):
    expected = ("ERR_INTERNET_DISCONNECTED", "htmx:sendError")
    walker.complaints = [
        one for one in walker.complaints if not any(what in one for what in expected)
    ]


def test_a_draft_outlives_a_lost_network_and_a_closed_tab(phone, ann):
    walker = phone(ann)
    page = begin(walker)
    write(page, title=TITLE)
    state(page).filter(has_text="Draft saved.").wait_for()
    assert Draft.objects.get().title == TITLE

    # The network goes. What is written now is kept on the phone, and posting says so and keeps it.
    walker.context.set_offline(True)
    page.click("text=Your words may also be")
    page.uncheck("#id_uses_quote")
    page.check("#id_uses_train")
    write(page, body=BODY)
    state(page).filter(has_text="No connection. Your words are kept").wait_for()
    page.click("text=Post it")
    assert page.locator("#id_body").input_value() == BODY
    assert page.locator("#id_title").input_value() == TITLE
    walker.look("compose-1-offline")
    assert not Post.objects.exists()
    page.close()

    # The tab was closed. With the network back, both are there, and one post is made of them.
    walker.context.set_offline(False)
    walker.page = page = walker.context.new_page()
    page = begin(walker)
    assert page.locator("#id_title").input_value() == TITLE
    assert page.locator("#id_body").input_value() == BODY
    assert "Here is what you wrote before." in state(page).inner_text()
    page.dblclick("text=Post it")
    page.locator("h1", has_text=TITLE).wait_for()
    assert Post.objects.get().body == BODY
    assert Post.objects.get().consents == {Use.TRAIN}
    assert not Draft.objects.filter(post=None).exists()

    page = begin(walker)
    assert page.locator("#id_title").input_value() == ""
    assert page.evaluate("localStorage.getItem('heed-drafts')") in (None, "{}")
    offline_is_no_complaint(walker)


def test_a_visitors_words_outlive_a_closed_tab_too(phone):
    walker = phone()
    page = begin(walker)
    write(page, title=TITLE)
    page.check("input[name=kind][value=BUG]")
    state(page).filter(has_text="Kept on this device.").wait_for()
    page.close()
    walker.page = walker.context.new_page()
    page = begin(walker)
    assert page.locator("#id_title").input_value() == TITLE
    assert page.locator("input[name=kind]:checked").input_value() == "BUG"


def test_what_one_person_wrote_is_not_shown_to_the_next_at_the_same_phone(phone, ann, bo):
    walker = phone(ann)
    page = begin(walker)
    walker.context.set_offline(True)
    write(page, title="Only Ann may read this")
    state(page).filter(has_text="No connection").wait_for()
    walker.context.set_offline(False)
    offline_is_no_complaint(walker)
    page.close()
    walker.page = walker.context.new_page()
    walker.sign_in(bo)
    page = begin(walker)
    assert page.locator("#id_title").input_value() == ""


def test_a_preview_a_slip_a_post_and_an_empty_form_again(phone, ann):
    walker = phone(ann)
    walker.expected.add(422)
    page = begin(walker)

    # A counter counts as a person does.
    page.fill("#id_title", "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 170)
    assert page.locator(".field__count").first.inner_text() == "170 / 200"
    page.fill("#id_title", "x" * 201)
    assert page.locator(".field__count[data-over]").inner_text() == "201 / 200"
    page.fill("#id_title", "")

    write(page, body=BODY)
    page.click("text=Preview")
    page.locator("#preview strong", has_text="two").wait_for()
    walker.look("compose-2-preview")
    assert not Post.objects.exists()

    # What is wrong is said beside it, and nothing is lost.
    page.click("text=Post it")
    page.locator(".field--wrong", has_text="Give it a title").wait_for()
    assert page.locator("#id_body").input_value() == BODY
    page.locator("#id_title:focus").wait_for()
    walker.complaints = [one for one in walker.complaints if "422" not in one]
    write(page, title=TITLE)
    page.click("text=Post it")
    page.locator("h1", has_text=TITLE).wait_for()
    assert Post.objects.count() == 1

    # Whoever goes back to the form that was sent finds an empty one.
    walker.go("/posts/new/")
    write(page, title="Another")
    page.click("text=Post it")
    page.locator("h1", has_text="Another").wait_for()
    page.go_back()
    until(page, "window.htmx !== undefined")
    until(page, "document.querySelector('#id_title').value === ''")


def test_kind_and_board_follow_the_words_until_somebody_chooses(phone, ann, board, monkeypatch):
    from feedback.forum.posts.hints import Proposal
    from feedback.kernel import slots

    found = {"now": Proposal("BUG", board.slug)}
    monkeypatch.setitem(slots._providers, "post-proposal", lambda *_: {0: found["now"]})
    walker = phone(ann)
    page = begin(walker)
    chosen = page.locator("input[name=kind]:checked")
    assert chosen.input_value() == "SUGGESTION"
    write(page, title="It stops")
    page.locator("[data-note]", has_text="This reads like: Bug").wait_for()
    assert chosen.input_value() == "BUG"
    assert page.locator("#id_board").input_value() == board.slug
    walker.look("compose-3-proposed")
    page.check("input[name=kind][value=PRAISE]")
    found["now"] = Proposal("QUESTION")
    with page.expect_response(re.compile("/posts/proposal/")):
        write(page, title=" every night")
    page.wait_for_timeout(100)
    assert chosen.input_value() == "PRAISE"
    assert page.locator("[data-note]", has_text="This reads like").count() == 0


def test_a_board_that_one_came_from_is_not_changed(phone, ann, board, monkeypatch):
    from feedback.forum.posts.hints import Proposal
    from feedback.kernel import slots

    monkeypatch.setitem(slots._providers, "post-proposal", lambda *_: {0: Proposal("BUG")})
    page = begin(phone(ann), f"?board={board.slug}")
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    write(page, title="It stops every night")
    page.wait_for_timeout(1500)
    assert page.locator("input[name=kind]:checked").input_value() == "SUGGESTION"
    assert not [url for url in requests if "proposal" in url]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_visitors_me_too_is_counted_after_the_sign_up(phone, publish, ann, language):
    post = publish(ann, "Dark mode, please")
    walker = phone(language=language)
    page = walker.go("/")
    page.locator(".post-row .vote__button").first.click()
    page.wait_for_url(re.compile("/accounts/login/"))
    walker.look(f"after-1-door-{language}")
    page.locator("main a", has_text="Create an account" if language == "en" else "注册账号").click()
    page.fill("input[name=display_name]", "Cleo")
    page.fill("input[name=email]", "cleo@example.org")
    page.fill("input[name=password1]", "kolibri-Tasse-77x")
    page.click("main form button.button--primary")
    said = "Counted: you want" if language == "en" else "已计入"
    page.locator(".message", has_text=said).wait_for()
    walker.look(f"after-2-counted-{language}")
    assert Vote.objects.filter(post=post, person__email="cleo@example.org").count() == 1
    post.refresh_from_db()
    assert post.vote_count == 2
    page.reload()
    assert page.locator(".vote__button[aria-pressed=true]").count() == 1


def test_a_visitors_words_are_posted_after_the_sign_up(phone):
    walker = phone()
    page = begin(walker)
    write(page, title=TITLE, body=BODY)
    page.click("text=Post it")
    page.wait_for_url(re.compile("/accounts/login/"))
    page.locator("main a", has_text="Create an account").click()
    page.fill("input[name=display_name]", "Cleo")
    page.fill("input[name=email]", "cleo@example.org")
    page.fill("input[name=password1]", "kolibri-Tasse-77x")
    page.click("main form button.button--primary")
    page.locator("h1", has_text=TITLE).wait_for()
    assert Post.objects.get().author.name == "Cleo"
    assert begin(walker).locator("#id_title").input_value() == ""
    assert Post.objects.count() == 1
