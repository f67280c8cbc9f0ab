"""The id of a request on its way through Django, and the name of the page that answers it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from feedback.kernel import request_id

#: In the environment of a request: its id, given before Django sees it, and the name of the page, told afterwards.
ID, ROUTE = "heed.request_id", "heed.route"


def chosen(said: str) -> str:
    """Return the id of a request whose header ``said`` one: a proxy of ours is believed, and nobody else."""
    return request_id.chosen(said, is_believed=settings.SECURE_PROXY_SSL_HEADER is not None)


class Identified:
    """Gives every request its id, in the log and in the answer. Stands above all else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        known = request.META.get(ID) or chosen(request.headers.get(request_id.HEADER, ""))
        with request_id.known_as(known):
            response = self.get_response(request)
        request.META[ROUTE] = _route(request)
        response[request_id.HEADER] = known
        return response


def _route(request: HttpRequest) -> str:
    """Return the name of the page, never its address: that may tell what somebody reads."""
    if request.resolver_match is not None:
        return request.resolver_match.view_name
    return "static" if request.path_info.startswith(f"/{settings.STATIC_URL.strip('/')}/") else ""
