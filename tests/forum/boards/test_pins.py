"""Posts that stand on top of their board, and posts under which the team alone comments."""

import pytest

from feedback.forum.comments.operations import comment
from feedback.forum.models import Board, Comment, Post
from feedback.forum.pins.operations import MOST, pin_post
from feedback.forum.posts.operations import put_post
from feedback.journal.models import Entry
from feedback.kernel.refusals import Refusal
from tests.roadmap.test_at_once import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(ann, publish):
    return publish(ann, "Read this first")


def act(client, post, verb):
    return client.post(f"/posts/{post.public_id}/{verb}/", {"word": "It went in circles."})


def test_a_pinned_post_stands_on_top_of_its_board_and_once(
    client, client_of, mo, bo, post, publish, now
):
    publish(bo, "Newer and hotter", now=now)
    act(client_of(mo), post, "pin")
    for sort in ("hot", "new", "top"):
        page = client.get(f"/boards/suggestions/?sort={sort}").content.decode()
        assert page.index("Read this first") < page.index("Newer and hotter")
        assert page.count(f'href="/posts/{post.public_id}/"') == 1
    assert "Pinned" in client.get(f"/posts/{post.public_id}/").content.decode()
    act(client_of(mo), post, "unpin")
    assert 'class="pinned"' not in client.get("/boards/suggestions/").content.decode()
    verbs = Entry.objects.filter(actor_id=mo.pk).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["forum.post-pinned", "forum.post-unpinned"]


def test_each_act_offers_the_way_back(client_of, mo, post):
    client = client_of(mo)
    for verb, back in (("pin", "unpin"), ("unpin", "pin"), ("lock", "unlock"), ("unlock", "lock")):
        said = {"word": "It went in circles."}
        answer = client.post(f"/posts/{post.public_id}/{verb}/", said, follow=True)
        assert f'action="/posts/{post.public_id}/{back}/"' in answer.content.decode()


def test_members_neither_pin_nor_lock(client_of, ann, post):
    for verb in ("pin", "unpin", "lock", "unlock"):
        assert act(client_of(ann), post, verb).status_code == 403
    post.refresh_from_db()
    assert (post.pinned_at, post.is_locked) == (None, False)


def test_a_pin_stays_behind_when_a_post_moves(mo, pia, post, board, product, now):
    pin_post(post=post, actor=mo, now=now)
    other = Board.objects.create(slug="other", name="Other", product=product)
    put_post(post=post, board=other, actor=pia, now=now)
    post.refresh_from_db()
    assert post.pinned_at is None


def test_what_is_hidden_is_not_on_top(client, client_of, mo, post):
    act(client_of(mo), post, "pin")
    act(client_of(mo), post, "hide")
    assert "Read this first" not in client.get("/boards/suggestions/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_three_are_pinned(mo, bo, publish, now):
    posts = [publish(bo, f"Wish {number}") for number in range(6)]
    outcomes = at_once(
        *[lambda post=post: pin_post(post=post, actor=mo, now=now) for post in posts]
    )
    assert outcomes.count(True) == MOST
    assert all(one is True or isinstance(one, Refusal) for one in outcomes), outcomes
    assert Post.objects.filter(pinned_at__isnull=False).count() == MOST


def test_a_locked_post_is_read_and_voted_for_and_the_team_alone_comments(
    client_of, mo, bo, ann, post, now
):
    mine = comment(post=post, author=bo, body="Mine", now=now)
    act(client_of(mo), post, "lock")
    address, words = f"/posts/{post.public_id}/", {"body": "And another"}
    page = client_of(bo).get(address).content.decode()
    assert "the team alone comments" in page
    assert 'class="reply form"' not in page
    assert client_of(bo).post(f"{address}comments/", words).status_code == 302
    assert client_of(bo).post(f"/comments/{mine.public_id}/edit/", words).status_code == 403
    assert Comment.objects.count() == 1
    client_of(bo).post(f"{address}vote/", {"want": "1"})
    post.refresh_from_db()
    assert post.vote_count == 2
    client_of(mo).post(f"{address}comments/", words)
    assert Comment.objects.count() == 2
    act(client_of(mo), post, "unlock")
    client_of(bo).post(f"{address}comments/", {"body": "At last"})
    assert Comment.objects.count() == 3


def test_the_log_for_a_regulator_has_it(client_of, mo, pia, post):
    act(client_of(mo), post, "lock")
    page = client_of(pia).get("/desk/moderation/log.csv")
    assert "forum.post-locked" in b"".join(page.streaming_content).decode()
