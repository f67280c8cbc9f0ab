"""Whether there is a backup, and whether it comes back."""

import datetime as dt

from feedback.journal.verbs import Verb
from feedback.kernel import clock
from feedback.ops import archive
from feedback.ops.archive import noted
from feedback.ops.doctor.finding import Check, Finding

#: A backup is made every night and tried every week; one that was missed is no trouble yet.
_FRESH, _TRIED = dt.timedelta(days=2), dt.timedelta(days=35)


def backups() -> Finding:
    """Whether somebody backs the site up, and tries what was made."""
    about, now = "backups", clock.now()
    made, tried = noted.last(Verb.BACKED_UP), noted.last(Verb.BACKUP_TRIED)
    if made is None:
        return Finding.warning(about, "none has been made; manage.py backup --to PLACE, each night")
    words = f"{made.name} is of {made.at:%Y-%m-%d %H:%M} UTC"
    if now - made.at > _FRESH:
        return Finding.warning(about, f"{words}: nothing has been backed up since.")
    if tried is None or now - tried.at > _TRIED:
        since = f"since {tried.at:%Y-%m-%d}" if tried else "yet"
        return Finding.warning(
            about, f"{words}; none was tried {since}: manage.py doctor --drill PLACE"
        )
    return Finding.well(about, f"{words}; one came back on {tried.at:%Y-%m-%d}")


def drilled(words: str) -> Finding:
    """Restore the backup ``words``, or the newest at that place, beside the site."""
    try:
        found = archive.drill(words)
    except archive.CannotArchive as reason:
        return Finding.failure("backup", str(reason))
    noted.note(verb=Verb.BACKUP_TRIED, name=found.name, now=clock.now())
    made = found.manifest
    return Finding.well(
        "backup",
        f"{found.name} came back: {made.posts:,} posts and {made.people:,} people as of {made.made_at:%Y-%m-%d %H:%M} UTC",
    )


CHECKS: tuple[Check, ...] = (backups,)
