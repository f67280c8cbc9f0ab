"""People are spoken to in the language they chose, wherever they sign in."""

import pytest
from django.core import mail
from django.test import Client

from feedback.accounts.models import User

pytestmark = pytest.mark.django_db


def language_of(client):
    page = client.get("/").content.decode()
    return page.split('lang="', 1)[1].split('"', 1)[0].lower()


@pytest.fixture
def li(person):
    return person("Li", language="zh-hans")


def test_the_language_chosen_follows_to_another_device(li, client_of):
    assert language_of(client_of(li)) == "zh-hans"


def test_it_goes_before_the_cookie_of_whoever_used_the_device_before(li, client_of):
    client = client_of(li)
    client.cookies["heed_language"] = "en"
    assert language_of(client) == "zh-hans"


def test_whoever_chose_none_is_spoken_to_as_the_browser_asks(ann):
    client = Client(headers={"Accept-Language": "zh-Hans"})
    client.force_login(ann)
    assert language_of(client) == "zh-hans"


def test_switching_the_language_is_remembered(li, client_of):
    client = client_of(li)
    client.post("/language/", {"language": "en"})
    assert language_of(client) == "en"
    assert language_of(client_of(User.objects.get(pk=li.pk))) == "en"


def test_a_language_that_is_gone_is_not_spoken(li, client_of):
    User.objects.filter(pk=li.pk).update(language="xx-gone")
    assert language_of(client_of(User.objects.get(pk=li.pk))) == "en"


def test_a_name_at_sign_up_is_one_honest_line(client):
    client.post(
        "/accounts/signup/",
        {
            "email": "x@example.org",
            "password1": "a long passphrase 9",
            "display_name": "\u202e Heed \n Team\u200b",
        },
    )
    assert User.objects.get().display_name == "Heed Team"


def mail_to(email):
    """Ask for a sign-in code as a browser that speaks English does; return the mail."""
    client = Client(headers={"Accept-Language": "en"})
    client.post("/accounts/login/code/", {"email": email})
    return mail.outbox[-1]


def test_a_mail_is_written_in_its_readers_language(li, ann):
    to_ann, to_li = mail_to(ann.email), mail_to(li.email)
    assert to_ann.subject.isascii()
    assert to_ann.subject != to_li.subject
    assert not to_li.subject.isascii()


def test_an_address_of_nobody_gets_the_language_of_who_asked(db):
    assert mail_to("nobody@example.org").subject.isascii()
