"""Answering under a post."""

import pytest
from django.core.exceptions import PermissionDenied

from feedback.forum.comments.operations import comment as publish_comment
from feedback.forum.comments.operations import hide_comment
from feedback.forum.models import Comment
from feedback.forum.posts.views import COMMENTS_PER_PAGE
from feedback.kernel import clock


def test_a_member_comments_and_lands_on_the_comment(client_of, ann, bo, publish):
    post = publish(ann)
    response = client_of(bo).post(f"/posts/{post.public_id}/comments/", {"body": "**Yes**, please"})
    comment = Comment.objects.get()
    assert response["Location"] == f"/posts/{post.public_id}/#comment-{comment.public_id}"
    page = client_of(None).get(f"/posts/{post.public_id}/").content.decode()
    assert "<strong>Yes</strong>, please" in page
    post.refresh_from_db()
    assert post.comment_count == 1


def test_an_empty_comment_is_refused_on_the_same_page(client_of, ann, publish):
    post = publish(ann)
    response = client_of(ann).post(f"/posts/{post.public_id}/comments/", {"body": " \u200b "})
    assert response.status_code == 422
    assert b"There is nothing in it yet" in response.content


def test_an_official_answer_is_marked_and_pinned_above_what_was_said_before(
    client_of, ann, bo, pia, publish, now
):
    post = publish(ann)
    publish_comment(post=post, author=bo, body="me too", now=now)
    client_of(pia).post(
        f"/posts/{post.public_id}/comments/", {"body": "It comes in May", "is_official": "on"}
    )
    page = client_of(None).get(f"/posts/{post.public_id}/").content.decode()
    assert page.count("It comes in May") == 2, "Whole above, its beginning where it was said."
    assert "Official answer" in page and "In full above" in page
    post.refresh_from_db()
    assert post.is_answered
    assert b"Dark mode" not in client_of(None).get("/boards/suggestions/?sort=unanswered").content


def test_an_official_answer_that_comes_first_is_not_said_twice(client_of, ann, pia, publish, now):
    post = publish(ann)
    publish_comment(post=post, author=pia, body="It comes in May", is_official=True, now=now)
    page = client_of(None).get(f"/posts/{post.public_id}/").content.decode()
    assert page.count("It comes in May") == 1


def test_a_member_cannot_speak_for_the_team(client_of, ann, publish):
    post = publish(ann)
    client_of(ann).post(
        f"/posts/{post.public_id}/comments/", {"body": "Official!", "is_official": "on"}
    )
    assert not Comment.objects.get().is_official
    with pytest.raises(PermissionDenied):
        publish_comment(post=post, author=ann, body="x", is_internal=True, now=clock.now())


def test_internal_comments_are_for_the_team_alone_and_count_nowhere(client_of, ann, mo, publish):
    post = publish(ann)
    client_of(mo).post(
        f"/posts/{post.public_id}/comments/", {"body": "known troll?", "is_internal": "on"}
    )
    for reader in (ann, None):
        page = client_of(reader).get(f"/posts/{post.public_id}/")
        assert b"known troll" not in page.content
    assert b"known troll" in client_of(mo).get(f"/posts/{post.public_id}/").content
    post.refresh_from_db()
    assert post.comment_count == 0
    assert post.last_activity_at == post.posted_at


def test_official_and_internal_at_once_is_refused(client_of, ann, mo, publish):
    post = publish(ann)
    response = client_of(mo).post(
        f"/posts/{post.public_id}/comments/",
        {"body": "x", "is_internal": "on", "is_official": "on"},
    )
    assert response.status_code == 422


def test_a_hidden_comment_leaves_the_page_and_the_count(client_of, ann, bo, mo, publish, now):
    post = publish(ann)
    comment = publish_comment(post=post, author=bo, body="buy pills", now=now)
    address = f"/comments/{comment.public_id}/"
    assert client_of(bo).post(f"{address}hide/").status_code == 403
    client_of(mo).post(f"{address}hide/")
    assert b"buy pills" not in client_of(ann).get(f"/posts/{post.public_id}/").content
    assert b"buy pills" in client_of(bo).get(f"/posts/{post.public_id}/").content
    assert client_of(bo).post(f"{address}show/").status_code == 404
    post.refresh_from_db()
    assert post.comment_count == 0
    client_of(mo).post(f"{address}show/")
    post.refresh_from_db()
    assert post.comment_count == 1


def test_hiding_the_only_official_answer_leaves_the_post_unanswered(ann, pia, mo, publish, now):
    post = publish(ann)
    answer = publish_comment(post=post, author=pia, body="Soon", is_official=True, now=now)
    hide_comment(comment=answer, moderator=mo, now=now)
    post.refresh_from_db()
    assert not post.is_answered


def test_the_same_comment_sent_twice_is_one(ann, publish, now):
    post = publish(ann)
    first = publish_comment(post=post, author=ann, body="hello", now=now)
    assert publish_comment(post=post, author=ann, body="hello ", now=now) == first
    assert Comment.objects.count() == 1


def test_a_long_thread_has_pages_and_the_new_comment_is_on_the_last(
    client_of, ann, bo, publish, now
):
    post = publish(ann)
    Comment.objects.bulk_create(
        Comment(post=post, author=bo, body=f"number {n}", posted_at=now)
        for n in range(COMMENTS_PER_PAGE)
    )
    response = client_of(ann).post(f"/posts/{post.public_id}/comments/", {"body": "the last"})
    assert "?page=2#comment-" in response["Location"]
    assert b"the last" in client_of(ann).get(f"/posts/{post.public_id}/?page=2").content
    assert b"the last" not in client_of(ann).get(f"/posts/{post.public_id}/").content
