"""A service of others that tells people from programs: Turnstile, hCaptcha and reCAPTCHA all answer at "siteverify" in one way."""

import datetime as dt
import json
import logging
from urllib.parse import urlencode

from django.conf import settings
from django.template.loader import render_to_string

from feedback.accounts.captcha.verdicts import Verdict, is_first_use
from feedback.kernel import clock
from feedback.kernel.outbound import NotAllowed, Unanswered, post

logger = logging.getLogger(__name__)

_SECONDS = 5.0
_LONGEST = 8_000
_HEADERS = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
#: What they say when it is the operator who is wrong, or they themselves; anything else is about who asks.
_NOT_THEIR_FAULT = {
    "missing-input-secret",
    "invalid-input-secret",
    "sitekey-secret-mismatch",
    "bad-request",
    "internal-error",
}


class Service:
    """A widget of the service in the form, and its word about what comes back."""

    @property
    def field(self) -> str:
        """The name under which the widget sends what it got."""
        return str(settings.CAPTCHA["field"])

    def markup(self, *, id_: str) -> str:
        """Return what a form shows."""
        return render_to_string(
            "accounts/captcha/_service.html", {"captcha": settings.CAPTCHA, "id": id_}
        )

    def check(self, said: str) -> Verdict:
        """Return what the service thinks; the address of whoever asks is not told to it."""
        if not said or len(said) > _LONGEST:
            return Verdict.MISSING if not said else Verdict.WRONG
        body = urlencode({"secret": settings.CAPTCHA["secret"], "response": said}).encode()
        try:
            answer = post(
                settings.CAPTCHA["verify_url"], body=body, headers=_HEADERS, seconds=_SECONDS
            )
            told = json.loads(answer.body)
            if answer.status >= 500 or not isinstance(told, dict):
                raise ValueError(answer.status)
        except (NotAllowed, Unanswered, ValueError, RecursionError) as error:
            logger.warning("The captcha's service did not answer: %s", error)
            return Verdict.AWAY
        if told.get("success") is not True:
            return self._refused(told.get("error-codes"))
        until = clock.now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)
        return Verdict.PASSED if is_first_use(said, until=until) else Verdict.USED

    @staticmethod
    def _refused(codes: object) -> Verdict:
        named = {str(one) for one in codes} if isinstance(codes, list) else set()
        if named & _NOT_THEIR_FAULT:
            logger.error("The captcha's service refuses us: %s", ", ".join(sorted(named)))
            return Verdict.AWAY
        return Verdict.USED if "timeout-or-duplicate" in named else Verdict.WRONG
