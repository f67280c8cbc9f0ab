"""What every deed about a release shares: it holds the release, and writes down where it stands then."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.asks.locking import hold_grouping
from feedback.asks.stages import Stage
from feedback.journal import operations as journal
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.kernel import typed
from feedback.kernel.refusals import Refusal
from feedback.roadmap import lengths
from feedback.roadmap.models import Item, Release


def held(release: Release) -> Release:
    """Return ``release`` as the database has it now, held until the transaction ends.

    The grouping comes first, as it does for an item: whoever holds both never waits for somebody who waits for them.
    """
    hold_grouping()
    return (
        Release.objects.select_for_update(of=("self",)).select_related("product").get(pk=release.pk)
    )


def waiting(release: Release) -> list[Item]:
    """Return the items that are planned for ``release`` and have neither shipped nor been declined."""
    return list(
        Item.objects.filter(release=release)
        .exclude(stage__in=[Stage.SHIPPED, Stage.DECLINED])
        .order_by("pk")
    )


def public_word(word: str) -> str:
    """Return ``word`` as it is stored; raises `Refusal` where there is none."""
    word = typed.words(word, most=lengths.WORD)
    if not word:
        raise Refusal(_("Say why, in a sentence that everyone who waits for it may read."))
    return word


def record(*, verb: Verb, release: Release, actor: User, now: dt.datetime, **more: object) -> Entry:
    """Write the journal entry, with the release as it is now."""
    return journal.write(
        verb=verb,
        subject=release,
        actor_id=actor.pk,
        now=now,
        data={
            "version": release.version,
            "product": release.product.slug,
            "stop": str(release.stop),
            "date": release.release_date.isoformat(),
            **more,
        },
    )
