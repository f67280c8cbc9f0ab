"""Agreeing to what is done with one's words, and taking it back."""

import datetime as dt
from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db import transaction

from feedback.accounts.models import User
from feedback.forum.consents.models import Consents, Use, columns
from feedback.forum.models import Post
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb


def choose(
    *, person: User, uses: Collection[Use], earlier_too: bool = False, now: dt.datetime
) -> int:
    """Write what ``person`` agrees to for what they post from now on, and ``earlier_too`` for all that stands; return how many posts changed."""
    wanted = columns(set(uses))
    with transaction.atomic():
        Consents.objects.update_or_create(person=person, defaults=wanted)
        if not earlier_too:
            return 0
        changed = Post.objects.filter(author=person).exclude(**wanted).update(**wanted)
        journal.write(
            verb=Verb.CONSENTS_CHOSEN,
            subject=person,
            actor_id=person.pk,
            now=now,
            data={"uses": sorted(uses), "count": changed},
        )
    return changed


def consent(*, post: Post, author: User, uses: Collection[Use], now: dt.datetime) -> bool:
    """Write what ``author`` agrees to for ``post`` alone; return whether that changed anything. Raises `PermissionDenied`."""
    if post.author_id != author.pk:
        raise PermissionDenied
    wanted = columns(set(uses))
    with transaction.atomic():
        changed = Post.objects.filter(pk=post.pk).exclude(**wanted).update(**wanted)
        if changed:
            journal.write(
                verb=Verb.CONSENTS_CHOSEN,
                subject=post,
                actor_id=author.pk,
                now=now,
                data={"post": post.public_id, "uses": sorted(uses)},
            )
    return bool(changed)
