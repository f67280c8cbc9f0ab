"""A new post is placed at once, or honestly left alone."""

import pytest

from feedback.insight import operations
from feedback.insight.models import Membership, Placement, Proposal

pytestmark = pytest.mark.django_db


def place(embed, now):
    embed()
    return operations.place_pending(now=now)


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
    assert Placement.objects.get(post=new).candidates


def test_nothing_is_looked_at_twice(grouped, embed, publish, ann, now):
    publish(ann, "Please add a dark mode to the app")
    assert place(embed, now) == 1
    assert place(embed, now) == 0


def test_a_post_after_shipping_raises_a_regression(grouped, embed, publish, ann, pia, ask_of, now):
    ask = ask_of(grouped["crash"][0])
    operations.confirm_ask(ask=ask, actor=pia, now=now)
    for stage in ("PLANNED", "SHIPPED"):
        operations.set_stage(ask=ask, stage=stage, actor=pia, now=now.replace(hour=1))
    publish(ann, "The app still crashes when I open settings")
    place(embed, now)
    proposal = Proposal.objects.get(kind="REGRESSION")
    assert proposal.ask == ask
