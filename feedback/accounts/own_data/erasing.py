"""Erasing a person: the account closes at once, what is theirs goes in steps that may be done again."""

import datetime as dt
import hashlib
from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import Claim, Credit, ProductAccount, Role, User
from feedback.accounts.own_data.models import Erasure
from feedback.accounts.own_data.parts import parts
from feedback.accounts.segments.erasing import forget_lines
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import doorbell
from feedback.kernel.leases import Lease, claim, free
from feedback.kernel.refusals import Refusal

#: Renewed while a person is erased: what a killed worker held is free again so soon.
LEASE = dt.timedelta(seconds=60)
#: What the key of where an erased author came from begins with; the rest is a digest of the key.
ERASED = "erased:"


def erased_key(origin_key: str) -> str:
    """Return what stands for the key of where an erased author came from: a later import finds them by it, and nobody else does."""
    return ERASED + hashlib.blake2b(origin_key.encode(), digest_size=16).hexdigest()


def ask_erasure(
    *, person: User, keeps_words: bool, actor: User | None, now: dt.datetime
) -> Erasure:
    """Close the account of ``person`` for ever and have everything that is theirs erased; their words stay or go.

    ``actor`` is the person, or None at the command line. Nobody can sign in from here on and nothing is sent to them any more.
    Asked twice it is one. Raises `PermissionDenied` for anybody else, `Refusal` for the last administrator. Lock contract: the
    administrators' rows, the person's row.
    """
    if actor is not None and (actor != person or not actor.is_active):
        raise PermissionDenied
    with transaction.atomic():
        administrators = User.objects.select_for_update().filter(role=Role.ADMIN, is_active=True)
        stored = User.objects.select_for_update().get(pk=person.pk)
        if {one.pk for one in administrators} == {stored.pk}:
            raise Refusal(
                _("You are the last administrator. Make somebody else one, then you can go.")
            )
        erasure, is_new = Erasure.objects.get_or_create(
            person=stored, defaults={"keeps_words": keeps_words, "asked_at": now}
        )
        if is_new:
            _close(stored)
            journal.write(
                verb=Verb.PERSON_ERASED,
                subject=stored,
                actor_id=actor.pk if actor is not None else None,
                now=now,
                data={"person": stored.public_id, "keeps_words": keeps_words},
            )
            doorbell.ring("accounts.erase_people")
    return erasure


def _close(person: User) -> None:
    """Take from ``person``'s row, and from those of the authors whom they claimed, what tells who they are."""
    theirs = [person, *User.objects.filter(claims__in=Claim.objects.filter(person=person))]
    _leave_segments(theirs)
    EmailAddress.objects.filter(user=person).delete()
    for one in theirs:
        one.email, one.imported_email, one.display_name, one.bio, one.language = (
            None,
            "",
            "",
            "",
            "",
        )
        one.face = one.mark = ""
        one.credit, one.role, one.part_role = Credit.COUNTED, Role.MEMBER, ""
        one.is_active = one.is_staff = one.is_superuser = False
        one.here_at = one.here_before = one.last_login = None
        one.set_unusable_password()
        if one.origin_key and not one.origin_key.startswith(ERASED):
            one.origin_key = erased_key(one.origin_key)
        one.save()


def _leave_segments(theirs: list[User]) -> None:
    """Take them out of the lists that the team brought."""
    addresses = EmailAddress.objects.filter(user__in=theirs).values_list("email", flat=True)
    accounts = ProductAccount.objects.filter(person__in=theirs).values_list("subject", flat=True)
    forget_lines(
        mails=[*addresses, *(one.imported_email for one in theirs if one.imported_email)],
        accounts=list(accounts),
        customers=[one.origin_key for one in theirs if one.origin_key],
    )


def erase_due(*, now: dt.datetime) -> int:
    """Erase what is left of those who asked; return how many are done with.

    Each part of each is a transaction of its own and may be done again: whoever is killed leaves the rest to the next.
    """
    due = Erasure.objects.filter(free(now), done_at=None)
    leases = (claim(due, erasure, lasts=LEASE) for erasure in due.order_by("asked_at", "pk")[:20])
    done = 0
    for lease in leases:
        if lease is not None:
            with lease.kept_alive():
                _erase(lease, now=now)
            done += lease.end(done_at=now)
    return done


def _erase(lease: Lease[Erasure], *, now: dt.datetime) -> None:
    person = User.objects.get(pk=lease.row.person_id)
    for part in parts():
        with transaction.atomic():
            for model, column in part.takes:
                model._default_manager.filter(**{column: person}).delete()
            part.erase(person, keeps_words=lease.row.keeps_words, now=now)


def known_again(keys: Iterable[str]) -> dict[str, User]:
    """Return the erased authors among those who came under ``keys``, by key."""
    if not Erasure.objects.exists():
        return {}
    by_digest = {erased_key(key): key for key in keys}
    found = User.objects.filter(origin_key__in=list(by_digest)).exclude(origin_key="")
    return {by_digest[one.origin_key]: one for one in found}
