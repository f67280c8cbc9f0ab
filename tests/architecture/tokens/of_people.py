"""Tokens by which somebody is let in, or is taken for somebody."""

import datetime as dt
import re
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client

from feedback.accounts.agents import CODE_LIVES, code_of
from feedback.accounts.claiming import codes
from feedback.accounts.claiming.models import ClaimCode
from feedback.accounts.handover.keys import retire_key
from feedback.accounts.joining import operations as joining
from feedback.accounts.models import Invitation, User
from feedback.forum.models import Offer
from feedback.forum.rights import offers
from feedback.forum.rights.operations import SITE
from tests.accounts.doors.product import Product, gone_on
from tests.architecture.tokens.kind import Kind, address, changed, field, gone, said, suspended
from tests.cast import sign_in

_PASSWORD = "a long password"
_MINUTE, _DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


def _another_password(w: Any, who: str = "ann") -> None:
    person = User.objects.get(pk=getattr(w, who).pk)
    person.set_password("another long one")
    person.save()


# --- A session ------------------------------------------------------------------------------------------------------
def _session(w: Any) -> str:
    w.browser = Client()
    sign_in(w.browser, w.ann)
    return str(w.browser.cookies["heed_session"].value)


def _with_cookie(name: str, where: str = "/settings/") -> Any:
    def door(w: Any, token: str) -> Any:
        client = Client()
        client.cookies[name] = token
        return client.get(where)

    return door


# --- Hand-over ------------------------------------------------------------------------------------------------------
def _product(w: Any) -> Product:
    if not hasattr(w, "product_app"):
        w.product_app = Product(w.ada)
    app: Product = w.product_app
    return app


def _asked_before(w: Any) -> str:
    client = Client()
    assert gone_on(client, _product(w).token()).status_code == 302
    return str(client.cookies["heed_handed_over"].value)


def _comes_again(sub: str) -> Any:
    def door(w: Any, token: str) -> Any:
        client = Client()
        client.cookies["heed_handed_over"] = token
        return client.get("/hand-over/", {"token": _product(w).token(sub=sub)})

    return door


def _comes_again_as_another(w: Any, token: str) -> Any:
    assert gone_on(Client(), _product(w).token(sub="43", name="Dan")).status_code == 302
    return _comes_again("43")(w, token)


# --- Codes and links in mails of signing in ----------------------------------------------------------------------------
def _login_code(w: Any) -> str:
    w.asking = Client()
    w.asking.post("/accounts/login/code/", {"email": w.ann.email})
    found = re.search(r"^ {4}(\S+)$", mail.outbox[-1].body, re.MULTILINE)
    assert found is not None
    return found[1]


def _types_code(w: Any, token: str) -> Any:
    answer = w.asking.post("/accounts/login/code/confirm/", {"code": token})
    return "in" if "_auth_user_id" in w.asking.session else f"out-{said(answer)}"


def _types_code_elsewhere(w: Any, token: str) -> Any:
    client = Client()
    client.post("/accounts/login/code/", {"email": w.bo.email})
    answer = client.post("/accounts/login/code/confirm/", {"code": token})
    return "in" if "_auth_user_id" in client.session else f"out-{said(answer)}"


def _recovery_code(w: Any) -> str:
    TOTP.activate(w.bo, generate_totp_secret())
    made = RecoveryCodes.activate(w.bo)
    return str(made.get_unused_codes()[0])


def _second_step(w: Any, token: str) -> Any:
    client = Client()
    client.post("/accounts/login/", {"login": w.bo.email, "password": _PASSWORD})
    answer = client.post("/accounts/2fa/authenticate/", {"code": token})
    return "in" if "_auth_user_id" in client.session else f"out-{said(answer)}"


def _reset_link(w: Any) -> str:
    Client().post("/accounts/password/reset/", {"email": w.ann.email})
    found = re.search(r"/password/reset/key/([^/\s]+)/", mail.outbox[-1].body)
    assert found is not None
    return found[1]


def _confirming(w: Any) -> str:
    EmailAddress.objects.filter(user=w.ann).delete()
    made = EmailAddress.objects.create(user=w.ann, email=w.ann.email, primary=True, verified=False)
    return str(EmailConfirmationHMAC(made).key)


# --- Invitations, roles, claims ------------------------------------------------------------------------------------------
def _invitation(w: Any) -> str:
    return str(joining.invite(person=w.mo, now=w.now()).code)


def _withdraw_invitation(w: Any) -> None:
    made = Invitation.objects.order_by("pk").last()
    assert made is not None
    joining.withdraw(invitation=made, person=w.mo, now=w.now())


def _offer(w: Any) -> str:
    return str(offers.make_offer(role="MODERATOR", place=SITE, actor=w.ada, now=w.now()).code)


def _withdraw_offer(w: Any) -> None:
    made = Offer.objects.order_by("pk").last()
    assert made is not None
    offers.withdraw_offer(offer=made, actor=w.ada, now=w.now())


def _of_team(w: Any) -> str:
    return codes.make_code(author=w.ghost, actor=w.pia, now=w.now())


def _withdraw_code(w: Any) -> None:
    codes.withdraw_code(code=ClaimCode.objects.latest("pk"), actor=w.pia, now=w.now())


def _mailed(w: Any) -> str:
    codes.ask_by_mail(person=w.bo, address=w.ghost.imported_email, now=w.now())
    assert codes.mail_codes(now=w.now()) == 1
    found = re.search(r"[2-9A-Z]{5}-[2-9A-Z]{5}", mail.outbox[-1].body)
    assert found is not None
    return found[0]


_claims = field("/claim/code/", "code", as_="bo")

KINDS = (
    Kind(
        "session",
        "all that its person may do here",
        "cookie",
        _session,
        _with_cookie("heed_session"),
        refused="302",
        lasts=14 * _DAY,
        ended=(
            ("signed out", lambda w: w.browser.post("/accounts/logout/")),
            ("another password", _another_password),
            gone("ann"),
            suspended("ann"),
        ),
    ),
    Kind(
        "token of a hand-over",
        "signs in whom a product names, once",
        "address or form",
        lambda w: _product(w).token(),
        field("/hand-over/go/", "token"),
        opened="302",
        refused="403",
        lasts=_MINUTE + dt.timedelta(seconds=30),  # as this product makes it, with the leeway
        is_once=True,
        ended=(
            (
                "its key is retired",
                lambda w: retire_key(key=_product(w).key, actor=w.ada, now=w.now()),
            ),
        ),
    ),
    Kind(
        "who was asked at a hand-over",
        "spares one browser the question, with a fresh token for the same person",
        "cookie",
        _asked_before,
        _comes_again("42"),
        opened="302",
        refused="200",
        lasts=365 * _DAY,
        another=_comes_again_as_another,
    ),
    Kind(
        "code by mail",
        "signs in who asked for it, in the browser that asked",
        "mail",
        _login_code,
        _types_code,
        opened="in",
        refused="out-200",
        lasts=15 * _MINUTE,
        another=_types_code_elsewhere,
        ended=(gone("ann"), suspended("ann")),
    ),
    Kind(
        "recovery code",
        "the second step, after the password, once",
        "form",
        _recovery_code,
        _second_step,
        opened="in",
        refused="out-200",
        until="another takes its place",
        is_once=True,
        ended=(
            (
                "new ones are made",
                lambda w: w.bo.authenticator_set.filter(type="recovery_codes").delete(),
            ),
        ),
    ),
    Kind(
        "link of another password",
        "lets its reader set the password",
        "address",
        _reset_link,
        address("/accounts/password/reset/key/"),
        opened="302",
        refused="200 404",
        lasts=3 * _DAY,
        ended=(
            ("another password", _another_password),
            ("signed in", lambda w: changed(w, "ann", last_login=w.now())),
            gone("ann"),
        ),
    ),
    Kind(
        "link that confirms an address",
        "says that its reader reads the mails of that address",
        "address",
        _confirming,
        address("/accounts/confirm-email/", by="post"),
        opened="302",
        lasts=3 * _DAY,
        is_once=True,
        ended=(
            (
                "the address is taken off",
                lambda w: EmailAddress.objects.filter(user=w.ann).delete(),
            ),
        ),
    ),
    Kind(
        "invitation",
        "the sign-up form of a site that asks for one",
        "address",
        _invitation,
        address("/join/"),
        opened="302",
        lasts=joining.WORKS_FOR,
        ended=(("withdrawn", _withdraw_invitation), gone("mo"), suspended("mo")),
    ),
    Kind(
        "offer of a role",
        "gives who takes it first that one role",
        "address",
        _offer,
        address("/team/", by="post", as_="bo"),
        opened="302",
        lasts=offers.WORKS_FOR,
        is_once=True,
        ended=(
            ("withdrawn", _withdraw_offer),
            ("its maker administers no more", lambda w: changed(w, "ada", role="MEMBER")),
            gone("ada"),
            suspended("ada"),
        ),
    ),
    Kind(
        "code of the team for imported words",
        "lets one person claim one author",
        "form",
        _of_team,
        _claims,
        refused="422",
        lasts=codes.TEAM_WORKS,
        ended=(("withdrawn", _withdraw_code),),
    ),
    Kind(
        "mailed code for imported words",
        "lets who asked for it claim the authors of that address",
        "mail",
        _mailed,
        _claims,
        refused="422",
        lasts=codes.MAILED_WORKS,
        another=field("/claim/code/", "code", as_="ann"),
    ),
    Kind(
        "code of an agent's person",
        "makes the account that types it an agent of that person",
        "form",
        lambda w: code_of(w.ann),
        field("/settings/agents/", "code", as_="bo"),
        opened="302",
        refused="422",
        lasts=CODE_LIVES,
        ended=(gone("ann"), suspended("ann")),
    ),
)
