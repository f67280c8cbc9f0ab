"""The administrators' page of how the site calls itself and looks."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from feedback.accounts.permissions import administrator_required, member_of
from feedback.desk.both import Both
from feedback.desk.identity.forms import LookForm
from feedback.identity import operations, queries
from feedback.identity.operations import Said
from feedback.identity.tints import measured
from feedback.kernel import clock
from feedback.kernel.identity import Identity
from feedback.kernel.refusals import beside
from feedback.kernel.uploads import left_out, too_large

_MOST_BYTES = 15_000_000


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@administrator_required
def identity(request: HttpRequest) -> HttpResponseBase:
    """Say how the site calls itself and looks. The page itself is drawn as the draft has it, for whoever wrote it alone."""
    queries.forget()
    shown, draft = queries.look_shown(), queries.draft()
    look = draft or shown
    form = LookForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        look=look,
    )
    both = Both(request, operations.words_said(look))
    if form.is_valid():
        with beside(form), both.shown_in(form):
            _keep(request, form, seen=both.seen)
            return redirect("desk:identity")
    drawn = queries.as_identity(look) if look is not None else Identity()
    context = {
        "nav": "desk",
        "form": form,
        "both": both,
        "draft": draft,
        "shown": shown,
        "before": queries.look_before(),
        "look": drawn,
        "site_name": drawn.called,
        "contrasts": measured(look.colour) if look is not None and look.colour else None,
    }
    return render(request, "desk/identity/identity.html", context, status=both.status(form))


def _keep(request: HttpRequest, form: LookForm, *, seen: str) -> None:
    sent = form.cleaned_data["logo"]
    if left_out(request) or (sent is not None and (sent.size or 0) > _MOST_BYTES):
        raise too_large(_MOST_BYTES)
    words = {name: form.cleaned_data[name] for name in ("name", "description", "description_zh")}
    said = Said(
        **words,
        colour=form.cleaned_data["colour"],
        logo=sent.file if sent is not None else None,
        logo_is_name=form.cleaned_data["logo_is_name"],
        no_logo=form.cleaned_data.get("no_logo", False),
    )
    operations.keep_draft(said=said, actor=member_of(request), now=clock.now(), seen=seen)


@require_POST
@administrator_required
def identity_show(request: HttpRequest) -> HttpResponse:
    """Show the draft to everybody."""
    operations.show_draft(actor=member_of(request), now=clock.now())
    messages.success(request, _("The site looks like this for everybody now."))
    return redirect("desk:identity")


@require_POST
@administrator_required
def identity_discard(request: HttpRequest) -> HttpResponse:
    """Throw the draft away."""
    if operations.discard_draft(actor=member_of(request), now=clock.now()):
        messages.success(request, _("Thrown away. The site is as it was."))
    return redirect("desk:identity")


@require_POST
@administrator_required
def identity_undo(request: HttpRequest) -> HttpResponse:
    """Show again what was shown before."""
    operations.undo(actor=member_of(request), now=clock.now())
    messages.success(request, _("The site looks as it did before."))
    return redirect("desk:identity")


@require_POST
@administrator_required
def identity_reset(request: HttpRequest) -> HttpResponse:
    """Show the site as it was before anybody said anything."""
    if operations.reset(actor=member_of(request), now=clock.now()):
        messages.success(request, _("The site looks as it did at first. You can undo it."))
    return redirect("desk:identity")
