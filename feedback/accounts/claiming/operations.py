"""Claiming an imported author, taking a wrong claim back, and carrying over what comes late."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _

from feedback.accounts.claiming import codes, keepers
from feedback.accounts.claiming.models import Claim, ClaimCode
from feedback.accounts.claiming.queries import (
    claimable,
    proven_by_address,
    proven_by_code,
    proven_without_code,
)
from feedback.accounts.models import Origin, User
from feedback.accounts.permissions import by_manager
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel.batches import batches
from feedback.kernel.refusals import Refusal

#: Somebody votes, or is told of something, in the very moment in which their words come to them.
_TRIES = 3
_OWN = "accounts"
Done = TypeVar("Done")


def claim_words(
    *, person: User, authors: Collection[str], code: str = "", now: dt.datetime
) -> list[Claim]:
    """Have all that these imported authors (by public id) wrote, wanted and missed be ``person``'s, each thing once.

    ``code`` proves it, or where it is empty an address or an account elsewhere that is the person's own; of ``authors`` those are claimed that it proves.
    All or nothing, in one transaction. Raises `Refusal`. Lock contract: the people's rows, then those of posts, then of asks.
    """
    if person.origin != Origin.SIGNED_UP or not person.is_active:
        raise PermissionDenied("Who signs in claims.")
    proof = codes.typed(person=person, code=code, now=now) if code else None
    return _whole(lambda: _claim_all(person, authors, proof, now=now))


def _whole(act: Callable[[], Done]) -> Done:
    """Do ``act`` in one transaction, and once more where somebody was in the way."""
    for tried in range(1, _TRIES + 1):
        try:
            with transaction.atomic():
                return act()
        except (IntegrityError, OperationalError) as error:
            if tried == _TRIES or not _was_in_each_others_way(error):
                raise
    raise AssertionError("The last try returns or raises.")


def _was_in_each_others_way(error: Exception) -> bool:
    is_deadlock = getattr(error.__cause__, "sqlstate", "") == "40P01"
    return is_deadlock or isinstance(error, IntegrityError)


def _claim_all(
    person: User, authors: Collection[str], code: ClaimCode | None, *, now: dt.datetime
) -> list[Claim]:
    proven = proven_without_code(person)
    if code is not None:
        proven = proven_by_code(code, person)
    wanted = set(proven.filter(public_id__in=authors).values_list("pk", flat=True))
    # Whoever comes second waits here, and then finds them claimed.
    people = _hold({*wanted, person.pk})
    still = claimable().filter(pk__in=wanted).order_by("pk").values_list("pk", flat=True)
    proof = _proof(person, code)
    claims = [_claim(people[pk], people[person.pk], proof(pk), now=now) for pk in still]
    if not claims:
        raise Refusal(_("There is nothing to claim here any more."))
    if code is not None and not ClaimCode.objects.filter(
        pk=code.pk, used_at=None, withdrawn_at=None
    ).update(used_at=now):
        raise Refusal(_("This code was used or withdrawn a moment ago."))
    return claims


def _proof(person: User, code: ClaimCode | None) -> Callable[[int], Claim.Proof]:
    """Return what says by what an author, by primary key, is proven."""
    if code is not None:
        by_code = Claim.Proof.CODE if code.author_id is not None else Claim.Proof.MAIL
        return lambda pk: by_code
    by_address = set(proven_by_address(person).values_list("pk", flat=True))
    return lambda pk: Claim.Proof.ADDRESS if pk in by_address else Claim.Proof.PROVIDER


def _hold(pks: Collection[int]) -> dict[int, User]:
    """Hold these people's rows until the transaction ends, and return them."""
    held = User.objects.select_for_update(no_key=True).filter(pk__in=pks)
    return {one.pk: one for one in held.order_by("pk")}


def _claim(author: User, person: User, proof: Claim.Proof, *, now: dt.datetime) -> Claim:
    made = Claim.objects.create(author=author, person=person, proof=proof, claimed_at=now)
    _hand_over(made, author, person)
    journal.write(
        verb=Verb.AUTHOR_CLAIMED,
        subject=author,
        actor_id=person.pk,
        now=now,
        data={"author": author.public_id, "person": person.public_id, "proof": str(proof)},
    )
    return made


def _hand_over(claim: Claim, author: User, person: User) -> None:
    claim.moved = {_OWN: _take_name(author, person), **keepers.hand_over(author, person)}
    claim.save(update_fields=["moved"])


def _hand_back(claim: Claim, author: User, person: User) -> None:
    keepers.hand_back(author, person, claim.moved)
    if person.display_name in claim.moved.get(_OWN, {}).get("names", []):
        person.display_name = ""
        person.save(update_fields=["display_name"])


def _take_name(author: User, person: User) -> keepers.Record:
    """Call a person without a name as their words are signed: who is thanked by name stays so."""
    if person.display_name or not author.display_name:
        return {}
    person.display_name = author.display_name
    person.save(update_fields=["display_name"])
    return {"names": [author.display_name]}


@by_manager
def undo_claim(*, claim: Claim, actor: User, now: dt.datetime) -> None:
    """Give back what ``claim`` moved, as far as it still is where it was moved; done twice it is done once.

    What a claim keeps is what there was just before it. So all claims of the person are taken back, the latest first, and
    the others handed over again. Lock contract: the people's rows, then those of their claims, then as `claim_words`.
    """
    _whole(lambda: _undo(claim, actor, now=now))


def _undo(claim: Claim, actor: User, *, now: dt.datetime) -> None:
    person = _hold([claim.person_id])[claim.person_id]
    theirs = Claim.objects.filter(person=person, undone_at=None)
    # Of themselves alone: the people's rows are not joined, which PostgreSQL would hold too.
    standing = list(theirs.select_for_update().order_by("pk"))
    if claim.pk not in {one.pk for one in standing}:
        return
    authors = _hold({one.author_id for one in standing})
    theirs.filter(pk=claim.pk).update(undone_at=now, undone_by=actor)
    for one in reversed(standing):
        _hand_back(one, authors[one.author_id], person)
    for one in standing:
        if one.pk != claim.pk:
            _hand_over(one, authors[one.author_id], person)
    author = authors[claim.author_id]
    journal.write(
        verb=Verb.CLAIM_UNDONE,
        subject=author,
        actor_id=actor.pk,
        now=now,
        data={"author": author.public_id, "person": person.public_id},
    )


def carry_over(authors: Iterable[int]) -> int:
    """Have what these authors hold again be that of who they turned out to be; return how many of them were claimed.

    An import that brings more of them calls it in its own transaction. Lock contract: the claims' rows in the order of their
    keys, and with each the rows of posts and of asks. No people's rows: who undoes a claim holds it too.
    """
    claims: set[int] = set()
    for some in batches(authors):
        standing = Claim.objects.filter(undone_at=None, author__in=some)
        claims.update(standing.values_list("pk", flat=True))
    carried = 0
    for pk in sorted(claims):
        with transaction.atomic():
            # Of itself alone: the people's rows are not joined, which PostgreSQL would hold too.
            claim = Claim.objects.select_for_update().get(pk=pk)
            if claim.undone_at is None:
                moved = keepers.hand_over(claim.author, claim.person)
                claim.moved = keepers.added(claim.moved, moved)
                claim.save(update_fields=["moved"])
                carried += 1
    return carried


def carry_over_late() -> int:
    """Carry over what came to claimed authors while they were being claimed; return for how many."""
    return carry_over(keepers.who_holds_something())
