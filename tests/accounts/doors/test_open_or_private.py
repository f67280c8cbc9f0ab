"""Who may sign up and who reads is said on the desk; what the environment says counts, and the page says so."""

import re

import pytest

from feedback.accounts.joining.doors import doors
from feedback.accounts.joining.models import JoiningWishes, Way
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from tests.accounts.doors.test_signing_up import sign_up

pytestmark = pytest.mark.django_db

OPEN = "/desk/doors/open/"


@pytest.fixture
def say(client_of, ada):
    """Say on the desk, as Ada: ``say(way="CLOSED")``."""
    client = client_of(ada)

    def say(**more):
        return client.post(OPEN, {"way": "OPEN", "domains": ""} | more)

    return say


def test_a_site_is_closed_on_the_desk_and_at_once(say, client, ada):
    assert client.get("/accounts/signup/").status_code == 200
    assert say(way="CLOSED")["Location"] == "/desk/doors/"
    assert "Nobody can sign up just now" in sign_up(client).content.decode()
    assert "/accounts/signup/" not in client.get("/accounts/login/").content.decode()
    entry = Entry.objects.filter(verb=Verb.JOINING_EDITED).get()
    assert entry.actor_id == ada.pk and entry.data["way"] == "CLOSED"
    say(way="INVITATION")
    assert 'name="invitation"' in client.get("/accounts/signup/").content.decode()
    assert sign_up(client).status_code == 200
    say()
    assert sign_up(client).status_code == 302


def test_by_domain_takes_a_domain_and_a_mail_server(say, client, settings):
    refused = say(way="DOMAIN", domains="acme.example")
    assert refused.status_code == 422 and "a mail server" in refused.content.decode()
    settings.HAS_MAIL_SERVER = True
    assert say(way="DOMAIN").status_code == 422
    assert "List domains" in say(way="DOMAIN", domains="a b").content.decode()
    assert say(way="DOMAIN", domains="@Acme.example, acme.org").status_code == 302
    page = sign_up(client, email="cleo@evil.example").content.decode()
    assert "Sign up with an address of @acme.example, @acme.org" in page
    settings.HAS_MAIL_SERVER = False  # an address that nobody checks proves nothing
    assert doors().way == Way.INVITATION


def test_a_site_is_private_on_the_desk_and_at_once(say, client, ann, client_of, publish):
    publish(ann, "Dark mode")
    assert "Dark mode" in client.get("/").content.decode()
    say(is_private="on")
    assert client.get("/")["Location"].startswith("/accounts/login/?next=")
    assert "read by those who have an account" in client.get("/accounts/login/").content.decode()
    assert client.get("/feeds/posts/").status_code == 404
    assert "Dark mode" in client_of(ann).get("/").content.decode()
    say()
    assert "Dark mode" in client.get("/").content.decode()


def test_what_another_process_says_holds_here_at_once(client):
    """Nothing of it is remembered: a row that another process wrote is read at the next request."""
    assert client.get("/").status_code == 200
    JoiningWishes.objects.create(is_private=True)
    assert client.get("/").status_code == 302


def test_the_environment_counts_and_the_page_says_so(say, client_of, ada, client, settings):
    JoiningWishes.objects.create(way="OPEN", is_private=True)
    settings.SIGN_UP, settings.SITE_PRIVATE = "closed", False
    page = client_of(ada).get("/desk/doors/").content.decode()
    assert "HEED_SIGN_UP" in page and "HEED_SITE_PRIVATE" in page
    assert "Nobody may sign up." in page and "Everybody may read." in page
    assert say(way="OPEN", is_private="on").status_code == 302
    assert client.get("/").status_code == 200
    assert "Nobody can sign up just now" in sign_up(client).content.decode()
    assert JoiningWishes.objects.get().is_private, "what the desk had said is kept for later"
    settings.SIGN_UP, settings.SITE_PRIVATE = "", None
    assert client.get("/").status_code == 302


def test_managers_read_how_it_is_and_administrators_say_it(client_of, pia, ada):
    assert OPEN not in client_of(pia).get("/desk/doors/").content.decode()
    assert client_of(pia).post(OPEN, {"way": "CLOSED"}).status_code == 403
    assert OPEN in client_of(ada).get("/desk/doors/").content.decode()
    assert doors().way == Way.OPEN


def test_wishes_of_one_kind_leave_the_others(say, client_of, pia):
    say(way="INVITATION", is_private="on")
    client_of(pia).post("/desk/doors/tick/", {"has_tick": "on"})
    found = JoiningWishes.objects.get()
    assert (found.way, found.is_private, found.has_tick) == ("INVITATION", True, True)


def test_the_sentence_on_the_page_of_everything_that_is_set(say, client_of, ada):
    say(way="INVITATION", is_private="on")
    page = client_of(ada).get("/desk/set-up/").content.decode()
    assert "Private · Who is invited may sign up." in page


def test_nobody_asks_the_database_where_the_environment_has_said_everything(
    settings, django_assert_num_queries
):
    settings.SIGN_UP, settings.SITE_PRIVATE = "open", False
    with django_assert_num_queries(0):
        assert not doors().is_private


def test_whoever_says_it_second_sees_what_the_first_said(say, client_of, ada):
    seen = re.search(
        r'name="seen" value="(\w+)"', client_of(ada).get("/desk/doors/").content.decode()
    )[1]
    assert say(way="CLOSED", seen=seen).status_code == 302
    second = say(way="INVITATION", seen=seen)
    assert second.status_code == 409 and "Nobody may sign up." in second.content.decode()
    assert doors().way == Way.CLOSED
    again = re.search(r'name="seen" value="(\w+)"', second.content.decode())[1]
    assert say(way="INVITATION", seen=again).status_code == 302
    assert doors().way == Way.INVITATION
