"""Proof of work, as ALTCHA has it: the browser looks for a number, which takes it a moment and a flood for ever. Nobody else is asked."""

import datetime as dt
import json
import re
from base64 import b64decode

from altcha.v1 import create_challenge, verify_solution
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac

from feedback.accounts.captcha.verdicts import Verdict, is_first_use
from feedback.kernel import clock

#: So long may somebody write before they send.
LASTS = dt.timedelta(hours=12)
_LONGEST = 2_000
#: A salt as we write it, to the letter: the package believes others too, that say twice when they end.
_SALT = re.compile(r"[0-9a-f]{24}\?expires=([0-9]{1,11})&")


def _key() -> str:
    return salted_hmac("feedback.accounts.captcha", "work", algorithm="sha256").hexdigest()


class Work:
    """A challenge that the page carries and the browser solves while the form is filled in."""

    field = "altcha"

    def markup(self, *, id_: str) -> str:
        """Return what a form shows: a fresh challenge, and a sentence where no script runs."""
        made = create_challenge(
            algorithm="SHA-256",
            max_number=settings.CAPTCHA["work"],
            salt_length=12,
            hmac_key=_key(),
            salt="",
            number=None,
            expires=clock.now() + LASTS,
            params=None,
        )
        context = {"challenge": json.dumps(made.to_dict()), "name": self.field, "id": id_}
        return render_to_string("accounts/captcha/_work.html", context)

    def check(self, said: str) -> Verdict:
        """Return what is to be thought of a solution; the same counts once."""
        if not said:
            return Verdict.MISSING
        if len(said) > _LONGEST:
            return Verdict.WRONG
        try:
            solved = json.loads(b64decode(said, validate=True))
            fields = {
                name: solved[name] for name in ("algorithm", "challenge", "salt", "signature")
            }
            if type(solved["number"]) is not int or set(map(type, fields.values())) != {str}:
                return Verdict.WRONG
            salt = _SALT.fullmatch(fields["salt"])
            if salt is None or fields["algorithm"] != "SHA-256":
                return Verdict.WRONG
            is_right, _why = verify_solution(solved, _key(), check_expires=False)
            until = dt.datetime.fromtimestamp(int(salt[1]), tz=dt.UTC)
        except (ValueError, KeyError, TypeError, OverflowError):
            return Verdict.WRONG
        if not is_right:
            return Verdict.WRONG
        if until < clock.now():
            return Verdict.OVER
        return Verdict.PASSED if is_first_use(fields["signature"], until=until) else Verdict.USED
