"""The door by which a product's users come in.

A link that signs in could be fetched beforehand by a browser, or sent to somebody to have them write under another's name. So
opening it asks once in each browser: whoever goes on there is signed in, and comes in without a question from then on.
"""

import datetime as dt
import logging

from allauth.account.adapter import get_adapter
from allauth.account.app_settings import EmailVerificationMethod
from allauth.account.utils import perform_login
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from feedback.accounts import limits
from feedback.accounts.handover import operations
from feedback.accounts.handover.prompts import keep_prompt
from feedback.accounts.handover.tokens import Believed, NotBelieved, believe
from feedback.accounts.joining import queries as joining
from feedback.accounts.models import User
from feedback.kernel import clock
from feedback.kernel.identity import site_name
from feedback.kernel.refusals import Refusal
from feedback.kernel.secret_address import secret_address
from feedback.kernel.way_back import is_ours

logger = logging.getLogger(__name__)

#: How many tokens that are not believed one address may bring.
_WRONG = limits.Rate("hand-over", 60, dt.timedelta(minutes=10))
#: Says whom this browser was asked about. It signs nobody in: a token does.
_ASKED = "heed_handed_over"
_ASKED_FOR = 365 * 24 * 3600


@csrf_exempt
@secret_address
@require_http_methods(["GET", "HEAD", "POST"])
def opening(request: HttpRequest) -> HttpResponse:
    """Ask whether to go on as whom a token speaks of; go on at once where this browser was asked before.

    A form of another site posts here too: it shows the question and does nothing else.
    """
    said = _believed(request)
    if isinstance(said, HttpResponse):
        return said
    person = operations.person_of(said)
    if request.method == "GET" and person is not None and not _must_accept(request, person):
        if request.user == person:
            return _again(request, said)
        was_asked = request.get_signed_cookie(_ASKED, "", salt=_ASKED, max_age=_ASKED_FOR)
        if was_asked == person.public_id and not request.user.is_authenticated:
            return _come_in(request, said)
    try:
        operations.refuse_team(person)
    except Refusal as why:
        return _refused(request, str(why), why.status)
    if operations.is_used(said):
        return _refused(request, operations.used_before(), 403)
    return _question(request, said, person)


@never_cache
@require_POST
def going_on(request: HttpRequest) -> HttpResponse:
    """Sign in whom the token speaks of, who has just been asked."""
    said = _believed(request)
    if isinstance(said, HttpResponse):
        return said
    person = operations.person_of(said)
    if _must_accept(request, person) and "accepts_rules" not in request.POST:
        return _question(request, said, person, is_wrong=True)
    return _come_in(request, said, accepts_rules="accepts_rules" in request.POST)


def _believed(request: HttpRequest) -> Believed | HttpResponse:
    """Return what the token says, or the page that says that it opens nothing: in the same words, whyever."""
    token = request.POST.get("token", "") or request.GET.get("token", "")
    now = clock.now()
    try:
        return believe(token, now=now)
    except NotBelieved as why:
        logger.info("A token was not believed: %s.", why)
        if limits.is_over(_WRONG, request, now=now):
            return _refused(request, _("That was too often. Try again in a few minutes."), 429)
        sentence = _(
            "This link does not open %(site)s. It may be too old. Open it from your app again."
        )
        return _refused(request, sentence % {"site": site_name()}, 403)


def _again(request: HttpRequest, said: Believed) -> HttpResponse:
    """Go on for who is signed in already: the back button brings a used token, and harms nobody."""
    try:
        operations.hand_over(said=said, now=clock.now())
    except Refusal as why:
        logger.info("Nothing new from a token: %s", why)
    else:
        keep_prompt(request, said.prompt, now=clock.now())
    return redirect(_where(request, said))


def _come_in(request: HttpRequest, said: Believed, *, accepts_rules: bool = False) -> HttpResponse:
    try:
        person = operations.hand_over(said=said, now=clock.now(), accepts_rules=accepts_rules)
    except Refusal as why:
        return _refused(request, str(why), 403)
    if request.user.is_authenticated and request.user != person:
        get_adapter(request).logout(request)
    answer: HttpResponse = perform_login(
        request,
        person,
        email_verification=EmailVerificationMethod.NONE,
        redirect_url=_where(request, said),
    )
    keep_prompt(request, said.prompt, now=clock.now())
    answer.set_signed_cookie(
        _ASKED,
        person.public_id,
        salt=_ASKED,
        max_age=_ASKED_FOR,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return answer


def _must_accept(request: HttpRequest, person: User | None) -> bool:
    has_accepted = person is not None and person.rules_accepted_at is not None
    return not has_accepted and joining.wishes().has_tick and bool(joining.rules_page(request))


def _where(request: HttpRequest, said: Believed) -> str:
    is_path = said.where.startswith("/") and is_ours(request, said.where)
    return said.where if is_path else settings.LOGIN_REDIRECT_URL


def _question(
    request: HttpRequest, said: Believed, person: User | None, *, is_wrong: bool = False
) -> HttpResponse:
    context = {
        "name": person.name if person is not None else said.name,
        "issuer": said.key.issuer,
        "is_new": person is None,
        "is_another": request.user.is_authenticated and request.user != person,
        "token": request.POST.get("token", "") or request.GET.get("token", ""),
        "rules": joining.rules_page(request) if _must_accept(request, person) else "",
        "is_wrong": is_wrong,
    }
    status = 422 if is_wrong else 200
    return render(request, "accounts/handover/question.html", context, status=status)


def _refused(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    context = {"sentence": sentence}
    return render(request, "accounts/handover/refused.html", context, status=status)
