"""Voting and posting for a customer: what the team heard in a ticket or a call, as that customer's and nobody else's."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.claiming.queries import claimer_of
from feedback.accounts.imported import DESK, Writer, bring_writers, origin_key
from feedback.accounts.models import Origin, User
from feedback.accounts.permissions import by_team
from feedback.forum.customers.models import CUSTOMER_LENGTH, LINK_LENGTH, Source
from feedback.forum.models import Post, PostForCustomer, Vote, VoteForCustomer
from feedback.forum.posts.operations import publish_post
from feedback.forum.votes.operations import unvote, vote
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import text, visible
from feedback.kernel.refusals import Refusal


@dataclass(frozen=True, kw_only=True)
class Customer:
    """For whom the team speaks, and where they heard it. An ``email`` is for claiming alone and shown to the team only."""

    name: str = ""
    company: str = ""
    email: str = ""
    source: str = Source.TICKET
    link: str = ""

    @property
    def label(self) -> str:
        """Whom the team named, in one line."""
        known = [part for part in (text.one_line(self.name), text.one_line(self.company)) if part]
        address = text.one_line(self.email)
        said = ", ".join(known) + (f" <{address}>" if address and known else address)
        return visible.cut(said, CUSTOMER_LENGTH)


def bring_customer(customer: Customer, *, now: dt.datetime) -> User:
    """Return the person that ``customer`` is, made when there is none: the same address, or else company and name, is one.

    They are an imported author of the source `DESK`, whom nobody signs in as and who may claim what is theirs. Raises
    `Refusal` where nobody is named, and for one who claimed by now: they speak for themselves.
    """
    name, company = text.one_line(customer.name), text.one_line(customer.company)
    email = text.one_line(customer.email).lower()
    if not (name or company or email):
        raise Refusal(_("Say for whom: a name, a company or an address."), status=422)
    known_by = email or f"{text.fold(company)}/{text.fold(name)}"
    shown = f"{name} ({company})" if name and company else name or company
    key = origin_key(DESK, known_by, "")
    person = bring_writers({key: Writer(known_by, shown, email)}, now=now)[key]
    person = User.objects.get(pk=person.pk)
    if (claimer := claimer_of(person)) is not None:
        raise Refusal(
            _("This customer is here as “%(name)s” by now: ask them to speak for themselves.")
            % {"name": claimer.name}
        )
    return person


def _heard(customer: Customer, *, actor: User, now: dt.datetime) -> dict[str, Any]:
    if customer.source not in Source.values:
        raise Refusal(_("Say where you heard it."), status=422)
    if customer.link and not customer.link.startswith(("https://", "http://")):
        raise Refusal(_("A link begins with https://."), status=422)
    return {
        "customer": customer.label,
        "source": customer.source,
        "link": customer.link[:LINK_LENGTH],
        "entered_by": actor,
        "entered_at": now,
    }


@by_team
@transaction.atomic
def vote_for_customer(
    *, post: Post, customer: Customer, importance: str = "", actor: User, now: dt.datetime
) -> VoteForCustomer:
    """Have a customer want ``post``, on behalf of whom ``actor`` speaks; a customer counts once across an ask, as anybody.

    Raises `Refusal` as `bring_customer` and `votes.operations.vote`, and where the customer wants the post already: the
    unique row of the vote decides between two at once.
    """
    heard = _heard(customer, actor=actor, now=now)
    person = bring_customer(customer, now=now)
    if not vote(post=post, person=person, now=now, entered_by=actor):
        raise Refusal(_("This customer wants the post already: they count once."))
    own = Vote.objects.get(post=post, person=person)
    own.importance = importance
    own.save(update_fields=["importance"])
    made = VoteForCustomer.objects.create(vote=own, **heard)
    _record(Verb.CUSTOMER_VOTED, post, actor=actor, now=now, source=made.source)
    return made


@by_team
@transaction.atomic
def remove_vote_for_customer(*, entered: VoteForCustomer, actor: User, now: dt.datetime) -> bool:
    """Take back a vote that the team gave for a customer; return whether it was still there.

    Raises `Refusal` for one whose customer has claimed it since: it is theirs.
    """
    post, person = entered.vote.post, entered.vote.person
    if person.origin == Origin.SIGNED_UP:
        raise Refusal(_("“%s” has claimed this vote: it is theirs now.") % person.name)
    gone = unvote(post=post, person=person, now=now, entered_by=actor)
    if gone:
        _record(Verb.CUSTOMER_UNVOTED, post, actor=actor, now=now, source=entered.source)
    return gone


@by_team
@transaction.atomic
def post_for_customer(
    *,
    customer: Customer,
    words: Mapping[str, Any],
    draft: str = "",
    held_for: Sequence[str] = (),
    actor: User,
    now: dt.datetime,
) -> Post:
    """Publish a post of a customer's in the words of ``actor``: its author is the customer, and who wrote it is kept.

    ``words`` are those of `publish_post`. Raises and locks as that, and as `bring_customer`.
    """
    heard = _heard(customer, actor=actor, now=now)
    person = bring_customer(customer, now=now)
    post = publish_post(
        author=person, written_by=actor, draft=draft, held_for=held_for, now=now, **words
    )
    PostForCustomer.objects.get_or_create(post=post, defaults=heard)
    return post


def _record(verb: Verb, post: Post, *, actor: User, now: dt.datetime, source: str) -> None:
    journal.write(
        verb=verb,
        subject=post,
        actor_id=actor.pk,
        now=now,
        data={"post": post.public_id, "source": source},
    )
