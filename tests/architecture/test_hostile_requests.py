"""What a request cannot have: another host, a way out of the site, another header, somebody else's address, our insides."""

import json
from email import message_from_bytes
from urllib.parse import urljoin, urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.urls import path, reverse

from feedback.accounts import limits
from feedback.forum.models import Post
from tests.architecture.test_addresses import as_role as as_role

# --- The way back (13) -----------------------------------------------------------------------------------
AWAY = [
    "//evil.example", "///evil.example", "////evil.example", "https:evil.example", "https:/evil.example", "https://evil.example/",
    "http://evil.example\\@testserver/", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "https://testserver@evil.example/",
    "https://testserver.evil.example/", "/%0d%0aLocation:%20https://evil.example", "/\r\nLocation: https://evil.example",
    "javascript:alert(1)", "data:text/html,evil", "@evil.example", ".evil.example", "https:\\\\evil.example", "//evil%E3%80%82example",
]  # fmt: skip


def leads_away(location):
    """Whether a browser that follows ``location`` from a page of ours leaves the site."""
    tidy = location.replace("\\", "/").replace("\t", "").replace("\r", "").replace("\n", "").strip()
    found = urlsplit(urljoin("http://testserver/accounts/login/", tidy))
    return (found.scheme, found.netloc) != ("http", "testserver")


@pytest.mark.check(13)
@pytest.mark.parametrize("away", AWAY)
def test_no_spelling_of_a_way_back_leads_away(away, world, as_role):
    asked = [
        as_role("visitor").post(reverse("site:set-language"), {"language": "en", "next": away}),
        as_role("visitor").post(reverse("site:set-theme"), {"theme": "dark", "next": away}),
        as_role("visitor").post(reverse("site:set-theme"), headers={"referer": away.replace("\r\n", "")}),
        as_role("visitor").post(
            reverse("account_login"), {"login": world.bo.email, "password": "a long password", "next": away}
        ),
        as_role("bo").get(reverse("accounts:after-sign-in"), {"next": away}),
        as_role("bo").post(reverse("account_logout"), {"next": away}),
        as_role("bo").post(reverse("forum:post-vote", args=[world.post.public_id]), {"next": away}),
    ]  # fmt: skip
    redirects = [answer["Location"] for answer in asked if answer.status_code in (301, 302, 303)]
    assert len(redirects) >= 5
    assert not [location for location in redirects if leads_away(location)]
    assert not [answer for answer in asked if "\n" in answer.headers.get("Location", "")]


# --- Our insides (15) ------------------------------------------------------------------------------------
def _breaks(request):
    secret = "SELECT password FROM accounts_user WHERE host = 'db.internal'"
    raise RuntimeError(secret)


class _Urls:
    from config.urls import handler500
    from config.urls import urlpatterns as _all

    urlpatterns = [path("breaks/", _breaks), *_all]


INSIDES = (
    "Traceback", "RuntimeError", "SELECT", "password", "db.internal", "feedback/", "site-packages", "test_hostile_requests",
    "not-a-secret-only-for-tests", "DJANGO",
)  # fmt: skip


@pytest.mark.check(15)
@pytest.mark.parametrize(
    "asked", [{}, {"hx-request": "true"}, {"accept": "application/json"}, {"accept-language": "zh"}]
)
def test_a_page_that_breaks_tells_nothing_of_our_insides(asked, db, settings):
    settings.ROOT_URLCONF = _Urls
    client = Client(raise_request_exception=False)
    for method in (client.get, client.post):
        answer = method("/breaks/", headers=asked)
        assert answer.status_code == 500
        said = answer.content.decode() + json.dumps(dict(answer.headers))
        assert not [word for word in INSIDES if word in said]
        assert len(answer.content) < 20_000


@pytest.mark.check(15)
def test_a_host_that_is_not_ours_is_told_nothing(db, settings):
    settings.ALLOWED_HOSTS = ["heed.example"]
    answer = Client(raise_request_exception=False).get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert not [word for word in INSIDES if word in answer.content.decode()]
    assert not settings.DEBUG


# --- Headers and templates in what people write (20) ----------------------------------------------------------
LINES = "Eve\r\nBcc: everybody@example.org\r\n\r\nHello"
TEMPLATE = "{{7*7}} {% load admin %} ${7*7} <%= 7*7 %> #{7*7}"


@pytest.mark.check(20)
def test_a_name_or_a_title_of_two_lines_adds_no_header(
    ann, bo, publish, client_of, run_jobs, settings
):
    settings.HAS_MAIL_SERVER = True
    client = client_of(bo)
    client.post(
        reverse("accounts:profile"), {"display_name": LINES, "bio": LINES, "language": "en"}
    )
    bo.refresh_from_db()
    assert "\n" not in bo.display_name
    client.post(
        reverse("forum:post-create"), {"board": "suggestions", "kind": "SUGGESTION", "title": LINES, "body": "Words"}
    )  # fmt: skip
    assert not Post.objects.filter(title__contains="\n").exists()
    client.post(reverse("account_reset_password"), {"email": f"ann@example.org\nbcc: {bo.email}"})
    client.post(reverse("account_reset_password"), {"email": ann.email})
    assert mail.outbox
    for sent in mail.outbox:
        headers = message_from_bytes(sent.message().as_bytes())
        assert headers["Bcc"] is None
        assert len(headers.get_all("To")) == 1
        assert "\n" not in sent.subject


@pytest.mark.check(20)
def test_what_looks_like_a_template_stays_as_it_was_written(ann, publish, client_of):
    post = publish(ann, TEMPLATE, body=TEMPLATE)
    client = client_of(None)
    addresses = [
        "/", reverse("forum:post-detail", args=[post.public_id]), reverse("site:feed-posts"),
        reverse("forum:board-detail", args=[post.board.slug]), reverse("forum:search") + "?q=7*7", reverse("forum:person-detail", args=[ann.public_id]),
    ]  # fmt: skip
    for address in addresses:
        page = client.get(address).content.decode()
        assert "{{7*7}} {% load admin %}" in page, address
        assert "49" not in page.partition("{{7*7}}")[2][:60], address


# --- Whose address it is (26) ----------------------------------------------------------------------------------
@pytest.mark.check(26)
def test_without_a_proxy_nobody_chooses_an_address(rf, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    found = {
        limits.address_of(rf.get("/", REMOTE_ADDR="203.0.113.7", headers={"x-forwarded-for": said}))
        for said in ("198.51.100.1", "198.51.100.2, 10.0.0.1", "::1", "nonsense", "")
    }
    assert found == {"203.0.113.7"}


@pytest.mark.check(26)
def test_behind_a_proxy_its_word_counts_and_not_what_came_before(rf, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def address(said):
        return limits.address_of(rf.get("/", REMOTE_ADDR="10.0.0.1", headers={"x-forwarded-for": said}))  # fmt: skip

    rotating = {address(f"198.51.100.{n}, 203.0.113.7") for n in range(5)}
    assert rotating == {"203.0.113.7"}
    assert address("198.51.100.1, 203.0.113.8") == "203.0.113.8"
    assert address("2001:db8:1:2:3::4") == address("2001:db8:1:2:ffff::5") != address("2001:db8:1:3::4")  # fmt: skip


@pytest.mark.check(26)
def test_another_address_in_a_header_dodges_no_limit_and_locks_out_no_neighbour(db, ann, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0

    def sign_in(number, where, email="nobody@example.org"):
        return Client(REMOTE_ADDR=where).post(
            reverse("account_login"), {"login": email, "password": "wrong"},
            headers={"x-forwarded-for": f"198.51.100.{number % 250}"},
        ).status_code  # fmt: skip

    statuses = [sign_in(number, "203.0.113.7", f"nobody{number}@example.org") for number in range(80)]  # fmt: skip
    assert 429 in statuses
    assert sign_in(1, "203.0.113.9") != 429
