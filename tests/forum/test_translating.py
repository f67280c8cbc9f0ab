"""Translating what is written in another language: by the operator's model, once, below the original, and never what is closed."""

import datetime as dt

import pytest

from feedback.forum.models import Comment, Post, Translation
from feedback.forum.translating import asking
from feedback.forum.translating.operations import tidy
from tests.receiver import closes, says

pytestmark = pytest.mark.django_db

CHINESE = {"title": "夜间模式", "body": "希望有**夜间模式**，见 https://a.example/x 。"}


def said(words):
    return says(200, {"choices": [{"message": {"role": "assistant", "content": words}}]})


@pytest.fixture
def model(settings, receiver):
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    url = f"http://127.0.0.1:{receiver.port}/v1"
    settings.TRANSLATE = {"url": url, "model": "tiny-7b", "key": "sk-1", "closed": False}
    receiver.answers(said("Dark mode\n\nI want **dark mode**, see https://a.example/x ."))
    return receiver


@pytest.fixture
def chinese(publish, ann):
    return publish(ann, CHINESE["title"], body=CHINESE["body"])


def want(client, thing, kind="post", **headers):
    return client.post(f"/translate/{kind}/{thing.public_id}/", follow=True, **headers)


def test_it_is_offered_to_who_reads_another_language_and_only_where_there_is_a_model(
    client, client_of, bo, chinese, publish, ann, model, settings
):
    offer = f"/translate/post/{chinese.public_id}/"
    page = f"/posts/{chinese.public_id}/"
    assert offer in client_of(bo).get(page).content.decode()
    assert offer not in client.get(page).content.decode()
    reader = client_of(bo)
    reader.post("/language/", {"language": "zh-hans", "next": "/"})
    assert offer not in reader.get(page).content.decode()
    english = publish(ann, "Dark mode, please")
    assert "/translate/" in reader.get(f"/posts/{english.public_id}/").content.decode()
    settings.TRANSLATE = {**settings.TRANSLATE, "url": ""}
    assert "/translate/" not in client_of(bo).get(page).content.decode()
    assert not model.got


def test_the_worker_asks_once_and_the_original_stays(client_of, bo, pia, chinese, model):
    answer = want(client_of(bo), chinese)
    assert "A machine is translating this" in answer.content.decode()
    assert not model.got, "nobody waits for it"
    assert asking.translate_due() == 1
    (asked,) = model.got
    assert asked.path == "/v1/chat/completions"
    assert asked.headers["authorization"] == "Bearer sk-1"
    sent = asked.json()
    assert (sent["model"], sent["messages"][1]["content"]) == (
        "tiny-7b",
        f"{CHINESE['title']}\n\n{CHINESE['body']}",
    )
    assert "into English" in sent["messages"][0]["content"]
    for reader in (bo, pia):
        page = want(client_of(reader), chinese).content.decode()
        assert "Translated by a machine." in page and "tiny-7b" in page
        assert "<strong>dark mode</strong>" in page
    assert asking.translate_due() == 0 and len(model.got) == 1
    row = Translation.objects.get()
    assert row.source == "", "what was sent is not kept twice"
    assert CHINESE["title"] in client_of(bo).get(f"/posts/{chinese.public_id}/").content.decode()


def test_below_the_original_it_looks_again_by_itself(client_of, bo, chinese, model, frozen):
    client = client_of(bo)
    part = want(client, chinese, headers={"hx-request": "true"}).content.decode()
    row = Translation.objects.get()
    look = f'hx-get="/translations/{row.public_id}/"'
    assert look in part and "<html" not in part
    frozen.shift(120)
    late = client.get(f"/translations/{row.public_id}/", headers={"hx-request": "true"})
    assert look not in late.content.decode()
    assert "takes longer than usual" in late.content.decode()
    asking.translate_due()
    done = client.get(f"/translations/{row.public_id}/", headers={"hx-request": "true"})
    assert "Translated by a machine." in done.content.decode()


def test_comments_and_asks_are_translated_too(client_of, bo, ann, chinese, make_ask, model, now):
    ask = make_ask(chinese)
    written = Comment.objects.create(
        post=chinese, author=ann, body="我也想要这个功能。", posted_at=now
    )
    client = client_of(bo)
    page = client.get(f"/posts/{chinese.public_id}/").content.decode()
    assert f"/translate/comment/{written.public_id}/" in page
    assert (
        f"/translate/ask/{ask.public_id}/" in client.get(f"/asks/{ask.public_id}/").content.decode()
    )
    model.answers(said("I want it too."))
    want(client, written, "comment")
    want(client, ask, "ask")
    assert asking.translate_due() == 2
    assert "I want it too." in want(client, written, "comment").content.decode()
    assert {one.json()["messages"][1]["content"] for one in model.got} == {
        "我也想要这个功能。",
        "夜间模式",
    }


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "[click](javascript:alert(1))",
        "![x](attachment:aaaaaaaaaaa)",
    ],
)
def test_what_comes_back_is_shown_as_members_words_are(client_of, bo, chinese, model, words):
    model.answers(said(f"Dark mode\n\n{words}"))
    want(client_of(bo), chinese)
    asking.translate_due()
    page = want(client_of(bo), chinese).content.decode()
    below = page.partition("Translated by a machine.")[2].partition("</section>")[0]
    assert "<script" not in below and "<img" not in below and 'href="javascript' not in below


@pytest.mark.parametrize(
    "words",
    [
        "",
        "  \u200b ",
        "x" * 5_000,
        "Dark mode\n\nSee https://evil.example/login",
        "Go to www.evil.example",
    ],
)
def test_what_is_no_translation_is_thrown_away(client_of, bo, chinese, model, words):
    model.answers(said(words))
    want(client_of(bo), chinese)
    assert asking.translate_due() == 0
    page = want(client_of(bo), chinese).content.decode()
    assert "could not be translated just now" in page
    assert "evil" not in page


@pytest.mark.parametrize(
    "then",
    [
        closes,
        says(500),
        says(429),
        says(200, b"<html>"),
        says(200, {"choices": []}),
        says(200, {"choices": [{"message": {"content": 5}}]}),
    ],
    ids=["closes", "500", "429", "nonsense", "no choice", "no words"],
)
def test_one_that_fails_twice_is_one_sentence_and_may_be_asked_again(
    client_of, bo, chinese, model, then, frozen
):
    model.answers(then)
    want(client_of(bo), chinese)
    asking.translate_due()
    asking.translate_due()
    asking.translate_due()
    assert len(model.got) == 2
    assert "could not be translated just now" in want(client_of(bo), chinese).content.decode()
    model.answers(said("Dark mode\n\nI want it."))
    frozen.shift(61)
    want(client_of(bo), chinese)
    assert asking.translate_due() == 1


def test_other_words_need_another_translation_and_the_old_one_is_gone(
    client_of, bo, ann, chinese, model, now
):
    want(client_of(bo), chinese)
    asking.translate_due()
    old = Translation.objects.get()
    words = {"title": "夜间模式", "body": "别的话。", "kind": "SUGGESTION"}
    client_of(ann).post(f"/posts/{chinese.public_id}/edit/", words)
    assert client_of(bo).get(f"/translations/{old.public_id}/").status_code == 404
    tidy(now=now)
    assert not Translation.objects.exists()


def test_a_hidden_post_hides_its_translation(client_of, bo, mo, chinese, model, now):
    want(client_of(bo), chinese)
    asking.translate_due()
    tidy(now=now)
    row = Translation.objects.get()
    client_of(mo).post(f"/posts/{chinese.public_id}/hide/")
    assert client_of(bo).get(f"/translations/{row.public_id}/").status_code == 404
    assert want(client_of(bo), chinese).status_code == 404
    tidy(now=now)
    assert not Translation.objects.exists()


def test_what_is_closed_stays_in_the_house_unless_the_owner_says_otherwise(
    client_of, bo, board, chinese, model, settings
):
    board.readers = "MEMBERS"
    board.save()
    Post.objects.update(state="INSIDE")
    page = client_of(bo).get(f"/posts/{chinese.public_id}/").content.decode()
    assert "/translate/" not in page
    assert "is not sent to be translated" in want(client_of(bo), chinese).content.decode()
    assert not Translation.objects.exists()
    settings.TRANSLATE = {**settings.TRANSLATE, "closed": True}
    want(client_of(bo), chinese)
    assert asking.translate_due() == 1


def test_it_has_limits_and_what_is_there_costs_nothing(client_of, bo, ann, publish, model):
    client = client_of(bo)
    posts = [publish(ann, f"夜间模式{n}") for n in range(11)]
    assert [want(client, one).status_code for one in posts] == [200] * 10 + [429]
    assert want(client, posts[0]).status_code == 200


def test_a_text_that_is_too_long_is_refused(client_of, bo, ann, publish, model):
    long = publish(ann, "夜间模式", body="想要。" * 2_500)
    assert "too long to be translated" in want(client_of(bo), long).content.decode()


def test_a_visitor_signs_in_and_an_unknown_kind_is_nothing(client, client_of, bo, chinese, model):
    assert "/accounts/login/" in client.post(f"/translate/post/{chinese.public_id}/").url
    assert want(client_of(bo), chinese, "person").status_code == 404
    assert client_of(bo).get("/translations/23456789abc/").status_code == 404


def test_a_killed_worker_loses_nothing(client_of, bo, chinese, model, now, frozen):
    want(client_of(bo), chinese)
    Translation.objects.update(leased_until=now + dt.timedelta(minutes=2), attempts=1)
    assert asking.translate_due() == 0
    frozen.shift(121)
    assert asking.translate_due() == 1
