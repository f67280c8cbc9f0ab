"""Nobody may guess passwords without limit, at no door and in no process."""

import pytest
from django.core.cache import caches
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared_cache(settings):
    """The cache of a real site: a table that all processes share."""
    settings.CACHES = settings.CACHES | {"default": settings.SHARED_CACHE}


def guesses(client, address, email, count=40):
    """Try wrong passwords at ``address``, following redirects as a browser does; return the statuses."""
    codes = []
    for number in range(count):
        page = client.post(
            address,
            {"login": email, "username": email, "password": f"wrong {number}"},
            follow=True,
        )
        codes.append(429 if "Too many" in page.content.decode() else page.status_code)
    return codes


def test_the_admin_has_no_door_of_its_own(ada):
    answer = Client().post("/admin/login/", {"username": ada.email, "password": "a long password"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")
    assert "_auth_user_id" not in Client().session


def test_who_comes_to_the_admin_signs_in_and_goes_on(ada):
    client = Client()
    way = client.get("/admin/", follow=True)
    address = way.redirect_chain[-1][0]
    assert address.startswith("/accounts/login/")
    answer = client.post(address, {"login": ada.email, "password": "a long password"})
    assert answer["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_member_gets_no_further_into_the_admin(ann, client_of):
    assert client_of(ann).get("/admin/", follow=True).status_code == 403


def test_guessing_a_password_ends(ada):
    assert 429 in guesses(Client(), "/accounts/login/", ada.email)


def test_guesses_are_counted_for_all_processes_together(ada, shared_cache):
    assert 429 in guesses(Client(), "/accounts/login/", ada.email)
    caches.close_all()
    del caches["default"]  # what another process would start with
    assert guesses(Client(), "/accounts/login/", ada.email, count=1) == [429]


def test_the_shared_cache_adds_once(shared_cache):
    cache = caches["default"]
    assert cache.add("lock", 1, timeout=10)
    assert not cache.add("lock", 1, timeout=10)
    cache.delete("lock")
    assert cache.add("lock", 1, timeout=10)
