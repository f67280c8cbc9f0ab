"""Posting without an account: off until a manager says so, and then nobody but the team sees it before they have looked."""

import pytest
from django.test import Client

from feedback.accounts.models import GUEST, User
from feedback.forum.models import Board, HoldingWishes, Post, SaidWords, Vote, WordRule
from feedback.journal.models import Entry
from tests.accounts.doors.test_hand_over_refused import together
from tests.accounts.test_captcha import solved
from tests.forum.guests.conftest import NEW, TITLE, filled

pytestmark = pytest.mark.django_db

HOME = "192.0.2.7"


def guests():
    return User.objects.filter(origin_key__startswith=GUEST)


# --- On and off ----------------------------------------------------------------------------------------------------
def test_it_is_off_and_a_visitor_signs_in_first_as_ever(client, board):
    page = client.get(NEW).content.decode()
    assert "without an account" not in page and "data-captcha" not in page
    words = {"title": TITLE, "kind": "SUGGESTION", "board": "suggestions", "as": "guest"}
    answer = client.post(NEW, words)
    assert answer["Location"].startswith("/accounts/login/")
    assert not Post.objects.exists() and not guests()


def test_a_manager_lets_people_and_takes_it_back(client, board, pia, mo, client_of):
    there, said = "/desk/moderation/words/new/", {"first_posts": "0", "reports": "3"}
    assert client_of(mo).post(there, said | {"takes_guests": "on"}).status_code == 403
    client_of(pia).post(there, said | {"takes_guests": "on"})
    assert "Post without an account" in client.get(NEW).content.decode()
    assert Entry.objects.get(verb="forum.holding-edited").data["takes_guests"] is True
    client_of(pia).post(there, said)
    assert "Post without an account" not in client.get(NEW).content.decode()


def test_signing_in_stays_the_first_thing_offered_and_asks_for_nothing_more(client, taken, ann):
    page = client.get(NEW).content.decode()
    assert page.index("Sign in and post it") < page.index("Or post without an account")
    words = filled(client) | {"altcha": "", "guest_email": "nonsense"}
    del words["as"]
    assert client.post(NEW, words)["Location"].startswith("/accounts/login/")


def test_a_member_is_asked_nothing_of_it(client_of, taken, ann):
    client = client_of(ann)
    assert "without an account" not in client.get(NEW).content.decode()
    words = {"title": TITLE, "kind": "SUGGESTION", "board": "suggestions", "as": "guest"}
    client.post(NEW, words)
    assert Post.objects.get().author == ann


def test_switched_off_meanwhile_the_words_wait_for_the_sign_in(client, taken):
    words = filled(client)
    HoldingWishes.objects.update(takes_guests=False)
    assert client.post(NEW, words)["Location"].startswith("/accounts/login/")
    assert TITLE in client.get(NEW).content.decode()
    assert not Post.objects.exists()


# --- What is sent waits ----------------------------------------------------------------------------------------------
def test_it_waits_and_counts_for_nothing(sent, board):
    post = sent(guest_name="Lin", guest_email="lin@example.org")
    assert post.state == "HELD" and post.author.name == "Lin (guest)"
    assert post.cases.get().held_for == ["GUEST"]
    board.refresh_from_db()
    assert (board.post_count, Vote.objects.count(), post.vote_count) == (0, 0, 0)
    assert not Entry.objects.filter(verb="forum.post-published").exists()


def test_nobody_else_meets_it(sent, client_of, bo, run_jobs):
    post = sent(guest_name="Linnea", guest_email="lin@example.org")
    run_jobs()
    places = [
        "/", "/?sort=new", "/boards/suggestions/", "/asks/", "/search/?q=hurts", "/feeds/posts/",
        "/posts/similar/?title=white+page", "/coverage/", "/inbox/", f"/search/?q=%23{post.pk}",
    ]  # fmt: skip
    for reader in (None, bo):
        client = client_of(reader)
        for place in places:
            shown = client.get(place).content.decode()
            assert post.public_id not in shown and TITLE not in shown, place
        for address in (
            f"/posts/{post.public_id}/",
            f"/people/{post.author.public_id}/",
            f"/feeds/people/{post.author.public_id}/",
        ):
            assert client.get(address).status_code == 404, address
        assert "Nobody here is called" in client.get("/search/?q=by:Linnea").content.decode()


def test_the_team_sees_it_in_its_one_queue_and_why(sent, client_of, mo):
    post = sent(guest_name="Lin", guest_email="lin@example.org")
    client = client_of(mo)
    queue = client.get("/desk/moderation/?kind=held").content.decode()
    assert TITLE in queue and "Sent without an account." in queue and "Lin (guest)" in queue
    assert "Its author hears once they claim it." in queue
    assert 'value="BAN" data-key' not in queue
    assert client.get(f"/people/{post.author.public_id}/").status_code == 200


def test_kept_it_stands_as_a_guests_and_they_count_as_one(sent, rule_on, client_of, bo, board):
    post = sent(guest_name="Lin")
    rule_on(post, "KEEP")
    assert post.state == "PUBLISHED" and post.vote_count == 1
    assert Vote.objects.get().person == post.author
    board.refresh_from_db()
    assert board.post_count == 1
    for reader in (None, bo):
        page = client_of(reader).get(f"/posts/{post.public_id}/").content.decode()
        assert "Lin (guest)" in page and "its author cannot be told" in page
    assert TITLE in client_of(None).get("/?sort=new").content.decode()
    assert "Lin (guest)" in client_of(None).get("/feeds/posts/").content.decode()
    found = client_of(None).get("/search/?q=by:%22Lin (guest)%22").content.decode()
    assert post.public_id in found


def test_without_a_name_it_is_a_guest(sent, rule_on, client):
    post = sent()
    rule_on(post, "KEEP")
    assert post.author.name == "Guest"
    page = client.get(f"/people/{post.author.public_id}/").content.decode()
    assert "Posted without an account" in page and "Is this you?" not in page


def test_the_same_form_sent_twice_is_one_post(client, taken):
    words = filled(client)
    first = client.post(NEW, words)["Location"]
    again = filled(client, draft=words["draft"])
    assert client.post(NEW, again)["Location"] == first
    assert Post.objects.count() == guests().count() == 1


def test_a_name_is_words_and_nothing_else(sent, rule_on, client, client_of, mo):
    post = sent(guest_name="<script>alert(1)</script>", title="<b>Bold</b>")
    pages = [client_of(mo).get("/desk/moderation/"), client.get(post.where)]
    rule_on(post, "KEEP")
    places = [f"/posts/{post.public_id}/", f"/people/{post.author.public_id}/", "/?sort=new"]
    for page in [*pages, *map(client.get, [*places, post.where])]:
        shown = page.content.decode()
        assert page.status_code == 200
        assert "<script>alert" not in shown and "<b>Bold" not in shown


def test_an_address_typed_as_a_name_is_shown_to_nobody(sent):
    post = sent(guest_name="lin@example.org")
    assert post.author.name == "Guest"
    assert post.author.imported_email == "lin@example.org"


# --- What is refused, and that nothing is lost by it ---------------------------------------------------------------------
def test_who_has_not_shown_to_be_a_person_sends_nothing_and_loses_nothing(client, taken):
    answer = client.post(
        NEW, filled(client, altcha="", guest_name="Lin", guest_email="l@a.example")
    )
    page = answer.content.decode()
    assert answer.status_code == 422 and "have scripts on for this page" in page
    assert all(said in page for said in (TITLE, "The white page hurts.", "Lin", "l@a.example"))
    assert not Post.objects.exists() and not guests()
    # A slip in the words costs no second proof, and what was used is used.
    words = filled(client)
    assert client.post(NEW, words | {"title": ""}).status_code == 422
    assert client.post(NEW, words).status_code == 302
    again = client.post(NEW, words | {"title": "Another"})
    assert again.status_code == 422 and "send it again" in again.content.decode()
    # The page that says so has another.
    assert client.post(NEW, words | {"altcha": solved(again.content.decode())}).status_code == 302


def test_where_the_operator_asks_at_posts_one_proof_does_for_both(client, taken, settings):
    settings.CAPTCHA = {"kind": "work", "at": ["posts"], "work": 1_000, "hosts": []}
    assert client.get(NEW).content.decode().count("data-captcha=") == 1
    assert client.post(NEW, filled(client, altcha="")).status_code == 422
    assert client.post(NEW, filled(client)).status_code == 302


def test_one_network_sends_so_many_and_no_word_is_lost(taken, frozen):
    def send(number, address=HOME):
        client = Client(REMOTE_ADDR=address)
        return client.post(NEW, filled(client, title=f"Wish {number}"))

    answers = [send(number) for number in range(5)]
    assert [answer.status_code for answer in answers] == [302] * 3 + [429] * 2
    page = answers[-1].content.decode()
    assert "Wish 4" in page and "Try again in 10 minutes." in page
    assert send(5, "192.0.2.8").status_code == 302
    codes = []
    for number in range(6, 15):
        frozen.shift(600)
        codes.append(send(number).status_code)
    assert codes == [302] * 7 + [429] * 2  # ten a day


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_from_one_network_no_more_get_through(taken):
    clients = [Client(REMOTE_ADDR=HOME) for _number in range(8)]
    forms = [filled(client, title=f"Wish {at}") for at, client in enumerate(clients)]
    answers = together(
        [lambda at=at: clients[at].post(NEW, forms[at]) for at in range(len(clients))]
    )
    assert sorted(answer.status_code for answer in answers) == [302] * 3 + [429] * 5
    assert Post.objects.count() == guests().count() == 3


@pytest.mark.parametrize("readers", ["MEMBERS", "RING", "TEAM"])
def test_a_board_that_not_everybody_reads_is_not_there(client, taken, board, readers):
    words = filled(client)
    Board.objects.update(readers=readers)
    assert client.post(NEW, words).status_code == 404
    assert client.post(NEW, words | {"board": "nowhere"}).status_code == 404
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    "said", [{"posters": "TEAM"}, {"posters": "RING"}, {"posters": "NOBODY"}, {"is_archived": True}]
)
def test_where_not_everybody_posts_no_guest_does_and_no_word_is_lost(client, taken, board, said):
    words = filled(client)
    Board.objects.update(**said)
    answer = client.post(NEW, words)
    assert answer.status_code == 422 and TITLE in answer.content.decode()
    assert not Post.objects.exists() and not guests()


@pytest.mark.parametrize("where", ["title", "body", "guest_name"])
def test_blocked_words_are_refused_in_the_name_too_and_nothing_is_kept_of_the_guest(
    client, taken, where
):
    WordRule.objects.create(words="casino", effect="BLOCK")
    answer = client.post(
        NEW, filled(client, **{"guest_email": "l@a.example", where: "A c-a-s-i-n-o"})
    )
    assert answer.status_code == 422 and "cannot be posted here" in answer.content.decode()
    assert not guests() and not SaidWords.objects.exists()


def test_a_held_word_in_a_name_is_said_to_the_team(sent, client_of, mo):
    WordRule.objects.create(words="casino", effect="HOLD")
    post = sent(guest_name="Casino")
    assert post.cases.get().held_for == ["GUEST", "WORD:casino"]


@pytest.mark.parametrize("email", ["nonsense", "a@b", "x" * 250 + "@example.org"])
def test_what_is_no_address_is_said_beside_it(client, taken, email):
    answer = client.post(NEW, filled(client, guest_email=email))
    assert answer.status_code == 422 and email in answer.content.decode()
    assert not Post.objects.exists()


def test_a_form_of_another_site_sends_nothing(taken):
    client = Client(enforce_csrf_checks=True)
    assert client.post(NEW, filled(client)).status_code == 403
    assert not Post.objects.exists()


def test_a_guest_brings_no_files(client, taken):
    from tests.pictures import picture, sent

    client.post(NEW, filled(client) | {"attaching": "1", "files": sent(picture())})
    assert not Post.objects.get().attachments.exists()
