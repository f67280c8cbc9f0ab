"""Tokens that are forged, ended, used, or for somebody else open nothing, and say no more than that."""

import base64
import hmac
import json
import threading

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client

from feedback.accounts.handover import operations
from feedback.accounts.handover.keys import make_key, retire_key
from feedback.accounts.models import HandOverKey, ProductAccount, UsedToken, User
from feedback.kernel import clock
from feedback.kernel.refusals import Refusal
from tests.accounts.doors.product import Product, gone_on, opened, who

pytestmark = pytest.mark.django_db
PEM = serialization.Encoding.PEM


def public_half(private):
    return (
        private.public_key()
        .public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


@pytest.fixture(scope="module")
def rsa_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def app(ada):
    return Product(ada)


def refused(client, token):
    """Whether ``token`` opens nothing, by either door, and the page says no more than that."""
    pages = [opened(client, token), gone_on(client, token)]
    words = [page.content.decode() for page in pages]
    assert all("It may be too old" in one or "used already" in one for one in words), words
    return [page.status_code for page in pages] == [403, 403] and not who(client)


def by_hand(header, claims, signature=b""):
    parts = [
        json.dumps(part).encode() if isinstance(part, dict) else part for part in (header, claims)
    ]
    return b".".join(
        base64.urlsafe_b64encode(part).rstrip(b"=") for part in (*parts, signature)
    ).decode()


def test_what_is_no_token(client, app):
    for token in (
        "",
        "x",
        "a.b.c",
        "....",
        "é" * 50,
        "x" * 9000,
        "e30.e30.e30",
        "null",
        "eyJhbGciOiJIUzI1NiJ9..",
        "\x00",
    ):
        assert refused(client, token), token


def test_what_is_forged_or_says_too_little(client, app):
    wrong = [
        {"key": "another secret that is long enough for HS256"},
        {"kid": "23456789abc"},
        {"kid": ""},
        {"alg": "HS512"},
        {"iss": "other-app"},
        {"iss": None},
        {"aud": "https://another.example"},
        {"aud": None},
        {"aud": []},
        {"exp": None},
        {"exp": "soon"},
        {"exp": 10**30},
        {"exp": True},
        {"iat": None},
        {"jti": None},
        {"jti": ""},
        {"jti": "x" * 500},
        {"sub": None},
        {"sub": ""},
        {"sub": "x" * 500},
        {"agent": "true", "on_behalf_of": "43"},
        {"agent": 1, "on_behalf_of": "43"},
        {"agent": False, "on_behalf_of": "43"},
        {"on_behalf_of": "43"},
    ]
    for one in wrong:
        assert refused(client, app.token(**one)), one
    assert not User.objects.filter(display_name="Cleo").exists()


def test_a_subject_that_is_a_number_is_no_name(client, app):
    claims = app.claims() | {"sub": 42}
    head = {"alg": "HS256", "kid": app.key.public_id}
    algorithm = jwt.get_algorithm_by_name("HS256")
    signed = by_hand(head, claims).rpartition(".")[0]
    signature = algorithm.sign(signed.encode(), app.key.secret.encode())
    assert refused(client, by_hand(head, claims, signature))


def test_no_signature_is_none(client, app):
    for alg in ("none", "None", "NONE"):
        head = {"alg": alg, "kid": app.key.public_id}
        assert refused(client, by_hand(head, app.claims()))
    assert not User.objects.filter(display_name="Cleo").exists()


def test_claims_that_were_changed_after_signing(client, app):
    head, _claims, signature = app.token().split(".")
    changed = by_hand({}, app.claims(sub="1")).split(".")[1]
    assert refused(client, f"{head}.{changed}.{signature}")


def test_a_public_key_is_no_secret(client, ada, rsa_key):
    """The old trick: sign with HS256, and the public key, which anybody may have, as the secret."""
    public = public_half(rsa_key)
    app = Product(ada, kind="RS256", public_key=public)
    head = {"alg": "HS256", "kid": app.key.public_id}
    signed = by_hand(head, app.claims()).rpartition(".")[0]
    mark = hmac.new(app.key.public_key.encode(), signed.encode(), "sha256").digest()
    assert refused(client, by_hand(head, app.claims(), mark))


@pytest.mark.parametrize("kind", ["EdDSA", "RS256"])
def test_public_keys_open_the_door_too_and_only_for_their_own_private_half(
    client, ada, rsa_key, kind
):
    private = ed25519.Ed25519PrivateKey.generate() if kind == "EdDSA" else rsa_key
    app = Product(ada, kind=kind, public_key=public_half(private))
    other = (
        ed25519.Ed25519PrivateKey.generate()
        if kind == "EdDSA"
        else rsa.generate_private_key(65537, 2048)
    )
    app.signs_with = other
    assert refused(client, app.token())
    app.signs_with = private
    assert gone_on(client, app.token()).status_code == 302
    assert who(client) == "Cleo"


# --- Time ------------------------------------------------------------------------------------------------------------------
def test_it_ends(client, app, frozen):
    token = app.token()
    frozen.shift(60 + 29)
    assert opened(client, token).status_code == 200  # clocks are a little apart
    frozen.shift(2)
    assert refused(client, token)


def test_it_lives_five_minutes_at_most_and_is_not_from_the_future(client, app, now):
    at = int(now.timestamp())
    for iat, exp in ((0, 301), (0, 86_400), (60, 120), (-600, 60), (0, 0), (30, 20)):
        assert refused(client, app.token(iat=at + iat, exp=at + exp)), (iat, exp)


def test_it_is_not_used_before_it_says(client, app, now):
    assert refused(client, app.token(nbf=int(now.timestamp()) + 60))


# --- Once ------------------------------------------------------------------------------------------------------------------
def test_it_opens_once(client, client_of, app):
    token = app.token()
    assert gone_on(client, token).status_code == 302
    assert refused(client_of(None), token)
    assert ProductAccount.objects.count() == 1


def test_a_token_that_could_not_be_used_any_more_is_forgotten(client, app, frozen):
    gone_on(client, app.token())
    assert UsedToken.objects.count() == 1
    frozen.shift(91)  # ended, with the half minute that clocks may be apart
    operations.forget_ended(now=clock.now())
    assert UsedToken.objects.count() == 1  # the machine that is asked may think otherwise
    frozen.shift(5 * 60)
    operations.forget_ended(now=clock.now())
    assert not UsedToken.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_gets_in_and_one_person_is_made(ada):
    app = Product(ada)
    token, clients = app.token(), [Client() for _n in range(6)]
    answers = together([lambda one=one: gone_on(one, token).status_code for one in clients])
    assert sorted(answers) == [302] + [403] * 5
    tokens = [app.token(sub="7", name="Dan") for _n in range(4)]
    answers = together([lambda one=one: gone_on(Client(), one).status_code for one in tokens])
    assert set(answers) == {302}
    assert User.objects.filter(display_name="Dan").count() == 1
    assert User.objects.filter(display_name="Cleo").count() == 1


def together(acts):
    answers, gate = [], threading.Barrier(len(acts))

    def run(act):
        gate.wait()
        try:
            answers.append(act())
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_who_tries_too_often_waits(client, app):
    pages = [opened(client, "nonsense").status_code for _n in range(62)]
    assert pages[:60] == [403] * 60 and pages[60:] == [429] * 2


# --- Keys ------------------------------------------------------------------------------------------------------------------
def test_one_key_takes_over_from_another_and_the_person_stays(client, client_of, app, ada, now):
    gone_on(client, app.token())
    new = Product(ada)
    gone_on(client_of(None), new.token())
    assert ProductAccount.objects.count() == 1
    with pytest.raises(Refusal):
        make_key(issuer="acme-app", kind="HS256", actor=ada, now=now)  # two at once
    retire_key(key=app.key, actor=ada, now=now)
    assert refused(client_of(None), app.token())
    assert HandOverKey.objects.get(pk=app.key.pk).secret not in ("", app.key.secret)
    assert gone_on(client_of(None), new.token()).status_code == 302


def test_a_key_that_is_none_is_refused(ada, now):
    for kind, issuer, public_key in [
        ("HS256", "Acme App", ""),
        ("HS256", "", ""),
        ("HS512", "acme", ""),
        ("EdDSA", "acme", ""),
        ("EdDSA", "acme", "nonsense"),
        ("RS256", "acme", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"),
        ("EdDSA", "acme", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"),
    ]:
        with pytest.raises(Refusal):
            make_key(issuer=issuer, kind=kind, public_key=public_key, actor=ada, now=now)


def test_a_key_of_another_kind_or_a_short_one_is_refused(ada, now, rsa_key):
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    for kind, private in (
        ("EdDSA", rsa_key),
        ("RS256", ed25519.Ed25519PrivateKey.generate()),
        ("RS256", short),
    ):
        with pytest.raises(Refusal):
            make_key(issuer="acme", kind=kind, public_key=public_half(private), actor=ada, now=now)
    assert not HandOverKey.objects.exists()


def test_administrators_alone_make_keys_and_a_secret_is_shown_once(client_of, ada, pia, now):
    with pytest.raises(PermissionDenied):
        make_key(issuer="acme", kind="HS256", actor=pia, now=now)
    client = client_of(ada)
    answer = client.post(
        "/desk/doors/keys/new/", {"issuer": "acme-app", "kind": "HS256"}, follow=True
    )
    key = HandOverKey.objects.get()
    assert key.secret in answer.content.decode()
    assert key.secret not in client.get("/desk/doors/").content.decode()
    assert key.secret not in client_of(pia).get("/desk/doors/").content.decode()
    client.post(f"/desk/doors/keys/{key.public_id}/retire/")
    key.refresh_from_db()
    assert key.retired_at is not None
