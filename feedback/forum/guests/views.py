"""What became of a post that was sent without an account, for whoever sent it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from feedback.accounts.models import Origin
from feedback.forum.guests.permissions import access_sent, private_address
from feedback.forum.moderation.presenting import address_without_sign_in, fate_of
from feedback.forum.receipts.numbers import number_of
from feedback.kernel.secret_address import secret_address


@require_safe
@secret_address
def guest_post(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    """Show where a post stands. Its words are not shown: nobody has looked at them, and an address can be passed on."""
    post = access_sent(public_id, key)
    fate = fate_of(post)
    ruling = fate.ruling if fate is not None else None
    draft = post.drafts.first()
    context = {
        "nav": "posts",
        "post": post,
        "number": number_of(post),
        "fate": fate,
        "ruling_url": address_without_sign_in(ruling) if ruling is not None else "",
        "is_claimed": not post.author.is_guest,
        "may_be_claimed": post.author.origin == Origin.IMPORTED,
        "link": settings.BASE_URL + private_address(post),
        "sent": draft.key if draft is not None else "",
    }
    return render(request, "forum/guests/guest_post.html", context)
