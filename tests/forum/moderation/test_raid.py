"""A raid at small size: twenty accounts, two hundred posts in ten minutes; and a hundred honest posts."""

import datetime as dt
import itertools

import pytest
from zeal import zeal_ignore

from feedback.accounts.models import User
from feedback.forum import allowed
from feedback.forum.models import Case, Post
from feedback.forum.moderation.deciding import cases_of
from feedback.forum.moderation.queries import in_order
from feedback.forum.posts.checked import publish_checked
from feedback.kernel import clock
from feedback.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db

_LURES = [
    "Earn money at home with this wonderful trick, write to me now",
    "Best casino bonus of the year at https://win.example/{n}",
    "兼职日结，每天三百，加 微★信 abc123 详聊，名额有限快来",
    "B.e.s.t  c-a-s-i-n-o  bonus of the year, nobody loses here",
    "Cheap replica watches, look at www.watches{n}.shop today",
]


@pytest.fixture
def crowd(db, now):
    """Twenty accounts, made an hour ago."""
    made = User.objects.bulk_create(
        [User(email=f"r{n}@example.org", display_name=f"R{n}") for n in range(20)]
    )
    User.objects.update(joined_at=now - dt.timedelta(hours=1))
    return made


def send(person, board, title, body=""):
    """Post as the door of the web does; return the post, None for one who was too fast."""
    words = {"board": board, "title": title, "body": body}
    try:
        allowed.spend(allowed.POSTS, person, now=clock.now())
    except Refusal:
        return None
    return publish_checked(person, words, draft="")


def test_of_a_raid_hardly_anything_stands(crowd, board, mo, rule, client_of, frozen):
    turns, sent = itertools.cycle(crowd), []
    for number in range(200):
        lure = _LURES[number // 4 % len(_LURES)].format(n=number)
        sent.append(send(next(turns), board, lure))
        frozen.shift(3)
    # Three a member fit in ten minutes; the first of each of the three lures without a link is seen.
    assert sent.count(None) >= 120
    stood = {one.public_id for one in sent if one is not None and one.state == "PUBLISHED"}
    held = {one.public_id for one in sent if one is not None and one.state == "HELD"}
    assert len(stood) <= 3 and len(held) >= 40
    shown = client_of(None).get("/?sort=new").content.decode()
    assert {key for key in stood | held if key in shown} == stood
    # All that was held is put away in one act.
    waiting = in_order("held", reader=mo, now=clock.now())
    assert len(waiting) == len(held)
    keys = [one.public_id for one in Case.objects.filter(pk__in=waiting)]
    with zeal_ignore():  # each case is one transaction
        chosen = {"case": keys, "do": "BAN", "rule": rule.slug}
        client_of(mo).post("/desk/moderation/several/", chosen)
    assert not cases_of(keys, reader=mo)
    assert not Post.objects.filter(state="PUBLISHED").exists()


def test_honest_people_are_hardly_held(db, board, honest_words):
    made = User.objects.bulk_create(
        [User(email=f"h{n}@example.org", display_name=f"H{n}") for n in range(100)]
    )
    for one, (title, body) in zip(made, honest_words, strict=True):
        assert send(one, board, title, body) is not None
    assert Post.objects.count() == 100
    assert Post.objects.filter(state="HELD").count() <= 1
