"""A post as a row that another tool reads, and an import here."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from feedback.forum.models import Post


def address_of(post: Post) -> str:
    """Return the whole address of the page of ``post``."""
    return settings.BASE_URL + reverse("forum:post-detail", args=[post.public_id])


def exported_row(post: Post) -> dict[str, Any]:
    """Return what ``post``, read with its board and product, says and where it stands."""
    return {
        "external_id": post.external_id or post.public_id,
        "source": post.source,
        "product": post.board.product.slug,
        "board": post.board.slug,
        "url": address_of(post),
        "title": post.title,
        "body": post.body,
        "kind": post.kind,
        "rating": post.rating,
        "product_version": post.product_version,
        "fields": post.fields,
        "posted_at": post.posted_at.isoformat(),
        "consents": sorted(use.lower() for use in post.consents),
    }
