"""Devices as their person turns them on and off, and the worker that browsers run for us."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from feedback.accounts.permissions import member_of, member_required
from feedback.kernel import clock
from feedback.kernel.refusals import Refusal, told
from feedback.notify.channels.push import devices
from feedback.notify.channels.push.names import name_of

#: Which of its person's devices a browser is, for longer than a session.
COOKIE = "heed_device"
_COOKIE_AGE = 365 * 24 * 3600


@require_POST
@member_required
def device_on(request: HttpRequest) -> HttpResponse:
    """Have the browser that sends this show what is new, with what it says of itself."""
    device = devices.turn_on(
        person=member_of(request),
        **_said(request, "endpoint", "p256dh", "auth"),
        name=name_of(request.headers.get("User-Agent", "")),
        now=clock.now(),
    )
    messages.success(request, _("This browser shows you what is new from now on."))
    response = redirect("notify:wishes")
    response.set_cookie(
        COOKIE,
        device.public_id,
        max_age=_COOKIE_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def turn_off_here(request: HttpRequest) -> None:
    """Turn news off in this browser as its person signs out: whoever uses it next need not read them."""
    mine = devices.devices_of(member_of(request))
    device = mine.filter(public_id=request.COOKIES.get(COOKIE, "")).first()
    if device is not None:
        devices.turn_off(device=device, now=clock.now())


@require_POST
@member_required
def device_off(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show nothing in one browser any more."""
    device = devices.access_device(member_of(request), public_id)
    devices.turn_off(device=device, now=clock.now())
    messages.success(request, _("Off: %(device)s") % {"device": device.name})
    return redirect("notify:wishes")


@require_POST
@member_required
def device_trial(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send a trial to one browser."""
    device = devices.access_device(member_of(request), public_id)
    with told(request):
        devices.send_trial(device=device, now=clock.now())
        sentence = _("A trial is on its way to %(device)s.") % {"device": device.name}
        messages.success(request, sentence)
    return redirect("notify:wishes")


@csrf_exempt  # the worker of a browser has no token, and perhaps nobody is signed in: it shows that it is that browser
@require_POST
def device_renew(request: HttpRequest) -> HttpResponse:
    """Send to another endpoint what went to the old one, for the browser that knows the old one's secret."""
    names = ("endpoint", "p256dh", "auth", "instead_of", "known_by")
    try:
        renewed = devices.renew(**_said(request, *names))
    except Refusal as why:  # a program asks: there is no page to say it on
        return HttpResponse(str(why), status=why.status, content_type="text/plain; charset=utf-8")
    if renewed is None:
        raise Http404
    return HttpResponse(status=204)


def _said(request: HttpRequest, *names: str) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in names}


@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The script that a browser runs for the whole site: from the root, or it would serve a folder alone."""
    return HttpResponse(_worker(), content_type="text/javascript; charset=utf-8")


@cache
def _worker() -> str:
    return Path(__file__).with_name("worker.js").read_text(encoding="utf-8")
