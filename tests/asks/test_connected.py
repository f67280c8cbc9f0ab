"""What is read around a decision is all that could contradict it."""

import random

import pytest

from feedback.asks import standing
from feedback.asks.decisions import confirm, pairs, shape, undo
from feedback.asks.models import Ask, Decision
from feedback.forum.models import Post
from feedback.kernel.refusals import Refusal
from tests.both import often

pytestmark = pytest.mark.django_db


def decide(rng, actor, now):
    """Try one random decision; whether it was taken."""
    posts, asks = list(Post.objects.order_by("pk")), list(Ask.objects.open().order_by("pk"))
    one, other = rng.sample(posts, 2)
    ask, second = rng.sample(asks, 2)
    verb = rng.choice(["together", "apart", "move", "lock", "asks-apart", "join", "undo"])
    try:
        match verb:
            case "together":
                pairs.say_together(post=one, other=other, actor=actor, now=now)
            case "apart":
                pairs.say_apart(post=one, other=other, actor=actor, now=now)
            case "move":
                shape.move_post(post=one, to=ask, actor=actor, now=now)
            case "lock":
                lock = confirm.unlock_ask if ask.is_locked else confirm.lock_ask
                lock(ask=ask, actor=actor, now=now)
            case "asks-apart":
                pairs.keep_apart(ask=ask, other=second, actor=actor, now=now)
            case "join":
                shape.join_asks(ask=ask, into=second, actor=actor, now=now)
            case "undo":
                last = Decision.objects.filter(undone_at__isnull=True).order_by("?").first()
                if last is not None:
                    undo.undo(decision=last, actor=actor, now=now)
    except Refusal:
        return False
    return True


@pytest.mark.parametrize("seed", range(often(4)))
def test_no_decision_that_was_taken_leaves_a_contradiction(grouped, pia, now, seed):
    rng = random.Random(seed)
    taken = 0
    for _ in range(25):
        if Ask.objects.open().count() < 2:
            break
        taken += decide(rng, pia, now)
        assert standing.everywhere().contradiction() is None
    assert taken > 3


def test_what_is_connected_contradicts_itself_exactly_when_everything_does(grouped, pia, now):
    """Bonds written past the check, as nobody can, are found from each of their ends."""
    dark, export = grouped["dark"], grouped["export"]
    pairs.say_together(post=dark[0], other=export[0], actor=pia, now=now)
    pairs.say_together(post=export[0], other=export[1], actor=pia, now=now)
    said = pairs.say_apart(post=dark[1], other=export[2], actor=pia, now=now)
    said.bonds.update(post=dark[0], other_post=export[1])
    assert standing.everywhere().contradiction() is not None
    for post in (dark[0], export[0], export[1]):
        assert standing.connected([post.pk], []).contradiction() is not None
    assert standing.connected([grouped["crash"][0].pk], []).contradiction() is None


def test_a_desk_reads_what_hangs_together_and_not_every_bond(
    grouped, pia, now, django_assert_max_num_queries
):
    crash = grouped["crash"]
    for post in grouped["dark"][1:]:
        pairs.say_apart(post=grouped["dark"][0], other=post, actor=pia, now=now)
    with django_assert_max_num_queries(12):
        found = standing.connected([crash[0].pk], [])
    assert found.apart == ()
