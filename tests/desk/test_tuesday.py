"""Tuesday's list: what is broken for most people first, their lines, and what listening brought."""

import datetime as dt

import pytest

from feedback.asks.people import people_behind
from feedback.desk.tuesday.listening import WITHIN, listening
from feedback.forum.votes.operations import vote
from feedback.journal import operations as journal
from feedback.kernel import clock
from feedback.kernel.refusals import Refusal
from feedback.roadmap.models import Cell, ReportEntry
from feedback.roadmap.reports import trouble
from feedback.roadmap.reports.broken import propose_what_is_broken
from feedback.roadmap.reports.operations import Said, point_line, send_report
from tests.roadmap.reports.conftest import left as left
from tests.roadmap.reports.conftest import open_report as open_report
from tests.roadmap.reports.conftest import say as say


def text_of(response):
    return " ".join(response.content.decode().split())


def test_before_the_first_report_it_says_what_will_be_here(client_of, pia, board):
    assert "No report yet" in text_of(client_of(pia).get("/desk/tuesday/"))


def test_what_is_broken_for_most_people_stands_first(client_of, say, left, pia, open_report):
    say([Said(Cell.BROKEN, item=left.offline, text="")], people=2)
    say([Said(Cell.BROKEN, item=left.dark), Said(Cell.NEEDS_WORK, text="Too blue")], people=5)
    say([Said(Cell.NEEDS_WORK, item=left.offline)], people=3)
    propose_what_is_broken(now=clock.now())
    found = trouble.troubles(open_report)
    assert [(one.item, one.broken, one.needs_work) for one in found] == [
        (left.dark, 5, 0),
        (left.offline, 2, 3),
    ]
    page = text_of(client_of(pia).get("/desk/tuesday/"))
    assert page.index("A dark theme") < page.index("Videos offline")
    assert "50% of everyone (24%–76%)" in page
    assert f"/desk/proposals/{found[0].proposal.public_id}/" in page
    assert 'data-key="e"' in page
    assert page.count("Too blue</q>") == 5


def test_who_calls_it_broken_in_two_ways_is_one_person(say, left, dark_mode, open_report):
    say([Said(Cell.BROKEN, item=left.dark), Said(Cell.NEEDS_WORK, ask=dark_mode, text="And blue")])
    first, *_rest = trouble.troubles(open_report)
    assert (first.broken, first.needs_work) == (1, 0)


def test_the_team_says_which_ask_a_line_means(
    client_of, say, pia, publish, make_ask, mo, open_report
):
    ask = make_ask(publish(mo, "Export my data as CSV"))
    (one,) = say([Said(Cell.WAITING_FOR, text="export csv data")])
    line = ReportEntry.objects.get(text="export csv data")
    client = client_of(pia)
    assert ask.title in text_of(client.get(f"/desk/tuesday/lines/{line.pk}/"))
    client.post(f"/desk/tuesday/lines/{line.pk}/", {"to": ask.public_id})
    line.refresh_from_db()
    assert (line.ask, line.is_matched_by_team) == (ask, True)
    assert not people_behind([ask.pk]).filter(pk=one.pk).exists()
    assert trouble.unmatched(open_report)[Cell.WAITING_FOR] == []
    # Whoever sends the report again with the same words changes nothing of it.
    again = [Said(Cell.WAITING_FOR, text="export csv data"), Said(Cell.LOVED, text="Nice")]
    send_report(report=open_report, person=one, said=again, now=clock.now())
    assert ReportEntry.objects.get(text="export csv data").ask == ask
    line = ReportEntry.objects.get(text="export csv data")
    client.post(f"/desk/tuesday/lines/{line.pk}/", {"to": ""})
    line.refresh_from_db()
    assert (line.ask, line.is_matched_by_team) == (None, False)


def test_what_the_author_said_stands(say, dark_mode, left, pia):
    say([Said(Cell.BROKEN, ask=dark_mode, text="Still white")])
    line = ReportEntry.objects.get(text="Still white")
    with pytest.raises(Refusal, match="Its author has said"):
        point_line(entry=line, ask=None, actor=pia, now=clock.now())


def test_a_line_that_the_team_matched_is_looked_at_as_broken(say, dark_mode, left, pia):
    say([Said(Cell.BROKEN, text="Still white")])
    propose_what_is_broken(now=clock.now())
    line = ReportEntry.objects.get(text="Still white")
    point_line(entry=line, ask=dark_mode, actor=pia, now=clock.now())
    assert propose_what_is_broken(now=clock.now()) == 1
    dark_mode.refresh_from_db()
    assert dark_mode.proposals.get(kind="REGRESSION").people_count == 1


# --- The value of listening ---------------------------------------------------------------------------------
@pytest.fixture
def told_and_waiting(left, person, publish, make_ask, dark_mode, frozen, now):
    """Twenty-four people more want the dark mode and are told; thirty want an export, and wait."""
    many = [person(f"W{number}") for number in range(54)]
    told, waiting = many[:24], many[24:]
    for one in told:
        vote(post=dark_mode.medoid, person=one, now=now)
    export = publish(many[-1], "Export my data as CSV")
    make_ask(export)
    for one in waiting[:-1]:
        vote(post=export, person=one, now=now)
    while journal.deliver_due(now=clock.now()):
        pass
    return told, waiting


def test_those_told_are_set_against_those_who_wait(left, told_and_waiting, publish, frozen, now):
    told, waiting = told_and_waiting
    assert not listening(left.release, now=now).is_over
    for number, one in enumerate([*told[:18], *waiting[:6]]):
        publish(one, f"Thank you {number}", now=now + dt.timedelta(days=3))
    publish(told[20], "Late", now=now + WITHIN + dt.timedelta(days=1))
    found = listening(left.release, now=now + WITHIN)
    assert (found.told.hits, found.told.total) == (18, 26)  # with Ann and Bo
    assert (found.waiting.hits, found.waiting.total) == (6, 30)
    assert found.difference.low > 0
    assert found.difference.value == pytest.approx(18 / 26 - 6 / 30)


def test_of_few_people_and_before_the_time_nothing_is_said(left, run_jobs, now, client_of, pia):
    assert listening(left.release, now=now) is None
    run_jobs()
    early = listening(left.release, now=now)
    assert (early.difference, early.is_over) == (None, False)
    over = listening(left.release, now=now + WITHIN)
    assert (over.difference, over.missing_told, over.missing_waiting) == (None, 18, 20)


def test_the_page_says_so(client_of, open_report, told_and_waiting, pia, frozen):
    early = text_of(client_of(pia).get("/desk/tuesday/"))
    assert "26 people were told. Who of them comes back is known on" in early
    frozen.shift(WITHIN)
    page = text_of(client_of(pia).get("/desk/tuesday/"))
    assert "No clear difference:" in page
    assert "26 people who were told of something that shipped, 30 who wait" in page
