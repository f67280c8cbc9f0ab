"""Signing in by GitHub, Google, WeChat, Feishu and DingTalk, the whole way over HTTP, and what each may answer instead."""

import re
from html import unescape

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount import app_settings
from allauth.socialaccount.models import SocialAccount

from feedback.accounts.providers.urls import _KNOWN
from tests.accounts.doors.known_providers import KNOWN, TOKEN, WHO
from tests.accounts.doors.product import who

pytestmark = pytest.mark.django_db
#: Those whose word on an address counts.
CHECKING = ("github", "google")


@pytest.fixture(scope="module")
def running():
    servers = {one.name: one() for one in KNOWN}
    yield servers
    for server in servers.values():
        server.stop()


@pytest.fixture
def provider(request, running, settings, monkeypatch):
    """The provider that the test is about, honest again, and set up as an operator would."""
    server = running[request.param]
    server.be_honest()
    settings.SOCIALACCOUNT_PROVIDERS = server.settings()
    for owner, attribute, path in server.places:
        # Two of them look for their own address only where no setting says another.
        monkeypatch.setattr(owner, attribute, server.url + path)
    return server


every_provider = pytest.mark.parametrize("provider", [one.name for one in KNOWN], indirect=True)
of_those_who_check = pytest.mark.parametrize("provider", CHECKING, indirect=True)


def login(provider):
    return f"/accounts/{provider.name}/login/"


def begun(client, provider):
    page = client.post(login(provider)).content.decode()
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', page)
    assert found, page
    return unescape(found.group(1))


def come_back(client, provider):
    address = provider.approve(begun(client, provider))
    return client.get(address.removeprefix("http://testserver"))


def failed(answer):
    return answer.status_code == 401 and "Nobody was signed in" in answer.content.decode()


def test_every_one_that_can_be_set_up_is_played_here():
    assert sorted(one.name for one in KNOWN) == sorted(_KNOWN)


@every_provider
def test_who_is_new_chooses_a_name_and_comes_in_again(client, client_of, provider):
    assert come_back(client, provider)["Location"] == "/accounts/3rdparty/signup/"
    form = client.get("/accounts/3rdparty/signup/").content.decode()
    # Google says given and family names apart, and these are not said here.
    assert provider.name == "google" or f'value="{WHO}"' in form
    client.post(
        "/accounts/3rdparty/signup/", {"display_name": "Cleo", "email": "cleo@acme.example"}
    )
    assert who(client) == "Cleo"
    account = SocialAccount.objects.get()
    assert (account.provider, account.uid) == (provider.name, "7")
    again = client_of(None)
    come_back(again, provider)
    assert who(again) == "Cleo" and SocialAccount.objects.count() == 1


@every_provider
def test_little_of_what_it_tells_is_kept_and_no_token(client, provider):
    come_back(client, provider)
    client.post(
        "/accounts/3rdparty/signup/", {"display_name": "Cleo", "email": "cleo@acme.example"}
    )
    kept = SocialAccount.objects.get().extra_data
    assert not {"avatar_url", "picture", "mobile", "sex"} & set(kept)
    assert TOKEN not in str(kept) and not app_settings.STORE_TOKENS


@every_provider
def test_an_answer_to_nobody_s_question_signs_nobody_in(client, client_of, provider):
    address = provider.approve(begun(client, provider)).removeprefix("http://testserver")
    other = client_of(None)
    assert failed(other.get(address)), "The state is another browser's."
    assert failed(client.get(re.sub("state=[^&]*", "state=another", address)))
    assert who(client) == "" and who(other) == ""


@every_provider
def test_a_code_is_good_once(client, client_of, provider):
    come_back(client, provider)
    used = dict(provider.codes)
    assert used == {}, "It was redeemed."
    address = provider.approve(begun(client, provider)).removeprefix("http://testserver")
    provider.codes.clear()
    assert failed(client.get(address)) and not SocialAccount.objects.exists()


@every_provider
@pytest.mark.parametrize("path", ["/token", "the person"])
def test_one_that_is_down_is_a_clear_sentence(client, provider, path):
    asked_last = {"github": "/user", "weixin": "/userinfo", "feishu": "/userinfo"}
    where = path if path == "/token" else asked_last.get(provider.name, "/me")
    if provider.name == "google":
        where = "/token"  # who it is stands in the token
    provider.broken = {where}
    assert failed(come_back(client, provider))
    assert who(client) == "" and not SocialAccount.objects.exists()


@every_provider
def test_who_has_no_name_there_is_nobody(client, provider):
    """It answers, and does not say who it is: no account is made of an empty name."""
    names = {"github": "id", "google": "sub", "dingtalk": "openId", "feishu": "open_id"}
    name = names.get(provider.name, "openid")
    for said in ("", None):
        provider.profile = {name: said}
        come_back(client, provider)
        client.post("/accounts/3rdparty/signup/", {"display_name": "X", "email": "x@acme.example"})
        assert not SocialAccount.objects.exists(), said
        assert who(client) == ""


@of_those_who_check
def test_an_address_that_it_checked_finds_the_account(client, provider, ann):
    EmailAddress.objects.create(user=ann, email="cleo@acme.example", verified=True, primary=True)
    come_back(client, provider)
    assert who(client) == "Ann"


@of_those_who_check
def test_one_that_it_did_not_check_finds_nobody(client, provider, ann):
    EmailAddress.objects.create(user=ann, email="cleo@acme.example", verified=True, primary=True)
    provider.emails = [{"email": "cleo@acme.example", "primary": True, "verified": False}]
    provider.profile = {"email_verified": False}
    come_back(client, provider)
    assert who(client) == "" and not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    "provider", [one.name for one in KNOWN if one.name not in CHECKING], indirect=True
)
def test_an_address_that_the_others_tell_finds_nobody(client, provider, ann):
    EmailAddress.objects.create(user=ann, email="cleo@acme.example", verified=True, primary=True)
    provider.profile = {"email": "cleo@acme.example", "verified_email": True}
    come_back(client, provider)
    assert who(client) == "" and not SocialAccount.objects.exists()


@pytest.mark.parametrize("provider", ["google"], indirect=True)
@pytest.mark.parametrize("lie", [{"iss": "https://a.example"}, {"aud": "another"}, {"exp": 1}])
def test_a_token_of_google_for_another_is_none(client, provider, lie):
    provider.profile = lie
    assert failed(come_back(client, provider))
