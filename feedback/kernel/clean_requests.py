"""What no person types and no database keeps is taken out of a request, before anything reads it.

PostgreSQL refuses a NUL in any text, and control characters break headers and feeds. Words that somebody pasted lose
nothing that shows; an address with such a character leads nowhere.
"""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, QueryDict, UnreadablePostError
from django.http.response import HttpResponseBase

#: Control characters but for tab and line ends, and halves of pairs.
_UNKEEPABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

View = TypeVar("View", bound=Callable[..., Any])
_RECEIVES_FILES = "receives_files"


def can_be_kept(words: str) -> bool:
    """Return whether every database takes ``words`` as they are."""
    return not _UNKEEPABLE.search(words)


def receives_files(view: View) -> View:
    """Mark a view that says where its files go before its form is read. It keeps no words of the form."""
    setattr(view, _RECEIVES_FILES, True)
    return view


class CleanRequestMiddleware:
    """Cleans query, form, cookies and headers. Stands above whatever reads one of them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        for name, value in request.META.items():
            if isinstance(value, str) and name.startswith("HTTP_"):
                request.META[name] = _UNKEEPABLE.sub("", value)
        for name, value in request.COOKIES.items():
            request.COOKIES[name] = _UNKEEPABLE.sub("", value)
        _clean(request.GET)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *given: Any) -> None:
        """Find no page at an address with such a character; clean the form before anybody reads it."""
        if _UNKEEPABLE.search(request.path_info):
            raise Http404
        if request.method != "POST" or hasattr(view, _RECEIVES_FILES):
            return
        try:
            _clean(request.POST)
        except UnreadablePostError:
            # Whoever sent it hung up. The check of its token says so.
            return


def _clean(sent: QueryDict) -> None:
    """Take those characters out of ``sent``, names and values."""
    found = list(sent.lists())
    if not any(_UNKEEPABLE.search(words) for name, values in found for words in (name, *values)):
        return
    sent._mutable = True
    sent.clear()
    for name, values in found:
        sent.setlist(_UNKEEPABLE.sub("", name), [_UNKEEPABLE.sub("", value) for value in values])
    sent._mutable = False
