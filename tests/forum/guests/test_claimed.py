"""Who posted without an account and left an address claims it later, as imported authors do, and nobody else meets the address."""

import pytest

from feedback.accounts.claiming.operations import claim_words
from feedback.accounts.claiming.unclaimed import let_unclaimed_be_mailed
from feedback.accounts.models import User
from feedback.accounts.own_data.erasing import ask_erasure, erase_due
from feedback.asks.people import people_behind
from feedback.forum.models import Post
from feedback.forum.posts.bulk import is_source
from feedback.kernel import clock
from feedback.notify.channels.email.queue import reachable
from feedback.notify.models import Notice
from feedback.notify.reach import reach_of
from tests.accounts.imported import owns

pytestmark = pytest.mark.django_db

LIN = {"guest_name": "Lin", "guest_email": "Lin@Example.org"}
ADDRESS = "lin@example.org"


def claims(person, *guests):
    return claim_words(
        person=person, authors=[guest.public_id for guest in guests], now=clock.now()
    )


def test_an_account_with_the_address_claims_it_and_hears_all_about_it(
    sent, rule_on, client_of, ann, run_jobs, client
):
    post = sent(**LIN)
    rule_on(post, "KEEP")
    run_jobs()
    assert Notice.objects.get(person=post.author).data["action"] == "KEEP"
    owns(ann, ADDRESS)
    page = client_of(ann).get("/claim/").content.decode()
    assert "Lin (guest)" in page and "posted here without an account" in page and "1 post" in page
    client_of(ann).post("/claim/", {"author": post.author.public_id})
    post.refresh_from_db()
    assert post.author == ann and Notice.objects.get().person == ann
    assert client_of(ann).get(f"/posts/{post.public_id}/edit/").status_code == 200
    assert "It belongs to an account now" in client.get(post.where).content.decode()


def test_it_may_be_claimed_while_it_waits_and_waits_on(sent, ann, client_of, bo):
    post = sent(**LIN)
    owns(ann, ADDRESS)
    claims(ann, post.author)
    post.refresh_from_db()
    assert (post.author, post.state) == (ann, "HELD")
    assert client_of(ann).get(f"/posts/{post.public_id}/").status_code == 200
    assert client_of(bo).get(f"/posts/{post.public_id}/").status_code == 404


def test_who_has_not_shown_the_address_claims_nothing(sent, ann, bo, client_of):
    post = sent(**LIN)
    owns(ann, "other@example.org")
    page = client_of(ann).get("/claim/").content.decode()
    assert "Lin" not in page
    client_of(ann).post("/claim/", {"author": post.author.public_id})
    post.refresh_from_db()
    assert post.author.is_guest


def test_one_address_with_its_name_is_one_person_and_no_address_nobody_in_particular(
    sent, rule_on, make_ask
):
    posts = [
        sent(title="One", **LIN),
        sent(title="Two", guest_name="ｌｉｎ", guest_email=ADDRESS),
        sent(title="Three", guest_name="Somebody else", guest_email=ADDRESS),
        sent(title="Four", guest_name="Lin"),
        sent(title="Five", guest_name="Lin"),
    ]
    for post in posts:
        rule_on(post, "KEEP")
    ask = make_ask(*posts)
    assert posts[0].author == posts[1].author
    assert people_behind([ask.pk]).distinct().count() == 4
    reach = reach_of(ask)
    assert (reach.people, reach.here, reach.unclaimed, reach.nameless) == (4, 0, 2, 2)


def test_what_comes_under_the_address_of_a_claimed_guest_is_nobodys_until_claimed_too(
    sent, ann, run_jobs
):
    owns(ann, ADDRESS)
    first = sent(title="One", **LIN)
    claims(ann, first.author)
    second, third = sent(title="Two", **LIN), sent(title="Three", **LIN)
    run_jobs()
    authors = {post.author for post in Post.objects.exclude(pk=first.pk)}
    assert len(authors) == 2 and ann not in authors
    assert second.author.imported_email == third.author.imported_email == ADDRESS
    claims(ann, second.author)
    assert Post.objects.filter(author=ann).count() == 2


def test_nothing_is_mailed_to_an_address_that_anybody_may_have_typed(sent, rule_on, pia, now):
    let_unclaimed_be_mailed(allowed=True, actor=pia, now=now)
    post = sent(**LIN)
    rule_on(post, "KEEP")
    assert not reachable(User.objects.filter(pk=post.author_id)).exists()


def test_nobody_meets_the_address_not_even_the_team(
    sent, rule_on, ada, client_of, run_jobs, make_ask
):
    post, waits = sent(title="Kept", **LIN), sent(title="Waits", **LIN)
    rule_on(post, "KEEP")
    ask = make_ask(post)
    run_jobs()
    case = waits.cases.get()
    places = [
        f"/posts/{post.public_id}/", f"/people/{post.author.public_id}/", post.where, waits.where,
        f"/posts/{post.public_id}/voters/", "/feeds/posts/", "/search/?q=Kept",
        f"/desk/moderation/{case.public_id}/", "/desk/moderation/log.csv", f"/desk/asks/{ask.public_id}/",
        f"/admin/accounts/user/{post.author_id}/change/",
    ]  # fmt: skip
    for reader in (None, ada):
        client = client_of(reader)
        for place in places:
            answer = client.get(place)
            assert reader is None or answer.status_code == 200, place
            said = answer.getvalue() if answer.streaming else answer.content
            shown = said.decode().lower()
            assert ADDRESS not in shown, (reader, place)
    assert ADDRESS not in post.author.origin_key


def test_erased_with_the_account_that_claimed_it(sent, ann, now):
    owns(ann, ADDRESS)
    post = sent(**LIN)
    ghost = post.author
    claims(ann, ghost)
    ask_erasure(person=ann, keeps_words=False, actor=ann, now=now)
    erase_due(now=now)
    ghost.refresh_from_db()
    post.refresh_from_db()
    assert (ghost.display_name, ghost.imported_email) == ("", "")
    assert post.state == "WITHDRAWN" and post.body == ""
    # Somebody who posts under the address now is nobody who was erased.
    again = sent(title="Again", **LIN)
    assert again.author.is_active and again.author.is_guest


def test_a_guest_is_erased_by_the_operator(sent, client, now):
    post = sent(**LIN)
    ask_erasure(person=post.author, keeps_words=False, actor=None, now=now)
    erase_due(now=now)
    post.refresh_from_db()
    assert (post.state, post.body, post.author.imported_email) == ("WITHDRAWN", "", "")
    assert not Post.objects.filter(title__contains="Dark mode").exists()
    assert "It was withdrawn" in client.get(post.where).content.decode()


def test_no_import_is_called_as_guests_are():
    assert not is_source("no-account") and is_source("guests")
