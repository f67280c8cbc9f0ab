"""What this room shows while somebody writes: what is like the draft."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from feedback.grouping.similar.similar import similar


def similar_asks(request: HttpRequest, drafts: Sequence[Any]) -> Mapping[int, Any]:
    """Return, for each draft, what is like it: asks first, then posts that belong to none of them."""
    rendered = {}
    for draft in drafts:
        found = similar(title=draft.title, body=draft.body, person=request.user)
        rendered[draft.pk] = render_to_string(
            "forum/posts/_similar.html",
            {"asks": found.asks, "posts": found.posts, "words_only": not found.by_meaning},
            request=request,
        )
    return rendered
