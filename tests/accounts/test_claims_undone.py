"""A wrong claim is taken back: everything is where it was, and as it was."""

import pytest
from django.db.models import F

from feedback.accounts.claiming.codes import make_code
from feedback.accounts.claiming.models import Claim
from feedback.accounts.claiming.operations import claim_words, undo_claim
from feedback.accounts.models import User
from feedback.asks.counts import drifted, recount
from feedback.asks.models import Ask
from feedback.forum.comments.operations import comment
from feedback.forum.counts import reconcile_counts
from feedback.forum.models import Comment, Post, Vote
from feedback.forum.posts.operations import withdraw_post
from feedback.forum.votes.operations import unvote, vote
from feedback.journal.models import Entry
from feedback.notify.models import Notice, Subscription
from feedback.roadmap import operations as roadmap
from feedback.roadmap.models import ChangelogLine, Item
from tests.accounts.imported import author, bring_posts, bring_reply, owns
from tests.accounts.test_claiming import tell_all

pytestmark = pytest.mark.django_db


def everything():
    """Return whose everything is, as one may compare it."""
    return {
        "posts": set(Post.objects.values_list("pk", "author", "vote_count", "comment_count")),
        "comments": set(Comment.objects.values_list("pk", "author")),
        "votes": set(Vote.objects.values_list("post", "person", "voted_at")),
        "notices": {
            (one.key, one.person_id, str(one.data), one.told_at, one.public_id)
            for one in Notice.objects.all()
        },
        "asks": set(Ask.objects.values_list("pk", "people_count", "post_count")),
        "lines": {
            (one.pk, tuple(one.credited), one.people_count) for one in ChangelogLine.objects.all()
        },
        "followers": set(Subscription.objects.values_list("person", "about_id")),
        "names": set(User.objects.values_list("pk", "display_name")),
    }


@pytest.fixture
def busy(ann, bo, board, publish, make_ask, pia, now, frozen):
    """Everything that a claim can meet: both want, both asked, both were told, one answered the other."""
    posts = bring_posts(board, ("ann-gh", "ann@old.example"), ("ann-gh", ""), ("bo-gh", ""))
    bring_reply(posts[2], "ann-gh")
    ghost = author("ann-gh")
    owns(ann, "ann@old.example")
    frozen.shift(60)
    vote(post=posts[0], person=ann, now=now.replace(minute=31))
    both = publish(bo)
    vote(post=both, person=ghost, now=now)
    vote(post=both, person=ann, now=now.replace(minute=31))
    comment(post=posts[1], author=ann, body="Yes", now=now)
    for some in ([posts[0], both], [publish(ann, "Mine"), posts[1], posts[2]]):
        item = roadmap.adopt(ask=make_ask(*some), actor=pia, now=now, title=some[0].title)
        roadmap.ship(item=item, version=f"1.{some[0].pk}", actor=pia, now=now)
    Subscription.objects.create(person=bo, about="PERSON", about_id=ghost.pk, since=now)
    tell_all(now)
    recount(Ask.objects.values_list("pk", flat=True))
    return ghost


def test_undone_everything_is_as_it_was(client_of, ann, busy, pia, now):
    before = everything()
    (claim,) = claim_words(person=ann, authors=[busy.public_id], now=now)
    assert everything() != before
    assert not Post.objects.filter(author=busy).exists()
    assert Subscription.objects.get().about_id == ann.pk
    assert not Notice.objects.filter(entry__actor_id=F("person")).exists()
    address = f"/claim/{claim.public_id}/undo/"
    assert "Give the words of" in client_of(pia).get(address).content.decode()
    assert client_of(pia).post(address)["Location"] == f"/people/{busy.public_id}/"
    assert everything() == before
    assert client_of(pia).post(address).status_code == 404
    assert not drifted() and not any(reconcile_counts().values())
    assert Entry.objects.filter(verb="accounts.claim-undone").count() == 1


def test_what_the_person_did_meanwhile_stays_done(ann, bo, busy, pia, publish, now):
    old = Post.objects.filter(author=busy).first()
    (claim,) = claim_words(person=ann, authors=[busy.public_id], now=now)
    unvote(post=old, person=ann, now=now)
    old.refresh_from_db()
    withdraw_post(post=old, author=ann, now=now)
    mine = publish(ann, "Another")
    undo_claim(claim=claim, actor=pia, now=now)
    undo_claim(claim=claim, actor=pia, now=now)
    old.refresh_from_db()
    assert (old.author, old.state) == (busy, Post.State.WITHDRAWN)
    assert not Vote.objects.filter(post=old, person=ann).exists()
    assert Post.objects.get(pk=mine.pk).author == ann
    assert not any(reconcile_counts().values())


def test_what_an_import_brought_meanwhile_goes_back_too(ann, busy, board, pia, now):
    (claim,) = claim_words(person=ann, authors=[busy.public_id], now=now)
    (late,) = bring_posts(board, ("ann-gh", ""), start=70)
    undo_claim(claim=claim, actor=pia, now=now)
    (later,) = bring_posts(board, ("ann-gh", ""), start=71)
    late.refresh_from_db()
    assert late.author == later.author == busy


def test_taken_back_it_is_not_claimed_again_without_the_team(client_of, ann, busy, pia, now):
    (claim,) = claim_words(person=ann, authors=[busy.public_id], now=now)
    undo_claim(claim=claim, actor=pia, now=now)
    assert "ann-gh" not in client_of(ann).get("/claim/").content.decode()
    code = make_code(author=busy, actor=pia, now=now)
    claim_words(person=ann, authors=[busy.public_id], code=code, now=now)
    assert Claim.objects.filter(undone_at=None).count() == 1


def test_a_name_that_was_taken_goes_too(person, busy, pia, now):
    nameless = person("", email="x@example.org")
    from allauth.account.models import EmailAddress

    EmailAddress.objects.update(user=nameless)
    (claim,) = claim_words(person=nameless, authors=[busy.public_id], now=now)
    undo_claim(claim=claim, actor=pia, now=now)
    assert User.objects.get(pk=nameless.pk).display_name == ""


def test_the_row_of_a_claimed_author_is_not_erased_for_want_of_words(ann, busy, now):
    from feedback.forum.erasing import erase_those_without_words

    claim_words(person=ann, authors=[busy.public_id], now=now)
    erased, _last = erase_those_without_words(origin="github", after=0, limit=500)
    assert erased == 0  # bo-gh has words; ann-gh is somebody's, whose next words come to her
    assert User.objects.filter(pk=busy.pk).exists()


# --- One of several claims of a person --------------------------------------------------------------------------------
@pytest.fixture
def twice(busy, board, now):
    """The same person once more: they wanted the same posts, asked the same, and followed the same way."""
    bring_posts(board, ("ann-canny", "ann@old.example"), source="canny")
    twin = author("ann-canny", source="canny")
    for post in Post.objects.filter(author__in=[busy, twin]):
        vote(post=post, person=twin, now=now)
    comment(post=Post.objects.filter(author=busy).first(), author=twin, body="Both of me", now=now)
    tell_all(now)
    recount(Ask.objects.values_list("pk", flat=True))
    return busy, twin


@pytest.mark.parametrize("wrong", [0, 1])
def test_undone_one_of_two_claims_leaves_what_the_other_alone_would_have_made(
    ann, twice, pia, now, wrong
):
    right = twice[1 - wrong]
    (alone,) = claim_words(person=ann, authors=[right.public_id], now=now)
    wanted = everything()
    undo_claim(claim=alone, actor=pia, now=now)
    code = make_code(author=right, actor=pia, now=now)
    claims = {}
    for one in twice:
        proof = code if one == right else ""
        claims[one] = claim_words(person=ann, authors=[one.public_id], code=proof, now=now)[0]
    undo_claim(claim=claims[twice[wrong]], actor=pia, now=now)
    assert everything() == wanted
    assert not drifted() and not any(reconcile_counts().values())


def test_what_was_read_stays_read_when_another_claim_is_undone(ann, twice, pia, now):
    kept, wrong = [
        claim_words(person=ann, authors=[one.public_id], now=now)[0] for one in reversed(twice)
    ]
    Notice.objects.filter(person=ann).update(read_at=now)
    undo_claim(claim=wrong, actor=pia, now=now)
    assert Notice.objects.filter(person=ann).exists()
    assert not Notice.objects.filter(person=ann, read_at=None).exists()
    assert not Notice.objects.filter(person=wrong.author).exclude(read_at=None).exists()
    assert Claim.objects.get(undone_at=None) == kept


def test_no_notice_of_what_was_erased_comes_back(ann, busy, pia, now):
    (claim,) = claim_words(person=ann, authors=[busy.public_id], now=now)
    dropped = Claim.objects.get().moved["notify"]["dropped"]
    told_of = {Entry.objects.get(pk=one["entry_id"]).subject_id for one in dropped}
    item = Item.objects.filter(pk__in=told_of).first()
    assert item is not None
    told = Notice.objects.filter(entry__subject_type="roadmap.item", entry__subject_id=item.pk)
    told.delete()
    ChangelogLine.objects.filter(item=item).delete()
    item.delete()
    undo_claim(claim=claim, actor=pia, now=now)
    assert not told.all().exists()
