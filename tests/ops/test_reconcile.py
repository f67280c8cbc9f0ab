"""`manage.py reconcile`: drift is found, and mended when asked."""

import datetime as dt
from contextlib import contextmanager

import pytest
from django.core.management import call_command

from feedback.asks.models import Area, Ask, Proposal
from feedback.forum.models import Board, Post
from feedback.forum.votes.operations import vote, weigh
from feedback.kernel import clock
from feedback.ops import reconciling, tasks
from feedback.ops.reconciling import last_counted, reconcile, reconcile_tonight
from feedback.roadmap.models import ChangelogLine, Release

pytestmark = pytest.mark.django_db
NIGHT = dt.datetime(2026, 3, 7, 3, 0, tzinfo=dt.UTC)


def test_where_everything_adds_up_it_says_so(publish, make_ask, ann, bo, now, run_jobs, capsys):
    post = publish(ann)
    make_ask(post)
    vote(post=post, person=bo, now=now)
    weigh(post=post, person=bo, importance="CRITICAL", now=now)
    run_jobs()
    call_command("reconcile")
    assert "Everything adds up." in capsys.readouterr().out


def test_drift_is_found_and_left_and_mended_when_asked(publish, make_ask, ann, capsys):
    post = publish(ann)
    ask = make_ask(post)
    Post.objects.update(vote_count=7, comment_count=2)
    Board.objects.update(post_count=9)
    Ask.objects.update(people_count=4, critical_count=3)
    with pytest.raises(SystemExit) as ended:
        call_command("reconcile")
    assert ended.value.code == 1
    out = capsys.readouterr().out.split()
    found = dict(zip(out[0:14:2], out[1:14:2], strict=True))
    wrong = {"votes", "comments", "boards", "asks", "importance"}
    assert {name for name, number in found.items() if number != "0"} == wrong
    assert Post.objects.get().vote_count == 7
    call_command("reconcile", "--fix")
    ask.refresh_from_db()
    assert (ask.people_count, ask.critical_count, Post.objects.get().vote_count) == (1, 0, 1)
    call_command("reconcile")


def test_what_areas_proposals_and_credits_count_is_mended_too(publish, make_ask, item, bo, now):
    ask = make_ask(publish(bo, "Offline maps"))
    Ask.objects.filter(pk=ask.pk).update(state=Ask.State.PROPOSED)
    area = Area.objects.create(
        name="Maps", product=ask.product, created_at=now,
        ask_count=1, post_count=1, people_of_asks=1, people_count=9,
    )  # fmt: skip
    Ask.objects.filter(pk=ask.pk).update(area=area)
    proposal = Proposal.objects.create(
        kind=Proposal.Kind.NEW_ASK, ask=ask, people_count=8, proposed_at=now
    )
    line = ship_line(item, now)
    found = reconcile(fix=False)
    assert (found["areas"], found["proposals"], found["credits"]) == (1, 1, 1)
    reconcile(fix=True)
    for row in (area, proposal, line):
        row.refresh_from_db()
    assert (area.ask_count, area.post_count, area.people_count) == (1, 1, 1)
    assert proposal.people_count == 1
    assert line.people_count == 2
    assert not any(reconcile(fix=False).values())


def ship_line(item, now):
    release = Release.objects.create(product=item.product, version="9.9", release_date=now.date())
    return ChangelogLine.objects.create(
        release=release,
        item=item,
        text="Done",
        people_count=0,
        credited=["a", "b"],
        written_at=now,
    )


def test_it_counts_once_a_night_and_logs_what_drifted(publish, ann, frozen, caplog):
    publish(ann)
    Post.objects.update(vote_count=7)
    night = dt.datetime(2026, 3, 7, 2, 59, tzinfo=dt.UTC)
    frozen.move_to(night)
    assert reconcile_tonight(now=clock.now()) is None
    frozen.shift(60)
    tasks.reconcile_counters.call()
    assert Post.objects.get().vote_count == 1
    assert "1 of votes had drifted" in caplog.text
    assert reconcile_tonight(now=clock.now()) is None
    frozen.shift(24 * 3600)
    assert reconcile_tonight(now=clock.now()) is not None


class Killed(BaseException):
    """A worker is killed here."""


@pytest.fixture
def killed(monkeypatch):
    """Have whoever counts be killed in the middle of it, inside the block."""

    def killed(**_said):
        raise Killed

    @contextmanager
    def while_counting():
        with monkeypatch.context() as within, pytest.raises(Killed):
            within.setattr(reconciling, "reconcile_credits", killed)
            yield

    return while_counting


def test_a_night_in_which_a_worker_was_killed_is_counted_by_the_next(publish, ann, frozen, killed):
    publish(ann)
    frozen.move_to(NIGHT)
    with killed():
        reconcile_tonight(now=clock.now())
    Post.objects.update(vote_count=7)
    assert last_counted() is None
    assert reconcile_tonight(now=clock.now()) is None, "its lease has not ended"
    frozen.shift(1800)
    assert reconcile_tonight(now=clock.now()) is not None
    assert Post.objects.get().vote_count == 1
    assert last_counted().counted_at == clock.now()


def test_a_night_that_kills_its_workers_is_left(publish, ann, frozen, killed):
    publish(ann)
    frozen.move_to(NIGHT)
    for _ in range(reconciling.ATTEMPTS):
        with killed():
            reconcile_tonight(now=clock.now())
        frozen.shift(1800)
    assert reconcile_tonight(now=clock.now()) is None
    frozen.shift(24 * 3600)
    assert reconcile_tonight(now=clock.now()) is not None


def test_one_worker_counts_at_a_time(publish, ann, frozen, monkeypatch):
    publish(ann)
    frozen.move_to(NIGHT)
    said = []
    monkeypatch.setattr(
        reconciling,
        "reconcile_credits",
        lambda **_: said.append(reconcile_tonight(now=clock.now())) or 0,
    )
    assert reconcile_tonight(now=clock.now()) is not None
    assert said == [None]
