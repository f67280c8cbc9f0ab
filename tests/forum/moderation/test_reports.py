"""Anybody reports what breaks a rule, once; the team sees one case."""

import pytest
from django.db import IntegrityError, transaction

from feedback.forum.comments.operations import comment
from feedback.forum.models import Case, Flag
from feedback.forum.moderation.flagging import flag
from feedback.kernel import clock
from tests.roadmap.test_at_once import at_once

pytestmark = pytest.mark.django_db


def address(thing, kind="post"):
    return f"/report/{kind}/{thing.public_id}/"


def test_a_member_reports_a_post_once_and_hears_so(ann, bo, client_of, publish):
    post, client = publish(ann, "Cheap hats"), client_of(bo)
    page = client.get(address(post)).content.decode()
    assert "Cheap hats" in page and "Spam or advertising" in page
    answer = client.post(address(post), {"reason": "SPAM", "line": "sells hats"}, follow=True)
    assert "you hear what came of it" in answer.content.decode()
    client.post(address(post), {"reason": "ABUSE"})
    case = Case.objects.get()
    assert [(one.person, one.reason, one.line) for one in case.flags.all()] == [
        (bo, "SPAM", "sells hats")
    ]


def test_the_dialog_is_a_part_of_the_page(ann, bo, client_of, publish):
    part = client_of(bo).get(address(publish(ann)), headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert 'name="reason"' in part.content.decode()


def test_comments_and_people_are_reported_too(ann, bo, mo, client_of, publish, now):
    said = comment(post=publish(ann), author=ann, body="Buy hats", now=now)
    client = client_of(bo)
    assert client.post(address(said, "comment"), {"reason": "SPAM"}).status_code == 302
    assert client.post(address(ann, "person"), {"reason": "ABUSE"}).status_code == 302
    assert {one.thing.partition(":")[0] for one in Case.objects.all()} == {"comment", "person"}


def test_visitors_report_once_by_where_they_come_from(ann, client_of, publish):
    post = publish(ann)
    for _ in range(2):
        assert client_of(None).post(address(post), {"reason": "SPAM"}).status_code == 302
    other = client_of(None, REMOTE_ADDR="203.0.113.9")
    other.post(address(post), {"reason": "SPAM"})
    assert Flag.objects.filter(person=None).count() == 2
    assert Case.objects.count() == 1


def test_visitors_who_report_a_lot_wait(ann, client_of, publish):
    visitor = client_of(None)
    answers = [visitor.post(address(publish(ann, f"{n}")), {"reason": "SPAM"}) for n in range(12)]
    assert [answer.status_code for answer in answers] == [302] * 10 + [429] * 2


def test_a_report_needs_a_reason_and_one_s_own_words_are_not_reported(ann, bo, client_of, publish):
    post = publish(ann)
    assert client_of(bo).post(address(post), {"reason": "BORED"}).status_code == 422
    assert "your own" in client_of(ann).post(address(post), {"reason": "SPAM"}).content.decode()
    assert not Case.objects.exists()


def test_what_one_may_not_know_of_cannot_be_reported(
    ann, bo, mo, client_of, publish, now, ruled, reported
):
    hidden = publish(ann, "Secret")
    ruled(reported(hidden, bo), mo, "HIDE")
    inside = comment(post=publish(ann), author=mo, body="Only us", is_internal=True, now=now)
    for person in (None, bo):
        assert client_of(person).get(address(hidden)).status_code == 404
        assert client_of(person).get(address(inside, "comment")).status_code == 404
        assert client_of(person).get(f"/report/board/{hidden.public_id}/").status_code == 404


def test_the_page_offers_a_report_to_others_alone(ann, bo, mo, client_of, publish):
    post = publish(ann)
    shown = [
        address(post) in client_of(one).get(f"/posts/{post.public_id}/").content.decode()
        for one in (None, bo, ann, mo)
    ]
    assert shown == [True, True, False, False]


def test_a_thing_has_one_open_case(ann, publish, now, bo, reported):
    case = reported(publish(ann), bo)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.create(thing=case.thing, post=case.post, opened_at=now)


@pytest.mark.django_db(transaction=True)
def test_many_reports_at_once_are_one_case_and_one_report_a_person(ann, bo, mo, pia, publish):
    post = publish(ann)

    def report(person):
        return flag(thing=post, person=person, reason="SPAM", now=clock.now())

    new = at_once(*[lambda one=one: report(one) for one in [bo, mo, pia] * 2])
    assert sorted(map(bool, new)) == [False] * 3 + [True] * 3
    assert Case.objects.count() == 1
    assert Flag.objects.count() == 3
