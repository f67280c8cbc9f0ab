"""What a load balancer asks."""

from django.http import HttpRequest, HttpResponse, JsonResponse
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
