"""Going to a provider, and coming back."""

import datetime as dt
import logging
import secrets
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from feedback.accounts import limits
from feedback.accounts.models import User
from feedback.accounts.providers.oidc import Callback, CheckedOpenID
from feedback.kernel import clock

logger = logging.getLogger(__name__)

#: How often one address may begin: each asks another server.
_BEGUN = limits.Rate("provider", 30, dt.timedelta(minutes=5))
_OIDC = "openid_connect"
#: What a server that is down, slow or talks nonsense comes to. A `requests` error is an `OSError`.
_WENT_WRONG = (OSError, ValueError, KeyError, TypeError)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to the provider, by a page: a form's answer may lead nowhere else (`form-action` of the content policy)."""
    provider = _provider(request, provider_id)
    process = (request.POST or request.GET).get("process", AuthProcess.LOGIN)
    if process not in (AuthProcess.LOGIN, AuthProcess.CONNECT) or not isinstance(
        request.user, User
    ):
        process = AuthProcess.LOGIN
    about = {"provider": provider, "process": process}
    if request.method != "POST":
        return render(request, "socialaccount/login.html", about)
    if limits.is_over(_BEGUN, request, now=clock.now()):
        return _failed(request, provider)
    said = provider.get_redirect_from_request_kwargs(request)
    # What the address says of these counts for nothing.
    said |= {
        "process": process,
        "scope": provider.get_scope(),
        "auth_params": provider.get_auth_params(),
    }
    if provider.id == _OIDC:
        said["nonce"] = said["auth_params"]["nonce"] = secrets.token_urlsafe(24)
    try:
        answer = provider.redirect(request, **said)
    except _WENT_WRONG:
        logger.warning("The provider %s cannot be reached.", provider_id, exc_info=True)
        return _failed(request, provider)
    if isinstance(answer, HttpResponseRedirect):
        return render(request, "socialaccount/leaving.html", about | {"address": answer.url})
    return _as_response(answer)


@never_cache
@require_safe
def finish(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Sign in whom the provider says they are."""
    provider = _provider(request, provider_id)
    if provider.id == _OIDC:
        view = Callback.adapter_view(CheckedOpenID(request, provider_id))
    else:
        view = OAuth2CallbackView.adapter_view(provider.get_oauth2_adapter(request))
    try:
        return _as_response(view(request))
    except _WENT_WRONG:
        logger.warning("The provider %s answered what is no answer.", provider_id, exc_info=True)
        return _failed(request, provider)


def _provider(request: HttpRequest, provider_id: str) -> Any:
    try:
        return get_adapter(request).get_provider(request, provider_id)
    except SocialApp.DoesNotExist:
        raise Http404 from None


def _failed(request: HttpRequest, provider: Any) -> HttpResponse:
    return _as_response(render_authentication_error(request, provider))


def _as_response(answer: Any) -> HttpResponse:
    assert isinstance(answer, HttpResponse)
    return answer
