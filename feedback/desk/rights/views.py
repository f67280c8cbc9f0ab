"""People and rights: who has which role, giving and taking one, inviting somebody to the team."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback.accounts.permissions import administrator_required, member_of
from feedback.accounts.second_step.asking_again import ask_again_to_change
from feedback.desk.rights.forms import GiveForm, OfferForm
from feedback.forum.closed.naming import person_called
from feedback.forum.models import Offer
from feedback.forum.permissions import access_person
from feedback.forum.rights.offers import (
    mail_offer,
    make_offer,
    offers_lately,
    place_of,
    withdraw_offer,
)
from feedback.forum.rights.operations import SITE, give, take
from feedback.forum.rights.people import people_with_rights, place_called
from feedback.kernel import clock
from feedback.kernel.identity import at_home
from feedback.kernel.refusals import Refusal, beside, status_of, told

_BACK = "desk:rights"


@never_cache
@require_safe
@administrator_required
def rights(request: HttpRequest) -> HttpResponse:
    """Show everybody who is more than a member, what they are where, and the links that wait."""
    return _page(request)


def _page(
    request: HttpRequest, *, give_form: GiveForm | None = None, offer_form: OfferForm | None = None
) -> HttpResponse:
    now = clock.now()
    offers = [
        {
            "offer": one,
            "place": place_of(one),
            "link": _link_of(one),
            "works": one.expires_at > now,
        }
        for one in offers_lately(now=now)
    ]
    used = give_form or offer_form
    context = {
        "nav": "desk",
        "people": people_with_rights(),
        "offers": offers,
        "give_form": give_form or GiveForm(auto_id="give_%s"),
        "offer_form": offer_form or OfferForm(auto_id="offer_%s"),
    }
    status = status_of(used) if used is not None else 200
    return render(request, "desk/rights/rights.html", context, status=status)


@never_cache
@require_POST
@administrator_required
@ask_again_to_change
def right_give(request: HttpRequest) -> HttpResponseBase:
    """Give somebody a role."""
    form = GiveForm(request.POST, auto_id="give_%s")
    if form.is_valid():
        with beside(form):
            said = form.cleaned_data
            person = person_called(said["person"])
            actor, now = member_of(request), clock.now()
            is_new = give(
                person=person, role=said["role"], place=said["place"], actor=actor, now=now
            )
            sentence = _("%(name)s has the role now.") if is_new else _("%(name)s had it already.")
            messages.success(request, sentence % {"name": person.name})
            return redirect(_BACK)
    return _page(request, give_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@administrator_required
@ask_again_to_change
def right_take(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Take a role from somebody, after being asked once; ``on`` says where they have it."""
    person = access_person(public_id)
    place = place_called(request.POST.get("on", request.GET.get("on", SITE.key)))
    if place is None:
        raise Http404
    if request.method == "POST":
        with told(request):
            if take(person=person, place=place, actor=member_of(request), now=clock.now()):
                messages.success(request, _("%s does not have the role any more.") % person.name)
        return redirect(_BACK)
    words = {"name": person.name, "place": place.title}
    context = {
        "nav": "desk",
        "title": _("Take the role from %(name)s?") % words,
        "text": _("%(place)s. What they wrote and decided stays.") % words,
        "action": reverse("desk:right-take", args=[public_id]) + f"?on={place.key}",
        "verb": _("Take it away"),
        "danger": True,
        "cancel_url": reverse(_BACK),
    }
    return render(request, "ui/confirm.html", context)


@never_cache
@require_POST
@administrator_required
@ask_again_to_change
def offer_make(request: HttpRequest) -> HttpResponseBase:
    """Make a link that offers a role, and mail it where an address is given."""
    form = OfferForm(request.POST, auto_id="offer_%s")
    if form.is_valid():
        with beside(form):
            made = make_offer(actor=member_of(request), now=clock.now(), **form.cleaned_data)
            _send(request, made)
            return redirect(_BACK)
    return _page(request, offer_form=form)


def _send(request: HttpRequest, made: Offer) -> None:
    if not made.mailed_to:
        messages.success(request, _("Here is the link. Send it to them yourself."))
        return
    try:
        mail_offer(made, link=_link_of(made))
        messages.success(request, _("The link is on its way to %s.") % made.mailed_to)
    except Refusal as why:
        messages.error(request, str(why))


def _link_of(one: Offer) -> str:
    return at_home(reverse("forum:offer", args=[one.code]))


@require_POST
@administrator_required
def offer_withdraw(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Have a link work no more."""
    found = Offer.objects.filter(public_id=public_id).select_related("invitation").first()
    if found is None:
        raise Http404
    if withdraw_offer(offer=found, actor=member_of(request), now=clock.now()):
        messages.success(request, _("The link works no more."))
    return redirect(_BACK)
