"""The first start: an administrator, the boards, the samples; and going on with it when it was cut short."""

import json
import secrets
from collections.abc import Sequence
from pathlib import Path

from allauth.account.models import EmailAddress
from django.db import transaction

from feedback.accounts.models import Role, User
from feedback.forum.models import Post

_CONSONANTS = "bdfghjkmnprstvz"
_VOWELS = "aeiou"

#: Where the first administrator's login lies when nobody sat at a terminal.
LOGIN_NAME = "first-login.txt"

#: Where a first start stands. It is written down before each step, so that the next start goes on with it.
IMPORTING, GROUPING, DONE = "importing", "grouping", "done"


class FirstStart:
    """How far the first start of this data folder has come, and with which samples."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "first-start.json"
        self.step: str | None = None
        self.samples: Sequence[str] = ()
        try:
            noted = json.loads(self._path.read_text(encoding="utf-8"))
            self.step, self.samples = noted["step"], noted.get("samples", ())
        except (OSError, ValueError, KeyError):
            pass

    def begin(self, samples: Sequence[str]) -> None:
        """Decide what there is to do; a site that has people or posts already is past its first start."""
        if self.step is None:
            is_old = Post.objects.exists() or User.objects.filter(role=Role.ADMIN).exists()
            self.samples = () if is_old else samples
            self.reach(IMPORTING if self.samples else DONE)

    def reach(self, step: str) -> None:
        """Note that ``step`` begins."""
        draft = self._path.with_suffix(".new")
        noted = {"step": step, "samples": list(self.samples)}
        draft.write_text(json.dumps(noted), encoding="utf-8")
        draft.replace(self._path)
        self.step = step


def make_administrator(email: str) -> str | None:
    """Make the first administrator and return the password, or None when there is one already."""
    if User.objects.filter(role=Role.ADMIN).exists():
        return None
    password = readable_password()
    with transaction.atomic():
        admin = User.objects.create_superuser(email, password, display_name="Admin")
        EmailAddress.objects.create(user=admin, email=admin.email, verified=True, primary=True)
    return password


def keep_login(login: str, folder: Path) -> Path:
    """Write the first administrator's ``login`` into the data ``folder``, readable by this user alone; return where."""
    path = folder / LOGIN_NAME
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(login + "\n", encoding="utf-8")
    return path


def readable_password() -> str:
    """Return a password of four two-syllable words and two digits: 55 bits, and a person can copy it."""
    words = [
        "".join(secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS) for _ in range(2))
        for _ in range(4)
    ]
    return "-".join([*words, f"{secrets.randbelow(90) + 10}"])
