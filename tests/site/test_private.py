"""A private site: nobody reads anything without signing in, whatever addresses there are."""

import pytest
from django.urls import reverse

from config.private_site import FOR_PROGRAMS, OPEN
from feedback.accounts.joining.operations import invite
from feedback.forum.products.operations import ensure_product
from feedback.kernel import clock
from tests.architecture.examples import arguments
from tests.architecture.test_addresses import TABLE, outcome
from tests.world import world  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def private(settings):
    settings.SITE_PRIVATE = True


def test_every_address_is_shut_but_those_that_are_named(private, world, client_of):  # noqa: F811
    visitor, ada = client_of(None), client_of(world.ada)
    known = {address.name for address in TABLE}
    assert known >= OPEN | FOR_PROGRAMS, "These are no longer there."
    for address in TABLE:
        if address.name in OPEN:
            continue
        path = reverse(address.name, args=arguments(address, world))
        wanted = "404" if address.name in FOR_PROGRAMS else "login"
        for method in ("get", "post", "head"):
            assert outcome(getattr(visitor, method)(path)) == wanted, (method, path)
    assert outcome(visitor.get("/nothing/here/")) == "login", "nobody learns what there is"
    assert ada.get("/nothing/here/").status_code == 404
    assert "Dark mode" in ada.get("/").content.decode()


def test_signing_in_works_and_leads_back(private, client, ann, publish):
    publish(ann, "Dark mode")
    page = client.get("/?sort=new")
    assert page["Location"] == "/accounts/login/?next=/%3Fsort%3Dnew"
    assert client.get(page["Location"]).status_code == 200
    sent = {"login": "ann@example.org", "password": "a long password"}
    assert client.post(page["Location"], sent)["Location"] == "/?sort=new"
    assert "Dark mode" in client.get("/").content.decode()
    assert client.get(reverse("ops:livez")).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/2fa/webauthn/login/",
        "/accounts/oidc/acme/login/callback/",
        "/accounts/github/login/callback/",
        "/hand-over/?token=nonsense",
        "/join/nobody/",
        "/rules/",
    ],
)
def test_every_way_in_is_open(private, client, db, address):
    answer = client.get(address)
    assert answer.status_code != 302 or "/accounts/login/?next" not in answer["Location"]


def test_whoever_is_invited_gets_in(private, client, pia, now, settings):
    settings.SIGN_UP = "invitation"
    made = invite(person=pia, now=now)
    answer = client.get(f"/join/{made.code}/", follow=True)
    assert "password1" in answer.content.decode(), answer.redirect_chain


def test_the_page_for_signing_in_names_no_product(private, client, product):
    ensure_product(slug="secret", name="Quokka", now=clock.now())
    assert "Quokka" not in client.get("/accounts/login/").content.decode()


def test_a_site_that_is_not_private_is_read_by_all(client, ann, publish):
    publish(ann, "Dark mode")
    assert "Dark mode" in client.get("/").content.decode()
