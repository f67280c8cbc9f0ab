"""Which invitations work, how many somebody has left, who came by whom."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from feedback.accounts.joining.doors import doors
from feedback.accounts.joining.models import (
    Invitation,
    Invited,
    JoiningWishes,
    QuizQuestion,
    Way,
)
from feedback.accounts.models import User
from feedback.accounts.trust import Trust, at, trust_of
from feedback.kernel import slots

#: How many people a member may invite in all, by trust: the last that is not above theirs. The team as many as they like.
QUOTA = {Trust.NEW: 0, Trust.MEMBER: 5, Trust.KNOWN: 10, Trust.TRUSTED: 25}
#: No branch that is shown or cut at once is larger.
MOST_IN_BRANCH = 1_000


def is_open() -> bool:
    """Whether anybody at all may sign up, in whatever way."""
    return doors().way != Way.CLOSED


def needs_invitation(address: str) -> bool:
    """Whether who has the e-mail address ``address`` signs up by an invitation alone."""
    now = doors()
    if now.way == Way.DOMAIN:
        return address.rpartition("@")[2].lower() not in now.domains
    return now.way == Way.INVITATION


def open_invitation(code: str, *, now: dt.datetime) -> Invitation | None:
    """Return the invitation with this code that still works; not of who is suspended or gone."""
    found = Invitation.objects.filter(
        code=code,
        withdrawn_at=None,
        expires_at__gt=now,
        used__lt=F("most"),
        made_by__is_active=True,
    ).exclude(made_by__suspended_until__gt=now)
    return found.select_related("made_by").first()


def no_longer_works() -> str:
    """Return what whoever has an invitation that does not work is told, whyever it does not."""
    return _("This invitation does not work any more. Ask for another.")


def left_to_invite(person: User, *, now: dt.datetime) -> int | None:
    """Return how many more ``person`` may invite, None for any number. What nobody used in time comes back."""
    trust = trust_of(person, now=now)
    if trust == Trust.TEAM:
        return None
    if not is_open():
        return 0
    quota = at(QUOTA, trust)
    made = Invitation.objects.filter(made_by=person)
    used = made.filter(used__gt=0) | made.filter(withdrawn_at=None, expires_at__gt=now)
    return max(0, quota - used.count())


def invitations_of(person: User) -> QuerySet[Invitation]:
    """Return the invitations that ``person`` made, the newest first, with who came."""
    return Invitation.objects.filter(made_by=person).prefetch_related("came__person")


def access_invitation(person: User, public_id: str) -> Invitation:
    """Return an invitation that ``person`` may withdraw: their own, or any for who moderates the site; raises `Http404`."""
    known = Invitation.objects.filter(public_id=public_id)
    found = (known if person.is_moderator else known.filter(made_by=person)).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Twig:
    """Somebody in a branch: ``depth`` 1 was invited by who stands at its root."""

    person: User
    by: User
    depth: int
    came_at: dt.datetime

    @property
    def indent(self) -> int:
        """How far it is set in on a page, from 1 to 5."""
        return min(self.depth, 5)


def inviter_of(person: User) -> User | None:
    """Return by whom ``person`` was invited."""
    found = Invited.objects.filter(person=person).select_related("invitation__made_by").first()
    return None if found is None else found.invitation.made_by


def branch_of(person: User) -> list[Twig]:
    """Return all who came by ``person`` and by those, each below who invited them; one query a level."""
    below: dict[int, list[Invited]] = {}
    level, seen = [person.pk], {person.pk}
    while level and len(seen) <= MOST_IN_BRANCH:
        came = Invited.objects.filter(invitation__made_by__in=level).order_by("pk")
        level = []
        for one in came.select_related("person", "invitation__made_by")[:MOST_IN_BRANCH]:
            if one.person_id not in seen:
                seen.add(one.person_id)
                level.append(one.person_id)
                below.setdefault(one.invitation.made_by_id, []).append(one)
    found: list[Twig] = []
    left = [(one, 1) for one in reversed(below.get(person.pk, []))]
    while left:
        one, depth = left.pop()
        found.append(Twig(one.person, one.invitation.made_by, depth, one.came_at))
        left += [(next_one, depth + 1) for next_one in reversed(below.get(one.person_id, []))]
    return found


def count_invited_by(person: User) -> int:
    """Return how many came by ``person`` themselves."""
    return Invited.objects.filter(invitation__made_by=person).count()


def wishes() -> JoiningWishes:
    """Return what the owner asks of whoever signs up."""
    return JoiningWishes.objects.first() or JoiningWishes()


def questions() -> list[QuizQuestion]:
    """Return the questions of the quiz."""
    return list(QuizQuestion.objects.all())


def rules_page(request: HttpRequest) -> str:
    """Return where the rules stand, "" on a site without any."""
    return str(slots.gather("rules-page", request, [None]).get(0, ""))
