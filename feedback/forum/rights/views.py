"""Taking a role that somebody was offered by a link."""

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from feedback.accounts import limits
from feedback.accounts.joining.fields import INVITATION
from feedback.accounts.joining.queries import is_open
from feedback.accounts.models import User
from feedback.accounts.permissions import sign_in_first
from feedback.forum.rights.offers import no_longer_works, open_offer, place_of, take_offer
from feedback.kernel import clock
from feedback.kernel.refusals import told
from feedback.kernel.secret_address import secret_address

#: Nobody guesses a code of 100 bits; this keeps who tries from costing anything.
_TRIES = limits.Rate("offer", 30, dt.timedelta(minutes=10))


@secret_address
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, code: str) -> HttpResponseBase:
    """Show what role a link offers, and let whoever has signed in take it; it remembers that a visitor may sign up."""
    now = clock.now()
    is_tried_often = limits.is_over(_TRIES, request, now=now)
    found = None if is_tried_often else open_offer(code, now=now)
    if found is None:
        return _page(request, {"sentence": no_longer_works()}, status=404)
    if request.method == "POST":
        if not isinstance(request.user, User):
            return sign_in_first(request)
        with told(request):
            taken = take_offer(code=code, person=request.user, now=now)
            said = _("You are %(role)s now: %(place)s.")
            words = {"role": taken.get_role_display(), "place": place_of(taken).title}
            messages.success(request, said % words)
        return redirect("/")
    if not isinstance(request.user, User) and found.invitation is not None:
        request.session[INVITATION] = found.invitation.code
    may_sign_up = is_open() and found.invitation is not None
    place = place_of(found)
    return _page(request, {"offer": found, "place": place, "may_sign_up": may_sign_up})


def _page(request: HttpRequest, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    return render(request, "forum/rights/offer.html", context, status=status)
