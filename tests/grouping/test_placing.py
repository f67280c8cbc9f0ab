"""A new post is placed at once, or honestly left alone."""

import datetime as dt

import pytest

from feedback.accounts.outcomes import counting
from feedback.accounts.outcomes.models import Standing
from feedback.asks.decisions.confirm import confirm_ask, rename_ask
from feedback.asks.decisions.contest import contest
from feedback.asks.decisions.pairs import say_apart
from feedback.asks.decisions.shape import join_asks
from feedback.asks.models import Bond, Decision, Membership, PlacementAttempt, Proposal
from feedback.asks.staging import set_stage
from feedback.forum.posts.operations import edit_post
from feedback.forum.queries import grouped_posts
from feedback.grouping.models import EncoderModel
from feedback.grouping.place import placer_cache
from feedback.grouping.place.operations import place_pending
from feedback.grouping.vectors.corpus import corpus_of, vectors_of

pytestmark = pytest.mark.django_db


def place(embed, now):
    embed()
    return place_pending(now=now)


def test_a_new_post_joins_its_ask_with_a_reason(grouped, embed, publish, ann, ask_of, now):
    new = publish(ann, "Please add a dark mode to the app")
    place(embed, now)
    membership = Membership.objects.get(post=new)
    assert membership.ask == ask_of(grouped["dark"][0])
    assert membership.source == "MACHINE"
    near = [public_id for public_id, _ in membership.reason["nearest"]]
    assert set(near) & {post.public_id for post in grouped["dark"]}


def test_people_are_counted_once(grouped, embed, publish, ann, ask_of, now):
    ask = ask_of(grouped["dark"][0])
    people = ask.people_count
    for title in ("Add a dark mode!", "Please add a dark mode to the app"):
        publish(ann, title)
    place(embed, now)
    ask.refresh_from_db()
    assert ask.people_count == people + 1


def test_a_post_like_no_other_stays_unplaced_and_says_what_was_near(
    grouped, embed, publish, ann, ask_of, now
):
    new = publish(ann, "Sell socks in the gift shop")
    place(embed, now)
    assert ask_of(new) is None
    assert PlacementAttempt.objects.get(post=new).candidates


def test_nothing_is_looked_at_twice(grouped, embed, publish, ann, now):
    publish(ann, "Please add a dark mode to the app")
    assert place(embed, now) == 1
    assert place(embed, now) == 0


def test_who_asked_before_the_team_confirmed_has_it_counted_at_once(
    grouped, embed, publish, ann, pia, ask_of, now
):
    """The journal says nothing of what the machine places, so nobody else would count it within the hour."""
    new = publish(ann, "Please add a dark mode to the app")
    confirm_ask(ask=ask_of(grouped["dark"][0]), actor=pia, now=now + dt.timedelta(seconds=1))
    counting.reconcile(fix=True)
    place(embed, now)
    assert ask_of(new).is_public
    assert not counting.reconcile(fix=False)
    assert Standing.objects.get(person=ann).counts["asks"] == 1


def test_a_post_after_shipping_raises_a_regression(grouped, embed, publish, ann, pia, ask_of, now):
    ask = ask_of(grouped["crash"][0])
    confirm_ask(ask=ask, actor=pia, now=now)
    for stage in ("PLANNED", "SHIPPED"):
        set_stage(ask=ask, stage=stage, actor=pia, now=now.replace(hour=1))
    publish(ann, "The app no longer crashes when I open settings", kind="PRAISE")
    still = publish(ann, "The app still crashes when I open settings")
    place(embed, now)
    assert ask.memberships.filter(post__kind="PRAISE").exists()
    proposal = Proposal.objects.get(kind="REGRESSION")
    assert (proposal.ask, proposal.evidence["posts"]) == (ask, [still.public_id])


def place_while(decide, monkeypatch, now):
    """Place what waits; ``decide`` happens after the placements are computed and before they are written."""
    from feedback.engine import Placer

    compute = Placer.place

    def slow(self, *args, **kwargs):
        placements = compute(self, *args, **kwargs)
        decide()
        return placements

    monkeypatch.setattr(Placer, "place", slow)
    place_pending(now=now)
    monkeypatch.undo()


def edited(post, embed, now):
    """Have the machine look at ``post`` again."""
    edit_post(post=post, editor=post.author, title="Add a dark mode please", body="", now=now)
    embed()


def test_a_post_contested_while_it_is_placed_is_not_put_back(
    grouped, embed, ask_of, pia, now, monkeypatch
):
    post = grouped["dark"][0]
    confirm_ask(ask=ask_of(post), actor=pia, now=now)
    edited(post, embed, now)
    place_while(lambda: contest(post=post, author=post.author, now=now), monkeypatch, now)
    assert ask_of(post) is None
    place_pending(now=now)
    assert ask_of(post) is None
    assert PlacementAttempt.objects.filter(post=post).exists()


def test_a_post_said_apart_while_it_is_placed_does_not_join_the_other(
    grouped, embed, publish, ann, ask_of, pia, now, monkeypatch
):
    other = grouped["dark"][0]
    new = publish(ann, "Please add a dark mode to the app")
    embed()
    place_while(lambda: say_apart(post=new, other=other, actor=pia, now=now), monkeypatch, now)
    place_pending(now=now)
    assert ask_of(new) is None


def test_two_new_posts_said_apart_do_not_join_one_ask_together(
    grouped, embed, publish, ann, bo, ask_of, pia, now
):
    one = publish(ann, "Please add a dark mode to the app")
    two = publish(bo, "Please add a dark mode to the app!")
    decision = Decision.objects.create(kind=Decision.Kind.APART, actor=pia, made_at=now)
    Bond.objects.create(decision=decision, kind=Bond.Kind.APART, post=one, other_post=two)
    place(embed, now)
    assert ask_of(one) is None or ask_of(one) != ask_of(two)
    assert ask_of(one) is not None or ask_of(two) is not None


def test_a_decision_about_other_posts_does_not_hold_a_placement_up(
    grouped, embed, publish, ann, ask_of, pia, now, monkeypatch
):
    new = publish(ann, "Please add a dark mode to the app")
    embed()
    rename = ask_of(grouped["export"][0])
    place_while(
        lambda: rename_ask(ask=rename, title="Export", actor=pia, now=now),
        monkeypatch,
        now,
    )
    assert ask_of(new) == ask_of(grouped["dark"][0])


def test_a_placed_post_is_known_to_the_next_without_reading_the_board_again(
    grouped, embed, publish, ann, bo, ask_of, now, monkeypatch
):
    publish(ann, "Please add a dark mode to the app")
    place(embed, now)

    def read_again(*args, **kwargs):
        raise AssertionError("The whole board was read for one post.")

    monkeypatch.setattr(placer_cache, "read_board", read_again)
    first = publish(ann, "A dark mode for the app at night")
    place(embed, now)
    second = publish(bo, "A dark mode for the app at night!")
    place(embed, now)
    near = {public_id for public_id, _ in Membership.objects.get(post=second).reason["nearest"]}
    assert first.public_id in near


def test_a_decision_has_the_board_read_again(grouped, embed, publish, ann, ask_of, pia, now):
    place(embed, now)
    ask = ask_of(grouped["dark"][0])
    publish(ann, "Please add a dark mode to the app")
    place(embed, now)
    join_asks(ask=ask, into=ask_of(grouped["export"][0]), actor=pia, now=now)
    new = publish(ann, "Please add dark mode to the app")
    place(embed, now)
    assert ask_of(new) == ask_of(grouped["export"][0])


def test_a_corpus_holds_one_row_a_post_that_has_a_vector(posts, embed, publish, ann, bo):
    embed()
    same = publish(bo, "Add a dark mode")
    without = publish(ann, "Nobody has read this yet")
    model = EncoderModel.objects.get()
    corpus = corpus_of(grouped_posts(), model=model)
    assert same.pk in corpus.ids
    assert without.pk not in corpus.ids
    rows = {pk: corpus.vectors[at] for at, pk in enumerate(corpus.ids)}
    assert (rows[same.pk] == rows[posts["dark"][0].pk]).all()
    stored = vectors_of([posts["export"][0].content_hash], model=model)
    assert (rows[posts["export"][0].pk] == stored[posts["export"][0].content_hash]).all()
