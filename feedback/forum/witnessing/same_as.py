"""Saying that two posts ask the same, and taking that back."""

import datetime as dt
import re
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.restrictions import refuse_agent, refuse_muted
from feedback.forum.models import Post, SameAs
from feedback.forum.permissions import may_take_part, post_numbered
from feedback.forum.queries import posts_visible_to
from feedback.forum.receipts.numbers import numbered
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel.refusals import Refusal

_PATH = re.compile(r"/posts/(?P<key>[0-9A-Za-z_-]+)/?$")


def post_named(person: User, said: str) -> Post | None:
    """Return the post that ``said`` names by its link or number, if there is one that ``person`` may know of."""
    number = numbered(said)
    if number is not None:
        return post_numbered(person, number[0])
    try:
        path = urlsplit(said.strip()).path
    except ValueError:
        return None
    found = _PATH.search(path)
    if found is None:
        return None
    return posts_visible_to(person).filter(public_id=found["key"]).first()


def say_same(*, post: Post, other: Post, person: User, now: dt.datetime) -> bool:
    """Have ``person`` say that ``post`` asks the same as ``other``; return whether that is new.

    The unique row decides between two at once. Nothing moves: the team and the machine decide. Raises `Refusal` for one and
    the same post, for posts that are not open, for those of two products, and of one who is muted.
    """
    if post.pk == other.pk:
        raise Refusal(_("That is this post. Name another one."), status=422)
    if not may_take_part(post) or not other.is_shown:
        raise Refusal(_("One of the two is not open any more."))
    if post.board.product_id != other.board.product_id:
        raise Refusal(_("The two are about different products."), status=422)
    refuse_muted(person, now=now)
    refuse_agent(person)
    first, second = sorted((post, other), key=lambda one: one.pk)
    with transaction.atomic():
        _row, is_new = SameAs.objects.get_or_create(
            post=first, other=second, person=person, defaults={"said_at": now}
        )
        if is_new:
            _record(Verb.SAID_SAME, post, other, by=person, now=now)
    return is_new


def unsay_same(*, post: Post, other: Post, person: User, now: dt.datetime) -> bool:
    """Take back what ``person`` said of the two; return whether they had."""
    first, second = sorted((post, other), key=lambda one: one.pk)
    with transaction.atomic():
        taken, _rows = SameAs.objects.filter(post=first, other=second, person=person).delete()
        if taken:
            _record(Verb.UNSAID_SAME, post, other, by=person, now=now)
    return bool(taken)


def _record(verb: Verb, post: Post, other: Post, *, by: User, now: dt.datetime) -> None:
    data = {"post": post.public_id, "other": other.public_id}
    journal.write(verb=verb, subject=post, actor_id=by.pk, now=now, data=data)
