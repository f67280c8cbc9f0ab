"""A run comes by itself: at once, after a rest, or once a day."""

import datetime as dt

import pytest

from feedback.asks.models import Ask, Membership
from feedback.forum.models import Post
from feedback.grouping.models import Run
from feedback.grouping.runs import regroup as runs
from feedback.grouping.runs.regroup import FEWEST_NEW, RESTS, SHORTEST_REST, is_due
from feedback.grouping.runs.request import request_run
from feedback.grouping.trial.switch_model import regroup_after_switch
from feedback.grouping.vectors.encoders import current_model

pytestmark = pytest.mark.django_db


@pytest.fixture
def due(product, embed):
    """Whether a run is due now, everything read."""

    def ask():
        embed()
        return is_due(product, current_model())

    return ask


def write(publish, author, count):
    for number in range(count):
        publish(author, f"Something quite new {number} about {'abcdefghijklm'[number]}")


def test_the_first_run_comes_as_soon_as_there_are_posts_enough(publish, ann, due):
    write(publish, ann, 4)
    assert not due()
    publish(ann, "And the fifth")
    assert due()


def test_many_new_posts_are_grouped_at_once(grouped, publish, ann, due, frozen):
    frozen.shift(1)
    assert not due()
    write(publish, ann, FEWEST_NEW - 1)
    assert not due()
    publish(ann, "One more")
    assert due()


def test_some_wait_until_the_worker_has_rested(
    grouped, publish, ann, due, frozen, monkeypatch, now
):
    monkeypatch.setattr(runs, "NEW_SHARE", 0.9)  # as on a large board
    run = Run.objects.get()
    run.started_at, run.finished_at = now - dt.timedelta(seconds=30), now
    run.save()
    frozen.shift(1)
    write(publish, ann, FEWEST_NEW)
    assert not due()
    frozen.shift(SHORTEST_REST)
    assert not due()
    frozen.move_to(now + RESTS * dt.timedelta(seconds=30))
    assert due()


def test_a_few_wait_a_day(grouped, publish, ann, due, frozen):
    frozen.shift(1)
    publish(ann, "Something quite new")
    frozen.shift(dt.timedelta(hours=23))
    assert not due()
    frozen.shift(dt.timedelta(hours=1))
    assert due()


def test_what_found_its_ask_is_no_reason(grouped, publish, ann, due, frozen, make_ask):
    frozen.shift(1)
    write(publish, ann, FEWEST_NEW)
    make_ask(*Post.objects.order_by("-pk")[:FEWEST_NEW])
    frozen.shift(dt.timedelta(days=2))
    assert not due()


def test_a_run_of_the_new_model_that_failed_is_tried_again_after_an_hour(product, grouped, now):
    Run.objects.update(model_key="the-one-before")
    Run.objects.create(product=product, state="FAILED", requested_at=now, finished_at=now)
    waiting = Run.objects.filter(state="WAITING")
    regroup_after_switch(now=now + dt.timedelta(minutes=59))
    assert not waiting.exists()
    regroup_after_switch(now=now + dt.timedelta(hours=1))
    assert waiting.exists()


def test_a_run_cut_short_after_its_posts_are_placed_is_made_good_by_the_next(
    posts, embed, product, now, monkeypatch
):
    embed()
    request_run(product=product, now=now)
    with monkeypatch.context() as broken:
        broken.setattr(runs, "store_questions", lambda *args, **kwargs: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            runs.regroup_due(now=now)
    placed = dict(Membership.objects.values_list("post", "ask"))
    assert placed
    assert Run.objects.get().state == "FAILED"
    request_run(product=product, now=now)
    assert runs.regroup_due(now=now).state == "DONE"
    assert dict(Membership.objects.values_list("post", "ask")) == placed
    assert Ask.objects.exclude(summary="").exists()
