"""What a load balancer asks."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from feedback.ops import health


@require_safe
@never_cache
def livez(request: HttpRequest) -> HttpResponse:
    """Answer while the process can: no database, no template."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when people can be served, else 503 with the reason.

    The encoder is reported and does not count: without it people read, post and search by words.
    """
    trouble = health.database_trouble()
    encoder = health.encoder_state()
    answer = {
        "ready": not trouble,
        "database": trouble or "ok",
        "encoder": encoder.state.lower(),
        "model_key": encoder.model_key,
    }
    return JsonResponse(answer, status=503 if trouble else 200)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer Prometheus, which shows HEED_METRICS_TOKEN as its bearer token; nobody else learns anything."""
    token = settings.METRICS_TOKEN
    shown = request.headers.get("Authorization", "")
    if not token or not constant_time_compare(shown, f"Bearer {token}"):
        raise Http404
    # Decides as it is loaded whether processes share their figures; by now the web has said so.
    from feedback.ops.metrics.exposition import CONTENT_TYPE, exposed

    return HttpResponse(exposed(), content_type=CONTENT_TYPE)
