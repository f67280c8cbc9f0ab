"""Saying that one sees a bug too, taking that back, and confirming it."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.restrictions import refuse_agent, refuse_muted
from feedback.forum.models import Post, Reproduction
from feedback.forum.moderation.holding.judging import has_link, judge_line
from feedback.forum.moderation.models import LINE_LENGTH
from feedback.forum.permissions import Person, may_moderate, may_take_part, speaks_for_team
from feedback.forum.witnessing.models import WHERE_LENGTH
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import typed
from feedback.kernel.refusals import Refusal


def may_reproduce(person: Person, post: Post) -> bool:
    """Whether ``person`` may say that they see the bug ``post`` too (a visitor may once they have signed in)."""
    return post.kind == Post.Kind.BUG and may_take_part(post) and post.author_id != person.pk


def may_confirm(person: Person, reproduction: Reproduction) -> bool:
    """Whether ``person`` may say that ``reproduction`` helps: whoever posted the bug, or the team; nobody of their own."""
    post = reproduction.post
    if not may_take_part(post) or reproduction.person_id == person.pk:
        return False
    return post.author_id == person.pk or speaks_for_team(person, post)


def may_take_off(person: Person, reproduction: Reproduction) -> bool:
    """Whether ``person`` may take ``reproduction`` off its post: who said it, or who keeps order there."""
    return reproduction.person_id == person.pk or may_moderate(person, reproduction.post)


def reproduce(
    *, post: Post, person: User, version: str, device: str, now: dt.datetime
) -> Reproduction:
    """Have ``person`` see the bug ``post`` too; said again it says where anew, and waits to be confirmed again if that changed.

    The unique row decides between two at once. Raises `Refusal` where there is no bug of somebody else that is open, of one
    who is muted, and for a link and words that a rule keeps back.
    """
    if not may_reproduce(person, post):
        raise Refusal(_("You can say this of an open bug that somebody else posted."))
    refuse_muted(person, now=now)
    refuse_agent(person)
    where = {
        "version": typed.line(version, most=WHERE_LENGTH),
        "device": typed.line(device, most=WHERE_LENGTH),
    }
    if has_link(" ".join(where.values())):
        raise Refusal(_("Name a version and a device only; the rest belongs in a comment."))
    where = {
        name: typed.line(said, most=WHERE_LENGTH)
        for name, said in judge_line(person=person, board=post.board, said=where, now=now).items()
    }
    with transaction.atomic():
        made, is_new = Reproduction.objects.get_or_create(
            post=post, person=person, defaults={**where, "said_at": now}
        )
        other = Reproduction.objects.filter(pk=made.pk).exclude(**where)
        is_changed = not is_new and bool(
            other.update(**where, said_at=now, confirmed_by=None, confirmed_at=None)
        )
        if is_new or is_changed:
            _record(Verb.REPRODUCED, made, by=person, now=now)
    return made


def take_off(*, reproduction: Reproduction, actor: User, now: dt.datetime, word: str = "") -> bool:
    """Take ``reproduction`` off its post; return whether it was there. ``word`` tells who said it why. Raises `PermissionDenied`."""
    if not may_take_off(actor, reproduction):
        raise PermissionDenied
    with transaction.atomic():
        taken, _rows = Reproduction.objects.filter(pk=reproduction.pk).delete()
        if taken:
            said = {"word": typed.line(word, most=LINE_LENGTH)} if word else {}
            _record(Verb.REPRODUCTION_TAKEN_OFF, reproduction, by=actor, now=now, **said)
    return bool(taken)


def confirm(*, reproduction: Reproduction, wanted: bool, actor: User, now: dt.datetime) -> bool:
    """Say that ``reproduction`` helps, or take that back; return whether that changed anything. Raises `PermissionDenied`."""
    if not may_confirm(actor, reproduction):
        raise PermissionDenied
    rows = Reproduction.objects.filter(pk=reproduction.pk, confirmed_at__isnull=wanted)
    with transaction.atomic():
        is_changed = rows.update(
            confirmed_at=now if wanted else None, confirmed_by=actor if wanted else None
        )
        if is_changed:
            journal.write(
                verb=Verb.REPRODUCTION_CONFIRMED if wanted else Verb.REPRODUCTION_NOT_CONFIRMED,
                subject=reproduction.post,
                actor_id=actor.pk,
                now=now,
                data={"post": reproduction.post.public_id},
            )
    return bool(is_changed)


def _record(verb: Verb, one: Reproduction, *, by: User, now: dt.datetime, **said: str) -> None:
    data = {"post": one.post.public_id, "person": one.person.public_id} | said
    journal.write(verb=verb, subject=one.post, actor_id=by.pk, now=now, data=data)
