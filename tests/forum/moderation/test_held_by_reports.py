"""What several members report about somebody new waits before the team has looked."""

import datetime as dt

import pytest
from zeal import zeal_ignore

from feedback.accounts.models import Standing
from feedback.forum.comments.operations import comment
from feedback.forum.models import Case, HoldingWishes, Post
from feedback.kernel import clock
from feedback.notify.models import Notice
from tests.cast import make_person
from tests.roadmap.test_at_once import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(db):
    """Make somebody who joined so many days ago: ``member("Uma", 365)``."""

    def make(name, days):
        made = make_person(name)
        made.joined_at = clock.now() - dt.timedelta(days=days)
        made.save()
        return made

    return make


@pytest.fixture
def stranger(member):
    """Somebody who has joined today."""
    return member("Stranger", 0)


@pytest.fixture
def neighbours(member):
    """Three members of a year."""
    return [member(name, 365) for name in ("Uma", "Vic", "Wim")]


def report(client, thing, reason="SPAM", kind="post"):
    answer = client.post(f"/report/{kind}/{thing.public_id}/", {"reason": reason})
    assert answer.status_code == 302


def test_three_members_take_what_is_new_out_of_sight_and_its_author_hears(
    stranger, neighbours, publish, client_of, run_jobs, mo, ruled
):
    post = publish(stranger, "Replica watches for less")
    for one in neighbours[:2]:
        report(client_of(one), post)
    assert client_of(None).get(f"/posts/{post.public_id}/").status_code == 200
    report(client_of(neighbours[2]), post)
    assert client_of(None).get(f"/posts/{post.public_id}/").status_code == 404
    post.board.refresh_from_db()
    assert post.board.post_count == 0
    page = client_of(stranger).get(f"/posts/{post.public_id}/").content.decode()
    assert "Several people reported it." in page and "waits for the team" in page
    run_jobs()
    assert Notice.objects.get(person=stranger).entry.verb == "forum.held"
    assert (
        "it waits until the team has looked" in client_of(stranger).get("/inbox/").content.decode()
    )

    ruled(Case.objects.get(closed_at=None), mo, "KEEP")
    posted_at = post.posted_at
    post.refresh_from_db()
    assert (post.state, post.posted_at) == (Post.State.PUBLISHED, posted_at)


def test_a_comment_waits_too(stranger, neighbours, ann, publish, client_of):
    said = comment(post=publish(ann), author=stranger, body="Buy hats", now=clock.now())
    for one in neighbours:
        report(client_of(one), said, kind="comment")
    said.refresh_from_db()
    assert said.is_hidden and Case.objects.get().held_for == ["REPORTS", "EDIT"]


@pytest.mark.parametrize("reason", ["OFF_TOPIC", "OTHER"])
def test_what_harms_nobody_stays_until_the_team_has_looked(
    stranger, neighbours, publish, client_of, reason
):
    post = publish(stranger)
    for one in neighbours:
        report(client_of(one), post, reason)
    post.refresh_from_db()
    assert post.state == Post.State.PUBLISHED


def test_who_is_known_is_not_silenced_by_reports(member, neighbours, publish, client_of):
    post = publish(member("Known", 30))
    for one in neighbours:
        report(client_of(one), post)
    post.refresh_from_db()
    assert post.state == Post.State.PUBLISHED


def test_reports_of_who_is_new_and_of_visitors_have_no_such_effect(
    stranger, neighbours, publish, client_of, member
):
    post = publish(stranger)
    for one in neighbours[1:]:
        report(client_of(one), post)
    report(client_of(member("Newer", 0)), post)
    report(client_of(None), post)
    post.refresh_from_db()
    assert post.state == Post.State.PUBLISHED


def test_what_the_team_kept_stays(stranger, neighbours, member, publish, client_of, mo, ruled):
    post = publish(stranger)
    report(client_of(neighbours[0]), post)
    ruled(Case.objects.get(), mo, "KEEP")
    for name in ("Xia", "Yun", "Zoe"):
        report(client_of(member(name, 365)), post)
    post.refresh_from_db()
    assert post.state == Post.State.PUBLISHED


def test_the_owner_may_turn_it_off(stranger, neighbours, publish, client_of):
    HoldingWishes.objects.create(reports=0)
    post = publish(stranger)
    for one in neighbours:
        report(client_of(one), post)
    post.refresh_from_db()
    assert post.state == Post.State.PUBLISHED


@pytest.mark.django_db(transaction=True)
def test_reports_at_once_hold_it_once(stranger, neighbours, publish, client_of):
    post = publish(stranger)
    clients = [client_of(one) for one in neighbours]

    def send(client):
        with zeal_ignore():  # who comes second reads the case that the first has opened
            report(client, post)

    outcomes = at_once(*[lambda client=client: send(client) for client in clients])
    assert outcomes == [None] * 3
    post.refresh_from_db()
    post.board.refresh_from_db()
    assert (post.state, post.board.post_count) == (Post.State.HELD, 0)
    assert Case.objects.get().held_for == ["REPORTS", "EDIT"]


def test_while_many_send_adverts_one_report_is_enough(
    stranger, neighbours, member, publish, client_of, now
):
    quiet = publish(member("Vera", 9), "Hats for all")
    report(client_of(neighbours[0]), quiet)
    quiet.refresh_from_db()
    assert quiet.state == Post.State.PUBLISHED
    for number in range(5):
        sender = member(f"Sender {number}", 0)
        Case.objects.create(
            thing=f"post:x{number}",
            post=publish(sender, f"Wish {number}"),
            held_for=["ADVERT"],
            opened_at=clock.now(),
        )
    waits, stands = (
        publish(member("Zed", 9), "Hats for you"),
        publish(neighbours[1], "Hats, really"),
    )
    Standing.objects.create(person=neighbours[1], counts={"answers": 1})
    for one in (waits, stands):
        report(client_of(neighbours[2]), one)
        one.refresh_from_db()
    assert (waits.state, stands.state) == (Post.State.HELD, Post.State.PUBLISHED)
