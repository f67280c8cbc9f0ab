"""Accounts that are no people: programs that act for somebody, and whose words count once that person confirms them."""

import datetime as dt

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import Origin, User
from feedback.accounts.permissions import by_manager
from feedback.accounts.restrictions import is_suspended
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel.refusals import Refusal

_SALT = "feedback.accounts.agents"
#: How long the code works with which a person takes on an agent.
CODE_LIVES = dt.timedelta(hours=1)


def code_of(human: User) -> str:
    """Return what an account is told by ``human`` so that it becomes their agent; it works for an hour."""
    return signing.dumps(human.public_id, salt=_SALT)


def human_by_code(code: str, *, now: dt.datetime) -> User:
    """Return whose code ``code`` is; raises `Refusal` for one that is none or too old, and of who is gone or suspended."""
    try:
        key = signing.loads(code.strip(), salt=_SALT, max_age=CODE_LIVES)
    except signing.BadSignature:
        key = ""
    human = User.objects.filter(public_id=key, is_active=True).first() if key else None
    if human is None or is_suspended(human, now=now):
        raise Refusal(_("This code does not work. It lasts an hour; make another one."), status=422)
    return human


def make_agent(*, account: User, human: User, now: dt.datetime) -> bool:
    """Have ``account`` be an agent of ``human``, as it says itself or a product does; return whether it was none.

    What it posted counts no more until ``human`` confirms it (`forum.agents`). Raises `Refusal` for an account that is of the
    team, has agents itself or acts for somebody else, and for one that would act for itself or another agent. Lock contract: both rows.
    """
    return _make(account, human, by=account, now=now)


@by_manager
def name_agent(*, account: User, human: User, actor: User, now: dt.datetime) -> bool:
    """Say for the team that ``account`` is an agent of ``human``; as `make_agent`."""
    return _make(account, human, by=actor, now=now)


def _make(account: User, human: User, *, by: User, now: dt.datetime) -> bool:
    with transaction.atomic():
        pair = User.objects.select_for_update(no_key=True).filter(pk__in=[account.pk, human.pk])
        rows = {one.pk: one for one in pair.order_by("pk")}
        known, behind = rows[account.pk], rows[human.pk]
        if known.acts_for_id == behind.pk:
            return False
        _refuse_odd(known, behind)
        User.objects.filter(pk=known.pk).update(acts_for=behind)
        _record(Verb.AGENT_MADE, known, behind, by=by, now=now)
    account.acts_for = behind
    return True


@by_manager
@transaction.atomic
def unmake_agent(*, account: User, actor: User, now: dt.datetime) -> bool:
    """Say that ``account`` is a person after all; return whether it was an agent. What waits of it counts then."""
    known = User.objects.select_for_update(no_key=True, of=("self",)).select_related("acts_for")
    found = known.get(pk=account.pk)
    behind = found.acts_for
    if behind is None:
        return False
    User.objects.filter(pk=found.pk).update(acts_for=None)
    account.acts_for = None
    _record(Verb.AGENT_UNMADE, found, behind, by=actor, now=now)
    return True


def _refuse_odd(account: User, human: User) -> None:
    if account.pk == human.pk or human.is_agent or not human.is_active:
        raise Refusal(_("An agent acts for a person, not for itself or for another agent."))
    if account.is_agent:
        raise Refusal(_("This account is an agent of somebody else already."))
    if account.has_duties or account.is_staff or account.origin != Origin.SIGNED_UP:
        raise Refusal(_("Who belongs to the team, or has no account of their own, is no agent."))
    if account.agents.exists():
        raise Refusal(_("This account has agents of its own, so a person is behind it."))


def _record(verb: Verb, account: User, human: User, *, by: User, now: dt.datetime) -> None:
    journal.write(
        verb=verb,
        subject=account,
        actor_id=by.pk,
        now=now,
        data={"agent": account.public_id, "human": human.public_id},
    )
