"""Whether htmx asks, and what only htmx understands."""

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails


def is_htmx(request: HttpRequest) -> bool:
    """Whether the answer replaces a part of the page. Going back in the browser wants the whole page again."""
    htmx = HtmxDetails(request)
    return bool(htmx) and not htmx.history_restore_request


def is_for(request: HttpRequest, place: str) -> bool:
    """Whether htmx puts the answer into the element whose id is ``place``."""
    return HtmxDetails(request).target == place


def template_for(request: HttpRequest, template: str, *, part: str) -> str:
    """Return the name of the ``part`` of ``template`` for htmx, of the whole for everybody else."""
    return f"{template}#{part}" if is_htmx(request) else template


def varies(response: HttpResponse) -> HttpResponse:
    """Say that the address answers htmx with something else, so that no cache mixes the two up."""
    patch_vary_headers(response, ["HX-Request"])
    return response


def go_to(address: str) -> HttpResponse:
    """Have htmx open ``address`` as a whole page."""
    return HttpResponse(status=204, headers={"HX-Redirect": address})


def leave_the_target(response: HttpResponse) -> HttpResponse:
    """Have htmx put in only what says itself where it goes."""
    response["HX-Reswap"] = "none"
    return response


def stands_at(response: HttpResponse, address: str) -> HttpResponse:
    """Have the browser show ``address`` for what was put into the page."""
    response["HX-Push-Url"] = address
    return response


def refresh(response: HttpResponse) -> HttpResponse:
    """Have htmx load the whole page anew."""
    response["HX-Refresh"] = "true"
    return response
