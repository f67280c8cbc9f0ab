"""One's own settings."""

import datetime as dt

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from feedback.accounts import afterwards, limits, operations
from feedback.accounts.forms import ProfileForm
from feedback.accounts.models import Credit
from feedback.accounts.permissions import member_of, member_required
from feedback.accounts.trust import Trust
from feedback.kernel import clock, slots
from feedback.kernel.refusals import beside, status_of
from feedback.kernel.way_back import is_ours

_HOUR, _DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
_PROFILES = limits.Allowance(
    "profile", {Trust.NEW: ((5, _HOUR), (10, _DAY)), Trust.MEMBER: ((10, _HOUR), (30, _DAY))}
)
#: What of a profile stands before others.
READ_BY_OTHERS = frozenset({"display_name", "bio"})


@require_GET
@member_required
def after_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Do what somebody wanted to do before they signed in, then go on to where they were going."""
    back = request.GET.get(REDIRECT_FIELD_NAME, "")
    where = afterwards.carry_out(request, now=clock.now())
    return redirect(where or (back if is_ours(request, back) else settings.LOGIN_REDIRECT_URL))


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponseBase:
    """Change one's name, what one says of oneself, and one's language."""
    member = member_of(request)
    form = ProfileForm(
        request.POST if request.method == "POST" else None,
        initial={
            "display_name": member.display_name,
            "bio": member.bio,
            "credit": member.credit or Credit.NAMED,
            "language": member.language,
        },
    )
    if form.is_valid():
        with beside(form):
            if not READ_BY_OTHERS.isdisjoint(form.changed_data):
                limits.spend(_PROFILES, member, now=clock.now())
            operations.edit_profile(person=member, now=clock.now(), **form.cleaned_data)
            return _saved(request, form.cleaned_data["language"])
    person_page = slots.gather("person-page", request, [member]).get(member.pk)
    context = {"form": form, "person_page": person_page}
    return render(request, "accounts/profile.html", context, status=status_of(form))


def _saved(request: HttpRequest, language: str) -> HttpResponse:
    with translation.override(language or translation.get_language()):
        messages.success(request, _("Saved."))
    response = redirect("accounts:profile")
    if language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    else:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
    return response
