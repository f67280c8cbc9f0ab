"""One ask on the desk over HTTP: its owner, notes, what stands near it, joining with a preview."""

import pytest

from feedback.asks.counts import recount
from feedback.asks.decisions.confirm import confirm_ask
from feedback.asks.models import Ask, Bond, Decision, Membership, Note
from feedback.forum.models import Post
from feedback.forum.votes.operations import vote
from feedback.journal.models import Entry
from feedback.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(grouped, ask_of, pia):
    """Two confirmed asks."""
    found = [ask_of(grouped[theme][0]) for theme in ("crash", "export")]
    for ask in found:
        confirm_ask(ask=ask, actor=pia, now=clock.now())
        ask.refresh_from_db()
    return found


def test_an_owner_is_given_and_taken_back(pair, desk, mo):
    ask, _ = pair
    desk.post(f"/desk/asks/{ask.public_id}/owner/", {"owner": mo.public_id})
    assert Ask.objects.get(owner=mo) == ask
    decision = Decision.objects.get(kind="OWN")
    desk.post(f"/desk/decisions/{decision.public_id}/undo/")
    assert Ask.objects.get(pk=ask.pk).owner is None


def test_a_member_owns_nothing(pair, desk, ann):
    desk.post(f"/desk/asks/{pair[0].public_id}/owner/", {"owner": ann.public_id})
    assert not Ask.objects.filter(owner__isnull=False)


def test_a_note_is_the_teams_alone_and_comes_back(pair, desk, client_of, mo):
    ask, _ = pair
    moderator = client_of(mo)
    moderator.post(f"/desk/asks/{ask.public_id}/notes/", {"body": "Legal looks at it."})
    note = Note.objects.get()
    assert "Legal looks at it." in desk.get(f"/desk/asks/{ask.public_id}/").content.decode()
    assert "Legal looks" not in client_of(None).get(f"/asks/{ask.public_id}/").content.decode()
    address = f"/desk/asks/{ask.public_id}/notes/{note.public_id}/"
    page = moderator.post(address, follow=True)
    assert f"{address}?do=restore" in page.content.decode()
    assert "Legal looks" not in desk.get(f"/desk/asks/{ask.public_id}/").content.decode()
    moderator.post(f"{address}?do=restore")
    assert "Legal looks" in desk.get(f"/desk/asks/{ask.public_id}/").content.decode()
    assert Entry.objects.filter(verb="asks.ask-noted").count() == 3


def test_a_note_follows_its_ask_when_that_is_joined(pair, desk):
    ask, into = pair
    desk.post(f"/desk/asks/{ask.public_id}/notes/", {"body": "Ask the bank."})
    desk.post(f"/desk/asks/{ask.public_id}/join/", {"to": into.public_id})
    assert "Ask the bank." in desk.get(f"/desk/asks/{into.public_id}/").content.decode()


def test_a_join_is_shown_before_it_is_made(pair, desk, bo):
    ask, into = pair
    for one in (ask, into):  # bo is behind both
        vote(post=Post.objects.filter(membership__ask=one).first(), person=bo, now=clock.now())
    recount([ask.pk, into.pk])
    for one in (ask, into):
        one.refresh_from_db()
    page = desk.get(f"/desk/asks/{ask.public_id}/join/?to={into.public_id}").content.decode()
    assert f"{ask.post_count + into.post_count} posts" in page
    assert f"{ask.people_count} + {into.people_count} = " in page
    assert f"<strong>{ask.people_count + into.people_count - 1} people</strong>" in page
    assert "1 person is behind both" in page
    ask.refresh_from_db()
    assert ask.joined_into is None
    assert not Decision.objects.filter(kind="JOIN")
    assert not Entry.objects.filter(verb="asks.ask-joined")


def test_a_join_that_cannot_be_says_why_before(pair, desk):
    ask, into = pair
    desk.post(f"/desk/asks/{ask.public_id}/apart/", {"other": into.public_id})
    page = desk.get(f"/desk/asks/{ask.public_id}/join/?to={into.public_id}").content.decode()
    assert "does not belong here" in page
    assert 'data-key="e"' not in page


def test_never_together_holds_until_it_is_undone(pair, desk):
    ask, other = pair
    desk.post(f"/desk/asks/{ask.public_id}/apart/", {"other": other.public_id})
    members = Membership.objects.filter(ask__in=pair).count()
    assert Bond.objects.filter(kind="NOT_HERE").count() == members
    decision = Decision.objects.get(kind="APART")
    desk.post(f"/desk/decisions/{decision.public_id}/undo/")
    page = desk.get(f"/desk/asks/{ask.public_id}/join/?to={other.public_id}").content.decode()
    assert 'data-key="e"' in page


def test_what_stands_near_and_who_asks_come_after(pair, desk):
    ask, _ = pair
    posts = list(Post.objects.filter(membership__ask=ask))
    Post.objects.filter(pk=posts[0].pk).update(country="DE")
    Post.objects.filter(pk__in=[post.pk for post in posts[1:]]).update(country="FR")
    page = desk.get(
        f"/desk/asks/{ask.public_id}/near/", headers={"HX-Request": "true"}
    ).content.decode()
    assert "<html" not in page
    assert f'max="{len(posts)}" value="{len(posts) - 1}"' in page
    assert "Never together" in page


def test_the_same_title_twice_is_asked_about(pair, desk):
    ask, other = pair
    answer = desk.post(f"/desk/asks/{ask.public_id}/rename/", {"title": other.title.upper()})
    assert answer.status_code == 409
    assert other.title.upper() in answer.content.decode()
    assert 'name="twice"' in answer.content.decode()
    ask.refresh_from_db()
    assert ask.title.upper() != other.title.upper()
    form = {"title": other.title.upper(), "twice": "1"}
    assert desk.post(f"/desk/asks/{ask.public_id}/rename/", form).status_code == 302
    ask.refresh_from_db()
    assert ask.title == other.title.upper()


def test_all_decisions_about_one_ask(pair, desk):
    ask, other = pair
    page = desk.get(f"/desk/decisions/?ask={ask.public_id}").content.decode()
    assert ask.title in page
    assert other.title not in page
