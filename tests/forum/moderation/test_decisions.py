"""The team decides in a case, its author hears and sees it, and an undo restores everything exactly."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from feedback.forum.comments.operations import comment
from feedback.forum.counts import reconcile_counts
from feedback.forum.models import Board, Case, Comment, Hiding, Post, Ruling
from feedback.forum.moderation.deciding import Said, decide, undo
from feedback.journal.models import Entry
from feedback.kernel import clock
from feedback.kernel.refusals import Refusal
from feedback.notify.models import Notice
from tests.roadmap.test_at_once import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def spam(ann, bo, publish, reported):
    """A case of a post of Ann's that Bo reported."""
    return reported(publish(ann, "Cheap hats", body="Buy at hats.example"), bo)


def picture():
    """Return all that a decision may change, to be compared before and after."""
    posts = Post.objects.order_by("pk").values(
        "state",
        "title",
        "body",
        "board",
        "content_hash",
        "comment_count",
        "indexed_as",
        "posted_at",
    )
    comments = Comment.objects.order_by("pk").values("body", "is_hidden", "posted_at")
    boards = Board.objects.order_by("pk").values("post_count")
    people = Post.objects.values("author__muted_until", "author__suspended_until")
    return [list(rows) for rows in (posts, comments, boards, people)]


@pytest.mark.parametrize("action", ["HIDE", "REMOVE", "WARN", "MUTE", "SUSPEND", "BAN"])
def test_an_undo_restores_everything(action, spam, ann, mo, publish, ruled, now):
    other = publish(ann, "Another post")
    comment(post=other, author=ann, body="And a comment", now=now)
    before = picture()
    ruling = ruled(spam, mo, action, days=3)
    assert (picture() != before) == (action != "WARN")
    assert reconcile_counts()["boards"] == 0
    assert undo(ruling=ruling, actor=mo, now=now) == 1
    assert picture() == before
    assert Case.objects.get(closed_at=None) == spam
    assert not Hiding.objects.exists()


def test_removed_words_are_gone_for_everybody_and_kept_in_the_case(
    spam, ann, mo, bo, client_of, ruled
):
    post = spam.post
    ruled(spam, mo, "REMOVE")
    address = f"/posts/{post.public_id}/"
    for person in (None, bo):
        assert client_of(person).get(address).status_code == 404
    for person in (ann, mo):
        page = client_of(person).get(address).content.decode()
        assert "hats" not in page and "the words are gone for everyone" in page
        assert client_of(person).get(f"{address}history/").status_code == 404
    assert (
        "hats.example" in client_of(mo).get(f"/desk/moderation/{spam.public_id}/").content.decode()
    )


def test_a_ban_hides_all_they_wrote_and_ends_their_session(
    spam, ann, mo, publish, ruled, client_of, now
):
    client = client_of(ann)
    assert client.get("/settings/").status_code == 200
    said = comment(post=publish(ann, "More"), author=ann, body="And this", now=now)
    ruled(spam, mo, "BAN")
    assert not Post.objects.filter(author=ann, state="PUBLISHED").exists()
    said.refresh_from_db()
    assert said.is_hidden
    assert client.get("/settings/").status_code == 302


def test_who_is_suspended_is_told_at_the_door_and_appeals_from_there(
    spam, ann, mo, ruled, client_of, frozen
):
    ruled(spam, mo, "SUSPEND", days=3)
    door = {"login": "ann@example.org", "password": "a long password"}
    visitor = client_of(None)
    answer = visitor.post("/accounts/login/", door)
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "You cannot sign in" in page
    address = page.partition('href="/moderation/')[2].partition('"')[0]
    sent = visitor.post(f"/moderation/{address}", {"words": "They were my own hats."})
    assert sent.status_code == 302
    assert Ruling.objects.get().appeal == "They were my own hats."
    assert visitor.get("/settings/").status_code == 302
    frozen.shift(dt.timedelta(days=3, seconds=1))
    assert visitor.post("/accounts/login/", door).status_code == 302
    assert visitor.get("/settings/").status_code == 200


def test_who_is_muted_reads_and_votes_and_writes_nothing(
    spam, ann, bo, mo, ruled, client_of, publish, frozen
):
    other = publish(bo, "Dark mode")
    ruled(spam, mo, "MUTE", days=1)
    client = client_of(ann)
    answer = client.post(f"/posts/{other.public_id}/comments/", {"body": "Hats!"}, follow=True)
    assert "not write" in answer.content.decode()
    words = {"title": "Hats", "kind": "SUGGESTION", "board": "suggestions"}
    assert "not write" in client.post("/posts/new/", words).content.decode()
    client.post(f"/posts/{other.public_id}/vote/", {"want": "1"})
    assert other.votes.filter(person=ann).exists()
    frozen.shift(dt.timedelta(days=1, seconds=1))
    client.post(f"/posts/{other.public_id}/comments/", {"body": "Sorry."})
    assert Comment.objects.get().body == "Sorry."


def test_two_mutes_end_with_the_later_one_and_each_is_undone_alone(
    ann, bo, mo, publish, reported, ruled, now
):
    first = ruled(reported(publish(ann, "One"), bo), mo, "MUTE", days=3)
    second = ruled(reported(publish(ann, "Two"), bo), mo, "MUTE", days=7)
    undo(ruling=second, actor=mo, now=now)
    ann.refresh_from_db()
    assert ann.muted_until == now + dt.timedelta(days=3)
    undo(ruling=first, actor=mo, now=now)
    ann.refresh_from_db()
    assert ann.muted_until is None


@pytest.mark.parametrize("first_undone", [0, 1])
def test_what_two_decisions_hide_comes_back_with_the_last_undone(
    first_undone, ann, bo, mo, publish, reported, ruled, now
):
    post = publish(ann, "One", body="Words")
    rulings = [ruled(reported(post, bo), mo, "HIDE"), ruled(reported(post, mo), mo, "REMOVE")]
    undo(ruling=rulings.pop(first_undone), actor=mo, now=now)
    post.refresh_from_db()
    assert post.state == ("REMOVED" if first_undone == 0 else "HIDDEN")
    undo(ruling=rulings.pop(), actor=mo, now=now)
    post.refresh_from_db()
    assert (post.state, post.title, post.body) == ("PUBLISHED", "One", "Words")


def test_a_move_is_a_manager_s_and_stays_in_the_product(spam, mo, pia, ruled, product, now):
    bugs = Board.objects.create(product=product, slug="bugs", name="Bugs")
    with pytest.raises(PermissionDenied):
        ruled(spam, mo, "MOVE", board=bugs)
    ruling = ruled(spam, pia, "MOVE", board=bugs)
    spam.post.refresh_from_db()
    assert spam.post.board == bugs
    undo(ruling=ruling, actor=pia, now=now)
    spam.post.refresh_from_db()
    assert spam.post.board.slug == "suggestions"


def test_a_decision_names_a_rule_fits_and_comes_first(
    spam, ann, mo, pia, rule, ruled, reported, bo, now
):
    for said in (
        Said(action="HIDE"),
        Said(action="GRANT"),
        Said(action="MUTE", rule=rule),
        Said(action="?"),
    ):
        with pytest.raises(Refusal):
            decide(case=spam, said=said, actor=mo, now=now)
    with pytest.raises(Refusal, match="of the team"):
        ruled(reported(pia, bo), mo, "BAN")
    ruled(spam, mo, "KEEP")
    with pytest.raises(Refusal, match="meanwhile"):
        ruled(spam, pia, "HIDE")


def test_the_author_hears_in_their_own_language(
    bo, mo, person, publish, reported, ruled, run_jobs, client_of
):
    li = person("Li", language="zh-hans")
    post = publish(li, "便宜帽子")
    ruling = ruled(reported(post, bo), mo, "HIDE")
    assert ruling.word == "这是广告。"
    run_jobs()
    inbox = client_of(li).get("/inbox/").content.decode()
    assert "这是广告。" in inbox and "不发广告" in inbox
    page = client_of(li).get(f"/posts/{post.public_id}/").content.decode()
    assert f"/moderation/{ruling.public_id}/" in page
    assert client_of(bo).get(f"/moderation/{ruling.public_id}/").status_code == 404
    assert client_of(li).get(f"/moderation/{ruling.public_id}/").status_code == 200


def test_a_hidden_comment_is_shown_to_its_author_with_the_reason(
    ann, bo, mo, publish, reported, ruled, client_of, now
):
    post = publish(bo, "Dark mode")
    said = comment(post=post, author=ann, body="Buy hats", now=now)
    ruling = ruled(reported(said, bo), mo, "HIDE")
    address = f"/posts/{post.public_id}/"
    assert "Buy hats" not in client_of(bo).get(address).content.decode()
    page = client_of(ann).get(address).content.decode()
    assert "Buy hats" in page and f"/moderation/{ruling.public_id}/" in page
    assert (
        client_of(ann).post(f"/comments/{said.public_id}/edit/", {"body": "Buy"}).status_code == 403
    )
    assert "0 comments" not in page and "No comments yet" in page


def test_reporters_hear_what_came_of_it_once(spam, ann, mo, bo, ruled, run_jobs, now):
    ruling = ruled(spam, mo, "KEEP")
    undo(ruling=ruling, actor=mo, now=now)
    ruled(spam, mo, "HIDE")
    run_jobs()
    assert Notice.objects.filter(person=bo, entry__verb="forum.flags-answered").count() == 1
    told = Notice.objects.filter(person=ann, entry__verb="forum.moderated")
    assert [one.data["action"] for one in told] == ["HIDE"]


def test_what_was_reported_and_kept_is_no_news_to_its_author(spam, ann, mo, ruled, run_jobs):
    ruled(spam, mo, "KEEP")
    run_jobs()
    assert not Notice.objects.filter(person=ann, entry__verb="forum.moderated").exists()


def test_an_undo_is_open_for_a_day(spam, mo, ruled, frozen):
    ruling = ruled(spam, mo, "HIDE")
    frozen.shift(dt.timedelta(days=1, seconds=1))
    with pytest.raises(Refusal, match="appeal"):
        undo(ruling=ruling, actor=mo, now=clock.now())


def test_the_journal_has_every_step(spam, mo, ruled, now):
    undo(ruling=ruled(spam, mo, "HIDE"), actor=mo, now=now)
    verbs = ["forum.flagged", "forum.moderated", "forum.flags-answered", "forum.moderation-undone"]
    assert [one.verb for one in Entry.objects.filter(verb__in=verbs).order_by("pk")] == verbs


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_does(spam, mo, pia, rule):
    def say(actor, action):
        return decide(case=spam, said=Said(action=action, rule=rule), actor=actor, now=clock.now())

    outcomes = at_once(
        *[lambda a=actor, b=action: say(a, b) for actor in (mo, pia) for action in ("KEEP", "HIDE")]
    )
    assert sum(isinstance(one, Ruling) for one in outcomes) == 1
    assert sum(isinstance(one, Refusal) for one in outcomes) == 3
