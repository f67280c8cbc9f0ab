"""How much one may upload, by trust, exactly, however many come at once."""

import datetime as dt

import pytest

from feedback.accounts import limits
from feedback.forum import allowed
from feedback.forum.models import Attachment
from tests.pictures import sent
from tests.roadmap.test_at_once import at_once

pytestmark = pytest.mark.django_db


def send(client, raw=b"a line\n", name="a.log"):
    return client.post("/attachments/", {"files": sent(raw, name)}, HTTP_HX_REQUEST="true")


def test_who_is_new_has_room_for_a_first_day(client_of, ann, frozen):
    client = client_of(ann)
    assert [send(client).status_code for _ in range(11)] == [200] * 10 + [429]
    frozen.shift(601)
    assert send(client).status_code == 200
    assert Attachment.objects.count() == 11


def test_a_member_and_the_team_may_do_more(client_of, old_ann, mo):
    client, team = client_of(old_ann), client_of(mo)
    assert {send(client).status_code for _ in range(12)} == {200}
    assert {send(team).status_code for _ in range(12)} == {200}


def test_the_limit_says_when_it_goes_on_and_the_form_keeps_its_words(client_of, ann, board):
    client = client_of(ann)
    for _ in range(10):
        send(client)
    words = {"title": "It stops", "body": "At night.", "kind": "BUG", "board": "suggestions"}
    answer = client.post("/posts/new/", {**words, "attaching": "1", "files": sent(b"x", "a.log")})
    assert answer.status_code == 429
    assert "Try again in" in answer.content.decode()
    assert "At night." in answer.content.decode()


def test_bytes_are_counted_and_what_was_too_much_is_not(ann, now):
    def spend(kilobytes):
        allowed.spend(allowed.UPLOADED_KILOBYTES, ann, now=now, by=kilobytes)

    spend(50_000)
    with pytest.raises(limits.Refusal):
        spend(20_000)
    spend(10_000)
    with pytest.raises(limits.Refusal):
        spend(1)
    spend_tomorrow = now + dt.timedelta(days=1)
    allowed.spend(allowed.UPLOADED_KILOBYTES, ann, now=spend_tomorrow, by=60_000)


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_no_more_get_through(ann, now):
    outcomes = at_once(
        *[lambda: allowed.spend(allowed.UPLOADED_KILOBYTES, ann, now=now, by=7_000)] * 20
    )
    through = outcomes.count(None)
    assert 1 <= through <= 60_000 // 7_000
    assert {type(outcome).__name__ for outcome in outcomes} == {"NoneType", "Refusal"}
