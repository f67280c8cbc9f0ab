"""Offering a role by a link, by mail or passed on by hand: one person takes it, once, until a day."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from feedback.accounts.joining import operations as joining
from feedback.accounts.joining.models import Invited
from feedback.accounts.joining.queries import is_open
from feedback.accounts.language import spoken_to
from feedback.accounts.letters import hand_over, refuse_no_address
from feedback.accounts.models import Origin, PartRole, Role, User
from feedback.accounts.permissions import by_administrator
from feedback.forum.models import Offer, Right
from feedback.forum.rights.operations import SITE, Place, hold, refuse_misfit
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import text
from feedback.kernel.identity import site_name
from feedback.kernel.refusals import Refusal

WORKS_FOR = dt.timedelta(days=7)
#: For so long the page shows what nobody took.
_SHOWN_FOR = dt.timedelta(days=30)


def place_of(offer: Offer) -> Place:
    """Return where the role is that is offered."""
    return Place(offer.product, offer.board)


def open_offer(code: str, *, now: dt.datetime) -> Offer | None:
    """Return the offer with this code that still works: its maker is an administrator still, and not suspended."""
    found = Offer.objects.filter(
        code=code,
        taken_at=None,
        withdrawn_at=None,
        expires_at__gt=now,
        made_by__is_active=True,
        made_by__role=Role.ADMIN,
    ).exclude(made_by__suspended_until__gt=now)
    return found.select_related("made_by", "product", "board", "invitation").first()


def offers_lately(*, now: dt.datetime) -> QuerySet[Offer]:
    """Return the offers that wait, and those that nobody took lately, the newest first."""
    since = Q(expires_at__gt=now - _SHOWN_FOR)
    found = Offer.objects.filter(since, taken_at=None, withdrawn_at=None)
    return found.select_related("made_by", "product", "board")


@by_administrator
def make_offer(
    *, role: str, place: Place, actor: User, now: dt.datetime, mail_to: str = ""
) -> Offer:
    """Offer ``role`` on ``place`` to whoever has the link first; ``mail_to`` is where `mail_offer` sends it.

    Who has no account signs up by it, where anybody may. Raises `Refusal` for a role that does not fit the place, and an
    address that is none.
    """
    refuse_misfit(role, place)
    mail_to = text.one_line(mail_to).lower()
    if mail_to:
        refuse_no_address(mail_to)
    with transaction.atomic():
        Offer.objects.filter(taken_at=None, expires_at__lt=now - _SHOWN_FOR).delete()
        made = Offer.objects.create(
            role=role,
            product=place.product,
            board=place.board,
            mailed_to=mail_to,
            invitation=joining.invite(person=actor, now=now, note=_("Team")) if is_open() else None,
            made_by=actor,
            made_at=now,
            expires_at=now + WORKS_FOR,
        )
        journal.write(
            verb=Verb.ROLE_OFFERED,
            subject=made,
            actor_id=actor.pk,
            now=now,
            data={"role": role, "on": place.key},
        )
    return made


def mail_offer(offer: Offer, *, link: str) -> None:
    """Mail the link to whom it is for. Raises `Refusal` with what the mail server said; the offer stays."""
    with spoken_to(offer.mailed_to):
        words = {
            "site": site_name(),
            "name": offer.made_by.name,
            "role": offer.get_role_display(),
            "place": place_of(offer).title,
            "link": link,
            "days": WORKS_FOR.days,
        }
        subject = _("%(site)s: an invitation to the team") % words
        body = (
            _(
                "%(name)s invites you to the team of %(site)s.\n\nRole: %(role)s\nWhere: %(place)s\n\n%(link)s\n\n"
                "The link works once, for %(days)d days. If you do not know what this is about, do nothing.\n"
            )
            % words
        )
    try:
        hand_over(to=offer.mailed_to, subject=subject, body=body)
    except Refusal as why:
        raise Refusal(_("%(why)s. Pass the link on yourself.") % {"why": why}) from why


@by_administrator
@transaction.atomic
def withdraw_offer(*, offer: Offer, actor: User, now: dt.datetime) -> bool:
    """Have the link work no more; return whether it did. The address that it was mailed to is forgotten."""
    waiting = Offer.objects.filter(pk=offer.pk, taken_at=None, withdrawn_at=None)
    if not waiting.update(withdrawn_at=now, mailed_to=""):
        return False
    if offer.invitation is not None:
        joining.withdraw(invitation=offer.invitation, person=actor, now=now)
    journal.write(verb=Verb.ROLE_OFFER_WITHDRAWN, subject=offer, actor_id=actor.pk, now=now)
    return True


def take_offer(*, code: str, person: User, now: dt.datetime) -> Offer:
    """Let ``person`` have the role that is offered. One conditional update decides between two at once.

    Raises `Refusal` where the link works no more, where somebody else signed up by it, and as `operations.hold`.
    """
    if not person.is_active or person.origin != Origin.SIGNED_UP:
        raise PermissionDenied
    with transaction.atomic():
        found = open_offer(code, now=now)
        if found is None or not _is_taken(found, person, now=now):
            raise Refusal(no_longer_works(), status=422)
        if found.invitation is not None and not _came_by(found):
            joining.withdraw(invitation=found.invitation, person=found.made_by, now=now)
        place = place_of(found)
        if not _has_more(person, found.role, place):
            hold(person=person, role=found.role, place=place, given_by=found.made_by, now=now)
    return found


def _came_by(offer: Offer) -> Invited | None:
    return Invited.objects.filter(invitation=offer.invitation_id).first()


def _is_taken(offer: Offer, person: User, *, now: dt.datetime) -> bool:
    """Write that ``person`` takes ``offer``; return False where somebody else did, or signed up by it."""
    came = _came_by(offer) if offer.invitation_id is not None else None
    if came is not None and came.person_id != person.pk:
        return False
    waiting = Offer.objects.filter(pk=offer.pk, taken_at=None, withdrawn_at=None)
    return bool(waiting.update(taken_at=now, taken_by=person, mailed_to=""))


def _has_more(person: User, role: str, place: Place) -> bool:
    """Whether ``person`` has a greater role there, which a link takes from nobody."""
    if place == SITE:
        order = Role.values
        return order.index(person.role) > order.index(role)
    more = Right.objects.filter(person=person, product=place.product, role=PartRole.MANAGER)
    return role != PartRole.MANAGER and place.product is not None and more.exists()


def no_longer_works() -> str:
    """Return what whoever has a link that does not work is told, whyever it does not."""
    return _("This link does not work any more. Ask whoever sent it for another.")
