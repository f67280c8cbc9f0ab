"""Imported authors are mailed before they claim only where a manager says so, and may stop it like everybody."""

import re

import pytest

from feedback.accounts.claiming.operations import claim_words
from feedback.accounts.claiming.unclaimed import let_unclaimed_be_mailed
from feedback.kernel import clock
from feedback.notify.models import Delivery, Notice, Wishes
from feedback.roadmap import operations as roadmap
from tests.accounts.imported import author, bring_posts, owns
from tests.notify.smtp import parts

OLD = "ann@old.example"


@pytest.fixture
def plan(board, make_ask, pia):
    """Have the team plan what ann-gh asked for elsewhere, one thing after the other."""
    posts = iter(bring_posts(board, ("ann-gh", OLD), ("ann-gh", OLD), ("bo-gh", "")))

    def run():
        post = next(posts)
        roadmap.adopt(ask=make_ask(post), actor=pia, now=clock.now(), title=post.title)
        return author("ann-gh")

    return run


def test_nobody_who_did_not_sign_up_is_mailed_unless_a_manager_says_so(server, plan, pia, send):
    plan()
    send()
    assert not server.mails and not Delivery.objects.exists()
    let_unclaimed_be_mailed(allowed=True, actor=pia, now=clock.now())
    plan()
    send()
    (mail,) = server.to(OLD)
    for part in parts(mail):
        assert "/claim/" in part and "somewhere else" in part


def test_a_mail_to_a_member_says_nothing_of_claiming(server, item, ann, send):
    send()
    assert server.mails
    assert not any("/claim/" in part for _whom, mail in server.mails for part in parts(mail))


def test_who_stops_it_stays_unmailed_after_claiming(server, plan, pia, ann, client, send, now):
    let_unclaimed_be_mailed(allowed=True, actor=pia, now=now)
    ghost = plan()
    send()
    path = re.search(r"<https?://[^/]+(/[^>]+)>", server.to(OLD)[0]["List-Unsubscribe"]).group(1)
    page = client.get(path).content.decode()
    assert OLD not in page and "ann-gh" in page
    client.post(path, {"want": "ALL"})
    server.mails.clear()
    plan()
    send()
    assert not server.mails
    owns(ann, OLD)
    claim_words(person=ann, authors=[ghost.public_id], now=clock.now())
    assert Wishes.objects.get().person == ann
    assert Notice.objects.filter(person=ann).count() >= 2
    client.post(
        path, {"want": "DAILY"}
    )  # the old link is the person's now, and turns nothing on again
    assert set(Wishes.objects.get().mail.values()) == {"NEVER"}


def test_claimed_they_are_mailed_at_their_own_address(server, plan, pia, ann, send, now):
    let_unclaimed_be_mailed(allowed=True, actor=pia, now=now)
    ghost = plan()
    owns(ann, OLD)
    claim_words(person=ann, authors=[ghost.public_id], now=now)
    plan()
    send()
    assert {whom for whom, _mail in server.mails} == {ann.email}
