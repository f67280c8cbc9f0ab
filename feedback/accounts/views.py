"""One's own settings."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from feedback.accounts import afterwards, operations
from feedback.accounts.forms import ProfileForm
from feedback.accounts.models import Credit, User
from feedback.accounts.permissions import member_of, member_required
from feedback.kernel import clock, slots
from feedback.kernel.way_back import is_ours


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
    if request.method != "POST":
        form = ProfileForm(
            initial={
                "display_name": member.display_name,
                "bio": member.bio,
                "credit": member.credit or Credit.NAMED,
                "language": member.language,
            }
        )
        return _profile_page(request, member, form)
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return _profile_page(request, member, form, status=422)
    operations.edit_profile(person=member, **form.cleaned_data)
    language = form.cleaned_data["language"]
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


def _profile_page(
    request: HttpRequest, member: User, form: ProfileForm, *, status: int = 200
) -> HttpResponse:
    person_page = slots.gather("person-page", request, [member]).get(member.pk)
    return render(
        request, "accounts/profile.html", {"form": form, "person_page": person_page}, status=status
    )
