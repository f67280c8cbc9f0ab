"""Nobody may guess passwords without limit, at no door and in no process."""

import datetime as dt

import pytest
import time_machine
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


def test_the_admin_asks_again_after_a_quarter_of_an_hour(ada, client_of):
    client, page = client_of(ada), "/admin/forum/board/"
    assert client.get(page).status_code == 200
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=16), tick=False):
        for sent in (client.get(page), client.post(f"{page}add/", {"title": "New"})):
            assert sent.status_code == 302
            assert sent["Location"].startswith("/accounts/reauthenticate/?next=%2Fadmin%2F")
        way = client.get(page)["Location"]
        wrong = client.post(way, {"password": "another"})
        assert wrong.status_code == 200
        assert client.get(page).status_code == 302, "a wrong password opens nothing"
        assert client.post(way, {"password": "a long password"})["Location"] == page
        assert client.get(page).status_code == 200


def test_a_session_that_never_said_how_it_began_is_asked(ada):
    client = Client()
    client.force_login(ada)
    assert client.get("/admin/")["Location"].startswith("/accounts/reauthenticate/")


def test_a_visitor_is_told_nothing_of_the_desk_and_how_to_get_there(ada, client_of):
    client = client_of(None)
    page, nowhere = client.get("/desk/?product=x"), client.get("/nothing/here/")
    assert page.status_code == nowhere.status_code == 404
    way = "/accounts/login/?next=/desk/%3Fproduct%3Dx"
    assert f'href="{way}"' in page.content.decode()
    assert "/accounts/login/?next=/nothing/here/" in nowhere.content.decode(), "as anywhere"
    assert (
        client.post(way, {"login": ada.email, "password": "a long password"})["Location"]
        == "/desk/?product=x"
    )
    assert client.get("/desk/").status_code == 200
    gone = client.get("/nothing/here/").content.decode()
    assert "/accounts/login/" not in gone, "who has signed in is not asked to"


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
