"""Claiming old words: the page, and what comes along."""

import re

import pytest
from allauth.account.models import EmailAddress

from feedback.accounts.claiming.codes import make_code
from feedback.accounts.claiming.models import Claim
from feedback.accounts.claiming.operations import carry_over_late, claim_words, undo_claim
from feedback.asks.counts import drifted
from feedback.asks.models import Ask, Membership
from feedback.forum import claiming as forum_claiming
from feedback.forum.comments.operations import comment
from feedback.forum.counts import reconcile_counts
from feedback.forum.models import Comment, Post, Vote
from feedback.forum.votes.operations import vote
from feedback.journal import operations as journal
from feedback.journal.models import Entry
from feedback.notify.following.operations import subscribe
from feedback.notify.groups import About
from feedback.notify.models import Notice
from feedback.roadmap import operations as roadmap
from feedback.roadmap.models import ChangelogLine
from tests.accounts.imported import author, bring_posts, bring_reply, owns

pytestmark = pytest.mark.django_db

PAGE = "/claim/"


def tell_all(now):
    while journal.deliver_due(now=now):
        pass


@pytest.fixture
def ghost(board, ann):
    """Ann's words of before: two posts, and a reply to somebody else's."""
    posts = bring_posts(
        board, ("ann-gh", "ann@old.example"), ("ann-gh", ""), ("bo-gh", "bo@old.example")
    )
    bring_reply(posts[2], "ann-gh")
    owns(ann, "ann@old.example")
    return author("ann-gh")


def claim(client, *authors, **more):
    return client.post(PAGE, {"author": [one.public_id for one in authors], **more})


def test_the_page_shows_what_would_come_along(client_of, ann, ghost):
    page = client_of(ann).get(PAGE).content.decode()
    assert "ann-gh" in page and "github" in page
    assert "2 posts · 1 reply" in page
    assert "old.example" not in page


def test_nothing_is_offered_to_whoever_has_not_shown_the_address_to_be_theirs(client_of, bo, ghost):
    client = client_of(bo)
    assert "ann-gh" not in client.get(PAGE).content.decode()
    claim(client, ghost)
    assert not Claim.objects.exists()
    assert Post.objects.filter(author=ghost).count() == 2


def test_an_address_that_is_not_checked_proves_nothing(client_of, bo, ghost):
    EmailAddress.objects.create(user=bo, email="Ann@old.example", verified=False)
    assert "ann-gh" not in client_of(bo).get(PAGE).content.decode()


def test_posts_replies_and_votes_come_along_and_all_counts_stay(client_of, ann, ghost):
    before = (Post.objects.count(), Comment.objects.count(), Vote.objects.count())
    answer = claim(client_of(ann), ghost)
    assert answer["Location"] == PAGE
    assert Post.objects.filter(author=ann).count() == 2
    assert Comment.objects.filter(author=ann).count() == 1
    assert Vote.objects.filter(person=ann).count() == 2
    assert before == (Post.objects.count(), Comment.objects.count(), Vote.objects.count())
    assert not any(reconcile_counts().values())
    assert "Yours already" in client_of(ann).get(PAGE).content.decode()
    assert Entry.objects.get(verb="accounts.author-claimed").actor_id == ann.pk


def test_where_both_want_a_post_one_vote_stays_since_the_earlier_day(
    ann, bo, ghost, publish, frozen, now
):
    post = publish(bo)
    vote(post=post, person=ghost, now=now)
    frozen.shift(86_400)
    vote(post=post, person=ann, now=now.replace(day=now.day + 1))
    claim_words(person=ann, authors=[ghost.public_id], now=now)
    post.refresh_from_db()
    assert post.vote_count == 2
    assert Vote.objects.get(post=post, person=ann).voted_at == now
    assert not any(reconcile_counts().values())


def test_behind_an_ask_that_both_wanted_is_one_person_less(ann, bo, ghost, make_ask, publish, now):
    old = Post.objects.filter(author=ghost).first()
    ask = make_ask(publish(ann), old, publish(bo))
    assert ask.people_count == 3
    claim_words(person=ann, authors=[ghost.public_id], now=now)
    assert Ask.objects.get(pk=ask.pk).people_count == 2
    assert not drifted()


def test_every_missed_notice_waits_unread_and_none_is_told_twice(
    ann, ghost, make_ask, publish, pia, now
):
    old = Post.objects.filter(author=ghost).first()
    mine = publish(ann)
    both = make_ask(mine, old)
    alone = make_ask(Post.objects.filter(author=ghost).last())
    for ask in (both, alone):
        roadmap.adopt(ask=ask, actor=pia, now=now, title=ask.title)
    tell_all(now)
    Notice.objects.filter(person=ann).update(read_at=now)
    assert Notice.objects.filter(person=ghost).count() == 2
    claim_words(person=ann, authors=[ghost.public_id], now=now)
    told = Notice.objects.filter(person=ann)
    assert sorted(notice.read_at is None for notice in told) == [False, True]
    assert not Notice.objects.filter(person=ghost).exists()
    tell_all(now)
    assert told.count() == 2


def test_who_asked_hears_as_somebody_who_asked(ann, ghost, make_ask, pia, now):
    old = Post.objects.filter(author=ghost).first()
    vote(post=old, person=ann, now=now)
    ask = make_ask(old)
    roadmap.adopt(ask=ask, actor=pia, now=now, title="It")
    tell_all(now)
    assert Notice.objects.get(person=ann).data["asked"] is False
    claim_words(person=ann, authors=[ghost.public_id], now=now)
    assert Notice.objects.get(person=ann).data["asked"] is True


def test_nobody_is_told_of_their_own_reply(ann, ghost, now):
    old = Post.objects.filter(author=ghost).first()
    comment(post=old, author=ann, body="Me too.", now=now)
    tell_all(now)
    assert Notice.objects.filter(person=ghost).count() == 1
    claim_words(person=ann, authors=[ghost.public_id], now=now)
    assert not Notice.objects.exists()


def test_the_changelog_credits_the_person_once(ann, bo, ghost, make_ask, publish, pia, now):
    old = Post.objects.filter(author=ghost).first()
    for posts in ([old, publish(bo, "One")], [publish(ann), publish(bo, "Two"), old]):
        item = roadmap.adopt(ask=make_ask(*posts), actor=pia, now=now, title=posts[0].title)
        roadmap.ship(item=item, version=f"1.{posts[0].pk}", actor=pia, now=now)
        Membership.objects.filter(post=old).delete()
    claim_words(person=ann, authors=[ghost.public_id], now=now)
    first, second = ChangelogLine.objects.order_by("pk")
    assert sorted(first.credited) == sorted([ann.public_id, bo.public_id])
    assert sorted(second.credited) == sorted([ann.public_id, bo.public_id])
    assert (first.people_count, second.people_count) == (2, 2)


def test_a_later_import_finds_the_person_again(ann, ghost, board, now):
    claim_words(person=ann, authors=[ghost.public_id], now=now)
    (post,) = bring_posts(board, ("ann-gh", "ann@old.example"), start=50)
    bring_reply(post, "ann-gh", words="Still true.")
    assert post.author == ann
    assert Vote.objects.get(post=post).person == ann
    assert Comment.objects.get(post=post).author == ann
    assert Claim.objects.get().moved["forum"]["posts"][-1] == post.pk
    assert not any(reconcile_counts().values())


def test_what_was_written_at_that_very_moment_is_carried_over(ann, bo, ghost, publish, now):
    claim_words(person=ann, authors=[ghost.public_id], now=now)
    vote(post=publish(bo), person=ghost, now=now)  # by somebody who had read the author before
    assert carry_over_late() == 1
    assert carry_over_late() == 0
    assert not Vote.objects.filter(person=ghost).exists()


def test_a_person_without_a_name_is_called_as_their_words_are_signed(person, ghost, now):
    nameless = person("", email="x@example.org")
    EmailAddress.objects.update(user=nameless)
    claim_words(person=nameless, authors=[ghost.public_id], now=now)
    nameless.refresh_from_db()
    assert nameless.name == "ann-gh"


def test_the_author_s_page_leads_to_the_person(client_of, ann, ghost):
    page = f"/people/{ghost.public_id}/"
    assert "Is this you?" in client_of(None).get(page).content.decode()
    claim(client_of(ann), ghost)
    assert client_of(None).get(page)["Location"] == f"/people/{ann.public_id}/"


def test_one_s_own_page_says_that_more_is_here(client_of, ann, bo, ghost):
    page = f"/people/{ann.public_id}/"
    assert "Your old words are here" in client_of(ann).get(page).content.decode()
    assert "Your old words are here" not in client_of(bo).get(page).content.decode()
    claim(client_of(ann), ghost)
    assert "Your old words are here" not in client_of(ann).get(page).content.decode()


def test_nobody_claims_what_is_claimed(client_of, ann, bo, ghost, now):
    claim(client_of(ann), ghost)
    owns(bo, "ann2@old.example")
    ghost.imported_email = "ann2@old.example"
    ghost.save()
    assert "ann-gh" not in client_of(bo).get(PAGE).content.decode()
    page = client_of(bo).post(PAGE, {"author": [ghost.public_id]}, follow=True).content.decode()
    assert "nothing to claim here any more" in page
    assert Claim.objects.get().person == ann


def test_picking_none_claims_none(client_of, ann, ghost):
    page = client_of(ann).post(PAGE, follow=True).content.decode()
    assert "Pick at least one" in page
    assert not Claim.objects.exists()


def test_the_team_sees_what_was_claimed_and_from_where(client_of, ann, mo, bo, ghost):
    claim(client_of(ann), ghost)
    page = f"/people/{ann.public_id}/"
    assert "Claimed words" in client_of(mo).get(page).content.decode()
    assert "by their own address" in client_of(mo).get(page).content.decode()
    assert "Claimed words" not in client_of(bo).get(page).content.decode()


def test_several_authors_are_picked_by_hand_and_fifty_are_listed(client_of, ann, ghost, board):
    ticked = re.compile('name="author" value="[^"]+" checked')
    assert ticked.search(client_of(ann).get(PAGE).content.decode())
    bring_posts(board, *[(f"ann-{n}", "ann@old.example") for n in range(60)], start=100)
    page = client_of(ann).get(PAGE).content.decode()
    assert page.count('name="author"') == 50
    assert not ticked.search(page)


def test_picking_none_with_a_code_keeps_the_code(client_of, ann, ghost, pia, now):
    code = make_code(author=ghost, actor=pia, now=now)
    page = client_of(ann).post(PAGE, {"code": code}).content.decode()
    assert "Pick at least one" in page and f'value="{code}"' in page


def test_nobody_was_an_author_of_a_sample(client_of, ann, pia, board):
    (post,) = bring_posts(board, ("Marta", "ann@old.example"), source="sample-living")
    owns(ann, "ann@old.example")
    assert "Marta" not in client_of(ann).get(PAGE).content.decode()
    page = f"/people/{post.author.public_id}/"
    assert "Is this you?" not in client_of(pia).get(page).content.decode()
    assert client_of(pia).post(f"/claim/of/{post.author.public_id}/code/").status_code == 404
    claim(client_of(ann), post.author)
    assert not Claim.objects.exists()


def test_claimed_words_are_found_by_the_name_they_were_signed_with(client_of, ann, ghost):
    claim(client_of(ann), ghost)
    found = client_of(None).get("/search/", {"q": "wish by:ann-gh"}).content.decode()
    assert "Wish 0 of ann-gh" in found or "0 of ann-gh" in re.sub("<[^>]+>", "", found)
    assert "bo-gh" not in re.sub("<[^>]+>", "", found)


def test_what_comes_between_reading_and_writing_is_carried_over(
    ann, bo, ghost, publish, pia, now, monkeypatch
):
    hold, late = forum_claiming._hold, publish(bo)

    def meanwhile(posts):
        hold(posts)
        Vote.objects.get_or_create(post=late, person=ghost, defaults={"voted_at": now})

    monkeypatch.setattr(forum_claiming, "_hold", meanwhile)
    (made,) = claim_words(person=ann, authors=[ghost.public_id], now=now)
    monkeypatch.undo()
    assert Vote.objects.filter(post=late, person=ghost).exists(), "It is in no record yet."
    assert carry_over_late() == 1
    undo_claim(claim=made, actor=pia, now=now)
    assert Vote.objects.filter(post=late, person=ghost).exists()


def test_a_follower_who_asked_elsewhere_is_told_as_somebody_who_asked(
    ann, ghost, make_ask, pia, now
):
    old = Post.objects.filter(author=ghost).first()
    ask = make_ask(old)
    subscribe(person=ann, about=About.ASK, about_id=ask.pk, is_muted=False, now=now)
    roadmap.adopt(ask=ask, actor=pia, now=now, title="It")
    tell_all(now)
    assert Notice.objects.get(person=ann).data["follows"] is True
    claim_words(person=ann, authors=[ghost.public_id], now=now)
    told = Notice.objects.get(person=ann).data
    assert told["asked"] is True and "follows" not in told
