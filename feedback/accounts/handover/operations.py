"""Handing over: using a token once, and finding or making the person it speaks of."""

import datetime as dt

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from feedback.accounts.agents import make_agent
from feedback.accounts.handover.models import HandOverKey, ProductAccount, UsedToken
from feedback.accounts.handover.tokens import LIVES, Believed
from feedback.accounts.joining.operations import accept_rules
from feedback.accounts.models import Origin, User
from feedback.accounts.profile_words import name_told
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel.refusals import Refusal


def person_of(said: Believed) -> User | None:
    """Return whom ``said`` speaks of, None where nobody is known by it yet. Nothing changes.

    The product's own name for them goes first; then an address that both the product and this site have checked.
    """
    account = _account_of(said)
    return account.person if account is not None else _person_by_address(said)


def _account_of(said: Believed) -> ProductAccount | None:
    known = ProductAccount.objects.filter(issuer=said.key.issuer, subject=said.subject)
    return known.select_related("person").first()


def _person_by_address(said: Believed) -> User | None:
    if not said.email or not said.has_checked_email:
        return None
    own = EmailAddress.objects.filter(email__iexact=said.email, verified=True)
    address = own.select_related("user").filter(user__origin=Origin.SIGNED_UP).first()
    return None if address is None else address.user


def is_used(said: Believed) -> bool:
    """Whether the token was used before."""
    return UsedToken.objects.filter(issuer=said.key.issuer, digest=said.digest).exists()


def hand_over(*, said: Believed, now: dt.datetime, accepts_rules: bool = False) -> User:
    """Use the token, keep what it says, and return the person; makes one where there is none. Raises `Refusal`.

    A token is used once, by one constraint, however many come at once. A member of the team is never signed in so,
    and nobody gets another's account by an address that is not checked. Lock contract: none but unique keys.
    """
    for is_second in (False, True):
        try:
            with transaction.atomic():
                return _hand_over(said, now=now, accepts_rules=accepts_rules)
        except IntegrityError:
            # Another request was first: with this token, or with another of the same person.
            if is_used(said):
                raise Refusal(used_before()) from None
            if is_second:
                raise
    raise AssertionError("The second try returns or raises.")


def _hand_over(said: Believed, *, now: dt.datetime, accepts_rules: bool) -> User:
    account = _account_of(said)
    person = account.person if account is not None else _person_by_address(said)
    refuse_team(person)
    _use(said)
    if person is None:
        person = _make(said, now=now)
        _record(person, said, now=now)
    _keep(said, person, account, now=now)
    if accepts_rules:
        accept_rules(person=person, now=now)
    if said.agent_of:
        make_agent(account=person, human=_human_of(said), now=now)
    return person


def _human_of(said: Believed) -> User:
    """Return the person whom the product's agent acts for: they opened the forum from it themselves. Raises `Refusal`."""
    known = ProductAccount.objects.filter(issuer=said.key.issuer, subject=said.agent_of)
    account = known.select_related("person").first()
    if account is None:
        raise Refusal(
            _("Whom this agent acts for is not known here. They open the forum from the app first.")
        )
    return account.person


def refuse_team(person: User | None) -> None:
    """Raise `Refusal` where ``person`` is of the team: a product's key opens no desk."""
    if person is not None and (person.has_duties or person.is_staff or person.is_superuser):
        raise Refusal(_("Who belongs to the team signs in here, not from the app."), status=403)


def used_before() -> str:
    """Return what whoever brings a used token is told."""
    return _("This link was used already. Open it from your app again.")


def forget_ended(*, now: dt.datetime) -> None:
    """Forget used tokens that could not be used any more anyway, on no machine: the clock of another may be behind."""
    UsedToken.objects.filter(ends_at__lt=now - LIVES).delete()


def _use(said: Believed) -> None:
    if is_used(said):
        raise Refusal(used_before())
    UsedToken.objects.create(issuer=said.key.issuer, digest=said.digest, ends_at=said.ends_at)


def _make(said: Believed, *, now: dt.datetime) -> User:
    """Make a member. Their address is theirs here only where the product checked it and nobody has it."""
    is_theirs = said.email and said.has_checked_email and not _is_taken(said.email)
    email = said.email if is_theirs else None
    name = name_told(said.name, now=now)
    person = User.objects.create_user(
        email=email, display_name=name, language=said.language, origin=Origin.SIGNED_UP
    )
    if email:
        EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def _is_taken(address: str) -> bool:
    return (
        User.objects.filter(email__iexact=address).exists()
        or EmailAddress.objects.filter(email__iexact=address).exists()
    )


def _keep(
    said: Believed, person: User, account: ProductAccount | None, *, now: dt.datetime
) -> None:
    """Keep what is said in ``account``, or in a new one: another that was made meanwhile is an `IntegrityError`."""
    facts = {
        "plan": said.facts["plan"],
        "product_version": said.facts["version"],
        "device": said.facts["device"],
        "model": said.facts["model"],
        "segment": said.facts["segment"],
        "seen_at": now,
    }
    if account is not None:
        ProductAccount.objects.filter(pk=account.pk).update(**facts)
    else:
        known_as = {"issuer": said.key.issuer, "subject": said.subject}
        ProductAccount.objects.create(person=person, made_at=now, **known_as, **facts)
    HandOverKey.objects.filter(pk=said.key.pk).update(used_at=now)


def _record(person: User, said: Believed, *, now: dt.datetime) -> None:
    journal.write(
        verb=Verb.HANDED_OVER,
        subject=person,
        actor_id=None,
        now=now,
        data={"issuer": said.key.issuer, "kid": said.key.public_id},
    )
