"""The first steps of a new site: name the product, bring its posts, set up mail."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from feedback.accounts.claiming.unclaimed import (
    let_unclaimed_be_mailed,
    may_be_mailed_unclaimed,
)
from feedback.accounts.permissions import member_of, site_manager_required
from feedback.accounts.trial_mail import try_mail
from feedback.desk.both import Both, form_page
from feedback.desk.first_steps.operations import put_steps_away
from feedback.desk.first_steps.queries import UNNAMED, first_steps, forget_steps
from feedback.desk.product import picked
from feedback.forum.models import NAME_LENGTH, Board, Product
from feedback.forum.products.operations import EDITED, edit_product
from feedback.kernel import clock
from feedback.kernel.refusals import beside, told
from feedback.kernel.stale import words_of
from feedback.kernel.typed import LineField


class NameForm(forms.Form):
    """What the product is called."""

    name = LineField(label=gettext_lazy("Name of your product"), max_length=NAME_LENGTH)
    name_zh = LineField(
        label=gettext_lazy("The same in Chinese"), max_length=NAME_LENGTH, required=False
    )


@require_http_methods(["GET", "HEAD", "POST"])
@site_manager_required
def steps(request: HttpRequest) -> HttpResponse:
    """Show what is done and what is not; name the product."""
    picked(request)
    # The tab above says the same as the page.
    forget_steps()
    own = _own_product()
    start = {}
    if own is not None and own.name != UNNAMED:
        start = {"name": own.name, "name_zh": own.name_zh}
    form = NameForm(request.POST if request.method == "POST" else None, initial=start)
    both = Both(request, words_of(own, ("name", *EDITED)) if own is not None else {})
    if own is not None and form.is_valid():
        with beside(form), both.shown_in(form):
            edit_product(
                product=own,
                actor=member_of(request),
                now=clock.now(),
                seen=both.seen,
                **form.cleaned_data,
            )
            forget_steps()
            messages.success(request, _("Saved."))
            return redirect("desk:first-steps")
    board = Board.objects.filter(product=own, is_archived=False).first()
    context = {
        "steps": first_steps(),
        "own": own,
        "board": board,
        "mails_unclaimed": may_be_mailed_unclaimed(),
        "server": f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
        if settings.HAS_MAIL_SERVER
        else "",
    }
    return form_page(request, "desk/first_steps/first_steps.html", form, both=both, **context)


@require_POST
@site_manager_required
def mail_try(request: HttpRequest) -> HttpResponse:
    """Send oneself a mail."""
    member = member_of(request)
    with told(request):
        try_mail(actor=member, now=clock.now())
        if settings.HAS_MAIL_SERVER:
            messages.success(request, _("A mail to %s is on its way.") % member.email)
        else:
            messages.info(
                request, _("It lies as a file in %s.") % getattr(settings, "EMAIL_FILE_PATH", "")
            )
    forget_steps()
    return redirect("desk:first-steps")


@require_POST
@site_manager_required
def unclaimed(request: HttpRequest) -> HttpResponse:
    """Say whether imported authors are mailed before they claim their words."""
    allowed = "allowed" in request.POST
    let_unclaimed_be_mailed(allowed=allowed, actor=member_of(request), now=clock.now())
    messages.success(request, _("Saved."))
    return redirect("desk:first-steps")


@require_POST
@site_manager_required
def steps_away(request: HttpRequest) -> HttpResponse:
    """Put the first steps away, or take them out again."""
    away = request.POST.get("away", "1") != "0"
    put_steps_away(away=away, actor=member_of(request), now=clock.now())
    forget_steps()
    if not away:
        return redirect("desk:first-steps")
    messages.success(request, _("Put away. They stay at %s.") % reverse("desk:first-steps"))
    return redirect("desk:inbox")


def _own_product() -> Product | None:
    """Return the product that is no sample: the default one, or else the first."""
    return Product.objects.filter(sample="").order_by("-is_default", "position", "id").first()
