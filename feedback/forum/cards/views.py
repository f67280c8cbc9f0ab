"""The pictures of posts and boards, as a visitor may see them."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from feedback.forum import permissions
from feedback.forum.cards.cards import card_of_board, card_of_post, picture_of
from feedback.forum.posts import listing
from feedback.kernel.feeds import in_its_language


@require_safe
@in_its_language
def post_picture(request: HttpRequest, public_id: str) -> HttpResponse:
    """Draw the card of a post. It says what a visitor reads, whoever asks: the picture travels on."""
    request.user = AnonymousUser()
    post = permissions.access_post(request.user, public_id)
    return picture_of(request, card_of_post(listing.dressed(request, [post])[0]))


@require_safe
@in_its_language
def board_picture(request: HttpRequest, slug: str) -> HttpResponse:
    """Draw the card of a board that everybody may read, whoever asks."""
    return picture_of(request, card_of_board(permissions.access_board(AnonymousUser(), slug)))
