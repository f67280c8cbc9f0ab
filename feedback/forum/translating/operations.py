"""Wanting a translation: asked for once for each text and language, however many want it."""

import datetime as dt

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.utils.translation import gettext as _

from feedback.accounts.limits import Allowance, spend
from feedback.accounts.models import User
from feedback.accounts.trust import Trust
from feedback.forum.models import Translation
from feedback.forum.translating.models import MOST
from feedback.forum.translating.texts import Text, access_text
from feedback.kernel import doorbell
from feedback.kernel.refusals import Refusal

_HOUR, _DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
#: Of texts that nobody asked for before; reading what is there costs nothing.
TRANSLATIONS = Allowance(
    "translate",
    {Trust.NEW: ((10, _HOUR), (30, _DAY)), Trust.MEMBER: ((40, _HOUR), (200, _DAY))},
)
#: So long after a failure somebody may ask again.
REST = dt.timedelta(minutes=1)
_LOOKS = 500


def want(*, of: Text, language: str, person: User, now: dt.datetime) -> Translation:
    """Return the translation of a text, asked for where nobody has. Raises `Refusal` for one that may not leave the house, is too long, or is one too many.

    Of any number who ask at once one is counted and asks: the unique row decides.
    """
    if not settings.TRANSLATE["url"]:
        raise Refusal(_("Nothing is translated here."))
    if of.inside and not settings.TRANSLATE["closed"]:
        raise Refusal(_("What not everybody may read is not sent to be translated."))
    if len(of.words) > MOST:
        raise Refusal(_("This text is too long to be translated."), status=422)
    same = {"thing": of.thing, "digest": of.digest, "language": language}
    found = Translation.objects.filter(**same).first()
    if found is None:
        spend(TRANSLATIONS, person, now=now)
        found, is_new = Translation.objects.get_or_create(
            **same, defaults={"source": of.words, "wanted_at": now, "looked_at": now}
        )
        if is_new:
            doorbell.ring("forum.translate")
    elif found.state == Translation.State.FAILED and found.wanted_at < now - REST:
        spend(TRANSLATIONS, person, now=now)
        failed = Translation.objects.filter(pk=found.pk, state=Translation.State.FAILED)
        if failed.update(state="WAITING", source=of.words, wanted_at=now, attempts=0):
            doorbell.ring("forum.translate")
        found.refresh_from_db()
    return found


def tidy(*, now: dt.datetime) -> None:
    """Forget translations of texts that say something else by now, or that a visitor may not read any more; the rest is looked at another time."""
    for row in Translation.objects.order_by("looked_at", "pk")[:_LOOKS]:
        if _stands(row):
            Translation.objects.filter(pk=row.pk).update(looked_at=now)
        else:
            row.delete()


def _stands(row: Translation) -> bool:
    kind, _colon, public_id = row.thing.partition(":")
    try:
        return access_text(AnonymousUser(), kind, public_id).digest == row.digest
    except Http404:
        return False
