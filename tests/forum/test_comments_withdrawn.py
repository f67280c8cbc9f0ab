"""Whoever wrote a comment takes it back: its words go, its place stays while somebody answered."""

import pytest
from django.core.exceptions import PermissionDenied

from feedback.forum.comments.operations import accept_answer, comment, show_comment
from feedback.forum.comments.withdrawing import withdraw_comment
from feedback.forum.counts import reconcile_counts
from feedback.forum.models import Comment, Rule
from feedback.forum.moderation.deciding import Said, decide_about, undo
from feedback.journal.models import Entry
from feedback.kernel.refusals import Refusal
from feedback.notify.models import Notice
from tests.roadmap.test_at_once import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(ann, publish):
    return publish(ann, kind="QUESTION")


@pytest.fixture
def mine(bo, post, now):
    return comment(post=post, author=bo, body="A word too much", now=now)


def withdraw(client, one):
    return client.post(f"/comments/{one.public_id}/withdraw/")


def page_of(client, post):
    return client.get(f"/posts/{post.public_id}/").content.decode()


def test_it_goes_from_the_list_for_everyone(client, client_of, bo, mo, post, mine):
    assert f"/comments/{mine.public_id}/withdraw/" in page_of(client_of(bo), post)
    asked = client_of(bo).get(f"/comments/{mine.public_id}/withdraw/")
    assert "Withdraw this comment?" in asked.content.decode()
    withdraw(client_of(bo), mine)
    for reader in (client, client_of(bo), client_of(mo)):
        page = page_of(reader, post)
        assert "A word too much" not in page
        assert "Withdrawn by its author." not in page
        assert "No comments yet" in page
    assert set(reconcile_counts(fix=False).values()) == {0}
    assert Entry.objects.filter(verb="forum.comment-withdrawn").count() == 1


def test_where_somebody_answered_its_place_stays(client, client_of, ann, bo, post, mine, now):
    comment(post=post, author=ann, body="I disagree", reply_to=mine, now=now)
    withdraw(client_of(bo), mine)
    page = page_of(client, post)
    assert "Withdrawn by its author." in page
    assert "A word too much" not in page
    assert page.index("Withdrawn by its author.") < page.index("I disagree")
    post.refresh_from_db()
    assert post.comment_count == 1
    with pytest.raises(Refusal):
        comment(
            post=post, author=ann, body="Still", reply_to=Comment.objects.get(pk=mine.pk), now=now
        )


def test_only_its_author_takes_it_back(client_of, ann, mo, bo, mine, now):
    for other in (ann, mo):
        assert withdraw(client_of(other), mine).status_code == 403
    with pytest.raises(PermissionDenied):
        withdraw_comment(comment=mine, author=ann, now=now)
    assert withdraw_comment(comment=mine, author=bo, now=now)
    assert not withdraw_comment(comment=mine, author=bo, now=now)


def test_an_answer_to_a_question_is_one_no_longer(ann, bo, post, mine, now):
    accept_answer(post=post, comment=mine, actor=ann, now=now)
    withdraw_comment(comment=mine, author=bo, now=now)
    post.refresh_from_db()
    assert post.accepted is None
    assert Entry.objects.filter(verb="forum.answer-not-accepted").count() == 1


def test_an_official_answer_that_is_taken_back_answers_nothing(mo, post, now):
    official = comment(post=post, author=mo, body="Soon", is_official=True, now=now)
    withdraw_comment(comment=official, author=mo, now=now)
    post.refresh_from_db()
    assert (post.is_answered, post.comment_count) == (False, 0)
    assert set(reconcile_counts(fix=False).values()) == {0}


def test_a_notice_that_already_went_leads_to_the_post(client_of, ann, bo, post, mine, run_jobs):
    run_jobs()
    assert Notice.objects.filter(person=ann, entry__verb="forum.commented").exists()
    withdraw(client_of(bo), mine)
    inbox = client_of(ann).get("/inbox/").content.decode()
    assert "A word too much" not in inbox
    client = client_of(ann)
    answer = client.get(f"/comments/{mine.public_id}/", follow=True)
    assert answer.redirect_chain[0][0].startswith(f"/posts/{post.public_id}/")
    assert "Its author took this comment back." in answer.content.decode()
    assert client.get(f"/comments/{mine.public_id}/history/").status_code == 404


def test_nobody_brings_it_back(mo, ann, bo, post, mine, now):
    rule = Rule.objects.first() or Rule.objects.create(slug="kind", name="Be kind")
    ruling = decide_about(thing=mine, said=Said(action="HIDE", rule=rule), actor=mo, now=now)
    withdraw_comment(comment=mine, author=bo, now=now)
    undo(ruling=ruling, actor=mo, now=now)
    stored = Comment.objects.get(pk=mine.pk)
    assert stored.is_hidden
    assert not show_comment(comment=stored, moderator=mo, now=now)
    post.refresh_from_db()
    assert post.comment_count == 0
    assert set(reconcile_counts(fix=False).values()) == {0}


@pytest.mark.django_db(transaction=True)
def test_taken_back_and_hidden_at_once_it_is_counted_once(mo, bo, post, mine, now):
    rule = Rule.objects.create(slug="kind", name="Be kind")
    said = Said(action="HIDE", rule=rule)
    at_once(
        lambda: withdraw_comment(comment=mine, author=bo, now=now),
        lambda: withdraw_comment(comment=mine, author=bo, now=now),
        lambda: decide_about(thing=mine, said=said, actor=mo, now=now),
    )
    post.refresh_from_db()
    assert post.comment_count == 0
    assert set(reconcile_counts(fix=False).values()) == {0}
