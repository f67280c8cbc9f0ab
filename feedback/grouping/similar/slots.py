"""What this room shows while somebody writes: what is like the draft."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from feedback.asks.models import Ask
from feedback.forum.posts.hints import look_again
from feedback.forum.posts.listing import PostRow
from feedback.grouping.similar.similar import similar


@dataclass(frozen=True)
class SimilarAsk:
    """An ask like the draft, and whether the reader stands behind it already."""

    ask: Ask
    voted: bool


def similar_asks(request: HttpRequest, drafts: Sequence[Any]) -> Mapping[int, str]:
    """Return, for each draft, what is like it: asks first, then posts that belong to none of them."""
    rendered = {}
    for draft in drafts:
        found = similar(
            title=draft.title, body=draft.body, person=request.user, product=draft.product
        )
        rendered[draft.pk] = ""
        if found.asks or found.posts or not found.by_meaning:
            rendered[draft.pk] = render_to_string(
                "grouping/similar/_similar.html",
                {
                    "asks": [SimilarAsk(ask, ask.pk in found.backed) for ask in found.asks],
                    "rows": [PostRow(post, post.pk in found.wanted) for post in found.posts],
                    "words_only": not found.by_meaning,
                    "again": None if found.by_meaning else look_again(request),
                },
                request=request,
            )
    return rendered
