"""Opening a ring, inviting into it, answering an invitation, taking somebody out.

Each holds the release first, as every deed about one does. Those invited hear through the journal.
"""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext, override
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.forum.boards.operations import open_board
from feedback.forum.closed.models import Readers
from feedback.forum.closed.naming import let_in, let_out
from feedback.forum.models import NAME_LENGTH, Board
from feedback.journal.verbs import Verb
from feedback.kernel import visible
from feedback.kernel.batches import batches
from feedback.kernel.refusals import Refusal
from feedback.roadmap.models import Invitation, Release, Ring
from feedback.roadmap.ring.candidates import candidates
from feedback.roadmap.ring.queries import boards_to_reuse
from feedback.roadmap.stops import Stop
from feedback.roadmap.train.drafting import LOCALES
from feedback.roadmap.train.recording import held, record

Answer = Invitation.Answer
_SLUG_LENGTH = 40


@by_manager
@transaction.atomic
def open_ring(
    *,
    release: Release,
    actor: User,
    now: dt.datetime,
    most: int | None = None,
    board: Board | None = None,
) -> Ring:
    """Open the ring of ``release`` on ``board``, or on a closed one made for it, and invite; returns the ring there is, if one is.

    Invited are the people behind the asks that the release answers, most involved first, ``most`` of them at most. Raises
    `Refusal` for a release that is not at its beta, and for a board that cannot be a ring's.
    """
    release = held(release)
    known = Ring.objects.filter(release=release).first()
    if known is not None:
        return known
    if release.stop != Stop.BETA:
        raise Refusal(_("A ring opens while the release is at its beta. Move it there first."))
    if board is None:
        board = _new_board(release, actor=actor, now=now)
    elif not boards_to_reuse(release).filter(pk=board.pk).exists():
        raise Refusal(_("Choose a board that those alone read who are named on it."), status=422)
    ring = Ring.objects.create(release=release, board=board, opened_by=actor, opened_at=now)
    record(verb=Verb.RING_OPENED, release=release, actor=actor, now=now, board=board.slug)
    _invite(ring, candidates(release, most=most), actor=actor, now=now)
    return ring


@by_manager
@transaction.atomic
def invite_more(*, release: Release, actor: User, now: dt.datetime, most: int | None = None) -> int:
    """Invite those behind the asks of ``release`` who were not, most involved first; return how many those are.

    Raises `Refusal` where no ring is open.
    """
    ring = _open_ring(held(release))
    return _invite(ring, candidates(ring.release, most=most), actor=actor, now=now)


@by_manager
@transaction.atomic
def invite(*, release: Release, person: User, actor: User, now: dt.datetime) -> bool:
    """Invite ``person`` by name; return whether they wait for their answer now and did not before.

    Whoever was taken out may be invited anew. Raises `Refusal` for the team, which reads the board anyway, for who cannot sign in,
    and where no ring is open.
    """
    ring = _open_ring(held(release))
    if person.is_team:
        raise Refusal(_("The team reads every board: nobody of it needs an invitation."))
    if not person.can_be_told:
        raise Refusal(_("They cannot sign in here, so nothing would reach them."))
    again = Invitation.objects.filter(ring=ring, person=person, answer=Answer.TAKEN_OUT)
    if again.update(answer=Answer.WAITING, answered_at=None, invited_at=now, invited_by=actor):
        _tell(ring, 1, actor=actor, now=now)
        return True
    return bool(_invite(ring, [person.pk], actor=actor, now=now))


@by_manager
@transaction.atomic
def take_out(*, release: Release, person: User, actor: User, now: dt.datetime) -> bool:
    """Take ``person`` out of the ring: they no longer read its board, and are not invited by themselves again.

    Returns whether they were in it or invited.
    """
    ring = _ring_of(held(release))
    there = Invitation.objects.filter(ring=ring, person=person).exclude(answer=Answer.TAKEN_OUT)
    if not there.update(answer=Answer.TAKEN_OUT, answered_at=now):
        return False
    let_out(board=ring.board, person=person, by=actor, now=now)
    record(
        verb=Verb.RING_TAKEN_OUT,
        release=ring.release,
        actor=actor,
        now=now,
        person=person.public_id,
    )
    return True


@transaction.atomic
def answer(*, release: Release, person: User, accepts: bool, now: dt.datetime) -> Invitation:
    """Accept the invitation of ``person``, who then reads the ring's board, or decline it, who then does not; both may change.

    No-op where they said so before. Raises `Refusal` for who is not invited, and once the ring is closed. Lock contract: the
    invitation's row.
    """
    held_rows = Invitation.objects.select_for_update(of=("self",)).select_related("ring__board")
    found = held_rows.filter(ring__release=release, person=person).first()
    if found is None or found.answer == Answer.TAKEN_OUT:
        raise Refusal(_("You are not invited into this ring."), status=403)
    if found.ring.closed_at is not None:
        raise Refusal(_("The ring is closed: %s is out.") % release.version)
    wanted = Answer.ACCEPTED if accepts else Answer.DECLINED
    if found.answer == wanted:
        return found
    found.answer, found.answered_at = wanted, now
    found.save(update_fields=["answer", "answered_at"])
    if accepts:
        let_in(board=found.ring.board, person=person, named_by=found.invited_by, now=now)
    else:
        let_out(board=found.ring.board, person=person, by=person, now=now)
    record(
        verb=Verb.RING_ANSWERED, release=release, actor=person, now=now, answer=str(found.answer)
    )
    return found


def _ring_of(release: Release) -> Ring:
    ring = Ring.objects.select_related("release__product", "board").filter(release=release).first()
    if ring is None:
        raise Refusal(_("This release has no ring yet."))
    return ring


def _open_ring(release: Release) -> Ring:
    ring = _ring_of(release)
    if ring.closed_at is not None:
        raise Refusal(_("The ring is closed: %s is out.") % release.version)
    return ring


def _invite(ring: Ring, people: Collection[int], *, actor: User, now: dt.datetime) -> int:
    """Write invitations for those of ``people`` who have none; return how many. Call under the release's row."""
    before = Invitation.objects.filter(ring=ring).count()
    for some in batches(people):
        Invitation.objects.bulk_create(
            [Invitation(ring=ring, person_id=pk, invited_by=actor, invited_at=now) for pk in some],
            ignore_conflicts=True,
        )
    invited = Invitation.objects.filter(ring=ring).count() - before
    if invited:
        _tell(ring, invited, actor=actor, now=now)
    return invited


def _tell(ring: Ring, invited: int, *, actor: User, now: dt.datetime) -> None:
    record(verb=Verb.RING_INVITED, release=ring.release, actor=actor, now=now, invited=invited)


def _new_board(release: Release, *, actor: User, now: dt.datetime) -> Board:
    """Make the closed board of the ring. Nothing on it is grouped, for nothing of it is seen elsewhere."""
    names, words = {}, {}
    for language, locale in LOCALES.items():
        with override(locale):
            name = gettext("Beta of %(version)s") % {"version": release.version}
            names[language] = visible.cut(name, NAME_LENGTH)
            words[language] = gettext("Try it before everyone, and say here what you find.")
    return open_board(
        slug=_free_slug(release),
        name=names["en"],
        name_zh=names["zh"],
        description=words["en"],
        description_zh=words["zh"],
        product=release.product,
        readers=Readers.RING,
        is_grouped=False,
        position=5,
        actor=actor,
        now=now,
    )


def _free_slug(release: Release) -> str:
    """Return an address for the board that none has: "beta-1-4-0"."""
    base = slugify(f"beta {release.version}".replace(".", "-"))[: _SLUG_LENGTH - 4].strip("-")
    taken = set(Board.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number = 1
    while (slug := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return slug
