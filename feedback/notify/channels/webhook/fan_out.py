"""From one journal entry to a delivery for each endpoint that wants it."""

from feedback.journal.models import Entry
from feedback.kernel import clock, doorbell
from feedback.notify import happenings
from feedback.notify.channels.webhook import tasks
from feedback.notify.models import Endpoint, WebhookDelivery


def tell(entry: Entry) -> None:
    """Have every endpoint that wants it told of ``entry``, each once; of what a sample makes up, none.

    Of a closed product those that name it alone: whoever chose it knows where it is told.

    Called inside the transaction that closes the entry's dispatch, and sends nothing: that is the worker's, later.
    """
    kind = happenings.by_verb()[entry.verb]
    endpoints = [one for one in Endpoint.objects.filter(off="") if kind.group in one.groups]
    if not endpoints:
        return
    happening = happenings.of_entry(entry)
    if happening is None or happening.product.sample:
        return
    now = clock.now()
    WebhookDelivery.objects.bulk_create(
        (
            WebhookDelivery(endpoint=one, entry=entry, made_at=now, due_at=now)
            for one in endpoints
            if one.product_id == happening.product.pk
            or (one.product_id is None and not happening.product.is_closed)
        ),
        ignore_conflicts=True,
    )
    doorbell.ring(tasks.send_webhooks)
