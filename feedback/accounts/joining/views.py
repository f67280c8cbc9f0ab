"""Coming by an invitation, and one's own invitations."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback.accounts import limits
from feedback.accounts.joining import operations, queries
from feedback.accounts.joining.fields import INVITATION
from feedback.accounts.joining.models import NOTE_LENGTH
from feedback.accounts.models import User
from feedback.accounts.permissions import member_of, member_required
from feedback.kernel import clock
from feedback.kernel.identity import at_home
from feedback.kernel.refusals import beside, status_of
from feedback.kernel.secret_address import secret_address
from feedback.kernel.typed import LineField

#: Nobody guesses a code of 100 bits; this keeps who tries from costing anything.
_TRIES = limits.Rate("invitation", 30, dt.timedelta(minutes=10))


class InviteForm(forms.Form):
    """For whom a link is, and for how many."""

    note = LineField(
        label=gettext_lazy("For whom"),
        max_length=NOTE_LENGTH,
        required=False,
        help_text=gettext_lazy("So that you know later. Nobody else reads it."),
    )
    most = forms.IntegerField(
        label=gettext_lazy("For how many people"),
        min_value=1,
        max_value=operations.MOST_PEOPLE,
        initial=1,
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not person.is_moderator:
            del self.fields["most"]


@secret_address
@require_safe
def invited(request: HttpRequest, code: str) -> HttpResponse:
    """Lead who was invited to the sign-up form, which remembers the invitation."""
    now = clock.now()
    is_tried_often = limits.is_over(_TRIES, request, now=now)
    if is_tried_often or queries.open_invitation(code, now=now) is None or not queries.is_open():
        context = {"sentence": queries.no_longer_works()}
        return render(request, "accounts/joining/no_longer.html", context, status=404)
    if isinstance(request.user, User):
        messages.info(request, _("You have an account here already. Pass the invitation on."))
        return redirect("accounts:invitations")
    request.session[INVITATION] = code
    return redirect("account_signup")


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def invitations(request: HttpRequest) -> HttpResponseBase:
    """Show the links that one made and who came by them; make another."""
    member, now = member_of(request), clock.now()
    form = InviteForm(request.POST if request.method == "POST" else None, person=member)
    if form.is_valid():
        with beside(form):
            operations.invite(person=member, now=now, **form.cleaned_data)
            messages.success(request, _("Here is the link. Send it to them yourself."))
            return redirect("accounts:invitations")
    context = {
        "form": form,
        "left": queries.left_to_invite(member, now=now),
        "inviter": queries.inviter_of(member),
        "invitations": [
            {
                "invitation": one,
                "link": at_home(reverse("accounts:invited", args=[one.code])),
                "works": one.withdrawn_at is None and one.expires_at > now and one.used < one.most,
                "people": [came.person for came in one.came.all()],
            }
            for one in queries.invitations_of(member)
        ],
    }
    return render(request, "accounts/joining/invitations.html", context, status=status_of(form))


@require_POST
@member_required
def invitation_withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Have a link work no more."""
    member = member_of(request)
    found = queries.access_invitation(member, public_id)
    operations.withdraw(invitation=found, person=member, now=clock.now())
    messages.success(request, _("The link works no more."))
    return redirect("accounts:invitations")
