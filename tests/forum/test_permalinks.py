"""The address of a comment leads to it, on whichever page it stands, also where others went."""

import pytest

from feedback.forum.comments.operations import comment, hide_comment
from feedback.forum.comments.withdrawing import withdraw_comment
from feedback.forum.models import Comment, Post
from feedback.forum.posts.views import COMMENTS_PER_PAGE
from feedback.kernel import clock

pytestmark = pytest.mark.django_db
MANY = 2 * COMMENTS_PER_PAGE + 30


@pytest.fixture
def said(publish, ann, bo, now):
    """Two pages of comments and thirty more of Bo's under a post of Ann's, the first first."""
    post = publish(ann, "Dark mode")
    Comment.objects.bulk_create(
        Comment(post=post, author=bo, body=f"Me too {n}", posted_at=now) for n in range(MANY)
    )
    Post.objects.filter(pk=post.pk).update(comment_count=MANY)
    return list(Comment.objects.filter(post=post).order_by("pk"))


def landed(client, one):
    """Return the page that the address of a comment leads to, after it was seen to stand there."""
    answer = client.get(f"/comments/{one.public_id}/")
    assert answer.status_code == 302
    page, _hash, place = answer["Location"].partition("#")
    assert f'id="{place}"' in client.get(page).content.decode()
    return page.partition("?")[2]


def test_it_leads_to_the_third_page(client, said):
    assert landed(client, said[2 * COMMENTS_PER_PAGE]) == "page=3"
    assert landed(client, said[-1]) == "page=3"
    assert landed(client, said[COMMENTS_PER_PAGE]) == "page=2"
    assert landed(client, said[0]) == ""


def test_it_still_does_where_others_were_removed(client, client_of, said, bo, mo):
    on_third = said[2 * COMMENTS_PER_PAGE]
    hide_comment(comment=said[0], moderator=mo, now=clock.now())
    withdraw_comment(comment=said[1], author=bo, now=clock.now())
    assert landed(client, on_third) == "page=2", "two before it are gone, for a visitor"
    assert landed(client_of(mo), on_third) == "page=2", "the team still sees the hidden one"
    assert landed(client, said[2 * COMMENTS_PER_PAGE + 2]) == "page=3"


def test_an_answer_to_an_early_comment_stands_with_it(client, said, ann):
    answer = comment(
        post=said[0].post,
        author=ann,
        body="Why?",
        reply_to=said[COMMENTS_PER_PAGE + 20],
        now=clock.now(),
    )
    assert landed(client, answer) == "page=2"
