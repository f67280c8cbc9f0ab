"""What people change about themselves, and how often they may do something."""

import datetime as dt
from collections.abc import Collection
from importlib import import_module

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q

from feedback.accounts.models import BIO_LENGTH, NAME_LENGTH, Origin, RateBucket, Role, User
from feedback.accounts.profile_words import judged
from feedback.accounts.restrictions import refuse_muted
from feedback.kernel import text, typed
from feedback.kernel.turns import turn

#: Buckets older than this count for nothing any more; no limit looks further back.
_KEEP_BUCKETS = dt.timedelta(days=1)


def edit_profile(
    *,
    person: User,
    display_name: str,
    bio: str,
    language: str,
    now: dt.datetime,
    credit: str = "",
) -> None:
    """Change how ``person`` is shown, thanked and spoken to.

    An empty language is that of the browser; an empty credit stays what it is. Raises `Refusal` for another name and other
    words about themselves where those may not stand, and of one who is muted.
    """
    said = {"display_name": display_name, "bio": bio}
    new = {name: words for name, words in said.items() if words != getattr(person, name)}
    if new:
        refuse_muted(person, now=now)
        said |= judged(person, new, now=now)
    with transaction.atomic():
        person.display_name = typed.line(said["display_name"], most=NAME_LENGTH)
        person.bio = typed.line(said["bio"], most=BIO_LENGTH)
        person.language = language
        person.credit = credit or person.credit
        person.save(update_fields=["display_name", "bio", "language", "credit"])


def bring_person(
    *,
    origin_key: str,
    display_name: str,
    joined_at: dt.datetime,
    role: str = Role.MEMBER,
    language: str = "",
    bio: str = "",
) -> User:
    """Return the person known as ``origin_key``, made when there is none: what a command does.

    They have no address and no password, so that nobody ever signs in as them.
    """
    with transaction.atomic():
        person = User.objects.filter(origin_key=origin_key).exclude(origin_key="").first()
        if person is None:
            person = User.objects.create_user(
                origin_key=origin_key,
                display_name=text.one_line(display_name),
                role=role,
                language=language,
                bio=text.one_line(bio),
            )
            User.objects.filter(pk=person.pk).update(joined_at=joined_at)
    return person


def erase_people(*, origin: str) -> int:
    """Erase everyone who came from ``origin``, some in each transaction, and return how many; what is theirs has to be gone before.

    ``origin`` is what stands before ":" and "#" in the key of where they came from.
    """
    erased = 0
    while pks := list(User.objects.filter(came_from(origin)).values_list("pk", flat=True)[:200]):
        with turn():
            User.objects.filter(pk__in=pks).delete()
        erased += len(pks)
    return erased


def came_from(origin: str) -> Q:
    """Return the condition that a person came from ``origin``."""
    return Q(origin_key__startswith=f"{origin}:") | Q(origin_key__startswith=f"{origin}#")


def erase_imported(pks: Collection[int]) -> None:
    """Erase imported people of whom nothing is left; one who can sign in by now stays."""
    User.objects.filter(pk__in=pks, email=None).exclude(origin=Origin.SIGNED_UP).delete()


def choose_language(*, person: User, language: str) -> None:
    """Remember the language that ``person`` switched to; mails are written in it."""
    User.objects.filter(pk=person.pk).exclude(language=language).update(language=language)


def count_hit(*, key: str, per: dt.timedelta, now: dt.datetime, by: int = 1) -> int:
    """Count ``by`` more hits of ``key`` in the present stretch of ``per``; return how many there are now.

    One statement, so that of any number of processes each gets a number of its own.
    """
    starts_at = _stretch(per, now)
    table = connection.ops.quote_name(RateBucket._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (key, starts_at, hits) VALUES (%s, %s, %s)"  # noqa: S608
            f" ON CONFLICT (key, starts_at) DO UPDATE SET hits = {table}.hits + %s RETURNING hits",
            [key, connection.ops.adapt_datetimefield_value(starts_at), by, by],
        )
        return int(cursor.fetchone()[0])


def take_back_hits(*, key: str, per: dt.timedelta, now: dt.datetime, by: int) -> None:
    """Count ``by`` hits less of ``key``, which `count_hit` has counted in this stretch."""
    counted = RateBucket.objects.filter(key=key, starts_at=_stretch(per, now))
    counted.update(hits=F("hits") - by)


def _stretch(per: dt.timedelta, now: dt.datetime) -> dt.datetime:
    """Return when the present stretch of ``per`` began."""
    seconds = int(per.total_seconds())
    return dt.datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=dt.UTC)


def tidy(*, now: dt.datetime) -> None:
    """Remove sessions that have ended and counts that are over."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    RateBucket.objects.filter(starts_at__lt=now - _KEEP_BUCKETS).delete()
