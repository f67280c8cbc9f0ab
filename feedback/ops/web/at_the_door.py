"""A request whose body was too large to be let in is answered before anything else looks at it."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from feedback.ops.web import alone
from feedback.ops.web.bridge import TOO_LARGE


class AtTheDoor:
    """Says that too much was sent, in the reader's language. Stands below what finds the language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if TOO_LARGE not in request.META:
            return self.get_response(request)
        return alone.answer(
            request,
            status=413,
            title=_("This is too large"),
            sentence=_("More was sent than may be sent at once, and nothing was saved. Go back: what you wrote is still there. Leave out a file, or take a smaller one."),
        )  # fmt: skip
