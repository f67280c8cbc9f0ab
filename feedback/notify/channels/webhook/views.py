"""The way from a notice about a webhook to its page, which stands in a higher room."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from feedback.accounts.permissions import site_manager_required
from feedback.kernel import slots
from feedback.notify.channels.webhook.queries import access_endpoint


@require_safe
@site_manager_required
def webhook_open(request: HttpRequest, public_id: str) -> HttpResponse:
    """Go to the page of a webhook."""
    endpoint = access_endpoint(public_id)
    page = slots.gather("webhook-desk", request, [endpoint]).get(endpoint.pk)
    if page is None:
        raise Http404
    return redirect(page)
