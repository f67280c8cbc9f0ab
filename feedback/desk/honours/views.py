"""Honours on the desk: which there are, who has them, and whether any of it is shown."""

from copy import copy

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback.accounts.permissions import member_of, site_manager_required
from feedback.desk.both import Both, form_page
from feedback.desk.honours.forms import GiveForm, GiveRingForm, HonourForm, WishesForm
from feedback.forum.closed.naming import person_called
from feedback.forum.permissions import access_person
from feedback.honours import operations, queries
from feedback.honours.models import Honour
from feedback.honours.shown import wishes
from feedback.kernel import clock
from feedback.kernel.refusals import beside, status_of
from feedback.kernel.stale import words_of

_PEOPLE = 50


@require_safe
@site_manager_required
def honours(request: HttpRequest) -> HttpResponse:
    """Every honour, and what of levels, badges and honours is shown."""
    kept = wishes()
    both = Both(request, words_of(kept, operations.SHOWN))
    return _list(request, WishesForm(instance=kept), both)


def _list(request: HttpRequest, form: WishesForm, both: Both) -> HttpResponse:
    those = queries.honours_with_numbers()
    return form_page(request, "desk/honours/honours.html", form, both=both, honours=those)


@require_POST
@site_manager_required
def honours_shown(request: HttpRequest) -> HttpResponse:
    """Say whether levels, badges, honours and the board of honour are shown."""
    form, both = WishesForm(request.POST), Both(request, {})
    if form.is_valid():
        with beside(form), both.shown_in(form):
            operations.wish(
                actor=member_of(request), now=clock.now(), seen=both.seen, **form.cleaned_data
            )
            messages.success(request, _("Saved."))
            return redirect("desk:honours")
    return _list(request, form, both)


@require_http_methods(["GET", "HEAD", "POST"])
@site_manager_required
def honour_new(request: HttpRequest) -> HttpResponse:
    """Make an honour."""
    return _keep(request, Honour(), title=_("A new honour"), verb=_("Make it"))


@require_http_methods(["GET", "HEAD", "POST"])
@site_manager_required
def honour_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change what an honour is called, how it looks, and whether it is still given."""
    honour = _known(public_id)
    return _keep(request, copy(honour), title=honour.title, verb=_("Save"))


def _keep(request: HttpRequest, honour: Honour, *, title: str, verb: str) -> HttpResponse:
    both = Both(request, words_of(honour, operations.EDITED) if honour.pk else {})
    form = HonourForm(request.POST if request.method == "POST" else None, instance=honour)
    if form.is_valid():
        with beside(form), both.shown_in(form):
            kept = operations.keep_honour(
                honour=form.save(commit=False),
                actor=member_of(request),
                now=clock.now(),
                seen=both.seen,
            )
            messages.success(request, _("Saved."))
            return redirect("desk:honour", kept.public_id)
    above = {"back": reverse("desk:honours"), "back_label": _("Honours")}
    return form_page(request, "desk/edit.html", form, both=both, title=title, verb=verb, **above)


@require_http_methods(["GET", "HEAD", "POST"])
@site_manager_required
def honour(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who has an honour; give it to somebody by name."""
    found = _known(public_id)
    form = GiveForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with beside(form):
            person = person_called(form.cleaned_data["person"])
            given = operations.give(
                honour=found,
                people=[person.pk],
                word=form.cleaned_data["word"],
                actor=member_of(request),
                now=clock.now(),
            )
            said = (
                _("%(name)s has it now, and is told.") if given else _("%(name)s has it already.")
            )
            messages.success(request, said % {"name": person.name})
            return redirect(request.path)
    return _page(request, found, form, GiveRingForm())


@require_POST
@site_manager_required
def honour_ring(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give an honour to everybody who is in a ring."""
    found = _known(public_id)
    form = GiveRingForm(request.POST)
    if form.is_valid():
        with beside(form):
            given = operations.give_to_ring(
                honour=found, actor=member_of(request), now=clock.now(), **form.cleaned_data
            )
            said = ngettext("%(n)d more person has it.", "%(n)d more people have it.", given)
            messages.success(request, said % {"n": given})
            return redirect("desk:honour", public_id)
    return _page(request, found, GiveForm(), form)


@require_POST
@site_manager_required
def honour_off(request: HttpRequest, public_id: str, person_id: str) -> HttpResponse:
    """Take an honour back from somebody."""
    person = access_person(person_id)
    operations.take_back(
        honour=_known(public_id), person=person, actor=member_of(request), now=clock.now()
    )
    messages.success(request, _("%(name)s does not have it any more.") % {"name": person.name})
    return redirect("desk:honour", public_id)


def _page(
    request: HttpRequest, honour: Honour, form: GiveForm, ring_form: GiveRingForm
) -> HttpResponse:
    page = Paginator(queries.holders_of(honour), _PEOPLE).get_page(request.GET.get("page"))
    context = {
        "nav": "desk",
        "honour": honour,
        "form": form,
        "ring_form": ring_form,
        "has_rings": ring_form.rings.queryset is not None and ring_form.rings.queryset.exists(),
        "is_shown": wishes().shows_levels,
        "page": page,
    }
    status = max(status_of(form), status_of(ring_form))
    return render(request, "desk/honours/honour.html", context, status=status)


def _known(public_id: str) -> Honour:
    found = Honour.objects.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found
