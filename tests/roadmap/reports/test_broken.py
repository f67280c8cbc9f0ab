"""What people call broken is proposed to be looked at again, once."""

import datetime as dt

import pytest

from feedback.asks.locking import hold_grouping
from feedback.asks.models import Proposal
from feedback.asks.proposals.operations import dismiss
from feedback.asks.proposals.regressions import propose_regressions
from feedback.kernel import clock
from feedback.roadmap.models import Cell
from feedback.roadmap.reports.broken import propose_what_is_broken
from feedback.roadmap.reports.operations import Said, send_report


@pytest.fixture
def look(frozen):
    """Look as the worker does, two minutes later."""

    def again():
        frozen.shift(dt.timedelta(minutes=2))
        propose_what_is_broken(now=clock.now())
        return list(Proposal.objects.filter(kind="REGRESSION").order_by("pk"))

    return again


def test_many_who_call_an_item_broken_are_one_proposal(say, left, dark_mode, look, run_jobs):
    say([Said(Cell.BROKEN, item=left.dark)], people=3)
    (proposal,) = look()
    assert (proposal.ask, proposal.people_count) == (dark_mode, 3)
    assert proposal.evidence["report"]["version"] == "1.4.0"
    say([Said(Cell.BROKEN, ask=dark_mode, text="Still white")], people=2)
    run_jobs()
    (proposal,) = look()
    assert proposal.people_count == 5


def test_quiet_reports_are_not_looked_at_again(say, left, frozen):
    say([Said(Cell.BROKEN, item=left.dark)])
    looked = []
    for seconds in (0, 30, 300, 300):
        frozen.shift(seconds)
        looked.append(propose_what_is_broken(now=clock.now()))
    assert looked == [1, 1, 1, 0]  # what came in the same moment may be seen late


def test_who_changes_their_mind_takes_it_back(say, left, look, open_report):
    (one,) = say([Said(Cell.BROKEN, item=left.dark)])
    assert look()[0].state == Proposal.State.OPEN
    said = [Said(Cell.LOVED, item=left.dark)]
    send_report(report=open_report, person=one, said=said, now=clock.now())
    assert look()[0].state == Proposal.State.STALE


def test_what_was_decided_is_not_proposed_again(say, left, look, pia):
    say([Said(Cell.BROKEN, item=left.dark)])
    dismiss(proposal=look()[0], actor=pia, now=clock.now())
    say([Said(Cell.BROKEN, item=left.dark)], people=4)
    (proposal,) = look()
    assert (proposal.state, proposal.people_count) == (Proposal.State.DISMISSED, 1)


def test_posts_and_reports_raise_the_same_proposal(say, left, look, dark_mode, publish, mo):
    dark_mode.refresh_from_db()
    post = publish(mo, "Dark mode is white", now=clock.now())
    hold_grouping()
    propose_regressions([(dark_mode, post.pk)], now=clock.now())
    say([Said(Cell.BROKEN, item=left.dark)], by=[mo])
    say([Said(Cell.BROKEN, item=left.dark)], people=2)
    (proposal,) = look()
    assert proposal.people_count == 3  # Mo says it twice and is one
    assert proposal.evidence["posts"] == [post.public_id]


def test_what_is_loved_or_not_shipped_is_no_regression(say, left, look, publish, make_ask, mo):
    other = make_ask(publish(mo, "Export my data as CSV"))
    say([Said(Cell.LOVED, item=left.dark), Said(Cell.BROKEN, ask=other, text="No export at all")])
    assert look() == []


def test_the_desk_says_how_many_people_and_where(client_of, say, left, look, pia):
    say([Said(Cell.BROKEN, item=left.dark)], people=3)
    (proposal,) = look()
    page = client_of(pia).get(f"/desk/proposals/{proposal.public_id}/").content.decode()
    assert "In the report on 1.4.0, 3 people say that it is broken." in page


def test_a_later_post_leaves_what_a_report_says(say, left, look, dark_mode, publish, mo):
    say([Said(Cell.BROKEN, item=left.dark)], people=2)
    look()
    dark_mode.refresh_from_db()
    post = publish(mo, "Dark mode is white", now=clock.now())
    propose_regressions([(dark_mode, post.pk)], now=clock.now())
    proposal = Proposal.objects.get(kind="REGRESSION")
    assert (proposal.evidence["report"]["people"], proposal.people_count) == (2, 3)
    assert proposal.evidence["posts"] == [post.public_id]
