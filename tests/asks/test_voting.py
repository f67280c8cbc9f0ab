"""Me too: said to an ask, kept as votes on its posts."""

import pytest

from feedback.asks.counts import drifted
from feedback.asks.decisions.shape import join_asks
from feedback.asks.models import Ask
from feedback.asks.people import people_behind
from feedback.asks.voting import unvote_ask, vote_ask
from feedback.forum.models import Board, Vote
from feedback.forum.posts.operations import hide_post
from feedback.forum.votes.operations import vote
from feedback.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def ask(ann, bo, publish, make_ask):
    """Ann and Bo ask for the same thing, each in a post."""
    return make_ask(publish(ann, "Dark mode"), publish(bo, "Night theme"))


def votes_of(who):
    return Vote.objects.filter(person=who).count()


def is_behind(ask, who):
    return people_behind([ask.pk]).filter(pk=who.pk).exists()


def test_me_too_is_said_once_and_taken_back_whole(ask, mo, now, client_of):
    client = client_of(mo)
    page = client.post(f"/asks/{ask.public_id}/vote/", {"want": "1"}, headers=HTMX)
    assert 'aria-pressed="true"' in page.content.decode()
    client.post(f"/asks/{ask.public_id}/vote/", {"want": "1"}, headers=HTMX)
    assert votes_of(mo) == 1
    for membership in ask.memberships.select_related("post__board"):
        vote(post=membership.post, person=mo, now=now)
    page = client.post(f"/asks/{ask.public_id}/vote/", {"want": "0"}, headers=HTMX)
    assert 'aria-pressed="false"' in page.content.decode()
    assert (votes_of(mo), is_behind(ask, mo)) == (0, False)


def test_the_people_of_the_ask_are_counted_with_the_vote(ask, mo, now):
    for change, people in ((vote_ask, 3), (unvote_ask, 2)):
        change(ask=ask, person=mo, now=now)
        ask.refresh_from_db()
        assert ask.people_count == people
    assert drifted() == []


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_an_archived_board_takes_no_votes_and_says_so(ask, mo, client_of, headers):
    Board.objects.update(is_archived=True)
    page = client_of(mo).post(
        f"/asks/{ask.public_id}/vote/", {"want": "1"}, headers=headers, follow=not headers
    )
    assert page.status_code == (409 if headers else 200)
    assert "Voting is closed on this ask." in page.content.decode()
    assert votes_of(mo) == 0


def test_a_vote_on_an_archived_board_stays(ask, mo, now):
    vote_ask(ask=ask, person=mo, now=now)
    Board.objects.update(is_archived=True)
    with pytest.raises(Refusal, match="closed on this ask"):
        unvote_ask(ask=ask, person=mo, now=now)
    assert votes_of(mo) == 1


def test_a_hidden_post_takes_no_part(ask, ann, mo, now, client_of):
    hidden = ask.medoid
    hide_post(post=hidden, moderator=mo, now=now)
    # Its author and the team still see it, and might have voted on it.
    for who, want in ((ann, "0"), (mo, "1")):
        page = client_of(who).post(f"/asks/{ask.public_id}/vote/", {"want": want})
        assert page.status_code == 302
    assert list(Vote.objects.filter(person=mo).values_list("post", flat=True)) != [hidden.pk]
    assert votes_of(mo) == 1


def test_an_authors_vote_for_their_own_post_stays(ask, ann, now, client_of):
    page = client_of(ann).post(f"/asks/{ask.public_id}/vote/", {"want": "0"}, headers=HTMX)
    assert page.status_code == 409
    assert "in a post of your own" in page.content.decode()
    with pytest.raises(Refusal):
        unvote_ask(ask=ask, person=ann, now=now)
    assert votes_of(ann) == 1
    ask.medoid.refresh_from_db()
    assert ask.medoid.vote_count == 1


def test_an_author_may_take_back_what_they_wanted_of_others(ask, ann, bo, now):
    other = ask.memberships.exclude(post=ask.medoid).get().post
    vote(post=other, person=ann, now=now)
    assert unvote_ask(ask=ask, person=ann, now=now)
    assert votes_of(ann) == 1


def test_a_vote_follows_a_join(ask, mo, person, publish, make_ask, pia, now, client_of):
    old = make_ask(publish(person("Cleo"), "Black theme"))
    join_asks(ask=old, into=ask, actor=pia, now=now)
    client_of(mo).post(f"/asks/{old.public_id}/vote/", {"want": "1"})
    assert is_behind(ask, mo)


def test_a_vote_follows_no_join_into_what_is_not_public(
    ask, mo, bo, person, publish, make_ask, client_of
):
    secret = make_ask(publish(person("Cleo"), "A secret proposal"), state="PROPOSED")
    Ask.objects.filter(pk=ask.pk).update(state="JOINED", joined_into=secret)
    page = client_of(bo).post(f"/asks/{ask.public_id}/vote/", {"want": "1"}, headers=HTMX)
    assert page.status_code == 404
    assert votes_of(bo) == 1


# --- Contesting -----------------------------------------------------------------------------------------
def test_only_the_author_may_contest(ask, bo, pia, client_of):
    for who in (bo, pia):
        page = client_of(who).post(f"/posts/{ask.medoid.public_id}/contest/")
        assert page.status_code == 403
    assert ask.memberships.count() == 2


def test_swapping_the_button_sets_no_style_which_the_page_may_not_have(ask, client_of):
    page = client_of(None).get(f"/asks/{ask.public_id}/").content.decode()
    assert '"attributesToSettle": ["class", "width", "height"]' in page
