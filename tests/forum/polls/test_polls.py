"""The team asks in a poll; each person answers once and may change it until it closes."""

import datetime as dt

import pytest
from zeal import zeal_ignore

from feedback.forum.models import Ballot, Poll, PollOption
from feedback.forum.polls.operations import answer_poll, close_poll, make_poll, tell_results
from feedback.journal.models import Entry
from feedback.kernel import clock
from feedback.kernel.refusals import Refusal
from feedback.notify.models import Notice
from tests.roadmap.test_at_once import at_once

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
SAID = {
    "question": "Where should dark mode begin?",
    "options": "On the phone\nOn the desk\n\nEverywhere",
    "closes_on": "2026-03-20",
    "shown": "ANSWERED",
}


@pytest.fixture
def post(ann, publish):
    return publish(ann)


@pytest.fixture
def poll(post, mo, now):
    return make_poll(
        post=post,
        question="Where should dark mode begin?",
        options=["On the phone", "On the desk", "Everywhere"],
        closes_at=now + dt.timedelta(days=14),
        actor=mo,
        now=now,
    )


def keys(poll):
    return list(poll.options.values_list("pk", flat=True))


def answer(client, poll, *options, **more):
    return client.post(f"/polls/{poll.public_id}/answer/", {"option": options}, **more)


def page_of(client, post):
    return client.get(f"/posts/{post.public_id}/").content.decode()


def results(poll):
    return [one.ballots.count() for one in poll.options.all()]


def test_the_team_asks_under_a_post(client, client_of, mo, post, now):
    day = (now + dt.timedelta(days=3)).date().isoformat()
    made = client_of(mo).post(f"/posts/{post.public_id}/poll/", SAID | {"closes_on": day})
    assert made["Location"] == f"/posts/{post.public_id}/"
    poll = Poll.objects.get()
    assert [one.text for one in poll.options.all()] == ["On the phone", "On the desk", "Everywhere"]
    assert poll.closes_at > now + dt.timedelta(days=2)
    assert "Where should dark mode begin?" in page_of(client, post)
    assert Entry.objects.filter(verb="forum.poll-made").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"question": " "},
        {"options": "Only one"},
        {"options": "\n".join(map(str, range(9)))},
        {"options": "Same\nsame "},
        {"closes_on": "2020-01-01"},
        {"closes_on": "2090-01-01"},
        {"closes_on": "soon"},
        {"shown": "NEVER"},
    ],
)
def test_what_nobody_could_answer_stays_in_the_form(client_of, mo, post, now, wrong):
    day = {"closes_on": (now + dt.timedelta(days=3)).date().isoformat()}
    answer = client_of(mo).post(f"/posts/{post.public_id}/poll/", SAID | day | wrong)
    assert answer.status_code == 422
    assert not Poll.objects.exists()


def test_members_ask_nothing_and_a_post_has_one_poll(client_of, mo, ann, post, poll, now):
    assert client_of(ann).get(f"/posts/{post.public_id}/poll/").status_code == 403
    day = {"closes_on": (now + dt.timedelta(days=3)).date().isoformat()}
    again = client_of(mo).post(f"/posts/{post.public_id}/poll/", SAID | day)
    assert "This post has a poll already." in again.content.decode()


def test_an_answer_is_given_changed_and_taken_back(client_of, bo, post, poll):
    client, (phone, desk, _all) = client_of(bo), keys(poll)
    assert answer(client, poll, phone)["Location"] == f"/posts/{post.public_id}/#poll"
    assert results(poll) == [1, 0, 0]
    answer(client, poll, desk)
    assert results(poll) == [0, 1, 0]
    page = answer(client, poll, **HTMX).content.decode()
    assert results(poll) == [0, 0, 0]
    assert "<html" not in page
    assert not Ballot.objects.exists()


def test_one_answer_means_one_and_several_are_people_too(client_of, bo, ann, poll, mo, now):
    phone, desk, _all = keys(poll)
    assert answer(client_of(bo), poll, phone, desk, **HTMX).status_code == 422
    Poll.objects.update(takes_several=True)
    answer(client_of(bo), poll, phone, desk)
    answer(client_of(ann), poll, desk)
    assert results(poll) == [1, 2, 0]
    page = page_of(client_of(bo), poll.post)
    assert "2 people answered." in page
    assert "2 · 100%" in page
    assert "1 · 50%" in page


@pytest.mark.parametrize("strange", ["0", "x", "9" * 40, "-1", "１"])
def test_an_option_of_nobody_s_is_refused(client_of, bo, poll, strange):
    assert answer(client_of(bo), poll, strange, **HTMX).status_code == 422


def test_an_option_of_another_poll_is_refused(client_of, bo, mo, ann, poll, publish, now):
    other = make_poll(
        post=publish(ann, "Another"),
        question="And?",
        options=["Yes", "No"],
        closes_at=now + dt.timedelta(days=1),
        actor=mo,
        now=now,
    )
    assert answer(client_of(bo), poll, *keys(other)[:1], **HTMX).status_code == 422


@pytest.mark.parametrize(
    ("shown", "before", "after", "closed"),
    [("ALWAYS", True, True, True), ("ANSWERED", False, True, True), ("CLOSED", False, False, True)],
)
def test_results_are_shown_when_the_team_said(
    client, client_of, ann, bo, mo, poll, now, shown, before, after, closed
):
    Poll.objects.update(shown=shown)
    answer(client_of(ann), poll, keys(poll)[0])
    reader, said = client_of(bo), "poll__bar"
    assert (said in page_of(reader, poll.post)) == before
    assert (said in page_of(client, poll.post)) == before
    assert said in page_of(client_of(mo), poll.post)
    answer(reader, poll, keys(poll)[1])
    assert (said in page_of(reader, poll.post)) == after
    close_poll(poll=poll, actor=mo, now=now)
    assert (said in page_of(client, poll.post)) == closed


def test_once_it_is_closed_nobody_answers_and_the_results_stay(
    client, client_of, bo, mo, poll, frozen
):
    answer(client_of(bo), poll, keys(poll)[0])
    frozen.shift(15 * 86_400)
    assert answer(client_of(mo), poll, keys(poll)[1], **HTMX).status_code == 409
    assert results(poll) == [1, 0, 0]
    page = page_of(client, poll.post)
    assert "1 person answered." in page
    assert "poll-send" not in page


def test_those_who_answered_hear_of_the_results_once(
    client_of, bo, ann, mo, poll, frozen, run_jobs
):
    answer(client_of(bo), poll, keys(poll)[0])
    assert tell_results(now=clock.now()) == 0
    frozen.shift(15 * 86_400)
    run_jobs()
    run_jobs()
    told = Notice.objects.filter(entry__verb="forum.poll-results")
    assert [notice.person_id for notice in told] == [bo.pk]
    assert "is closed" in client_of(bo).get("/inbox/").content.decode()


def test_a_visitor_s_answer_is_counted_once_they_have_signed_in(client_of, bo, poll, post):
    client, phone = client_of(None), keys(poll)[0]
    assert "Sign in and answer" in page_of(client, post)
    to = answer(client, poll, phone)["Location"]
    assert "/accounts/login/" in to
    with zeal_ignore():
        page = client.post(to, {"login": bo.email, "password": "a long password"}, follow=True)
    assert results(poll) == [1, 0, 0]
    assert Ballot.objects.get().person == bo
    assert "Counted: your answer" in page.content.decode()


def test_who_may_not_know_of_the_post_knows_of_no_poll(client_of, bo, post, poll):
    post.state = "HIDDEN"
    post.save()
    assert answer(client_of(bo), poll, keys(poll)[0]).status_code == 404
    assert answer(client_of(None), poll, keys(poll)[0]).status_code == 404


def test_a_poll_without_answers_may_go_and_one_with_answers_stays(client_of, bo, mo, poll):
    answer(client_of(bo), poll, keys(poll)[0])
    client_of(mo).post(f"/polls/{poll.public_id}/remove/")
    assert Poll.objects.exists()
    answer(client_of(bo), poll)
    client_of(mo).post(f"/polls/{poll.public_id}/remove/")
    assert not PollOption.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_answers_at_once_are_one_a_person(bo, ann, poll, now):
    first, second, _third = keys(poll)
    acts = [(person, option) for person in (bo, ann) for option in (first, second)] * 3
    outcomes = at_once(
        *[
            lambda person=person, option=option: answer_poll(
                poll=poll, person=person, options=[option], now=now
            )
            for person, option in acts
        ]
    )
    assert not [one for one in outcomes if isinstance(one, Exception)]
    assert Ballot.objects.count() == 2
    assert sum(results(poll)) == 2


@pytest.mark.django_db(transaction=True)
def test_nobody_answers_after_it_was_closed(bo, ann, mo, poll, now):
    option = keys(poll)[0]
    outcomes = at_once(
        lambda: close_poll(poll=poll, actor=mo, now=now),
        lambda: answer_poll(poll=poll, person=bo, options=[option], now=now),
        lambda: answer_poll(poll=poll, person=ann, options=[option], now=now),
    )
    taken = sum(isinstance(one, Ballot) for one in outcomes)
    assert all(one is True or isinstance(one, Ballot | Refusal) for one in outcomes)
    assert Ballot.objects.count() == taken
