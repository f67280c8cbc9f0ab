"""A code from an app, recovery codes, and a team that must have a second step."""

import re
from unittest.mock import patch

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)

from feedback.accounts.models import User
from feedback.accounts.second_step import qr
from tests.accounts.doors.product import who

pytestmark = pytest.mark.django_db
HOME = "/accounts/2fa/"
EXPECTED = [
    "####### ##   #  # #######",
    "#     #      #    #     #",
    "# ### # #  ### #  # ### #",
    "# ### # ## #      # ### #",
    "# ### # #### #### # ### #",
    "#     #  #  # #   #     #",
    "####### # # # # # #######",
    "         # # ##          ",
    "####  # #    ## ##  ### #",
    "    ## ###     ##    # # ",
    "# #####       # # ##     ",
    "# #  # ##  ##### ## ###  ",
    "  # ###### #     ## #####",
    " #  #  # ### # #  # #   #",
    " #  ###   # # # ## ##### ",
    "#  ### # #  ## #  # #  # ",
    "  #  ### # #    ####### #",
    "        # # ## ##   ### #",
    "#######   ###   # # #  ##",
    "#     #   # #  ##   ## ##",
    "# ### #  #####  ######   ",
    "# ### # #   #### ####  ##",
    "# ### # ###### # ## #  # ",
    "#     # ##     # ### ##  ",
    "####### ### # #  #  #####",
]


def code_for(secret):
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def signed_in(client, person):
    """Sign in by password, and show once more who one is."""
    client.post("/accounts/login/", {"login": person.email, "password": "a long password"})
    client.post("/accounts/reauthenticate/", {"password": "a long password"})
    return client


@pytest.fixture
def secret(client, ann):
    """The secret of an app that Ann has set up."""
    signed_in(client, ann)
    page = client.get(f"{HOME}totp/activate/").content.decode()
    found = re.search(r'class="totp-secret"[^>]*>([A-Z2-7]+)<', page).group(1)
    assert "data:image/svg+xml" in page
    assert client.post(f"{HOME}totp/activate/", {"code": code_for(found)}).status_code == 302
    return found


def test_who_has_an_app_is_asked_for_its_code(secret, client_of, frozen):
    client = client_of(None)
    frozen.shift(60)
    answer = client.post(
        "/accounts/login/", {"login": "ann@example.org", "password": "a long password"}
    )
    assert answer["Location"] == f"{HOME}authenticate/" and who(client) == ""
    page = client.post(f"{HOME}authenticate/", {"code": "000000"}).content.decode()
    assert "This code is not the right one" in page and who(client) == ""
    client.post(f"{HOME}authenticate/", {"code": code_for(secret)})
    assert who(client) == "Ann"


def test_a_code_works_once(secret, client_of, frozen):
    frozen.shift(60)
    code, names = code_for(secret), []
    for _n in range(2):
        client = client_of(None)
        client.post("/accounts/login/", {"login": "ann@example.org", "password": "a long password"})
        client.post(f"{HOME}authenticate/", {"code": code})
        names.append(who(client))
    assert names == ["Ann", ""]


def test_recovery_codes_open_once_each(secret, client, client_of):
    page = client.get(f"{HOME}recovery-codes/").content.decode()
    codes = re.findall(r"<li>(\d{8})</li>", page)
    assert len(codes) == 10
    for expected in ("Ann", ""):
        other = client_of(None)
        other.post("/accounts/login/", {"login": "ann@example.org", "password": "a long password"})
        other.post(f"{HOME}authenticate/", {"code": codes[0]})
        assert who(other) == expected


def test_secrets_lie_encrypted_and_another_key_opens_nothing(secret, client_of, settings, frozen):
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in kept
    settings.SECRET_KEY = "another key of the site, after a move"
    frozen.shift(60)
    client = client_of(None)
    client.post("/accounts/login/", {"login": "ann@example.org", "password": "a long password"})
    for guess in (code_for(secret), code_for("")):
        client.post(f"{HOME}authenticate/", {"code": guess})
        assert who(client) == ""


def test_factors_are_changed_by_who_has_just_shown_who_they_are(client_of, ann):
    client = client_of(ann)  # an old session
    for page in ("totp/activate/", "webauthn/add/"):
        assert client.get(HOME + page)["Location"].startswith("/accounts/reauthenticate/"), page
    signed_in(client, ann)
    assert client.get(f"{HOME}totp/activate/").status_code == 200


def test_a_team_without_a_second_step_goes_no_further_where_the_operator_says_so(
    client, client_of, pia, ann, settings
):
    settings.TEAM_SECOND_STEP = True
    assert client_of(ann).get("/").status_code == 200
    assert client.get("/").status_code == 200
    signed_in(client, pia)
    for path in ("/", "/desk/", "/admin/", "/settings/"):
        assert client.get(path)["Location"] == HOME, path
    assert client.post("/desk/regroup/")["Location"] == HOME
    assert client.get("/desk/", headers={"hx-request": "true"})["HX-Redirect"] == HOME
    page = client.get(HOME)
    assert page.status_code == 200 and "Set one up to go on" in page.content.decode()
    found = re.search(
        r'class="totp-secret"[^>]*>([A-Z2-7]+)<',
        client.get(f"{HOME}totp/activate/").content.decode(),
    ).group(1)
    client.post(f"{HOME}totp/activate/", {"code": code_for(found)})
    assert client.get("/desk/").status_code == 200


def test_a_picture_is_drawn_for_any_address_and_left_out_for_one_that_is_too_long(client, ann):
    assert len(qr.matrix("a")) == 21 and len(qr.matrix("a" * 500)) == 77
    with pytest.raises(ValueError):
        qr.matrix("a" * 600)
    User.objects.filter(pk=ann.pk).update(email=f"{'a' * 60}@{'b' * 60}.{'c' * 60}.example")
    ann.refresh_from_db()
    signed_in(client, ann)
    with patch("feedback.accounts.second_step.qr._version_for", side_effect=ValueError):
        assert client.get(f"{HOME}totp/activate/").status_code == 200


def test_the_picture_is_the_standard_s_own():
    """The first rows of version 2 at level L with mask 3, as other programs draw it."""
    rows = ["".join(" #"[cell] for cell in row) for row in qr.matrix("otpauth://totp/Ann")]
    assert rows == EXPECTED
