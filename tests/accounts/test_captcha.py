"""What keeps programs out where the operator wants that: proof of work, or a service of others; each solution counts once."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from html import unescape
from urllib.parse import parse_qs

import pytest

from feedback.accounts.models import User
from feedback.forum.models import Comment, Flag, Post
from tests.accounts.doors.product import who
from tests.accounts.doors.test_hand_over_refused import together
from tests.forum.test_after_sign_in import sign_in
from tests.receiver import closes, says

pytestmark = pytest.mark.django_db

SIGN_UP = "/accounts/signup/"
EVERYWHERE = ["sign-up", "posts", "comments", "reports"]
AGAIN = "send it again"


@pytest.fixture
def work(settings):
    settings.CAPTCHA = {"kind": "work", "at": EVERYWHERE, "work": 1_000, "hosts": []}


@pytest.fixture
def service(settings, receiver):
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    settings.CAPTCHA = {
        "kind": "turnstile",
        "at": EVERYWHERE,
        "work": 0,
        "site_key": "public",
        "secret": "s3cr3t",
        "script_url": "https://captcha.example/api.js",
        "verify_url": receiver.url,
        "class": "cf-turnstile",
        "field": "cf-turnstile-response",
        "hosts": ["https://captcha.example"],
    }
    receiver.answers(says(200, {"success": True}))
    return receiver


def challenge_in(page):
    return json.loads(unescape(re.search(r'data-captcha="([^"]+)"', page)[1]))


def solved(page, **changed):
    """Solve the challenge of a page as a browser does."""
    asked = challenge_in(page)
    number = next(
        n
        for n in range(asked["maxNumber"] + 1)
        if sha256(f"{asked['salt']}{n}".encode()).hexdigest() == asked["challenge"]
    )
    said = {
        "algorithm": "SHA-256",
        "challenge": asked["challenge"],
        "number": number,
        "salt": asked["salt"],
        "signature": asked["signature"],
    }
    return b64encode(json.dumps(said | changed).encode()).decode()


def sign_up(client, name="Cleo", **more):
    fields = {
        "display_name": name,
        "email": f"{name.lower()}@new.example",
        "password1": "a long password",
    }
    return client.post(SIGN_UP, fields | more)


def post(client, **more):
    words = {"title": "Dark mode", "body": "", "kind": "SUGGESTION", "board": "suggestions"}
    return client.post("/posts/new/", words | more)


def test_it_is_off_by_default(client, client_of, ann, board):
    page = client.get(SIGN_UP)
    assert "data-captcha" not in page.content.decode()
    assert "captcha" not in page["Content-Security-Policy"]
    assert sign_up(client).status_code == 302
    assert post(client_of(ann)).status_code == 302


# --- Proof of work -------------------------------------------------------------------------------------------------
def test_who_solves_it_signs_up_and_it_counts_once(client, client_of, work):
    solution = solved(client.get(SIGN_UP).content.decode())
    assert sign_up(client, altcha=solution).status_code == 302
    assert who(client) == "Cleo"
    other = client_of(None)
    again = sign_up(other, "Dan", altcha=solution)
    assert AGAIN in again.content.decode()
    assert not User.objects.filter(display_name="Dan").exists()
    # The page that says so has another one, and what was typed.
    page = again.content.decode()
    assert "dan@new.example" in page
    assert sign_up(other, "Dan", altcha=solved(page)).status_code == 302


def test_without_a_script_the_page_says_why_and_nothing_is_lost(client, work):
    page = client.get(SIGN_UP).content.decode()
    assert "<noscript>" in page and "Your browser runs no scripts here" in page
    answer = sign_up(client).content.decode()
    assert "have scripts on for this page" in answer
    assert "cleo@new.example" in answer
    assert not User.objects.filter(display_name="Cleo").exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"number": -1},
        {"number": "1"},
        {"number": True},
        {"signature": "0" * 64},
        {"salt": "abc?expires=99999999999&"},
        {"algorithm": "SHA-1"},
        {"algorithm": None},
        {"challenge": []},
    ],
)
def test_what_is_made_up_is_refused(client, work, changed):
    solution = solved(client.get(SIGN_UP).content.decode(), **changed)
    answer = sign_up(client, altcha=solution)
    assert "did not show that you are a person" in answer.content.decode()
    assert not User.objects.filter(display_name="Cleo").exists()


@pytest.mark.parametrize("said", ["x", "e30=", "bnVsbA==", "W10=", "中", "\x00", "=" * 9_000])
def test_nonsense_is_refused(client, work, said):
    assert sign_up(client, altcha=said).status_code == 200
    assert not User.objects.filter(display_name="Cleo").exists()


def test_a_solution_cannot_be_given_another_end(client, client_of, work, frozen):
    page = client.get(SIGN_UP).content.decode()
    salt = challenge_in(page)["salt"]
    end = int(re.search(r"expires=(\d+)", salt)[1])
    for spliced in (
        salt.replace("?", "?expires=99999999999&"),
        salt.replace("?expires=", "?a=1&expires="),
        salt.replace(str(end), f"%3{str(end)[0]}{str(end)[1:]}"),
    ):
        assert spliced != salt
        answer = sign_up(client_of(None), altcha=solved(page, salt=spliced))
        assert "did not show that you are a person" in answer.content.decode()
    assert not User.objects.filter(display_name="Cleo").exists()


def test_what_was_solved_too_late_is_over(client, work, frozen):
    solution = solved(client.get(SIGN_UP).content.decode())
    frozen.shift(13 * 3600)
    assert "That took too long" in sign_up(client, altcha=solution).content.decode()


def test_a_slip_elsewhere_costs_no_second_one(client, work):
    solution = solved(client.get(SIGN_UP).content.decode())
    assert sign_up(client, email="nonsense", altcha=solution).status_code == 200
    assert sign_up(client, altcha=solution).status_code == 302


def test_who_is_new_shows_it_for_a_post_and_who_is_known_need_not(
    client_of, ann, board, work, frozen, pia
):
    client = client_of(ann)
    page = client.get("/posts/new/").content.decode()
    assert 'hx-post="/posts/new/"' not in page
    refused = post(client)
    assert refused.status_code == 422
    assert "Dark mode" in refused.content.decode()
    # Looking at it first spends nothing.
    solution = solved(page)
    assert post(client, preview="1", altcha=solution).status_code == 200
    assert post(client, altcha=solution).status_code == 302
    assert Post.objects.get().state == "PUBLISHED"
    assert "data-captcha" not in client_of(pia).get("/posts/new/").content.decode()
    frozen.shift(2 * 24 * 3600)
    assert "data-captcha" not in client_of(ann).get("/posts/new/").content.decode()


def test_a_visitor_shows_it_once_before_the_sign_in(client, ann, board, work):
    solution = solved(client.get("/posts/new/").content.decode())
    assert post(client).status_code == 422
    sign_in(client, post(client, altcha=solution)["Location"], ann)
    assert Post.objects.get().state == "PUBLISHED"


def test_who_is_new_shows_it_for_a_comment_and_who_is_known_need_not(
    client_of, ann, bo, mo, publish, work, frozen
):
    where = f"/posts/{publish(ann).public_id}/"
    client = client_of(bo)
    page = client.get(where).content.decode()
    refused = client.post(f"{where}comments/", {"body": "Me too"})
    assert refused.status_code == 422
    assert "Me too" in refused.content.decode()
    solution = solved(page)
    assert client.post(f"{where}comments/", {"body": "", "altcha": solution}).status_code == 422
    sent = {"body": "Me too", "altcha": solution}
    assert client.post(f"{where}comments/", sent).status_code == 302, "A slip spent nothing."
    assert client.post(f"{where}comments/", sent | {"body": "And"}).status_code == 422
    written = Comment.objects.get()
    assert not written.is_hidden
    reply = client.get(f"/comments/{written.public_id}/reply/").content.decode()
    assert "data-captcha" in reply
    assert "data-captcha" not in client_of(mo).get(where).content.decode()
    frozen.shift(2 * 24 * 3600)
    assert "data-captcha" not in client_of(bo).get(where).content.decode()


def test_while_a_service_is_away_comments_of_who_is_new_wait(client_of, ann, bo, publish, service):
    service.answers(says(503, {}))
    where = f"/posts/{publish(ann).public_id}/comments/"
    sent = {"body": "Me too", "cf-turnstile-response": "solved"}
    assert client_of(bo).post(where, sent).status_code == 302
    assert Comment.objects.get().is_hidden


def test_a_visitor_shows_it_for_a_report_and_a_member_need_not(
    client, client_of, ann, bo, publish, work
):
    where = f"/report/post/{publish(ann).public_id}/"
    page = client.get(where).content.decode()
    assert client.post(where, {"reason": "SPAM"}).status_code == 422
    assert client.post(where, {"reason": "SPAM", "altcha": solved(page)}).status_code == 302
    assert "data-captcha" not in client_of(bo).get(where).content.decode()
    assert client_of(bo).post(where, {"reason": "SPAM"}).status_code == 302
    assert Flag.objects.count() == 2


# --- A service -----------------------------------------------------------------------------------------------------
def test_a_service_is_asked_for_its_word_and_told_nobodys_address(client, service):
    page = client.get(SIGN_UP).content.decode()
    assert '<div class="cf-turnstile" data-sitekey="public"></div>' in page
    assert 'src="https://captcha.example/api.js"' in page
    assert "s3cr3t" not in page
    assert sign_up(client, **{"cf-turnstile-response": "token"}).status_code == 302
    (asked,) = service.got
    assert parse_qs(asked.body.decode()) == {"secret": ["s3cr3t"], "response": ["token"]}
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"


def test_its_no_is_a_no_and_what_was_used_is_used(client, service):
    service.answers(says(200, {"success": False, "error-codes": ["invalid-input-response"]}))
    answer = sign_up(client, **{"cf-turnstile-response": "token"})
    assert "did not show that you are a person" in answer.content.decode()
    service.answers(says(200, {"success": False, "error-codes": ["timeout-or-duplicate"]}))
    assert AGAIN in sign_up(client, **{"cf-turnstile-response": "token"}).content.decode()
    assert not User.objects.filter(display_name="Cleo").exists()


def test_one_that_says_yes_twice_is_believed_once(client, client_of, service):
    assert sign_up(client, **{"cf-turnstile-response": "token"}).status_code == 302
    again = sign_up(client_of(None), "Dan", **{"cf-turnstile-response": "token"})
    assert AGAIN in again.content.decode()


@pytest.mark.parametrize(
    "then",
    [
        closes,
        says(500),
        says(200, b"<html>"),
        says(200, {"success": False, "error-codes": ["invalid-input-secret"]}),
    ],
    ids=["closes", "500", "nonsense", "our fault"],
)
def test_while_it_is_away_people_come_in_and_their_posts_wait(
    client, client_of, ann, mo, board, service, then
):
    service.answers(then)
    token = {"cf-turnstile-response": "token"}
    assert sign_up(client, **token).status_code == 302
    assert post(client_of(ann), **token).status_code == 302
    held = Post.objects.get()
    assert held.state == "HELD"
    page = client_of(ann).get(f"/posts/{held.public_id}/").content.decode()
    assert "The check that tells people from programs was down" in page
    assert "Dark mode" in client_of(mo).get("/desk/moderation/?kind=held").content.decode()


def test_a_private_address_is_asked_by_nobody(client, service, settings):
    settings.OUTBOUND_ALLOW = []
    assert sign_up(client, **{"cf-turnstile-response": "token"}).status_code == 302
    assert not service.got


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_gets_through(client, client_of, work):
    solution = solved(client.get(SIGN_UP).content.decode())
    together(
        [
            lambda name=name: sign_up(client_of(None), name, altcha=solution)
            for name in ("Cleo", "Dan", "Eve", "Fay")
        ]
    )
    assert User.objects.filter(email__endswith="@new.example").count() == 1
