"""Leading old links on: before a page is not found, somebody may have come by an address of the tool that was here before."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from feedback.forum.addresses.operations import post_at
from feedback.forum.closed.reading import may_read


class OldAddresses:
    """Answers what is not found with the post that was shown there. Whether they may read it, its own page says; of one on a closed board nobody else learns that it is there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in ("GET", "HEAD"):
            return response
        post = post_at(request.path, request.META.get("QUERY_STRING", ""))
        if post is None or not may_read(request.user, post.board):
            return response
        page = reverse("forum:post-detail", args=[post.public_id])
        return response if page == request.path else HttpResponsePermanentRedirect(page)
