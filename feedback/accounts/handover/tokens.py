"""Reading a product's token: whose it is, and whether it may be believed. Nothing is written here."""

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from typing import Any

import jwt
from django.conf import settings

from feedback.accounts.handover.models import (
    FACT_LENGTH,
    SUBJECT_LENGTH,
    HandOverKey,
)
from feedback.accounts.imported import mailable
from feedback.accounts.models import NAME_LENGTH
from feedback.kernel import text, typed, visible
from feedback.kernel.clean_requests import can_be_kept

#: A token lives no longer, from when it was made to when it ends.
LIVES = dt.timedelta(minutes=5)
#: Clocks of two machines are a little apart.
LEEWAY = dt.timedelta(seconds=30)
MOST_LETTERS = 4_000
_FACTS = ("plan", "version", "device", "model", "segment")


class NotBelieved(Exception):
    """A token is not to be believed. ``why`` is for the operator's log: the person hears one sentence for all."""


@dataclass(frozen=True)
class Believed:
    """What a product says of who stands before us. ``ends_at`` is when the token could not be used any more."""

    key: HandOverKey
    subject: str
    digest: str
    ends_at: dt.datetime
    name: str
    email: str
    has_checked_email: bool
    language: str
    facts: dict[str, str]
    where: str
    #: Under which name the product knows whom an agent acts for; "" for a person.
    agent_of: str = ""
    #: What went wrong in a model, as the product saw it: prompt, answer and model_version.
    prompt: dict[str, str] = field(default_factory=dict)


def believe(token: str, *, now: dt.datetime) -> Believed:
    """Return what ``token`` says. Raises `NotBelieved` unless a key of ours signed it, for us, a moment ago.

    Whether it was used before is not asked here.
    """
    key, claims = _verified(token)
    made_at, ends_at = _moment(claims, "iat"), _moment(claims, "exp")
    if ends_at + LEEWAY <= now:
        raise NotBelieved("it has ended")
    if made_at > now + LEEWAY or not dt.timedelta() < ends_at - made_at <= LIVES:
        raise NotBelieved("it lives longer than five minutes, or was made later than now")
    if "nbf" in claims and _moment(claims, "nbf") > now + LEEWAY:
        raise NotBelieved("it is not to be used yet")
    email = claims.get("email")
    where = claims.get("next")
    return Believed(
        key=key,
        subject=_name_of(claims, "sub", most=SUBJECT_LENGTH),
        digest=hashlib.sha256(_name_of(claims, "jti", most=200).encode()).hexdigest(),
        ends_at=ends_at + LEEWAY,
        name=_said(claims.get("name"), most=NAME_LENGTH),
        email=mailable(email) if isinstance(email, str) else "",
        has_checked_email=claims.get("email_verified") is True,
        language=_language(claims.get("language")),
        facts={name: _said(claims.get(name), most=FACT_LENGTH) for name in _FACTS},
        where=where if isinstance(where, str) else "",
        agent_of=_agent_of(claims),
        prompt=_prompt(claims),
    )


def _agent_of(claims: dict[str, Any]) -> str:
    """Return under which name the product knows whom an agent acts for; "" for a person.

    Raises `NotBelieved` for who is half an agent: taken for a person, a program would count as one.
    """
    is_agent = claims.get("agent")
    if is_agent is not None and not isinstance(is_agent, bool):
        raise NotBelieved("agent is neither true nor false")
    if is_agent:
        return _name_of(claims, "on_behalf_of", most=SUBJECT_LENGTH)
    if claims.get("on_behalf_of") is not None:
        raise NotBelieved("on_behalf_of is said of who is no agent")
    return ""


def _prompt(claims: dict[str, Any]) -> dict[str, str]:
    """Return what the token says of a prompt, nothing where it names none."""
    said = {name: claims.get(name) for name in ("prompt", "answer", "model_version")}
    kept = {
        name: typed.shown(text.normalise(value)) if isinstance(value, str) else ""
        for name, value in said.items()
    }
    return kept if kept["prompt"] else {}


def _verified(token: str) -> tuple[HandOverKey, dict[str, Any]]:
    """Return the key that signed ``token`` and what it says. The kind of signature is the key's, never the token's."""
    if not token or len(token) > MOST_LETTERS:
        raise NotBelieved("it is no token")
    try:
        kid = jwt.get_unverified_header(token).get("kid")
    except jwt.PyJWTError as error:
        raise NotBelieved("it is no token") from error
    known = HandOverKey.objects.filter(public_id=kid, retired_at=None)
    key = known.first() if isinstance(kid, str) and can_be_kept(kid) else None
    if key is None:
        raise NotBelieved("no key of that kid is in force")
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key=key.secret or key.public_key,
            algorithms=[key.kind],
            audience=[settings.BASE_URL, f"{settings.BASE_URL}/"],
            issuer=key.issuer,
            # Time is ours to judge, by the one clock.
            options={
                "require": ["exp", "iat", "jti", "sub", "iss", "aud"],
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise NotBelieved(str(error)) from error
    return key, claims


def _moment(claims: dict[str, Any], name: str) -> dt.datetime:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NotBelieved(f"{name} is no moment")
    try:
        return dt.datetime.fromtimestamp(value, tz=dt.UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise NotBelieved(f"{name} is no moment") from error


def _name_of(claims: dict[str, Any], name: str, *, most: int) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= most or not can_be_kept(value):
        raise NotBelieved(f"{name} is no name")
    return value


def _said(value: object, *, most: int) -> str:
    """Return a word that is shown, "" where it is none: what a product says of a person never stops them."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return visible.cut(typed.shown(text.one_line(str(value)[:1_000])), most)


def _language(value: object) -> str:
    """Return one of our languages, "" for any other."""
    said = str(value).lower().replace("_", "-") if isinstance(value, str) else ""
    if said.startswith("zh") and "hant" not in said:
        return "zh-hans"
    return "en" if said.startswith("en") else ""
