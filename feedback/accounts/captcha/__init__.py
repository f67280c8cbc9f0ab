"""Whether somebody is a program: asked where visitors and new people write, by what the operator has chosen. Off by default."""

from enum import StrEnum
from typing import Any

from django.conf import settings

from feedback.accounts.captcha.service import Service
from feedback.accounts.captcha.work import Work

#: What each kind answers to: `markup` is what a form shows, `check` what becomes of what comes back.
Captcha = Work | Service


class Place(StrEnum):
    """Where a captcha may stand."""

    SIGN_UP = "sign-up"
    POSTS = "posts"
    COMMENTS = "comments"
    REPORTS = "reports"
    #: Posting without an account: always asked, wherever else the operator wants one.
    GUESTS = "guests"


def captcha_at(place: Place) -> Captcha | None:
    """Return what is asked at ``place``, None for nothing."""
    chosen: dict[str, Any] = settings.CAPTCHA
    if place != Place.GUESTS and (not chosen["kind"] or place not in chosen["at"]):
        return None
    return Service() if chosen["kind"] not in ("", "work") else Work()
