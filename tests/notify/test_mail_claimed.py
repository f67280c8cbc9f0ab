"""What waited to be mailed to an imported author is mailed to who claimed their words, as that person wishes."""

import datetime as dt

import pytest

from feedback.accounts.claiming.operations import claim_words, undo_claim
from feedback.accounts.claiming.unclaimed import let_unclaimed_be_mailed
from feedback.kernel import clock
from feedback.notify.channels.email import sending
from feedback.notify.groups import Group
from feedback.notify.models import Delivery, Mail
from feedback.notify.wishes.operations import choose
from feedback.roadmap import operations as roadmap
from tests.accounts.imported import author, bring_posts, owns
from tests.accounts.test_claiming import tell_all

OLD = "ann@old.example"


@pytest.fixture
def ghost(settings, board, make_ask, ann, pia, frozen, now):
    """An author for whom a mail is made and not sent yet."""
    settings.HAS_MAIL_SERVER = True
    owns(ann, OLD)
    owns(ann, ann.email)
    let_unclaimed_be_mailed(allowed=True, actor=pia, now=now)
    (post,) = bring_posts(board, ("ann-gh", OLD))
    roadmap.adopt(ask=make_ask(post), actor=pia, now=now, title=post.title)
    tell_all(now)
    frozen.shift(dt.timedelta(minutes=3))
    sending.gather(now=clock.now())
    assert Mail.objects.get().address == OLD
    return author("ann-gh")


def test_what_was_gathered_for_the_old_address_is_gathered_anew(ann, ghost, pia):
    (claim,) = claim_words(person=ann, authors=[ghost.public_id], now=clock.now())
    delivery = Delivery.objects.get()
    assert (delivery.person, delivery.mail) == (ann, None)
    sending.gather(now=clock.now())
    delivery.refresh_from_db()
    assert delivery.mail.address == ann.email
    undo_claim(claim=claim, actor=pia, now=clock.now())
    delivery.refresh_from_db()
    assert (delivery.person, delivery.mail) == (ghost, None)


def test_a_mail_that_is_leaving_right_now_is_left_alone(ann, ghost):
    Mail.objects.update(leased_until=clock.now() + sending.LEASE)
    claim_words(person=ann, authors=[ghost.public_id], now=clock.now())
    assert Delivery.objects.get().mail == Mail.objects.get()


def test_who_wants_no_such_mail_gets_none(ann, ghost):
    choose(person=ann, mail=dict.fromkeys(Group.values, "NEVER"), now=clock.now())
    claim_words(person=ann, authors=[ghost.public_id], now=clock.now())
    assert not Delivery.objects.exists()
