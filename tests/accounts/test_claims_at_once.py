"""Two at once, somebody killed in the middle, and two hundred of a thousand."""

import datetime as dt
from collections import Counter

import pytest
from django.db import IntegrityError

from feedback.accounts.claiming import keepers
from feedback.accounts.claiming.codes import make_code
from feedback.accounts.claiming.models import Claim, ClaimCode
from feedback.accounts.claiming.operations import claim_words
from feedback.accounts.models import User
from feedback.asks.counts import drifted, recount
from feedback.asks.models import Ask, Membership
from feedback.forum.counts import reconcile_counts
from feedback.forum.models import Post, Vote
from feedback.forum.votes.operations import bring_votes
from feedback.journal.models import Entry
from feedback.kernel.refusals import Refusal
from feedback.kernel.table_statistics import count_anew
from feedback.notify.models import Notice
from feedback.roadmap import operations as roadmap
from tests.accounts.imported import author, bring_posts, owns
from tests.accounts.test_claiming import tell_all
from tests.roadmap.test_at_once import at_once

OLD = "ann@old.example"


@pytest.fixture
def ghost(board):
    bring_posts(board, ("ann-gh", OLD), ("ann-gh", OLD))
    return author("ann-gh")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_claim_at_once_one_does(ann, bo, pia, ghost, now):
    codes = [make_code(author=ghost, actor=pia, now=now) for _number in range(2)]
    outcomes = at_once(
        *[
            lambda person=person, code=code: claim_words(
                person=person, authors=[ghost.public_id], code=code, now=now
            )
            for person, code in zip((ann, bo), codes, strict=True)
        ]
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Refusal", "list"]
    winner = Claim.objects.get().person
    assert Post.objects.filter(author=winner).count() == 2
    assert Vote.objects.filter(person=winner).count() == 2


@pytest.mark.django_db(transaction=True)
def test_one_code_typed_twice_at_once_works_once(ann, bo, pia, ghost, now):
    code = make_code(author=ghost, actor=pia, now=now)
    outcomes = at_once(
        *[
            lambda person=person: claim_words(
                person=person, authors=[ghost.public_id], code=code, now=now
            )
            for person in (ann, bo, ann)
        ]
    )
    assert sum(isinstance(outcome, Refusal) for outcome in outcomes) == 2
    assert Claim.objects.count() == ClaimCode.objects.exclude(used_at=None).count() == 1


@pytest.mark.django_db
def test_broken_off_in_the_middle_nothing_has_happened(ann, ghost, now, monkeypatch):
    owns(ann, OLD)
    last = list(keepers.keepers())[-1]

    def die(*_args):
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(keepers, "hand_over", lambda *both: (last.hand_over(*both, {}), die()))
        with pytest.raises(RuntimeError):
            claim_words(person=ann, authors=[ghost.public_id], now=now)
    assert (
        not Claim.objects.exists() and not Entry.objects.filter(verb__endswith="claimed").exists()
    )
    claim_words(person=ann, authors=[ghost.public_id], now=now)
    assert Post.objects.filter(author=ann).count() == Vote.objects.filter(person=ann).count() == 2


@pytest.mark.django_db
def test_who_votes_in_that_very_moment_does_not_break_the_claim(ann, ghost, now, monkeypatch):
    owns(ann, OLD)
    hand_over, tries = keepers.hand_over, []

    def in_the_way(*both):
        tries.append(both)
        if len(tries) == 1:
            raise IntegrityError("forum_vote_once")
        return hand_over(*both)

    monkeypatch.setattr(keepers, "hand_over", in_the_way)
    claim_words(person=ann, authors=[ghost.public_id], now=now)
    assert len(tries) == 2
    assert Post.objects.filter(author=ann).count() == 2


@pytest.mark.django_db
def test_of_a_thousand_imported_authors_two_hundred_claim(board, make_ask, pia, now, run_jobs):
    """Each writes a post and wants the next ones'; every tenth who claims wanted something here already."""
    posts = bring_posts(board, *[(f"a{n}", f"a{n}@old.example") for n in range(1000)])
    ghosts = [post.author for post in posts]
    asks = [make_ask(*posts[start : start + 50]) for start in range(0, 1000, 50)]
    bring_votes((posts[n - 1], ghosts[n], now) for n in range(1000))
    people = User.objects.bulk_create(
        User(email=f"p{n}@example.org", display_name=f"P{n}") for n in range(200)
    )
    claiming = [(people[n], ghosts[n * 5]) for n in range(200)]
    early = [(person, ghost) for person, ghost in claiming if person.pk % 10 == 0]
    bring_votes((ghost.posts.get(), person, now + dt.timedelta(days=1)) for person, ghost in early)
    count_anew(User, Post, Vote, Membership, Ask)
    recount(ask.pk for ask in asks)
    for ask in asks[:4]:
        roadmap.adopt(ask=ask, actor=pia, now=now, title=ask.title)
    tell_all(now)

    told = Counter(Notice.objects.values_list("person", flat=True))
    keys = {pk: set(keys_of(pk)) for pk in told}
    votes, behind = Vote.objects.count(), sum(Ask.objects.values_list("people_count", flat=True))
    assert not drifted() and len(early) == 20
    for person, ghost in claiming:
        owns(person, ghost.imported_email)
        claim_words(person=person, authors=[ghost.public_id], now=now)

    assert Post.objects.count() == 1000
    assert Vote.objects.count() == votes - len(early)
    assert sum(Ask.objects.values_list("people_count", flat=True)) == behind - len(early)
    assert not drifted() and not any(reconcile_counts().values())
    for person, ghost in claiming:
        assert sorted(keys_of(person.pk)) == sorted(
            keys.get(ghost.pk, set()) | keys.get(person.pk, set())
        )
    left = [ghost.pk for ghost in ghosts if ghost.pk not in {one.pk for _, one in claiming}]
    assert all(Counter(keys_of(pk)) == Counter(keys.get(pk, set())) for pk in left[::40])
    assert not Notice.objects.filter(person__in=[ghost.pk for _, ghost in claiming]).exists()
    tell_all(now)
    assert Notice.objects.count() == sum(told.values()) - sum(
        len(keys.get(ghost.pk, set()) & keys.get(person.pk, set())) for person, ghost in claiming
    )


def keys_of(pk):
    return Notice.objects.filter(person=pk).values_list("key", flat=True)
