"""Which encoder is in force, what another would change, and saying which it shall be."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from feedback.accounts.permissions import member_of, site_manager_required, team_required
from feedback.desk.encoder.presenting import OFFERED, encoders
from feedback.grouping.models import EncoderModel
from feedback.grouping.trial.switch_model import look_again, remove_vectors, stay, switch_model
from feedback.grouping.vectors.encoders import name_of
from feedback.kernel import clock
from feedback.kernel.htmx import template_for


@require_safe
@team_required
def model(request: HttpRequest) -> HttpResponse:
    """The encoder in force, and the difference that another would make; polls while that is worked out."""
    return render(
        request,
        template_for(request, "desk/encoder/model.html", part="trial"),
        {"nav": "desk", "encoders": encoders(), "offered": OFFERED},
    )


def _chosen(request: HttpRequest) -> EncoderModel:
    """Return the model that a button named."""
    number = request.POST.get("model", "")
    return get_object_or_404(EncoderModel, pk=int(number) if number.isdecimal() else 0)


@require_POST
@site_manager_required
def model_switch(request: HttpRequest) -> HttpResponse:
    """Bring a model into force."""
    found, person = _chosen(request), member_of(request)
    switch_model(model=found, actor=person, now=clock.now())
    messages.success(
        request,
        _("Heed reads with %s now, and everything is being grouped anew. What you decided stays.")
        % name_of(found),
    )
    return redirect("desk:model")


@require_POST
@site_manager_required
def model_stay(request: HttpRequest) -> HttpResponse:
    """Stay with the model in force."""
    found, person = _chosen(request), member_of(request)
    stay(model=found, actor=person, now=clock.now())
    messages.success(
        request,
        _("Everything stays as it is. You are not asked about %s again.") % name_of(found),
    )
    return redirect("desk:model")


@require_POST
@site_manager_required
def model_look(request: HttpRequest) -> HttpResponse:
    """Have a model compared, again or after all."""
    look_again(model=_chosen(request), actor=member_of(request), now=clock.now())
    return redirect("desk:model")


@require_POST
@site_manager_required
def model_remove(request: HttpRequest) -> HttpResponse:
    """Let the vectors of a model go."""
    found, person = _chosen(request), member_of(request)
    remove_vectors(model=found, actor=person, now=clock.now())
    messages.success(request, _("The vectors of %s are being removed.") % name_of(found))
    return redirect("desk:model")
