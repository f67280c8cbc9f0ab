"""The placer a worker keeps knows what others did: it agrees with one built anew, whatever happened in between."""

import datetime as dt

import numpy as np
import pytest

from feedback.asks.decisions.confirm import confirm_ask, lock_ask
from feedback.asks.decisions.contest import contest
from feedback.asks.decisions.pairs import say_apart
from feedback.asks.decisions.shape import join_asks, move_post, split_ask
from feedback.asks.decisions.undo import undo
from feedback.asks.models import Ask, Decision, Membership
from feedback.forum.posts.operations import edit_post, hide_post, show_post, withdraw_post
from feedback.grouping.models import EncoderModel, Run
from feedback.grouping.place import operations as placing
from feedback.grouping.place import placer_cache
from feedback.grouping.place.operations import place_pending
from feedback.grouping.place.placer_cache import KeptPlacer

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(grouped, embed, now):
    """A placer as a worker has it a while after the run."""
    embed()
    while place_pending(now=now):
        pass
    model = EncoderModel.objects.get(is_current=True)
    return KeptPlacer(model, Run.objects.filter(state="DONE").latest("id"), now=now)


@pytest.fixture
def agrees(kept, now, monkeypatch):
    """Follow, without reading the board again, and compare with a placer that is built now."""
    whole = placer_cache.read_board

    def check():
        def read_again(*args, **kwargs):
            raise AssertionError("The whole board was read again.")

        monkeypatch.setattr(placer_cache, "read_board", read_again)
        kept.follow(now=now)
        monkeypatch.setattr(placer_cache, "read_board", whole)
        fresh = KeptPlacer(
            EncoderModel.objects.get(is_current=True),
            Run.objects.filter(state="DONE").latest("id"),
            now=now,
        )
        mine, theirs = kept.placer.index, fresh.placer.index
        assert dict(mine.homes()) == dict(theirs.homes())
        for pk, _key in theirs.homes():
            assert mine._digest[mine._row[pk]] == theirs._digest[theirs._row[pk]]
            np.testing.assert_allclose(
                mine._rows[mine._row[pk]], theirs._rows[theirs._row[pk]], rtol=0, atol=0.02
            )
        return dict(mine.homes())

    return check


def test_nothing_happened(agrees, grouped):
    assert agrees()


def test_a_decision_of_another_process(agrees, grouped, ask_of, pia, now):
    post = grouped["dark"][0]
    target = ask_of(grouped["export"][0])
    move_post(post=post, to=target, actor=pia, now=now)
    assert agrees()[post.pk] == target.public_id


def test_an_undone_decision(agrees, grouped, ask_of, pia, now):
    post = grouped["dark"][0]
    home = ask_of(post)
    decision = move_post(post=post, to=ask_of(grouped["export"][0]), actor=pia, now=now)
    agrees()
    undo(decision=Decision.objects.latest("id"), actor=pia, now=now)
    assert agrees()[post.pk] == home.public_id
    assert decision is None or decision.pk


def test_a_joined_ask_and_the_join_undone(agrees, grouped, ask_of, pia, now):
    gone, into = ask_of(grouped["dark"][0]), ask_of(grouped["export"][0])
    join_asks(ask=gone, into=into, actor=pia, now=now)
    assert gone.public_id not in agrees().values()
    undo(decision=Decision.objects.latest("id"), actor=pia, now=now)
    assert agrees()[grouped["dark"][0].pk] == gone.public_id


def test_a_split_ask_that_grew_and_was_joined_again(
    agrees, kept, grouped, publish, ann, embed, ask_of, pia, now
):
    ask = ask_of(grouped["dark"][0])
    posts = grouped["dark"][:2]
    split_ask(ask=ask, posts=posts, title="Dark apart", actor=pia, now=now)
    made = Ask.objects.latest("id")
    agrees()
    late = publish(ann, "Add a dark mode now")
    Membership.objects.create(
        post=late, ask=made, source="MACHINE", placed_at=now, model_key="another worker"
    )
    embed()
    agrees()
    undo(decision=Decision.objects.latest("id"), actor=pia, now=now)
    assert agrees()[late.pk] == ask.public_id


def test_a_locked_ask_takes_no_more_posts(grouped, publish, ann, embed, ask_of, pia, now):
    ask = ask_of(grouped["dark"][0])
    publish(ann, "Please add a dark mode to the app")
    embed()
    place_pending(now=now)
    confirm_ask(ask=ask, actor=pia, now=now)
    lock_ask(ask=ask, actor=pia, now=now)
    late = publish(ann, "Please add a dark mode to the app, really")
    embed()
    place_pending(now=now)
    assert ask_of(late) != ask


def test_what_another_worker_placed(agrees, grouped, publish, ann, embed, ask_of, now):
    new = publish(ann, "Please add a dark mode to the app")
    embed()
    placing.forget()  # this thread's own worker begins anew: it is the other one
    place_pending(now=now)
    assert agrees()[new.pk] == ask_of(new).public_id


def test_an_edited_post_is_left_out_until_its_new_words_are_read(
    agrees, kept, grouped, embed, ask_of, now
):
    post = grouped["dark"][0]
    edit_post(post=post, editor=post.author, title="Export everything as a table", body="", now=now)
    assert post.pk not in agrees()
    embed()
    assert agrees()[post.pk] == ask_of(post).public_id


def test_hidden_shown_and_withdrawn_posts(agrees, grouped, mo, now):
    hidden, withdrawn = grouped["dark"][:2]
    hide_post(post=hidden, moderator=mo, now=now)
    withdraw_post(post=withdrawn, author=withdrawn.author, now=now)
    there = agrees()
    assert hidden.pk not in there
    assert withdrawn.pk not in there
    show_post(post=hidden, moderator=mo, now=now)
    assert hidden.pk in agrees()


def test_a_contested_post(agrees, grouped, ask_of, pia, now):
    post = grouped["dark"][0]
    confirm_ask(ask=ask_of(post), actor=pia, now=now)
    contest(post=post, author=post.author, now=now)
    assert post.pk not in agrees()


def test_what_nobody_wrote_down_is_found_after_a_while(agrees, kept, grouped, now):
    post = grouped["dark"][0]
    Membership.objects.filter(post=post).delete()
    kept.follow(now=now)
    assert post.pk in kept.placer.index
    kept._marks.swept_at = now - placer_cache.SWEEP_EVERY - dt.timedelta(seconds=1)
    assert post.pk not in agrees()


def test_decisions_stand_for_the_very_next_post(grouped, publish, ann, bo, embed, ask_of, pia, now):
    first = publish(ann, "Please add a dark mode to the app")
    embed()
    place_pending(now=now)
    home = ask_of(first)
    late = publish(bo, "Please add a dark mode to the app!")
    say_apart(post=late, other=first, actor=pia, now=now)
    embed()
    place_pending(now=now)
    assert ask_of(late) is None or ask_of(late) != home
