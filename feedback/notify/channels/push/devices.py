"""Devices: turned on and off by their person, renewed by their browser, closed when a push service says so."""

import datetime as dt
import hashlib
import hmac
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.kernel import doorbell, outbound, typed
from feedback.kernel.refusals import Refusal
from feedback.notify.channels.push import encryption, queue
from feedback.notify.models import Device, Push, PushDelivery

#: Devices of one person that are on at once.
MOST = 20
#: Letters of an endpoint. Those of today's push services have some 200.
LONGEST = 1_000
_NAME = 60


def devices_of(person: User) -> QuerySet[Device]:
    """Return the devices of ``person`` as their page lists them."""
    return Device.objects.filter(person=person).order_by("-since", "-pk")


def access_device(person: User, public_id: str) -> Device:
    """Return a device of ``person``'s own; raises `Http404`."""
    device = Device.objects.filter(person=person, public_id=public_id).first()
    if device is None:
        raise Http404
    return device


def turn_on(
    *, person: User, endpoint: str, p256dh: str, auth: str, name: str, now: dt.datetime
) -> Device:
    """Have a browser show ``person`` what is new. A browser that was turned on before stays one device.

    Whoever uses the browser now has it: it shows nobody else's news any more. Raises `Refusal` for what no browser says of itself, for an
    endpoint that nothing may be sent to, and for too many.
    """
    if not queue.is_on():
        raise Refusal(_("This site shows no news on devices."))
    _check(endpoint, p256dh, auth)
    digest = digest_of(endpoint)
    name = typed.line(name[:_NAME], most=_NAME)
    said = {"endpoint": endpoint, "p256dh": p256dh, "auth": auth, "name": name}
    with transaction.atomic():
        known = Device.objects.select_for_update().filter(digest=digest).first()
        if known is not None and known.person_id == person.pk:
            Device.objects.filter(pk=known.pk).update(**said)
            return known
        if known is not None:
            if not hmac.compare_digest(known.auth, auth):
                raise _strange()
            close(device=known, why=Device.Off.MOVED, now=now)
        if Device.objects.filter(person=person, off="").count() >= MOST:
            raise Refusal(
                _("News are on in %(n)d browsers of yours. Turn one off first.") % {"n": MOST}
            )
        device, _made = Device.objects.get_or_create(
            digest=digest,
            defaults={**said, "person": person, "service": _host(endpoint), "since": now},
        )
        return device


def renew(
    *, endpoint: str, auth: str, instead_of: str, known_by: str, p256dh: str
) -> Device | None:
    """Send to another ``endpoint`` what went to ``instead_of``: browsers change theirs by themselves, whoever is signed in.

    Who knows the old one and its secret (``known_by``) is that browser; returns None for anybody else. Raises `Refusal` as `turn_on` does.
    """
    _check(endpoint, p256dh, auth)
    with transaction.atomic():
        held = Device.objects.select_for_update()
        device = held.filter(digest=digest_of(instead_of), off="").first()
        if device is None or not hmac.compare_digest(device.auth.encode(), known_by.encode()):
            return None
        digest = digest_of(endpoint)
        if held.filter(digest=digest).exclude(pk=device.pk).exists():
            return None  # the page was quicker
        said = {"endpoint": endpoint, "p256dh": p256dh, "auth": auth, "digest": digest}
        Device.objects.filter(pk=device.pk).update(**said, service=_host(endpoint))
        return device


@transaction.atomic
def turn_off(*, device: Device, now: dt.datetime) -> None:
    """Show nothing there any more, and forget the device."""
    close(device=device, why=Device.Off.GONE, now=now)
    device.delete()


@transaction.atomic
def close(*, device: Device, why: Device.Off, now: dt.datetime) -> None:
    """Send nothing to a device any more, and forget where it was; what waits for it stands in the inbox all the same."""
    forgotten = {"endpoint": "", "digest": "", "p256dh": "", "auth": ""}
    Device.objects.filter(pk=device.pk, off="").update(off=why, off_at=now, **forgotten)
    PushDelivery.objects.filter(device=device, push=None).delete()
    Push.objects.filter(device=device, state=Push.State.WAITING).update(
        state=Push.State.DROPPED, finished_at=now, leased_until=None
    )


@transaction.atomic
def send_trial(*, device: Device, now: dt.datetime) -> Push:
    """Send a trial to a device, now. Raises `Refusal` while another is under way, and where the device is off."""
    device = Device.objects.select_for_update().get(pk=device.pk)
    if not device.is_on:
        raise Refusal(_("News are off in this browser. Turn them on there first."))
    if device.pushes.filter(is_trial=True, state=Push.State.WAITING).exists():
        raise Refusal(_("A trial is on its way already. It may take a minute."))
    push = Push.objects.create(
        person_id=device.person_id, device=device, is_trial=True, made_at=now, due_at=now
    )
    doorbell.ring("notify.send_pushes")
    return push


def digest_of(endpoint: str) -> str:
    """Return what finds a device by its endpoint: the page of its own browser can say the same of itself."""
    return hashlib.sha256(endpoint.encode()).hexdigest()


def _check(endpoint: str, p256dh: str, auth: str) -> None:
    """Raise `Refusal` for what no browser says of itself, and where nothing may be sent."""
    if max(len(endpoint), len(p256dh), len(auth)) > LONGEST:
        raise _strange()
    try:
        encryption.check(p256dh=p256dh, auth=auth)
    except encryption.NoKeys:
        raise _strange() from None
    # Push services speak https; what else an operator lets us ask is their own.
    if urlsplit(endpoint).scheme != "https" and not settings.OUTBOUND_ALLOW:
        raise _strange()
    outbound.check(endpoint)  # may wait for a name server, so before any transaction


def _host(endpoint: str) -> str:
    return (urlsplit(endpoint).hostname or "")[:253]


def _strange() -> Refusal:
    return Refusal(
        _("This is not what a browser says of itself. Load the page again and turn news on anew."),
        status=422,
    )
