"""`manage.py reconcile`: drift is found, and mended when asked."""

import pytest
from django.core.management import call_command

from feedback.asks.models import Ask
from feedback.forum.models import Board, Post
from feedback.forum.votes.operations import vote, weigh

pytestmark = pytest.mark.django_db


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
