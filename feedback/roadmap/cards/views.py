"""The pictures of items and releases."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from feedback.forum.cards.cards import picture_of
from feedback.forum.products.queries import chosen
from feedback.kernel.feeds import in_its_language
from feedback.roadmap import queries
from feedback.roadmap.cards.cards import card_of_item, card_of_release
from feedback.roadmap.permissions import access_item, access_release


@require_safe
@in_its_language
def item_picture(request: HttpRequest, public_id: str) -> HttpResponse:
    """Draw the card of an item."""
    item = access_item(request.user, public_id)
    return picture_of(request, card_of_item(item, queries.rows([item])[0]))


@require_safe
@in_its_language
def release_picture(request: HttpRequest, version: str) -> HttpResponse:
    """Draw the card of a release."""
    return picture_of(request, card_of_release(access_release(version, chosen(request))))
