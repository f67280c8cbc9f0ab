"""Where else what happens is told: endpoints of other programs and chat rooms, and what was sent there."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback.accounts.permissions import member_of, site_manager_required
from feedback.accounts.second_step.asking_again import ask_again_to_change
from feedback.desk.both import Both, form_page
from feedback.desk.webhooks.forms import EditEndpointForm, EndpointForm, said_of
from feedback.desk.webhooks.presenting import ends_soon, shown, shown_deliveries
from feedback.kernel import clock
from feedback.kernel.htmx import is_htmx, template_for
from feedback.kernel.refusals import beside
from feedback.notify.channels.webhook import operations, queries
from feedback.notify.happenings import Group
from feedback.notify.models import Endpoint, WebhookDelivery

#: Deliveries that are listed.
LATEST = 40
#: A new secret waits in the session for the one page that shows it.
_SECRET = "desk.webhook-secret"  # noqa: S105


@require_safe
@site_manager_required
def webhooks(request: HttpRequest) -> HttpResponse:
    """Every endpoint, and how it is."""
    rows = [shown(endpoint) for endpoint in queries.endpoints()]
    return render(request, "desk/webhooks/webhooks.html", {"nav": "desk", "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@site_manager_required
@ask_again_to_change
def webhook_new(request: HttpRequest) -> HttpResponse:
    """Add an endpoint."""
    member = member_of(request)
    start = {"language": request.LANGUAGE_CODE, "groups": [Group.ROADMAP.value]}
    form = EndpointForm(request.POST if request.method == "POST" else None, initial=start)
    if form.is_valid():
        with beside(form):
            made = operations.add_endpoint(
                kind=form.cleaned_data["kind"], wish=form.wish(), actor=member, now=clock.now()
            )
            if made.kind == Endpoint.Kind.STANDARD:
                request.session[_SECRET] = [made.public_id, made.secret]
            messages.success(request, _("“%s” is told from now on. Send a trial.") % made.name)
            return redirect("desk:webhook", made.public_id)
    return _form(request, form, _("A new webhook"), _("Add it"))


@require_safe
@site_manager_required
def webhook(request: HttpRequest, public_id: str) -> HttpResponse:
    """One endpoint: how it is, what was sent there, and what can be done about it."""
    endpoint = queries.access_endpoint(public_id)
    now = clock.now()
    latest = list(queries.deliveries(endpoint)[:LATEST])
    context: dict[str, Any] = {
        "nav": "desk",
        "one": shown(endpoint),
        "endpoint": endpoint,
        "is_room": endpoint.kind != Endpoint.Kind.STANDARD,
        "deliveries": shown_deliveries(latest),
        "looks_again": ends_soon(latest, now=now),
        "dead_lately": queries.dead_lately(endpoint, now=now),
        "latest": LATEST,
    }
    if not is_htmx(request):
        of, secret = request.session.pop(_SECRET, ("", ""))
        context["secret"] = secret if of == endpoint.public_id else ""
    page = template_for(request, "desk/webhooks/webhook.html", part="deliveries")
    return render(request, page, context)


@require_http_methods(["GET", "HEAD", "POST"])
@site_manager_required
@ask_again_to_change
def webhook_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change an endpoint."""
    endpoint = queries.access_endpoint(public_id)
    typed = request.POST if request.method == "POST" else None
    form = EditEndpointForm(typed, initial=said_of(endpoint))
    both = Both(request, {} if typed is not None else operations.words_of(endpoint))
    if form.is_valid():
        with beside(form), both.shown_in(form):
            operations.edit_endpoint(
                endpoint=endpoint,
                wish=form.wish(),
                actor=member_of(request),
                now=clock.now(),
                seen=both.seen,
            )
            messages.success(request, _("Saved."))
            return redirect("desk:webhook", endpoint.public_id)
    return _form(request, form, endpoint.name, _("Save"), both=both, endpoint=endpoint)


@require_POST
@site_manager_required
def webhook_trial(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send a trial."""
    endpoint = queries.access_endpoint(public_id)
    operations.send_trial(endpoint=endpoint, actor=member_of(request), now=clock.now())
    messages.info(request, _("A trial is on its way. What comes of it stands below."))
    return redirect("desk:webhook", public_id)


@require_POST
@site_manager_required
@ask_again_to_change
def webhook_secret(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make a new secret, and show it once."""
    endpoint = queries.access_endpoint(public_id)
    secret = operations.renew_secret(endpoint=endpoint, actor=member_of(request), now=clock.now())
    request.session[_SECRET] = [public_id, secret]
    return redirect("desk:webhook", public_id)


@require_POST
@site_manager_required
def webhook_switch(request: HttpRequest, public_id: str) -> HttpResponse:
    """Switch an endpoint on or off."""
    endpoint = queries.access_endpoint(public_id)
    member, now = member_of(request), clock.now()
    if request.POST.get("to") == "on":
        operations.switch_on(endpoint=endpoint, actor=member, now=now)
        messages.success(request, _("“%s” is on.") % endpoint.name)
    else:
        operations.switch_off(endpoint=endpoint, actor=member, now=now)
        messages.success(request, _("“%s” is off. Nothing more is sent there.") % endpoint.name)
    return redirect("desk:webhook", public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@site_manager_required
def webhook_remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask whether it is meant; then remove an endpoint."""
    endpoint = queries.access_endpoint(public_id)
    if request.method == "POST":
        operations.remove_endpoint(endpoint=endpoint, actor=member_of(request), now=clock.now())
        messages.success(request, _("“%s” is removed.") % endpoint.name)
        return redirect("desk:webhooks")
    return render(request, "desk/webhooks/remove.html", {"nav": "desk", "endpoint": endpoint})


@require_POST
@site_manager_required
def webhook_again(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send one delivery again."""
    delivery = get_object_or_404(
        WebhookDelivery.objects.select_related("endpoint"), public_id=public_id
    )
    operations.send_again(delivery=delivery, actor=member_of(request), now=clock.now())
    messages.info(request, _("It is sent again, under the same id."))
    return redirect("desk:webhook", delivery.endpoint.public_id)


@require_POST
@site_manager_required
def webhook_all_again(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send again all that was given up within a day."""
    endpoint = queries.access_endpoint(public_id)
    count = operations.send_dead_again(endpoint=endpoint, actor=member_of(request), now=clock.now())
    said = ngettext("%(n)d message is sent again.", "%(n)d messages are sent again.", count)
    messages.info(request, said % {"n": count})
    return redirect("desk:webhook", public_id)


def _form(
    request: HttpRequest, form: EndpointForm, title: str, verb: str, **more: Any
) -> HttpResponse:
    return form_page(request, "desk/webhooks/edit.html", form, title=title, verb=verb, **more)
