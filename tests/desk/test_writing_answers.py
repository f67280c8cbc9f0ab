"""Writing an answer: from a template, from one's last words, and seen as everyone will read it."""

import pytest

from feedback.asks.answers import answer_ask, decline_ask
from feedback.asks.models import Answer, AnswerTemplate, Ask
from feedback.notify.following.operations import subscribe
from feedback.notify.groups import About
from tests.cast import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def thanks(dark_mode):
    """A template in both languages."""
    return AnswerTemplate.objects.create(
        product=dark_mode.product,
        name="Thanks",
        body="{people} want {ask}. {me} {soon}",
        body_zh="{people}人想要{ask}。",
    )


def test_a_template_is_filled_in(dark_mode, thanks, pia, client_of):
    address = f"/desk/asks/{dark_mode.public_id}/answer/?template={thanks.public_id}"
    form = client_of(pia).get(address).context["form"]
    assert form["body"].value() == f"{dark_mode.people_count} want {dark_mode.title}. Pia {{soon}}"
    assert form["body_zh"].value() == f"{dark_mode.people_count}人想要{dark_mode.title}。"


def test_templates_are_kept_changed_removed_and_brought_back(pia, client_of, product):
    desk = client_of(pia)
    desk.post("/desk/answer-templates/", {"name": "Later", "body": "Not this year."})
    kept = AnswerTemplate.objects.get()
    desk.post(f"/desk/answer-templates/{kept.public_id}/", {"name": "Later", "body": "Next year."})
    assert "Next year." in desk.get("/desk/answer-templates/").content.decode()
    gone = f"/desk/answer-templates/{kept.public_id}/remove/"
    desk.post(gone)
    assert not AnswerTemplate.objects.filter(removed_at=None).exists()
    assert "was removed" in desk.get("/desk/answer-templates/").content.decode()
    desk.post(gone, {"back": "1"})
    assert AnswerTemplate.objects.get(removed_at=None).body == "Next year."


def test_ones_last_answers_are_offered_each_once(dark_mode, pia, ada, now, client_of):
    for actor, words in ((pia, "Soon."), (ada, "Never."), (pia, "Later.")):
        answer_ask(ask=dark_mode, body=words, actor=actor, now=now)
    address = f"/desk/asks/{dark_mode.public_id}/answer/"
    page = client_of(pia).get(address)
    assert {one.body for one in page.context["canned"]} == {"Soon.", "Later."}
    soon = Answer.objects.get(body="Soon.")
    again = client_of(pia).get(f"{address}?answer={soon.public_id}")
    assert again.context["form"]["body"].value() == "Soon."


def test_a_preview_says_nothing_yet_and_counts_who_would_hear(
    dark_mode, pia, ann, bo, now, client_of
):
    lin = make_person("Lin", language="zh-hans")
    wei = make_person("Wei", language="zh-hans")
    for person, is_muted in ((lin, False), (wei, True)):
        known = {"about": About.ASK, "about_id": dark_mode.pk, "now": now}
        subscribe(person=person, is_muted=is_muted, **known)
    said = {"body": "In spring.", "body_zh": "春天。", "do": "preview"}
    page = client_of(pia).post(f"/desk/asks/{dark_mode.public_id}/answer/", said)
    assert page.status_code == 200
    assert not Answer.objects.exists()
    english, chinese = page.context["previews"]
    assert (english.excerpt, chinese.excerpt) == ("In spring.", "春天。")
    assert chinese.here == 1, "Lin follows it; Wei muted it."
    answer_ask(ask=dark_mode, body="In spring.", actor=pia, now=now)


def test_the_preview_counts_those_who_are_told(dark_mode, pia, now, client_of, run_jobs):
    from feedback.journal import operations as journal
    from feedback.notify.models import Notice

    address = f"/desk/asks/{dark_mode.public_id}/answer/"
    foretold = client_of(pia).get(address).context["previews"]
    client_of(pia).post(address, {"body": "In spring."})
    while journal.deliver_due(now=now):
        pass
    told = Notice.objects.filter(entry__verb="asks.ask-answered").count()
    assert told
    assert sum(one.people for one in foretold) == told


def test_it_says_before_how_many_will_not_be_told(dark_mode, pia, client_of):
    address = f"/desk/asks/{dark_mode.public_id}/answer/"
    assert "will not be told" not in client_of(pia).get(address).content.decode()
    Ask.objects.filter(pk=dark_mode.pk).update(people_count=dark_mode.people_count + 300)
    page = client_of(pia).get(address).content.decode()
    assert (
        f"At least 300 of {dark_mode.people_count + 300} people behind it will not be told" in page
    )


def test_what_was_typed_survives_a_refusal(dark_mode, pia, client_of):
    address = f"/desk/asks/{dark_mode.public_id}/answer/"
    page = client_of(pia).post(address, {"body": "", "body_zh": "春天。"})
    assert page.status_code == 422
    assert "春天。" in page.content.decode()


def test_of_two_who_change_an_answer_the_second_sees_what_the_first_saved(
    dark_mode, pia, ada, now, client_of
):
    answer = answer_ask(ask=dark_mode, body="Soon.", actor=pia, now=now)
    address = f"/desk/answers/{answer.public_id}/"
    seen = client_of(ada).get(address).context["both"].seen
    client_of(pia).post(address, {"body": "In 3.2.", "seen": seen})
    page = client_of(ada).post(address, {"body": "In spring.", "seen": seen})
    assert page.status_code == 409
    assert "In 3.2." in page.content.decode() and "In spring." in page.content.decode()
    answer.refresh_from_db()
    assert answer.body == "In 3.2."
    client_of(ada).post(address, {"body": "In spring.", "seen": page.context["both"].seen})
    answer.refresh_from_db()
    assert answer.body == "In spring."


def test_of_two_who_change_a_reason_the_second_sees_what_the_first_saved(
    dark_mode, pia, ada, now, client_of
):
    decline_ask(ask=dark_mode, reason="Too dear.", actor=pia, now=now)
    address = f"/desk/asks/{dark_mode.public_id}/reason/"
    seen = client_of(ada).get(address).context["both"].seen
    client_of(pia).post(address, {"reason": "Too dear this year.", "seen": seen})
    page = client_of(ada).post(address, {"reason": "No.", "seen": seen})
    assert page.status_code == 409 and "Too dear this year." in page.content.decode()
    dark_mode.refresh_from_db()
    assert dark_mode.decline_reason == "Too dear this year."
