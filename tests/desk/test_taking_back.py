"""What was said about a proposal is written down, and can be taken back."""

import datetime as dt

import pytest

from feedback.asks.decisions.contest import contest as contest_membership
from feedback.asks.models import Decision, Proposal
from feedback.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(grouped, ask_of):
    """The proposal to make an ask of the posts on dark mode."""
    return Proposal.objects.get(ask=ask_of(grouped["dark"][0]), kind="NEW_ASK")


@pytest.fixture
def regression(grouped, ask_of, now):
    """A proposal to look again at what was shipped."""
    ask = ask_of(grouped["crash"][0])
    return Proposal.objects.create(
        kind="REGRESSION", fingerprint="regression:x", ask=ask, people_count=1, proposed_at=now
    )


def say(desk, proposal, word):
    return desk.post(f"/desk/proposals/{proposal.public_id}/", {"do": word}, follow=True)


def test_later_is_written_down_and_taken_back(desk, waiting, pia):
    page = say(desk, waiting, "later").content.decode()
    assert f"/desk/proposals/{waiting.public_id}/undo/" in page
    entry = Entry.objects.get(verb="asks.proposal-put-off")
    assert (entry.actor_id, entry.data["proposal"]) == (pia.pk, waiting.public_id)
    assert (entry.data["before"], entry.data["after"][:2]) == ("OPEN", "20")
    answer = desk.post(f"/desk/proposals/{waiting.public_id}/undo/")
    assert answer.url == f"/desk/proposals/{waiting.public_id}/"
    waiting.refresh_from_db()
    assert waiting.later_until is None
    assert Entry.objects.filter(verb="asks.proposal-taken-back").count() == 1


@pytest.mark.parametrize(("word", "state"), [("confirm", "ACCEPTED"), ("reject", "DISMISSED")])
def test_a_regression_is_settled_in_the_journal_and_opens_again(desk, regression, word, state):
    say(desk, regression, word)
    entry = Entry.objects.get(verb="asks.proposal-settled")
    assert (entry.data["before"], entry.data["after"]) == ("OPEN", state)
    desk.post(f"/desk/proposals/{regression.public_id}/undo/")
    regression.refresh_from_db()
    assert (regression.state, regression.decided_by, regression.decided_at) == ("OPEN", None, None)


def test_accepting_a_contest_is_taken_back_and_refusing_one_is_not(grouped, desk, ask_of, now):
    posts = grouped["dark"][:2]
    for post in posts:
        contest_membership(post=post, author=post.author, now=now)
    right, wrong = Proposal.objects.filter(kind="CONTEST").order_by("id")
    say(desk, right, "confirm")
    desk.post(f"/desk/proposals/{right.public_id}/undo/")
    right.refresh_from_db()
    assert right.state == "OPEN"
    say(desk, wrong, "reject")
    desk.post(f"/desk/proposals/{wrong.public_id}/undo/")
    wrong.refresh_from_db()
    assert wrong.state == "DISMISSED"


def test_after_a_day_it_stays(desk, regression, time_machine, now):
    time_machine.move_to(now, tick=False)
    say(desk, regression, "confirm")
    time_machine.move_to(now + dt.timedelta(hours=25), tick=False)
    answer = desk.post(f"/desk/proposals/{regression.public_id}/undo/", follow=True)
    assert "cannot be taken back any more" in answer.content.decode()
    regression.refresh_from_db()
    assert regression.state == "ACCEPTED"


def test_the_key_takes_back_the_last_word_whatever_it_was(desk, waiting, regression):
    say(desk, waiting, "confirm")
    say(desk, regression, "confirm")
    page = desk.get("/desk/").content.decode()
    assert f'action="/desk/proposals/{regression.public_id}/undo/"' in page


def test_undo_in_the_inbox_opens_what_came_back(desk, waiting):
    say(desk, waiting, "confirm")
    undo = f"/desk/decisions/{Decision.objects.get().public_id}/undo/"
    answer = desk.post(undo, headers={"Referer": "http://testserver/desk/"})
    assert answer.url == f"/desk/proposals/{waiting.public_id}/"


def test_a_moderator_takes_nothing_back(desk, waiting, client_of, mo):
    say(desk, waiting, "later")
    answer = client_of(mo).post(f"/desk/proposals/{waiting.public_id}/undo/")
    assert answer.status_code == 403
