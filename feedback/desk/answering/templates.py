"""Answer templates: which there are, and their words."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from feedback.accounts.permissions import manager_required, member_of
from feedback.asks.answering.templates import (
    EDITED,
    keep_template,
    remove_template,
    removed_lately,
    templates_of,
)
from feedback.asks.models import AnswerTemplate
from feedback.desk.answering.forms import TemplateForm
from feedback.desk.both import Both, form_page
from feedback.desk.product import picked
from feedback.kernel import clock
from feedback.kernel.refusals import beside, status_of
from feedback.kernel.stale import words_of


def _access(request: HttpRequest, public_id: str) -> AnswerTemplate:
    found = AnswerTemplate.objects.filter(product=picked(request), public_id=public_id).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def answer_templates(request: HttpRequest) -> HttpResponse:
    """Every template of the product, and a new one."""
    form = TemplateForm(request.POST if request.method == "POST" else None)
    product = picked(request)
    if request.method == "POST" and form.is_valid():
        with beside(form):
            keep_template(
                product=product, actor=member_of(request), now=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("Saved."))
            return redirect("desk:answer-templates")
    context = {
        "nav": "desk",
        "form": form,
        "templates": templates_of(product),
        "removed": removed_lately(product, now=clock.now()),
    }
    return render(request, "desk/answering/templates.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def answer_template(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a template."""
    found = _access(request, public_id)
    words = words_of(found, EDITED)
    form, both = (
        TemplateForm(request.POST if request.method == "POST" else None, initial=words),
        Both(request, words),
    )
    if request.method == "POST" and form.is_valid():
        with beside(form), both.shown_in(form):
            keep_template(
                product=found.product,
                template=found,
                actor=member_of(request),
                now=clock.now(),
                seen=both.seen,
                **form.cleaned_data,
            )
            messages.success(request, _("Saved."))
            return redirect("desk:answer-templates")
    return form_page(request, "desk/answering/template.html", form, both=both, changed=found)


@require_POST
@manager_required
def answer_template_remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a template off the list, or bring it back within a day (``back``)."""
    found, actor, now = _access(request, public_id), member_of(request), clock.now()
    if request.POST.get("back"):
        words = words_of(found, EDITED)
        keep_template(product=found.product, template=found, actor=actor, now=now, **words)
        messages.success(request, _("“%(name)s” is back.") % {"name": found.name})
    else:
        remove_template(template=found, actor=actor, now=now)
        messages.success(request, _("Removed. For a day you can bring it back."))
    return redirect("desk:answer-templates")
