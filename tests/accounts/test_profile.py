"""One's own settings, signing up and signing in."""

import pytest
from django.core import mail
from zeal import zeal_ignore

from feedback.accounts.models import User


def test_a_member_changes_name_words_and_language(client_of, ann):
    client = client_of(ann)
    assert client.get("/settings/").status_code == 200
    response = client.post(
        "/settings/",
        {"display_name": "  安  Ann\u202e ", "bio": "I test things.", "language": "zh-hans"},
    )
    assert response["Location"] == "/settings/"
    assert response.cookies["heed_language"].value == "zh-hans"
    ann.refresh_from_db()
    assert (ann.display_name, ann.bio, ann.language) == ("安 Ann", "I test things.", "zh-hans")
    assert 'lang="zh-hans"' in client.get("/settings/").content.decode().lower()


def test_too_long_a_name_is_refused_and_kept(client_of, ann):
    response = client_of(ann).post("/settings/", {"display_name": "x" * 61})
    assert response.status_code == 422
    assert b"x" * 61 in response.content
    ann.refresh_from_db()
    assert ann.display_name == "Ann"


def test_a_visitor_is_sent_to_sign_in_and_back(client_of, db):
    assert client_of(None).get("/settings/")["Location"] == "/accounts/login/?next=/settings/"


def test_one_signs_up_with_a_name_and_an_address(client_of, db):
    client = client_of(None)
    assert client.get("/accounts/signup/").status_code == 200
    response = client.post(
        "/accounts/signup/",
        {"display_name": "Cleo", "email": "Cleo@Example.org", "password1": "a long password"},
    )
    assert response.status_code == 302
    cleo = User.objects.get()
    assert (cleo.name, cleo.email, cleo.role) == ("Cleo", "cleo@example.org", "MEMBER")
    assert client.get("/settings/").status_code == 200


def test_one_signs_in_with_a_code_from_an_e_mail(client_of, ann, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    client = client_of(None)
    response = client.post("/accounts/login/code/", {"email": ann.email})
    assert response.status_code == 302
    (sent,) = mail.outbox
    assert sent.subject.endswith("is your code for Heed")
    assert "Your code for signing in to Heed:" in sent.body
    assert "for 15 minutes" in sent.body
    assert "127.0.0.1:8000!" not in sent.body
    page = client.get(response["Location"]).content.decode()
    assert "Type in your code" in page
    assert "on its way" not in page  # nothing is, without a mail server
    settings.HAS_MAIL_SERVER = True
    page = client.get(response["Location"]).content.decode()
    assert f"on its way to <strong>{ann.email}</strong> and works for 15 minutes" in page


@pytest.mark.parametrize(
    "address", ["/accounts/signup/", "/accounts/password/reset/", "/accounts/login/code/"]
)
def test_account_mails_are_in_our_words(client_of, ann, settings, address):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    fields = {"email": "new@example.org", "display_name": "Cleo", "password1": "a long password"}
    if "reset" in address:
        fields["email"] = ann.email
    client_of(None).post(address, fields)
    (sent,) = mail.outbox
    assert "Heed" in sent.subject
    assert sent.body.rstrip().endswith("— Heed\n" + settings.BASE_URL)
    assert "Hello from" not in sent.body


def test_a_mail_leads_to_the_site_whatever_host_it_was_asked_for_at(
    client_of, ann, mailoutbox, settings
):
    settings.HAS_MAIL_SERVER = True
    forged = {"host": "testserver:6666"}
    asked = {"email": ann.email}
    client_of(None).post("/accounts/password/reset/", asked, headers=forged)
    (sent,) = mailoutbox
    assert f"{settings.BASE_URL}/accounts/password/reset/key/" in sent.body
    assert "6666" not in sent.body


@pytest.mark.parametrize("has_server", [True, False])
def test_a_site_without_a_mail_server_says_so(client_of, db, settings, has_server):
    settings.HAS_MAIL_SERVER = has_server
    client = client_of(None)
    for address in ("/accounts/login/code/", "/accounts/password/reset/"):
        page = client.get(address).content.decode()
        assert ("no mail server yet" in page) is not has_server
    assert ("Mail me a code" in client.get("/accounts/login/").content.decode()) is has_server


def test_an_imported_author_cannot_sign_in(client_of, db):
    ghost = User.objects.create_user(origin="IMPORTED", origin_key="store:x", display_name="X")
    assert not ghost.has_usable_password()


def test_the_admin_shows_people_to_operators_alone(client_of, ada, ann, mo):
    assert client_of(ada).get("/admin/accounts/user/").status_code == 200
    with zeal_ignore():  # the operator and the person are fetched the same way
        assert client_of(ada).get(f"/admin/accounts/user/{ann.pk}/change/").status_code == 200
    assert client_of(ada).get("/admin/forum/post/").status_code == 200
    assert client_of(ada).get("/admin/forum/board/").status_code == 200
    assert client_of(ada).get("/admin/forum/comment/").status_code == 200
    assert client_of(mo).get("/admin/accounts/user/").status_code == 302
