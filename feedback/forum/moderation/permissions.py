"""Who may know of what in cases. What one may not know of is a 404."""

from django.contrib.auth.models import AnonymousUser
from django.core.signing import BadSignature, TimestampSigner
from django.http import Http404

from feedback.accounts.models import User
from feedback.accounts.permissions import is_team
from feedback.forum import permissions
from feedback.forum.models import Case, Comment, Post, Ruling
from feedback.forum.moderation.queries import may_decide_in, within_reach_of

Person = User | AnonymousUser
#: Whoever is suspended proves with their password who they are, and then appeals with this for so long.
_KEY_LASTS = 24 * 3600
_signer = TimestampSigner(salt="feedback.forum.moderation")


def access_thing(person: Person, kind: str, public_id: str) -> Post | Comment | User:
    """Return what ``person`` would report; raises `Http404` for what they may not know of."""
    match kind:
        case "post":
            return permissions.access_post(person, public_id)
        case "comment":
            return permissions.access_comment(person, public_id)
        case "person":
            return permissions.access_person(public_id, reader=person)
    raise Http404


def access_case(person: Person, public_id: str) -> Case:
    """Return the case; raises `Http404` for one that ``person`` may not know of."""
    case = within_reach_of(person).filter(public_id=public_id).first()
    if case is None:
        raise Http404
    return case


def access_ruling(person: Person, public_id: str, *, key: str = "") -> tuple[Ruling, User]:
    """Return the ruling and whom it concerns, for them alone, the team and who keeps order there; ``key`` is what `key_for` made.

    Raises `Http404` for everybody else.
    """
    found = Ruling.objects.select_related("rule", "case__post__author", "case__comment__author")
    ruling = (
        found.select_related("case__comment__post", "case__person")
        .filter(public_id=public_id)
        .first()
    )
    if ruling is None:
        raise Http404
    author = ruling.case.author
    is_theirs = author.pk == person.pk or _opens(key, ruling)
    if not (is_theirs or reads_rulings(person, ruling)):
        raise Http404
    return ruling, author


def reads_rulings(person: Person, ruling: Ruling) -> bool:
    """Whether ``person`` reads ``ruling`` as one of the team, or of those who keep order there."""
    return is_team(person) or may_decide_in(person, ruling.case)


def key_for(ruling: Ruling) -> str:
    """Return what opens ``ruling`` for a day to whoever cannot sign in."""
    return _signer.sign(ruling.public_id)


def _opens(key: str, ruling: Ruling) -> bool:
    try:
        return _signer.unsign(key, max_age=_KEY_LASTS) == ruling.public_id
    except BadSignature:
        return False
