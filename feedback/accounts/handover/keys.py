"""Making and retiring the keys of products."""

import datetime as dt
import re
import secrets

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from feedback.accounts.handover.models import ISSUER_LENGTH, HandOverKey
from feedback.accounts.models import User
from feedback.accounts.permissions import by_administrator
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel.refusals import Refusal

#: Keys of one product that are in force at once: the present one, and the one that takes over.
MOST_IN_FORCE = 2
_LEAST_BITS = 2048


@by_administrator
def make_key(
    *, issuer: str, kind: str, public_key: str = "", actor: User, now: dt.datetime
) -> HandOverKey:
    """Make a key for the product ``issuer``, with a secret of its own or with the product's public key.

    Raises `Refusal` where two are in force already, or the public key is none. Lock contract: the product's keys.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", issuer) or len(issuer) > ISSUER_LENGTH:
        raise Refusal(_("Name the product in small letters, such as acme-app."), status=422)
    if kind not in HandOverKey.Kind.values:
        raise Refusal(_("Choose the kind of key."), status=422)
    has_secret = kind == HandOverKey.Kind.HS256
    if not has_secret:
        _check(public_key, kind)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)
        if in_force().filter(issuer=issuer).count() >= MOST_IN_FORCE:
            raise Refusal(_("Two keys of this product are in force. Retire one first."))
        made = HandOverKey.objects.create(
            issuer=issuer,
            kind=kind,
            secret=secrets.token_urlsafe(48) if has_secret else "",
            public_key="" if has_secret else public_key.strip(),
            made_by=actor,
            made_at=now,
        )
        _record(Verb.HAND_OVER_KEY_MADE, made, actor, now=now)
    return made


@by_administrator
@transaction.atomic
def retire_key(*, key: HandOverKey, actor: User, now: dt.datetime) -> None:
    """Believe nothing that ``key`` signed, from now on. Its secret is forgotten; done twice it is done once."""
    nobodys = secrets.token_urlsafe(48) if key.secret else ""
    in_force = HandOverKey.objects.filter(pk=key.pk, retired_at=None)
    if in_force.update(retired_at=now, secret=nobodys):
        _record(Verb.HAND_OVER_KEY_RETIRED, key, actor, now=now)


def in_force() -> QuerySet[HandOverKey]:
    """Return the keys whose tokens are believed."""
    return HandOverKey.objects.filter(retired_at=None)


def access_key(public_id: str) -> HandOverKey:
    """Return a key; raises `Http404`."""
    found = HandOverKey.objects.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def _check(public_key: str, kind: str) -> None:
    wrong = Refusal(
        _(
            "This is no such public key. Paste it as PEM: it begins with -----BEGIN PUBLIC KEY-----."
        ),
        status=422,
    )
    if "PRIVATE" in public_key:
        raise Refusal(
            _("This is a private key. Throw it away, make a new pair, and paste its public half."),
            status=422,
        )
    try:
        loaded = load_pem_public_key(public_key.strip().encode())
    except (ValueError, UnsupportedAlgorithm):
        raise wrong from None
    if kind == HandOverKey.Kind.EDDSA and not isinstance(loaded, Ed25519PublicKey):
        raise wrong
    if kind == HandOverKey.Kind.RS256:
        if not isinstance(loaded, RSAPublicKey):
            raise wrong
        if loaded.key_size < _LEAST_BITS:
            raise Refusal(_("This key is too short: take 2048 bits or more."), status=422)


def _record(verb: Verb, key: HandOverKey, actor: User, *, now: dt.datetime) -> None:
    about = {"issuer": key.issuer, "kid": key.public_id, "kind": key.kind}
    journal.write(verb=verb, subject=key, actor_id=actor.pk, now=now, data=about)
