"""The card of an ask: how many people want the same, in how many posts, and what became of it."""

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from feedback.asks.models import Ask
from feedback.asks.permissions import access_ask
from feedback.forum.cards.cards import Sharing, people_want, picture_of, placed, sharing
from feedback.kernel.feeds import in_its_language
from feedback.kernel.pictures.drawing import Card


@require_safe
@in_its_language
def ask_picture(request: HttpRequest, public_id: str) -> HttpResponse:
    """Draw the card of an ask, as a visitor may see it."""
    ask = access_ask(AnonymousUser(), public_id)
    if not ask.is_public:
        raise Http404
    return picture_of(request, card_of(ask))


def card_of(ask: Ask) -> Card:
    """Return what the card of ``ask`` says."""
    posts = ngettext("%(number)s post", "%(number)s posts", ask.post_count) % {
        "number": number_format(ask.post_count, force_grouping=True)
    }
    return Card(
        headline=_("Ask"),
        title=ask.title_here,
        lines=(f"{people_want(ask.people_count)} · {posts}",),
        place=placed(ask.stage),
    )


def sharing_of(ask: Ask) -> Sharing | None:
    """Return what the page of ``ask`` says of itself; None for one that is not everyone's."""
    return sharing(
        card_of(ask),
        page=reverse("asks:ask-detail", args=[ask.public_id]),
        picture=reverse("asks:ask-picture", args=[ask.public_id]),
        is_everyones=ask.is_public,
    )
