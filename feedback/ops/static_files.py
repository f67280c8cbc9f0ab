"""Collecting static files when, and only when, they changed."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def fingerprint() -> str:
    """Return one word for all static files there are: their names, sizes and times."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = Path(storage.path(name)).stat()
            digest.update(f"{name}:{state.st_size}:{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect_if_changed() -> bool:
    """Bring STATIC_ROOT up to date; return whether there was something to do."""
    if settings.WHITENOISE_USE_FINDERS:
        return False
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    wanted = fingerprint()
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(wanted, encoding="ascii")
    return True


def is_collected() -> bool:
    """Whether STATIC_ROOT holds the files as they are now."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    return settings.WHITENOISE_USE_FINDERS or (
        stamp.exists() and stamp.read_text(encoding="ascii") == fingerprint()
    )
