"""Whoever posted without an account has a private address that says what became of it, and nobody else has it."""

import re

import pytest

from feedback.forum.models import Board, Case, Post
from feedback.forum.moderation.deciding import undo
from feedback.forum.posts.operations import put_post
from feedback.kernel import clock
from tests.forum.guests.conftest import TITLE

pytestmark = pytest.mark.django_db


@pytest.fixture
def see(client):
    """Return the private page of a post as its sender sees it."""

    def look(post):
        answer = client.get(post.where)
        assert answer.status_code == 200
        return answer.content.decode()

    return look


def test_it_says_that_it_waits_under_which_number_and_who_hears(sent, see):
    post = sent(guest_email="lin@example.org")
    page = see(post)
    assert "It is here, and waits for the team" in page and f"#{post.pk}" in page
    assert post.where in page and "Sent without an account." in page
    assert "Sign up with it, claim this post in your settings" in page
    assert "you left no address" in see(sent(guest_name="Lin"))
    assert "lin@example.org" not in page


def test_it_shows_no_words_before_the_team_has_looked_and_is_kept_by_no_machine(sent, client, see):
    post = sent(title="Buy cheap hats", guest_name="Hats Ltd")
    page = see(post)
    assert "cheap hats" not in page and "Hats Ltd" not in page
    answer = client.get(post.where)
    assert "no-store" in answer["Cache-Control"] and answer["X-Robots-Tag"] == "noindex"


def test_kept_it_leads_to_the_post(sent, see, rule_on):
    post = sent()
    rule_on(post, "KEEP")
    page = see(post)
    assert "Everyone can read it now" in page
    assert f'href="/posts/{post.public_id}/"' in page and TITLE in page


def test_removed_it_says_so_and_its_author_may_appeal_without_an_account(
    sent, see, rule_on, client, client_of, mo
):
    post = sent(guest_name="Lin")
    rule_on(post, "REMOVE", word="It sells hats.")
    page = see(post)
    assert "The team removed it" in page and "No spam" in page and TITLE not in page
    there = re.search(r'href="(/moderation/[^"]+)"', page)[1]
    ruling = client.get(there).content.decode()
    assert "It sells hats." in ruling and f"/posts/{post.public_id}/" not in ruling
    assert client.post(there, {"words": "It does not."}).status_code == 302
    assert Case.objects.get(closed_at=None).appeals.get().appeal == "It does not."
    assert "It does not." in client_of(mo).get("/desk/moderation/?kind=appeals").content.decode()
    assert "The decision and the appeal" in see(post)
    assert client.get(there.partition("?")[0]).status_code == 302  # to the sign-in


def test_hidden_and_shown_again_it_says_so(sent, see, rule_on, mo):
    post = sent()
    hidden = rule_on(post, "HIDE")
    assert "The team hid it" in see(post)
    undo(ruling=hidden, actor=mo, now=clock.now())
    assert "waits for the team" in see(post)


def test_on_a_board_that_not_everybody_reads_it_says_that_and_no_word(
    sent, see, rule_on, pia, product
):
    post = sent()
    rule_on(post, "KEEP")
    inner = Board.objects.create(
        slug="inner", name="Inner circle", name_zh="内圈", product=product, readers="TEAM"
    )
    put_post(post=post, board=inner, actor=pia, now=clock.now())
    page = see(post)
    assert "a board that not everyone reads" in page
    assert TITLE not in page and "Inner circle" not in page


def test_an_address_made_up_or_taken_from_another_post_is_not_there(sent, client, publish, ann):
    post, other = sent(), sent()
    theirs = other.where.rstrip("/").rpartition("/")[2]
    member = publish(ann)
    for public_id, key in (
        (post.public_id, theirs),
        (post.public_id, "x" * 43),
        (member.public_id, theirs),
        ("23456789abc", theirs),
    ):
        assert client.get(f"/posts/{public_id}/sent/{key}/").status_code == 404
    assert client.post(post.where).status_code == 405
    assert Post.objects.get(pk=post.pk).state == "HELD"


def test_its_own_browser_forgets_the_words_that_were_sent(sent, see):
    post = sent()
    assert f'data-sent="{post.drafts.get().key}"' in see(post)
