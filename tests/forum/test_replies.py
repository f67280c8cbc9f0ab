"""Answers to comments, editing them, reacting, and the answer to a question."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from feedback.forum.comments.operations import comment, edit_comment
from feedback.forum.comments.reactions import react
from feedback.forum.models import Comment, Post, Reaction
from feedback.forum.posts.views import COMMENTS_PER_PAGE
from feedback.journal.models import Entry
from feedback.kernel.refusals import Refusal
from tests.cast import make_person
from tests.roadmap.test_at_once import at_once


@pytest.fixture
def dan(db):
    """Somebody who has written nothing yet."""
    return make_person("Dan")


@pytest.fixture
def post(ann, publish):
    return publish(ann)


@pytest.fixture
def say(post, now):
    """Have somebody comment, each time a minute later: ``say(bo, "Yes", reply_to=…)``."""
    times = iter(range(-1000, 0))

    def write(author, body, **fields):
        at = now + dt.timedelta(minutes=next(times))
        return comment(post=post, author=author, body=body, now=at, **fields)

    return write


def page_of(client, post, query=""):
    return client.get(f"/posts/{post.public_id}/{query}").content.decode()


def test_an_answer_stands_below_what_it_answers_and_above_what_came_later(
    client, client_of, ann, bo, post, say
):
    first = say(bo, "First of all")
    say(bo, "Something else")
    answer = client_of(ann).post(
        f"/posts/{post.public_id}/comments/",
        {"body": "To the first", "reply_to": first.public_id},
    )
    written = Comment.objects.get(body="To the first")
    assert written.reply_to == first
    assert answer["Location"].endswith(f"#comment-{written.public_id}")
    page = page_of(client, post)
    order = [page.index(words) for words in ("First of all", "To the first", "Something else")]
    assert order == sorted(order)


def test_an_answer_to_an_answer_stands_beside_it(ann, bo, say):
    first = say(bo, "First")
    second = say(ann, "Second", reply_to=first)
    assert say(bo, "Third", reply_to=second).reply_to == first


def test_no_answer_leaves_its_post(ann, bo, publish, say, now):
    elsewhere = comment(post=publish(bo, "Another"), author=bo, body="There", now=now)
    with pytest.raises(Refusal, match="another post"):
        say(ann, "Here", reply_to=elsewhere)


def test_answers_to_what_the_team_says_among_itself_stay_there(client, mo, pia, post, say):
    inner = say(mo, "Shall we?", is_internal=True)
    assert say(pia, "We shall", reply_to=inner).is_internal
    assert "We shall" not in page_of(client, post)
    assert client.get(f"/comments/{inner.public_id}/").status_code == 404


def test_a_comment_has_an_address_on_whatever_page_it_stands(
    client, bo, post, now, django_assert_max_num_queries
):
    rows = [
        Comment(post=post, author=bo, body=f"{n}", posted_at=now + dt.timedelta(seconds=n))
        for n in range(COMMENTS_PER_PAGE + 9)
    ]
    Comment.objects.bulk_create(rows)
    last = Comment.objects.order_by("posted_at").last()
    with django_assert_max_num_queries(12):
        answer = client.get(f"/comments/{last.public_id}/")
    assert answer["Location"] == f"/posts/{post.public_id}/?page=2#comment-{last.public_id}"
    assert f'id="comment-{last.public_id}"' in page_of(client, post, "?page=2")


def test_an_answer_on_the_next_page_says_whom_it_answers(client, bo, post, say, now):
    first = say(bo, "First")
    Comment.objects.bulk_create(
        Comment(
            post=post,
            author=bo,
            reply_to=first,
            body=f"{n}",
            posted_at=now + dt.timedelta(days=1, seconds=n),
        )
        for n in range(COMMENTS_PER_PAGE + 10)
    )
    assert "Answers Bo" not in page_of(client, post)
    assert page_of(client, post, "?page=2").count("Answers Bo") == 1


def test_who_is_answered_hears_once(ann, bo, dan, post, say, run_jobs):
    first = say(dan, "First")
    say(bo, "I agree", reply_to=first)
    run_jobs()
    kept = dan.notices.get().data
    assert (kept["by"], kept["answered"]) == ("Bo", True)
    assert ann.notices.count() == 2


def test_quoting_begins_with_the_words(client_of, ann, bo, say):
    said = say(bo, "One line\nand another")
    page = client_of(ann).get(f"/comments/{said.public_id}/reply/?quote=1").content.decode()
    assert "&gt; One line\n&gt; and another" in page


def test_one_changes_ones_own_words_and_everyone_sees_what_they_were(
    client, client_of, bo, post, say
):
    said = say(bo, "I want it blue")
    answer = client_of(bo).post(f"/comments/{said.public_id}/edit/", {"body": "I want it green"})
    assert answer.status_code == 302
    page = page_of(client, post)
    assert "I want it green" in page
    assert "edited" in page
    history = client.get(f"/comments/{said.public_id}/history/").content.decode()
    assert "<del>blue</del><ins>green</ins>" in history


def test_nobody_changes_the_words_of_others(client_of, ann, pia, bo, say, now):
    said = say(bo, "Blue")
    assert client_of(ann).get(f"/comments/{said.public_id}/edit/").status_code == 403
    with pytest.raises(PermissionDenied):
        edit_comment(comment=said, editor=pia, body="Green", now=now)


def test_of_two_edits_the_second_reads_the_first(client_of, bo, say):
    said, client = say(bo, "Blue"), client_of(bo)
    begun = client.get(f"/comments/{said.public_id}/edit/")
    seen = begun.context["seen"]
    client.post(f"/comments/{said.public_id}/edit/", {"body": "Green", "seen": seen})
    answer = client.post(f"/comments/{said.public_id}/edit/", {"body": "Red", "seen": seen})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "It says now: Green" in page
    assert "Red" in page
    seen = answer.context["seen"]
    client.post(f"/comments/{said.public_id}/edit/", {"body": "Red", "seen": seen})
    said.refresh_from_db()
    assert said.body == "Red"


def test_what_a_moderator_hid_is_not_changed(client_of, mo, bo, say, now):
    said = say(bo, "Blue")
    client_of(mo).post(f"/comments/{said.public_id}/hide/")
    assert client_of(bo).get(f"/comments/{said.public_id}/edit/").status_code == 403
    with pytest.raises(Refusal):
        edit_comment(comment=said, editor=bo, body="Green", now=now)


def test_a_reaction_counts_once_and_is_taken_back(client, client_of, ann, bo, post, say):
    said, member = say(bo, "Yes"), client_of(ann)
    for _ in range(2):
        member.post(f"/comments/{said.public_id}/react/", {"kind": "LOVE", "want": "1"})
    assert Reaction.objects.get().person == ann
    assert "Love it" in page_of(client, post)
    member.post(f"/comments/{said.public_id}/react/", {"kind": "LOVE", "want": "0"})
    assert not Reaction.objects.exists()
    assert member.post(f"/comments/{said.public_id}/react/", {"kind": "HATE"}).status_code == 302
    assert not Reaction.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_reactions_at_once_are_one(ann, bo, say):
    said = say(bo, "Yes")
    at_once(*[lambda: react(comment=said, person=ann, kind="LIKE", is_wanted=True)] * 4)
    assert Reaction.objects.count() == 1


def test_the_author_of_a_question_says_what_answers_it(
    client, client_of, ann, bo, publish, now, run_jobs
):
    question = publish(ann, "How do I export?", kind=Post.Kind.QUESTION)
    comment(post=question, author=ann, body="Anybody?", now=now)
    said = comment(post=question, author=bo, body="Under File", now=now)
    client_of(ann).post(f"/comments/{said.public_id}/accept/")
    page = page_of(client, question)
    assert page.count("Under File") == 2, "Whole above, its beginning where it was said."
    assert "Answers the question" in page
    run_jobs()
    assert bo.notices.get().entry.verb == "forum.answer-accepted"
    client_of(ann).post(f"/comments/{said.public_id}/accept/", {"want": "0"})
    assert "Answers the question" not in page_of(client, question)
    assert Entry.objects.filter(verb="forum.answer-not-accepted").count() == 1


def test_nobody_else_says_what_answers_a_question(client_of, ann, bo, publish, now):
    question = publish(ann, "How do I export?", kind=Post.Kind.QUESTION)
    said = comment(post=question, author=bo, body="Under File", now=now)
    assert client_of(bo).post(f"/comments/{said.public_id}/accept/").status_code == 403
    question.refresh_from_db()
    assert question.accepted is None


def test_a_wish_has_no_answer(client_of, ann, bo, say):
    said = say(bo, "Yes")
    assert client_of(ann).post(f"/comments/{said.public_id}/accept/").status_code == 403


def test_how_a_post_changed_is_for_its_author_and_the_team(client, client_of, ann, bo, mo, post):
    words = {"title": "Darker mode", "body": post.body, "kind": post.kind, "board": "suggestions"}
    client_of(ann).post(f"/posts/{post.public_id}/edit/", words)
    client_of(ann).post(f"/posts/{post.public_id}/edit/", words | {"kind": "BUG"})
    history = f"/posts/{post.public_id}/history/"
    for other in (client, client_of(bo)):
        assert other.get(history).status_code == 404
        assert history not in page_of(other, post)
    assert history in page_of(client_of(mo), post)
    page = client_of(ann).get(history).content.decode()
    assert "<del>Dark</del><ins>Darker</ins>" in page
    assert page.count("version__when") == 2
