"""Codes that prove once who somebody is: made, mailed, typed and withdrawn. Only their digests are kept."""

import datetime as dt
import logging
import re
import secrets

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from feedback.accounts.claiming.models import ClaimCode
from feedback.accounts.claiming.queries import claimable
from feedback.accounts.language import language_of
from feedback.accounts.models import User
from feedback.accounts.operations import count_hit
from feedback.accounts.permissions import by_manager
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import clock, doorbell
from feedback.kernel.leases import Lease, claim, free
from feedback.kernel.refusals import Refusal

logger = logging.getLogger(__name__)

#: A mail may take its time; a letter or a message from the team takes longer.
MAILED_WORKS, TEAM_WORKS = dt.timedelta(hours=1), dt.timedelta(days=14)
#: How often one person may ask for a mail, and for one to the same address; how many one address may get from all of them,
#: so that nobody uses up the tries of whoever it belongs to; how often one person may type a code.
_ASKED = (6, dt.timedelta(hours=1))
_TO_ONE_ADDRESS, _FROM_ALL = (5, dt.timedelta(days=1)), (20, dt.timedelta(days=1))
_TYPED = (20, dt.timedelta(hours=1))
#: Ten letters without look-alikes: about 49 bits, which nobody guesses at twenty an hour.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 10
_LEASE = dt.timedelta(minutes=2)


# --- A code in a mail ----------------------------------------------------------------------------------------------
def ask_by_mail(*, person: User, address: str, now: dt.datetime) -> None:
    """Have a code mailed to ``address`` if an import knows an author by it. Raises `Refusal`.

    What happens here is the same whether there is one or not, and takes as long: the worker finds out.
    """
    wanted = address.strip().lower()
    try:
        validate_email(wanted)
    except ValidationError:
        raise Refusal(_("“%s” is not an e-mail address.") % address.strip(), status=422) from None
    _limit(f"claim-mail:{person.pk}", *_ASKED, now=now)
    _limit(f"claim-to:{person.pk}:{_digest(wanted)[:32]}", *_TO_ONE_ADDRESS, now=now)
    _limit(f"claim-to:{_digest(wanted)[:32]}", *_FROM_ALL, now=now)
    with transaction.atomic():
        ClaimCode.objects.create(
            person=person, address=wanted, made_at=now, expires_at=now + MAILED_WORKS
        )
        doorbell.ring("accounts.mail_claim_codes")


def mail_codes(*, now: dt.datetime) -> int:
    """Mail a code for each row that waits for one and whose address is an author's; return how many left.

    A worker that is killed in the middle leaves the row to the next; that mails another code, and the first works no more.
    """
    waiting = ClaimCode.objects.filter(free(now), author=None, mailed_at=None, expires_at__gt=now)
    found = list(waiting.select_related("person").order_by("pk")[:100])
    leases = (claim(waiting, row, lasts=_LEASE) for row in found)
    return sum(_mail(lease, now=now) for lease in leases if lease is not None)


def _mail(lease: Lease[ClaimCode], *, now: dt.datetime) -> bool:
    row = lease.row
    if not claimable().filter(imported_email=row.address).exists():
        lease.end(mailed_at=now)
        return False
    code, about = _new_code(), {"code_minutes": int(MAILED_WORKS.total_seconds()) // 60}
    lease.renew(digest=_digest(code))
    try:
        with translation.override(language_of(row.person) or settings.LANGUAGE_CODE):
            said = about | {"code": in_groups(code)}
            mail = get_adapter().render_mail("account/email/claim_code", row.address, said)
            mail.send()
    except OSError:
        logger.warning("A code could not be mailed; it is tried again.", exc_info=True)
        return False
    left_at = clock.now()
    lease.end(mailed_at=left_at, expires_at=left_at + MAILED_WORKS)
    return True


# --- A code from the team --------------------------------------------------------------------------------------------
@by_manager
@transaction.atomic
def make_code(*, author: User, actor: User, now: dt.datetime) -> str:
    """Make a code that lets one person claim ``author``, and return it: it is shown this once. Raises `Refusal`."""
    if not claimable().filter(pk=author.pk).exists():
        raise Refusal(_("These words are claimed already."))
    code = _new_code()
    ClaimCode.objects.create(
        digest=_digest(code),
        author=author,
        made_by=actor,
        made_at=now,
        expires_at=now + TEAM_WORKS,
    )
    journal.write(verb=Verb.CLAIM_CODE_MADE, subject=author, actor_id=actor.pk, now=now)
    return in_groups(code)


@by_manager
@transaction.atomic
def withdraw_code(*, code: ClaimCode, actor: User, now: dt.datetime) -> None:
    """Have ``code`` work no more. Done twice it is done once."""
    open_ones = ClaimCode.objects.filter(pk=code.pk, used_at=None, withdrawn_at=None)
    if open_ones.update(withdrawn_at=now):
        journal.write(
            verb=Verb.CLAIM_CODE_WITHDRAWN, subject=code.author or code, actor_id=actor.pk, now=now
        )


def codes_for(author: User, *, now: dt.datetime) -> "QuerySet[ClaimCode]":
    """Return the codes of the team that still work for ``author``, the newest first."""
    open_ones = ClaimCode.objects.filter(used_at=None, withdrawn_at=None, expires_at__gt=now)
    return open_ones.filter(author=author).select_related("made_by").order_by("-pk")


# --- Typing one in -----------------------------------------------------------------------------------------------------
def typed(*, person: User, code: str, now: dt.datetime) -> ClaimCode:
    """Return the code that ``person`` typed. Raises `Refusal`, in the same words for all that do not work."""
    _limit(f"claim-typed:{person.pk}", *_TYPED, now=now)
    wanted = re.sub(r"[\s\-–—]", "", code).upper()
    found = ClaimCode.objects.filter(
        digest=_digest(wanted), used_at=None, withdrawn_at=None, expires_at__gt=now
    ).first()
    if found is None or found.person_id not in (None, person.pk):
        raise Refusal(
            _(
                "This code does not work. A code works once and not for ever, and one from a mail only for whoever asked for it. Check the letters, or ask for another."
            ),
            status=422,
        )
    return found


def in_groups(code: str) -> str:
    """Return a code as it is read and typed."""
    return f"{code[:5]}-{code[5:]}"


def forget_old(*, now: dt.datetime) -> None:
    """Remove codes that have not worked for a day."""
    ClaimCode.objects.filter(expires_at__lt=now - dt.timedelta(days=1)).delete()


def _new_code() -> str:
    return "".join(secrets.choice(_ALPHABET) for _number in range(_LENGTH))


def _digest(said: str) -> str:
    return salted_hmac("feedback.accounts.claiming", said, algorithm="sha256").hexdigest()


def _limit(key: str, most: int, per: dt.timedelta, *, now: dt.datetime) -> None:
    if count_hit(key=key, per=per, now=now) > most:
        raise Refusal(
            _("That was too often. Try again later, or ask the team for a code."),
            status=429,
        )
