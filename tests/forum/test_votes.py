"""Wanting a post."""

import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.forum.comments.operations import comment
from feedback.forum.counts import reconcile_counts
from feedback.forum.models import Board, Post, Vote
from feedback.forum.votes.operations import unvote, vote
from feedback.journal.models import Entry
from feedback.kernel import clock


def test_a_vote_without_javascript_leads_back_to_where_it_was_given(client_of, ann, bo, publish):
    post = publish(ann)
    client = client_of(bo)
    back = "http://testserver/boards/suggestions/?sort=new"
    response = client.post(f"/posts/{post.public_id}/vote/", {"want": "1"}, HTTP_REFERER=back)
    assert response["Location"] == back
    post.refresh_from_db()
    assert post.vote_count == 2
    response = client.post(
        f"/posts/{post.public_id}/vote/", {"want": "0"}, HTTP_REFERER="http://evil.example/"
    )
    assert response["Location"] == f"/posts/{post.public_id}/"
    post.refresh_from_db()
    assert post.vote_count == 1


def test_a_vote_with_htmx_answers_with_the_button(client_of, ann, bo, publish):
    post = publish(ann)
    headers = {"HTTP_HX_REQUEST": "true"}
    response = client_of(bo).post(f"/posts/{post.public_id}/vote/", {"want": "1"}, **headers)
    page = response.content.decode()
    assert 'aria-pressed="true"' in page
    assert 'name="want" value="0"' in page
    assert "<html" not in page


def test_a_visitor_is_asked_to_sign_in(client_of, ann, publish):
    post = publish(ann)
    address = f"/posts/{post.public_id}/vote/"
    assert client_of(None).post(address)["Location"].startswith("/accounts/login/")
    htmx = client_of(None).post(address, HTTP_HX_REQUEST="true")
    assert htmx["HX-Redirect"].startswith("/accounts/login/")


def test_a_list_says_which_posts_the_reader_wants(client_of, ann, bo, publish):
    publish(ann)
    assert client_of(ann).get("/").context["page"].rows[0].voted
    assert not client_of(bo).get("/").context["page"].rows[0].voted


def test_wanting_twice_counts_once(ann, bo, publish, now):
    post = publish(ann)
    assert vote(post=post, person=bo, now=now)
    assert not vote(post=post, person=bo, now=now)
    assert unvote(post=post, person=bo, now=now)
    assert not unvote(post=post, person=bo, now=now)
    post.refresh_from_db()
    assert post.vote_count == 1
    assert Entry.objects.filter(verb="forum.voted").count() == 1


def test_nobody_votes_on_a_closed_board(client_of, ann, bo, board, publish):
    post = publish(ann)
    board.is_archived = True
    board.save()
    address = f"/posts/{post.public_id}/vote/"
    assert client_of(bo).post(address, {"want": "1"}, HTTP_HX_REQUEST="true").status_code == 409
    assert client_of(bo).post(address, {"want": "1"}).status_code == 302
    assert Vote.objects.filter(post=post).count() == 1


@settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=14))
def test_after_any_sequence_of_votes_the_counter_is_the_number_of_rows(
    ann, bo, mo, publish, frozen, steps
):
    frozen.shift(3600)  # the next example's post is a new post, not the last one sent twice
    people = dict(zip("abc", (ann, bo, mo), strict=True))
    post = publish(ann)
    wanting = {"a"}
    for who, wants in steps:
        change = vote if wants else unvote
        changed = change(post=post, person=people[who], now=clock.now())
        assert changed == (wants != (who in wanting))
        wanting = wanting | {who} if wants else wanting - {who}
    post.refresh_from_db()
    assert post.vote_count == post.votes.count() == len(wanting)
    assert set(reconcile_counts().values()) == {0}


@pytest.mark.django_db(transaction=True)
def test_many_people_voting_at_once_are_all_counted(person, publish, ann):
    post = publish(ann)
    crowd = [person(f"Fan {number}") for number in range(6)]
    failures = []

    def want(fan):
        try:
            for _ in range(2):
                vote(post=post, person=fan, now=clock.now())
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=want, args=[fan]) for fan in crowd * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert Post.objects.get(pk=post.pk).vote_count == Vote.objects.filter(post=post).count() == 7


def test_reconcile_repairs_every_counter(ann, bo, board, publish, now):
    post = publish(ann)
    comment(post=post, author=bo, body="me too", now=now)
    Post.objects.update(vote_count=40, comment_count=9, hotness=0)
    board.post_count = 7
    board.save()
    repaired = reconcile_counts()
    assert repaired == {"votes": 1, "comments": 1, "answers": 0, "hotness": 1, "boards": 1}
    post.refresh_from_db()
    board.refresh_from_db()
    assert (post.vote_count, post.comment_count, board.post_count) == (1, 1, 1)


def test_reconcile_takes_back_an_answer_that_is_not_there(ann, publish):
    post = publish(ann)
    Post.objects.filter(pk=post.pk).update(is_answered=True)
    assert reconcile_counts()["answers"] == 1
    post.refresh_from_db()
    assert not post.is_answered


def test_reconcile_counts_and_writes_the_boards_in_one_statement(ann, board, publish):
    publish(ann)
    Board.objects.filter(pk=board.pk).update(post_count=7)
    with CaptureQueriesContext(connection) as run:
        assert reconcile_counts()["boards"] == 1
    said = [one["sql"] for one in run if "forum_board" in one["sql"]]
    assert len(said) == 1
    assert said[0].startswith("UPDATE")
    board.refresh_from_db()
    assert board.post_count == 1
