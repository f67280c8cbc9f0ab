"""Whoever hands out power or secrets shows again who they are, where that was long ago; reading asks for nothing."""

import datetime as dt

import pytest

from feedback.accounts.models import HandOverKey, User
from feedback.notify.models import Endpoint

pytestmark = pytest.mark.django_db

AGAIN = "/accounts/reauthenticate/"
PASSWORD = {"password": "a long password"}


def test_what_was_sent_is_done_once_somebody_has_shown_who_they_are(ada, ann, client_of, frozen):
    client = client_of(ada)
    frozen.shift(dt.timedelta(hours=1))
    assert client.get("/desk/rights/").status_code == 200
    said = {"person": "Ann", "role": "ANALYST", "place": "site"}
    answer = client.post("/desk/rights/give/", said)
    assert answer.status_code == 302
    assert answer.url.startswith(AGAIN)
    ann.refresh_from_db()
    assert ann.role == "MEMBER"
    answer = client.post(answer.url, PASSWORD, follow=True)
    assert answer.status_code == 200
    ann.refresh_from_db()
    assert ann.role == "ANALYST"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/desk/rights/offers/", {"role": "ANALYST", "place": "site"}),
        ("/desk/doors/keys/new/", {"name": "App"}),
        ("/desk/webhooks/new/", {"name": "Hook", "kind": "STANDARD"}),
    ],
)
def test_nothing_is_handed_out_on_a_browser_that_was_left_open(ada, client_of, frozen, path, said):
    client = client_of(ada)
    frozen.shift(dt.timedelta(hours=1))
    assert client.post(path, said).url.startswith(AGAIN)
    assert not HandOverKey.objects.exists()
    assert not Endpoint.objects.exists()


def test_who_has_no_password_is_not_asked_for_one(ada, ann, client_of, frozen):
    User.objects.filter(pk=ada.pk).update(password="!")
    ada.refresh_from_db()
    client = client_of(ada)
    frozen.shift(dt.timedelta(hours=1))
    said = {"person": "Ann", "role": "ANALYST", "place": "site"}
    assert client.post("/desk/rights/give/", said).url == "/desk/rights/"
