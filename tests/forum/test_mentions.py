"""Naming somebody: a link for those who read, a notice for who was named."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from feedback.accounts.limits import Allowance
from feedback.accounts.trust import Trust
from feedback.forum import allowed
from feedback.forum.comments import mentions
from feedback.forum.comments.operations import comment, edit_comment, hide_comment
from feedback.forum.models import Board, BoardMember, Comment, Post
from tests.cast import make_person

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def dan(db):
    """Somebody who has written nothing yet."""
    return make_person("Dan")


@pytest.fixture
def post(ann, bo, publish, now):
    """A post of Ann's, on which Bo has commented."""
    written = publish(ann)
    comment(post=written, author=bo, body="First", now=now)
    return written


@pytest.fixture
def say(post, dan, now):
    return lambda body, **fields: comment(post=post, author=dan, body=body, now=now, **fields)


def told(person):
    return [notice.entry.verb for notice in person.notices.all()]


def test_a_name_becomes_a_link_and_who_was_named_hears_once(bo, client, post, say, run_jobs):
    said = say("I think @Bo is right, @bo.")
    assert said.body.count(f"(/people/{bo.public_id}/)") == 2
    page = client.get(f"/posts/{post.public_id}/").content.decode()
    assert f'<a href="/people/{bo.public_id}/"' in page
    run_jobs()
    assert told(bo) == ["forum.mentioned"]


def test_the_author_of_the_post_hears_of_one_comment_once(ann, say, run_jobs):
    said = say("Thank you @Ann")
    run_jobs()
    of_it = [n for n in ann.notices.all() if n.data["comment"] == said.public_id]
    assert [notice.entry.verb for notice in of_it] == ["forum.mentioned"]


@pytest.mark.parametrize(
    "words",
    [
        "write to me@Bo",
        "@Bob is another",
        "@ Bo",
        "`@Bo` is code",
        "```\n@Bo\n```",
        "@Nobody",
        "https://example.org/@Bo",
    ],
)
def test_what_names_nobody_stays_as_it_is_typed(words, say, bo, run_jobs):
    assert say(words).body == words
    run_jobs()
    assert told(bo) == []


def test_a_chinese_name_needs_no_space(post, now, say):
    wang = make_person("小王", email="wang@example.org")
    comment(post=post, author=wang, body="我也是", now=now)
    assert say("@小王说得对").body == f"[@小王](/people/{wang.public_id}/)说得对"


def test_of_two_with_one_name_neither_is_meant_by_it_alone(post, bo, now, say):
    other = make_person("BO", email="other@example.org")
    comment(post=post, author=other, body="Me too", now=now)
    assert say("@Bo is right").body == "@Bo is right"
    assert mentions.named_in(say(f"{mentions.link_to(other)} is right").body) == [other.public_id]


def test_who_takes_no_part_is_named_by_the_link_alone(say, run_jobs):
    eve = make_person("Eve")
    assert say("@Eve").body == "@Eve"
    say(f"Look {mentions.link_to(eve)}")
    run_jobs()
    assert told(eve) == ["forum.mentioned"]


def test_only_so_many_are_told(say):
    people = [make_person(f"P{number}") for number in range(12)]
    said = say(" ".join(map(mentions.link_to, people)))
    assert len(mentions.named_in(said.body)) == mentions.MOST


def test_an_edit_tells_whom_it_names_anew(bo, dan, say, now, run_jobs):
    eve = make_person("Eve")
    said = say("@Bo?")
    body = f"{said.body} And {mentions.link_to(eve)}."
    edit_comment(comment=said, editor=dan, body=body, now=now)
    run_jobs()
    assert told(bo) == ["forum.mentioned"]
    assert [notice.entry.data["people"] for notice in eve.notices.all()] == [[eve.public_id]]


def test_nobody_hears_of_what_was_hidden_meanwhile(bo, mo, say, now, run_jobs):
    hide_comment(comment=say("@Bo, buy this"), moderator=mo, now=now)
    run_jobs()
    assert told(bo) == []


def test_what_the_team_says_among_itself_is_told_to_the_team(post, pia, mo, bo, now, run_jobs):
    body = f"{mentions.link_to(mo)} {mentions.link_to(bo)}"
    comment(post=post, author=pia, body=body, now=now, is_internal=True)
    run_jobs()
    assert told(mo) == ["forum.mentioned"]
    assert told(bo) == []


def test_those_who_take_part_are_offered(client_of, ann, bo, post):
    address = f"/posts/{post.public_id}/people/"
    offered = client_of(ann).get(address, {"q": "b"}).json()["people"]
    assert offered == [{"name": "Bo", "text": mentions.link_to(bo), "team": False}]
    for nobody in ("x", "Ann"):  # nobody names themselves
        assert client_of(ann).get(address, {"q": nobody}).json()["people"] == []
    assert client_of(None).get(address, {"q": "b"}).status_code == 302


def test_a_name_with_marks_stays_one_link(post, now, say):
    odd = make_person("a]b[c*", email="odd@example.org")
    comment(post=post, author=odd, body="Hello", now=now)
    said = say("@a]b[c* is right")
    assert mentions.named_in(said.body) == [odd.public_id]
    assert Comment.objects.get(pk=said.pk).body.startswith("[@a\\]b\\[c")


@given(st.text(alphabet="@Bo ann`\n[](/)小王x.", max_size=40))
def test_finding_names_loses_no_letter(body):
    known = {"bo": None, "ann": None}
    assert mentions._with_links(body, ["ann", "bo"], known) == body


def test_others_who_read_the_board_are_offered_after_those_who_take_part(client_of, ann, bo, post):
    make_person("Bertha Amsel")
    make_person("Amy Bo", email="amy@example.org")
    make_person("王小明", email="wang@example.org")
    gone = make_person("Boris", email="boris@example.org")
    gone.is_active = False
    gone.save()
    address = f"/posts/{post.public_id}/people/"

    def names(typed):
        offered = client_of(ann).get(address, {"q": typed}).json()["people"]
        return [one["name"] for one in offered]

    assert names("B") == ["Bo", "Amy Bo", "Bertha Amsel"]
    assert names("\uff22\uff45\uff52") == ["Bertha Amsel"]  # full width
    assert names("王小") == ["王小明"]
    assert names("%") == []
    assert names("") == ["Bo"]


def test_on_a_closed_board_its_readers_alone_are_offered(client_of, ann, bo, mo, post):
    Board.objects.update(readers="RING")
    BoardMember.objects.create(board=post.board, person=ann, joined_at=post.posted_at)
    make_person("Mona")
    Post.objects.update(state="INSIDE")
    address = f"/posts/{post.public_id}/people/"
    offered = client_of(ann).get(address, {"q": "mo"}).json()["people"]
    assert [one["name"] for one in offered] == [mo.name]
    assert client_of(bo).get(address, {"q": "mo"}).status_code == 404


def test_looking_for_names_has_an_end(client_of, bo, post, monkeypatch):
    few = Allowance("name", {Trust.NEW: ((2, HOUR),)})
    monkeypatch.setattr(allowed, "NAMES", few)
    client, address = client_of(bo), f"/posts/{post.public_id}/people/"
    asked = [client.get(address, {"q": "a"}).status_code for _ in range(3)]
    assert asked == [200, 200, 429]


def test_names_take_as_many_queries_however_many_are_offered(client_of, ann, post):
    client, address = client_of(ann), f"/posts/{post.public_id}/people/"

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(address, {"q": "zoe"})
        return len(captured)

    queries()
    few = queries()
    for number in range(9):
        make_person(f"Zoe {number}", email=f"zoe{number}@example.org")
    assert queries() == few
