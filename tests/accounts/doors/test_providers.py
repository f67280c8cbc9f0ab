"""Signing in by a provider, the whole way over HTTP, with a provider that lies, is down, or knows nobody."""

import re
from html import unescape

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import ed25519

from feedback.accounts.models import JoiningWishes, User
from tests.accounts.doors.openid import CLIENT, SECRET, Server
from tests.accounts.doors.product import who

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/oidc/acme/login/"


@pytest.fixture(scope="module")
def running():
    server = Server()
    yield server
    server.stop()


@pytest.fixture
def server(running, settings):
    """The provider, honest again, and set up as the operator would."""
    running.__dict__.update(signs_with=running.private, id_token={}, userinfo={}, broken=set())
    running.person = {
        "sub": "7",
        "name": "Cleo",
        "email": "cleo@acme.example",
        "email_verified": True,
    }
    app = {
        "provider_id": "acme",
        "name": "Acme SSO",
        "client_id": CLIENT,
        "secret": SECRET,
        "settings": {"server_url": running.url, "email_authentication": True},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}
    }
    return running


def begun(client, **more):
    """Press the button, and return where the page leads."""
    page = client.post(LOGIN, more).content.decode()
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', page)
    return unescape(found.group(1)) if found else page


def come_back(client, server, **more):
    """Go to the provider, say yes there, and come back."""
    address = server.approve(begun(client, **more))
    return client.get(address.removeprefix("http://testserver"))


def signed_up(client, server, **form):
    assert come_back(client, server)["Location"] == "/accounts/3rdparty/signup/"
    fields = {"display_name": "Cleo", "email": "cleo@acme.example"} | form
    return client.post("/accounts/3rdparty/signup/", fields)


# --- The way in ---------------------------------------------------------------------------------------------------------
def test_buttons_stand_for_what_is_set_up_alone(client, server, settings):
    page = client.get("/accounts/login/").content.decode()
    assert "Go on with Acme SSO" in page and "GitHub" not in page and "Google" not in page
    assert client.get("/accounts/github/login/").status_code == 404
    assert client.get("/accounts/oidc/other/login/").status_code == 404
    settings.SOCIALACCOUNT_PROVIDERS = {}
    assert "Go on with" not in client.get("/accounts/login/").content.decode()
    assert client.post(LOGIN).status_code == 404


def test_who_is_new_says_what_they_are_called_and_is_in(client, server):
    answer = come_back(client, server)
    assert answer["Location"] == "/accounts/3rdparty/signup/"
    form = client.get(answer["Location"]).content.decode()
    assert 'value="Cleo"' in form and 'value="cleo@acme.example"' in form
    client.post(
        "/accounts/3rdparty/signup/", {"display_name": "Cléo", "email": "cleo@acme.example"}
    )
    assert who(client) == "Cléo"
    account = SocialAccount.objects.get()
    assert (account.provider, account.uid) == ("acme", "7")
    assert account.extra_data["verified_emails"] == ["cleo@acme.example"]
    assert EmailAddress.objects.get(user=account.user).verified
    client.post("/accounts/logout/")
    come_back(client, server)
    assert who(client) == "Cléo" and SocialAccount.objects.count() == 1


def test_looking_at_the_address_goes_nowhere(client, server):
    """A page of somebody else could open it: nothing begins without a press of a button here."""
    page = client.get(LOGIN)
    assert page.status_code == 200 and 'http-equiv="refresh"' not in page.content.decode()


def test_an_address_that_the_provider_checked_finds_the_account(client, server, ann):
    EmailAddress.objects.create(user=ann, email="ann@example.org", verified=True, primary=True)
    server.person["email"] = "ann@example.org"
    come_back(client, server)
    assert who(client) == "Ann"
    assert SocialAccount.objects.get().user == ann


@pytest.mark.parametrize("checked", [False, None, "false", 1, "yes"])
def test_one_that_it_did_not_check_finds_nobody(client, server, ann, checked):
    EmailAddress.objects.create(user=ann, email="ann@example.org", verified=True, primary=True)
    server.person |= {"email": "ann@example.org", "email_verified": checked}
    come_back(client, server)
    assert who(client) == "" and not SocialAccount.objects.exists()
    client.post("/accounts/3rdparty/signup/", {"display_name": "Cleo", "email": "ann@example.org"})
    assert who(client) != "Ann" and not SocialAccount.objects.filter(user=ann).exists()


def test_a_provider_that_checks_no_addresses_finds_nobody_whatever_it_says(
    client, server, settings, ann
):
    EmailAddress.objects.create(user=ann, email="ann@example.org", verified=True, primary=True)
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"][
        "email_authentication"
    ] = False
    server.person["email"] = "ann@example.org"
    come_back(client, server)
    assert who(client) == ""


def test_a_second_step_and_a_suspension_hold_here_too(client, server, client_of, ann, now):
    EmailAddress.objects.create(user=ann, email="ann@example.org", verified=True, primary=True)
    server.person["email"] = "ann@example.org"
    TOTP.activate(ann, generate_totp_secret())
    assert come_back(client, server)["Location"] == "/accounts/2fa/authenticate/"
    assert who(client) == ""
    User.objects.filter(pk=ann.pk).update(suspended_until=now.replace(year=now.year + 1))
    other = client_of(None)
    assert come_back(other, server).status_code == 403 and who(other) == ""


def test_a_closed_site_stays_closed_and_those_who_are_here_come_in(
    client, server, client_of, settings
):
    signed_up(client, server)
    settings.SIGN_UP = "closed"
    again = client_of(None)
    come_back(again, server)
    assert who(again) == "Cleo"
    server.person |= {"sub": "8", "email": "dan@acme.example"}
    new = client_of(None)
    page = come_back(new, server)
    assert "Nobody can sign up just now" in page.content.decode() and who(new) == ""


def test_the_rules_are_asked_for_here_too(client, server):
    JoiningWishes.objects.create(has_tick=True)
    assert "Read the rules" in signed_up(client, server).content.decode()
    client.post(
        "/accounts/3rdparty/signup/",
        {"display_name": "Cleo", "email": "cleo@acme.example", "accepts_rules": "on"},
    )
    assert User.objects.get(display_name="Cleo").rules_accepted_at is not None


# --- Whom nobody believes -------------------------------------------------------------------------------------------------
def failed(answer):
    return answer.status_code == 401 and "Nobody was signed in" in answer.content.decode()


def test_an_answer_to_nobody_s_question_signs_nobody_in(client, client_of, server):
    address = server.approve(begun(client)).removeprefix("http://testserver")
    victim = client_of(None)
    assert failed(victim.get(address))  # the state is another browser's
    assert failed(client.get(re.sub("state=[^&]*", "state=another", address)))
    assert failed(client.get("/accounts/oidc/acme/login/callback/"))
    assert who(client) == "" and who(victim) == ""


@pytest.mark.parametrize(
    "lie",
    [
        {"id_token": {"nonce": "another"}},
        {"id_token": {"nonce": None}},
        {"id_token": {"aud": "another"}},
        {"id_token": {"iss": "https://another.example"}},
        {"id_token": {"exp": 1}},
        {"id_token": {"sub": "8"}},
        {"id_token": {"sub": None}},
        {"userinfo": {"sub": "8"}},
        {"signs_with": ed25519.Ed25519PrivateKey.generate()},
        {"broken": {"/token"}},
        {"broken": {"/userinfo"}},
        {"broken": {"/keys"}},
    ],
    ids=lambda lie: str(lie)[:40],
)
def test_what_is_wrong_in_an_answer(client, server, lie):
    server.__dict__.update(lie)
    assert failed(come_back(client, server))
    assert who(client) == "" and not SocialAccount.objects.exists()


def test_a_provider_that_is_down_is_a_clear_sentence(client, server, settings):
    server.broken = {"/.well-known/openid-configuration"}
    assert "cannot be reached just now" in begun(client)
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = (
        "http://127.0.0.1:9"
    )
    assert "cannot be reached just now" in begun(client)


def test_who_says_no_there_reads_that_nothing_happened(client, server):
    state = re.search("state=([^&]*)", begun(client)).group(1)
    answer = client.get(f"{LOGIN}callback/?error=access_denied&state={state}", follow=True)
    assert "You changed your mind" in answer.content.decode()


# --- Connecting ------------------------------------------------------------------------------------------------------------
def reauthenticated(client, person):
    """Sign in and show once more who one is, as changing a way in asks for."""
    client.post("/accounts/login/", {"login": person.email, "password": "a long password"})
    client.post("/accounts/reauthenticate/", {"password": "a long password"})
    return client


def test_a_provider_is_connected_and_taken_off_by_who_has_just_shown_who_they_are(
    client, server, ann
):
    reauthenticated(client, ann)
    come_back(client, server, process="connect")
    account = SocialAccount.objects.get()
    assert account.user == ann
    assert "Acme SSO" in client.get("/accounts/3rdparty/").content.decode()
    client.post("/accounts/3rdparty/", {"account": account.pk})
    assert not SocialAccount.objects.exists()


def test_with_an_old_session_alone_nothing_is_connected(client_of, server, ann):
    client = client_of(ann)
    answer = come_back(client, server, process="connect")
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not SocialAccount.objects.exists()


def test_nobody_locks_themselves_out(client, server):
    signed_up(client, server)
    account = SocialAccount.objects.get()
    page = client.post("/accounts/3rdparty/", {"account": account.pk})
    assert "You could not sign in any more" in page.content.decode()
    assert SocialAccount.objects.exists()


def test_an_account_elsewhere_is_one_person_s(client, client_of, server, bo):
    signed_up(client, server)
    other = reauthenticated(client_of(None), bo)
    come_back(other, server, process="connect")
    assert SocialAccount.objects.get().user.name == "Cleo"
