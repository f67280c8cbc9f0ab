"""Telling a person what cannot be done, and why.

An operation that cannot do what a person wants raises a `Refusal` with a sentence for them. Nobody has to catch it:
`RefusalMiddleware` answers, for every view alike. A view that shows the sentence elsewhere says so with `beside` or
`told`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from allauth.core.ratelimit import respond_429
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from feedback.kernel.htmx import is_htmx
from feedback.kernel.way_back import came_from, page_above


class Refusal(Exception):
    """What a person wants cannot be done now; the sentence says why and what to do, in their language.

    ``status`` is 409 when the world is not as they think, 422 when what they wrote is wrong, 429 when they were too fast:
    then it may be done after ``retry_after`` seconds.
    """

    def __init__(self, sentence: str, *, status: int = 409, retry_after: int = 0) -> None:
        super().__init__(sentence)
        self.status = status
        self.retry_after = retry_after

    @property
    def headers(self) -> dict[str, str]:
        """What the answer says beside the sentence."""
        return {"Retry-After": str(self.retry_after)} if self.retry_after else {}


class RefusalMiddleware:
    """Answers with the sentence: as a message on the page they came from, as a page to whoever was too fast, or as text where htmx or a GET asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refusal):
            return None
        is_page = not is_htmx(request) and request.method in ("GET", "HEAD", "POST")
        if not is_page or (request.method != "POST" and error.status != 429):
            return HttpResponse(
                str(error),
                status=error.status,
                content_type="text/plain; charset=utf-8",
                headers=error.headers,
            )
        if error.status == 429:
            request.META["refusal"] = str(error)  # the template of the page says it
            answer: HttpResponse = respond_429(request)
            for name, value in error.headers.items():
                answer[name] = value
            return answer
        messages.error(request, str(error))
        return redirect(came_from(request, otherwise=page_above(request)))


@contextmanager
def beside(form: BaseForm) -> Iterator[None]:
    """Show what is refused in the block on top of ``form``, with what the person has written still in it."""
    try:
        yield
    except Refusal as why:
        form.add_error(None, ValidationError(str(why), code=str(why.status)))


def status_of(form: BaseForm) -> int:
    """Return the status of a page that shows ``form`` again: 429 where its writer was too fast, 200 where nothing is wrong."""
    if not form.errors:
        return 200
    refused = form.non_field_errors().as_data()
    return 429 if any(error.code == "429" for error in refused) else 422


@contextmanager
def told(request: HttpRequest) -> Iterator[None]:
    """Tell what is refused in the block as a message, and go on with what follows the block."""
    try:
        yield
    except Refusal as why:
        messages.error(request, str(why))
