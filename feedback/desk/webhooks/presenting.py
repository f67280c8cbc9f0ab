"""What the pages of webhooks show."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from feedback.notify.channels.webhook.trials import NAME
from feedback.notify.happenings import Group, by_verb
from feedback.notify.models import Endpoint, WebhookDelivery

#: What is due within it may end while somebody looks.
SOON = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class ShownEndpoint:
    """An endpoint in a list: of its address the host alone."""

    endpoint: Endpoint
    host: str
    told_of: str


@dataclass(frozen=True)
class ShownDelivery:
    """A delivery in a list. ``title`` is what it tells of, ``words`` what is known of it beside its state."""

    delivery: WebhookDelivery
    name: str
    title: str
    words: str
    next_at: dt.datetime | None


def shown(endpoint: Endpoint) -> ShownEndpoint:
    """Return ``endpoint`` as it is listed."""
    chosen = [group.label for group in Group if group.value in endpoint.groups]
    return ShownEndpoint(
        endpoint=endpoint,
        host=urlsplit(endpoint.address).hostname or "",
        told_of=" · ".join(str(label) for label in chosen),
    )


def shown_deliveries(deliveries: Iterable[WebhookDelivery]) -> list[ShownDelivery]:
    """Return ``deliveries`` as they are listed."""
    return [_shown_delivery(one) for one in deliveries]


def _shown_delivery(delivery: WebhookDelivery) -> ShownDelivery:
    entry = delivery.entry
    kind = by_verb().get(entry.verb) if entry is not None else None
    is_waiting = delivery.state == WebhookDelivery.State.WAITING
    return ShownDelivery(
        delivery=delivery,
        name=kind.name if kind else NAME,
        title=str(entry.data.get("title", "")) if entry is not None else _("A trial"),
        words=str(delivery.get_why_display()) if delivery.why else "",
        next_at=delivery.due_at if is_waiting and delivery.attempts else None,
    )


def ends_soon(deliveries: Iterable[WebhookDelivery], *, now: dt.datetime) -> bool:
    """Whether the page should look again: something is due within a minute."""
    waiting = (one for one in deliveries if one.state == WebhookDelivery.State.WAITING)
    return any(one.due_at < now + SOON for one in waiting)
