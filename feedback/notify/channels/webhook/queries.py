"""Reading endpoints and what was sent to them."""

import datetime as dt

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from feedback.notify.channels.webhook.operations import SINCE
from feedback.notify.models import Endpoint, WebhookDelivery

State = WebhookDelivery.State


def endpoints() -> QuerySet[Endpoint]:
    """Return every endpoint, with how many deliveries are ``waiting`` and ``dead``."""
    waiting = Count("deliveries", filter=Q(deliveries__state=State.WAITING))
    dead = Count("deliveries", filter=Q(deliveries__state=State.DEAD))
    return Endpoint.objects.annotate(waiting=waiting, dead=dead).select_related("product")


def access_endpoint(public_id: str) -> Endpoint:
    """Return the endpoint; raises `Http404`. Who asks is a manager: nobody else may know of any."""
    found = endpoints().filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def deliveries(endpoint: Endpoint) -> QuerySet[WebhookDelivery]:
    """Return what was sent to ``endpoint``, or waits to be, newest first."""
    return endpoint.deliveries.select_related("entry").order_by("-pk")


def dead_lately(endpoint: Endpoint, *, now: dt.datetime) -> int:
    """Return how many deliveries were given up within a day."""
    return endpoint.deliveries.filter(state=State.DEAD, ended_at__gte=now - SINCE).count()
