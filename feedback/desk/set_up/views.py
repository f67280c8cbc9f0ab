"""One page that leads to everything that can be set."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from feedback.accounts.permissions import member_of, team_required
from feedback.desk.first_steps.queries import lately
from feedback.desk.product import picked
from feedback.desk.set_up.settings import settings_for


@require_safe
@team_required
def set_up(request: HttpRequest) -> HttpResponse:
    """Show every setting that the reader may open, and how it is now."""
    product = picked(request)
    reader = member_of(request)
    context = {
        "nav": "desk",
        "parts": settings_for(request, reader, product),
        "steps": lately() if reader.is_manager else None,
    }
    return render(request, "desk/set_up/set_up.html", context)
