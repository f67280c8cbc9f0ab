"""What managers do with endpoints: add, change, switch, try, send again, remove."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.forum.models import NAME_LENGTH, Product
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import doorbell, outbound, typed
from feedback.kernel.refusals import Refusal
from feedback.kernel.stale import mark_of, refuse_stale
from feedback.notify.channels.webhook import kinds, tasks
from feedback.notify.channels.webhook.kinds import standard
from feedback.notify.happenings import Group
from feedback.notify.models import Endpoint, WebhookDelivery

#: How long what is sent is signed with the old secret too.
OVERLAP = dt.timedelta(days=1)
#: "All that were given up" means since then.
SINCE = dt.timedelta(days=1)

State = WebhookDelivery.State


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a manager says of an endpoint: ``groups`` of happenings, of one ``product`` or of all.

    ``secret`` is that of a room that signs.
    """

    name: str
    address: str
    groups: Collection[str]
    language: str
    secret: str = ""
    product: Product | None = None


@by_manager
def add_endpoint(*, kind: str, wish: Wish, actor: User, now: dt.datetime) -> Endpoint:
    """Add an endpoint; of one that is no room the secret is made here, and is the caller's to show, once.

    Raises `Refusal` for an address that nothing may be sent to.
    """
    endpoint = Endpoint(kind=Endpoint.Kind(kind), made_by=actor, made_at=now, free_at=now)
    _fill(endpoint, wish)
    outbound.check(endpoint.address)  # may wait for a name server, so before the transaction
    if endpoint.kind == Endpoint.Kind.STANDARD:
        endpoint.secret = standard.new_secret()
    with transaction.atomic():
        endpoint.save()
        _record(Verb.WEBHOOK_ADDED, endpoint, actor=actor, now=now)
    return endpoint


def words_of(endpoint: Endpoint) -> dict[str, str]:
    """Return what an endpoint is told of, in words. Of its address and secret a mark alone: whoever knows them can post there."""
    hidden = mark_of({"address": endpoint.address, "secret": endpoint.secret})
    return {
        "name": endpoint.name,
        "groups": ", ".join(str(group.label) for group in Group if group.value in endpoint.groups),
        "product": endpoint.product.title if endpoint.product is not None else "",
        "language": dict(settings.LANGUAGES).get(endpoint.language, endpoint.language),
        "kept hidden": hidden,
    }


@by_manager
def edit_endpoint(
    *, endpoint: Endpoint, wish: Wish, actor: User, now: dt.datetime, seen: str | None = None
) -> Endpoint:
    """Change an endpoint. An empty address or secret leaves what is there; with another one what waits is tried at once.

    ``seen`` is the mark of `words_of` that the actor began with. Raises `StaleEdit` where they are others now, and `Refusal`.
    """
    if wish.address:
        outbound.check(wish.address)
    with transaction.atomic():
        endpoint = _held(endpoint)
        refuse_stale(words_of(endpoint), seen=seen)
        before = endpoint.address, endpoint.secret
        _fill(endpoint, wish)
        endpoint.save(update_fields=["name", "address", "secret", "groups", "language", "product"])
        if before != (endpoint.address, endpoint.secret):
            endpoint.deliveries.filter(state=State.WAITING).update(due_at=now)
            _send_soon(endpoint, now=now)
        _record(Verb.WEBHOOK_EDITED, endpoint, actor=actor, now=now)
    return endpoint


@by_manager
@transaction.atomic
def renew_secret(*, endpoint: Endpoint, actor: User, now: dt.datetime) -> str:
    """Make and return a new secret; for a day what is sent is signed with both. Raises `Refusal` for a room."""
    endpoint = _held(endpoint)
    if endpoint.kind != Endpoint.Kind.STANDARD:
        raise Refusal(_("The secret of a chat room is made there. Change it here afterwards."))
    endpoint.secret_before, endpoint.secret_before_until = endpoint.secret, now + OVERLAP
    endpoint.secret = standard.new_secret()
    endpoint.save(update_fields=["secret", "secret_before", "secret_before_until"])
    _record(Verb.WEBHOOK_EDITED, endpoint, actor=actor, now=now)
    return endpoint.secret


@by_manager
@transaction.atomic
def switch_on(*, endpoint: Endpoint, actor: User, now: dt.datetime) -> None:
    """Have an endpoint told again, from now on; what was given up waits to be sent again by hand."""
    endpoint = _held(endpoint)
    if endpoint.is_on:
        return
    endpoint.off, endpoint.off_at, endpoint.failing_since = "", None, None
    endpoint.save(update_fields=["off", "off_at", "failing_since"])
    _send_soon(endpoint, now=now)
    _record(Verb.WEBHOOK_SWITCHED_ON, endpoint, actor=actor, now=now)


@by_manager
@transaction.atomic
def switch_off(*, endpoint: Endpoint, actor: User, now: dt.datetime) -> None:
    """Have an endpoint told nothing more; what waits, waits until it is switched on."""
    endpoint = _held(endpoint)
    if not endpoint.is_on:
        return
    endpoint.off, endpoint.off_at = Endpoint.Off.BY_HAND, now
    endpoint.save(update_fields=["off", "off_at"])
    _record(Verb.WEBHOOK_SWITCHED_OFF, endpoint, actor=actor, now=now)


@by_manager
@transaction.atomic
def remove_endpoint(*, endpoint: Endpoint, actor: User, now: dt.datetime) -> None:
    """Remove an endpoint, its secret and what was sent there."""
    endpoint = _held(endpoint)
    _record(Verb.WEBHOOK_REMOVED, endpoint, actor=actor, now=now)
    endpoint.delete()


@by_manager
@transaction.atomic
def send_trial(*, endpoint: Endpoint, actor: User, now: dt.datetime) -> WebhookDelivery:
    """Send a trial, now. Raises `Refusal` while another waits, and where the endpoint is off."""
    endpoint = _on(endpoint)
    if endpoint.deliveries.filter(entry=None, state=State.WAITING).exists():
        raise Refusal(_("A trial is under way already. What comes of it stands below."))
    delivery = endpoint.deliveries.create(made_at=now, due_at=now)
    _send_soon(endpoint, now=now)
    return delivery


@by_manager
@transaction.atomic
def send_again(*, delivery: WebhookDelivery, actor: User, now: dt.datetime) -> None:
    """Send a delivery again, under the same id. Raises `Refusal` where the endpoint is off."""
    endpoint = _on(delivery.endpoint)
    _wait_anew(endpoint.deliveries.filter(pk=delivery.pk), now=now)
    _send_soon(endpoint, now=now)


@by_manager
@transaction.atomic
def send_dead_again(*, endpoint: Endpoint, actor: User, now: dt.datetime) -> int:
    """Send again what was given up within a day; return how many that are. Raises `Refusal` where it is off."""
    endpoint = _on(endpoint)
    dead = endpoint.deliveries.filter(state=State.DEAD, ended_at__gte=now - SINCE)
    count = _wait_anew(dead, now=now)
    _send_soon(endpoint, now=now)
    return count


def _wait_anew(deliveries: QuerySet[WebhookDelivery], *, now: dt.datetime) -> int:
    return deliveries.exclude(state=State.WAITING, leased_until__gt=now).update(
        state=State.WAITING, due_at=now, attempts=0, ended_at=None, leased_until=None
    )


def _send_soon(endpoint: Endpoint, *, now: dt.datetime) -> None:
    """Have the endpoint asked now, unless it is being asked; a limit of its own holds all the same."""
    asked = endpoint.deliveries.filter(state=State.WAITING, leased_until__gt=now)
    if endpoint.failures and not asked.exists():
        Endpoint.objects.filter(pk=endpoint.pk).update(failures=0, free_at=now)
    doorbell.ring(tasks.send_webhooks)


def _held(endpoint: Endpoint) -> Endpoint:
    """Return ``endpoint`` as the database has it, held until the transaction ends."""
    return Endpoint.objects.select_for_update().get(pk=endpoint.pk)


def _on(endpoint: Endpoint) -> Endpoint:
    """Return ``endpoint``, held; raises `Refusal` where it is off."""
    endpoint = _held(endpoint)
    if not endpoint.is_on:
        raise Refusal(_("“%(name)s” is off. Switch it on first.") % {"name": endpoint.name})
    return endpoint


def _fill(endpoint: Endpoint, wish: Wish) -> None:
    endpoint.name = typed.line(wish.name, most=NAME_LENGTH)
    endpoint.address = wish.address or endpoint.address
    endpoint.groups = [group.value for group in Group if group in wish.groups]
    endpoint.language = wish.language
    endpoint.product = wish.product
    if wish.secret and kinds.of(endpoint.kind).has_secret:
        endpoint.secret = wish.secret
    if not endpoint.name:
        raise Refusal(_("Give it a name by which your team knows it."), status=422)
    if not endpoint.groups:
        raise Refusal(_("Choose what it is told of, one thing or more."), status=422)


def _record(verb: Verb, endpoint: Endpoint, *, actor: User, now: dt.datetime) -> None:
    """Write the journal entry. Neither the address nor the secret stands in it."""
    data = {"endpoint": endpoint.public_id, "title": endpoint.name, "kind": endpoint.kind}
    journal.write(verb=verb, subject=endpoint, actor_id=actor.pk, now=now, data=data)
