"""What a visitor wants to do is done once they have signed in, in whatever way, and once."""

import re

import pytest
from django.core import mail
from zeal import zeal_ignore

from feedback.accounts.models import User
from feedback.forum.models import Draft, Post, Vote

pytestmark = pytest.mark.django_db

PASSWORD = "a long password"
NEW = {"display_name": "Cleo", "email": "cleo@example.org", "password1": "kolibri-Tasse-77x"}
WORDS = {
    "kind": "BUG",
    "board": "",
    "title": "It stops at night",
    "body": "Every night.",
    "draft": "",
}


def sign_in(client, to, person):
    with zeal_ignore():  # Django itself asks twice for a session that gets a new key
        return client.post(to, {"login": person.email, "password": PASSWORD}, follow=True)


def sign_up(client, to, **more):
    with zeal_ignore():
        return client.post(to.replace("/login/", "/signup/"), NEW | more, follow=True)


@pytest.fixture
def visitor(client_of, board):
    return client_of(None)


@pytest.fixture
def wanted(publish, ann):
    return publish(ann, "Dark mode, please")


def want(client, post):
    """Click on "Me too" as the page has it."""
    page = client.get("/").content.decode()
    assert f'form="afterwards" formaction="/posts/{post.public_id}/vote/"' in page
    return client.post(f"/posts/{post.public_id}/vote/", {"next": "/?sort=new"})["Location"]


def test_a_vote_is_counted_after_signing_in(visitor, wanted, bo):
    door = want(visitor, wanted)
    assert not Vote.objects.filter(person=bo).exists()
    page = sign_in(visitor, door, bo)
    assert page.redirect_chain[-1][0] == "/?sort=new"
    assert "Counted: you want “Dark mode, please” too." in page.content.decode()
    wanted.refresh_from_db()
    assert wanted.vote_count == 2
    assert Vote.objects.filter(person=bo, post=wanted).count() == 1


def test_a_vote_is_counted_after_signing_up(visitor, wanted):
    sign_up(visitor, want(visitor, wanted))
    assert Vote.objects.filter(person__email="cleo@example.org", post=wanted).count() == 1


def test_an_ask_is_wanted_after_signing_up(visitor, dark_mode):
    page = visitor.get(f"/asks/{dark_mode.public_id}/").content.decode()
    address = f"/asks/{dark_mode.public_id}/vote/"
    assert f'form="afterwards" formaction="{address}"' in page
    door = visitor.post(address, {"next": f"/asks/{dark_mode.public_id}/"})["Location"]
    page = sign_up(visitor, door)
    assert "Counted: you want" in page.content.decode()
    dark_mode.refresh_from_db()
    assert dark_mode.people_count == 3


def test_several_clicks_all_count(visitor, publish, ann, bo):
    posts = [publish(ann, title) for title in ("Dark mode", "Louder bells", "Fewer ads")]
    for post in posts:
        door = want(visitor, post)
    want(visitor, posts[0])
    sign_in(visitor, door, bo)
    assert Vote.objects.filter(person=bo).count() == 3


def test_words_are_posted_after_signing_in(visitor, bo):
    door = visitor.post("/posts/new/", WORDS)["Location"]
    page = sign_in(visitor, door, bo)
    post = Post.objects.get()
    assert (post.author, post.title, post.kind) == (bo, "It stops at night", "BUG")
    assert page.redirect_chain[-1][0] == f"/posts/{post.public_id}/"
    assert f"Posted as #{post.pk}." in page.content.decode()


def test_words_are_posted_after_signing_up(visitor):
    sign_up(visitor, visitor.post("/posts/new/", WORDS)["Location"])
    post = Post.objects.get()
    assert post.author.name == "Cleo"
    assert post.vote_count == 1


def test_what_was_done_is_done_once(visitor, bo, wanted, frozen):
    visitor.post("/posts/new/", WORDS)
    door = want(visitor, wanted)
    sign_in(visitor, door, bo)
    frozen.shift(600)
    for _ in range(2):
        visitor.get("/signed-in/", {"next": "/"})
    visitor.get("/posts/new/")
    with zeal_ignore():
        visitor.post("/accounts/logout/")
    sign_in(visitor, "/accounts/login/", bo)
    assert Post.objects.filter(author=bo).count() == 1
    assert Vote.objects.filter(person=bo).count() == 2  # the author's own, and the one clicked
    assert Draft.objects.filter(post=None).count() == 0
    assert "It stops at night" not in visitor.get("/posts/new/").content.decode()


def test_posted_by_hand_first_it_is_not_posted_again(visitor, bo):
    """A browser that does not go on from the sign-in page to where it is sent."""
    door = visitor.post("/posts/new/", WORDS)["Location"]
    with zeal_ignore():
        way = visitor.post(door, {"login": bo.email, "password": PASSWORD})["Location"]
    form = visitor.get("/posts/new/").context["form"]
    assert form["title"].value() == "It stops at night"
    key = visitor.get("/posts/new/").context["start"].key
    visitor.post("/posts/new/", WORDS | {"draft": key, "board": "suggestions"})
    visitor.get(way)
    assert Post.objects.count() == 1


def test_whoever_signs_in_hours_later_may_be_somebody_else(visitor, bo, wanted, frozen):
    want(visitor, wanted)
    door = visitor.post("/posts/new/", WORDS)["Location"]
    frozen.shift(3 * 3600)
    sign_in(visitor, door, bo)
    assert not Vote.objects.filter(person=bo).exists()
    assert not Post.objects.filter(author=bo).exists()
    # The words are kept all the same.
    assert "Every night." in visitor.get("/posts/new/").content.decode()


def test_words_that_cannot_be_posted_any_more_stay_in_the_form(visitor, bo, board):
    door = visitor.post("/posts/new/", WORDS)["Location"]
    board.is_archived = True
    board.save()
    page = sign_in(visitor, door, bo)
    assert not Post.objects.exists()
    assert page.redirect_chain[-1][0] == "/posts/new/"
    assert "Every night." in page.content.decode()
    assert "Not done" in page.content.decode()


def test_a_post_that_is_gone_by_then_is_left_alone(visitor, bo, wanted):
    door = want(visitor, wanted)
    wanted.state = Post.State.HIDDEN
    wanted.save()
    assert sign_in(visitor, door, bo).status_code == 200
    assert not Vote.objects.filter(person=bo).exists()


def test_nobody_does_anything_by_a_link(client_of, bo, wanted):
    client = client_of(bo)
    assert client.get(f"/posts/{wanted.public_id}/vote/").status_code == 405
    client.get("/signed-in/", {"next": f"/posts/{wanted.public_id}/vote/"})
    assert not Vote.objects.filter(person=bo).exists()


@pytest.mark.parametrize(
    "away", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"]
)
def test_the_way_back_stays_on_this_site(client_of, bo, visitor, wanted, away):
    assert client_of(bo).get("/signed-in/", {"next": away})["Location"] == "/"
    door = visitor.post(f"/posts/{wanted.public_id}/vote/", {"next": away})["Location"]
    assert "evil" not in door
    assert "javascript" not in door


def test_a_visitor_clicks_only_so_often(visitor, wanted):
    for _ in range(61):
        visitor.post(f"/posts/{wanted.public_id}/vote/")
    assert visitor.session["afterwards"][0]["about"] == {"public_id": wanted.public_id}
    door = visitor.post(f"/posts/{wanted.public_id}/vote/")
    assert door["Location"].startswith("/accounts/login/")


# --- The longer ways in ----------------------------------------------------------------------------------------------
def test_after_a_code_by_mail(visitor, wanted, bo):
    door = want(visitor, wanted)
    with zeal_ignore():
        visitor.post(door.replace("/login/", "/login/code/"), {"email": bo.email})
        code = re.search(r"^ {4}(\S+)$", mail.outbox[-1].body, re.MULTILINE).group(1)
        visitor.post("/accounts/login/code/confirm/", {"code": code}, follow=True)
    assert Vote.objects.filter(person=bo, post=wanted).count() == 1


def test_after_an_address_was_confirmed(visitor, wanted, settings):
    """The link in the mail leads to the sign-in page; what was wanted waits until then."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    visitor.post("/posts/new/", WORDS)
    door = want(visitor, wanted)
    with zeal_ignore():
        sign_up(visitor, door)
        assert not Post.objects.filter(title=WORDS["title"]).exists()
        link = re.search(r"/accounts/confirm-email/\S+", mail.outbox[-1].body).group()
        visitor.post(link, follow=True)
        cleo = User.objects.get(email="cleo@example.org")
        visitor.post(
            "/accounts/login/", {"login": cleo.email, "password": NEW["password1"]}, follow=True
        )
    assert Post.objects.filter(title=WORDS["title"], author=cleo).count() == 1
    assert Vote.objects.filter(person=cleo, post=wanted).count() == 1
