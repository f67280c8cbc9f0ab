"""The ring of a release: for the manager who fills it, and for who is invited."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback.accounts.models import User
from feedback.accounts.permissions import manager_required, member_of, member_required
from feedback.forum.closed.naming import person_called
from feedback.forum.permissions import access_person
from feedback.forum.products.queries import about, chosen
from feedback.kernel import clock
from feedback.roadmap.carrying import carry_out
from feedback.roadmap.models import Invitation, Release
from feedback.roadmap.permissions import access_release
from feedback.roadmap.queries import rows
from feedback.roadmap.ring import operations, queries
from feedback.roadmap.ring.candidates import behind
from feedback.roadmap.ring.forms import InviteForm, MoreForm, OpenForm
from feedback.roadmap.stops import Stop
from feedback.roadmap.train.recording import waiting

_PEOPLE = 50


@require_safe
@manager_required
def ring(request: HttpRequest, version: str) -> HttpResponse:
    """Whom the ring has, whom it could have, and what they said."""
    return _page(request, access_release(version, chosen(request)))


@require_POST
@manager_required
def ring_open(request: HttpRequest, version: str) -> HttpResponse:
    """Open the ring of a release and invite, in one step."""
    release = access_release(version, chosen(request))
    form = OpenForm(request.POST, release=release)

    def act(actor: User) -> str:
        made = operations.open_ring(
            release=release, actor=actor, now=clock.now(), **form.cleaned_data
        )
        invited = queries.counts_of(made).invited
        return ngettext(
            "The ring is open, and %(n)d person is invited.",
            "The ring is open, and %(n)d people are invited.",
            invited,
        ) % {"n": invited}

    return _carry_out(request, release, form, "open_form", act)


@require_POST
@manager_required
def ring_more(request: HttpRequest, version: str) -> HttpResponse:
    """Invite more of those behind what the release brings."""
    release = access_release(version, chosen(request))
    form = MoreForm(request.POST)

    def act(actor: User) -> str:
        number = operations.invite_more(
            release=release, actor=actor, now=clock.now(), **form.cleaned_data
        )
        said = ngettext("%(n)d more person is invited.", "%(n)d more people are invited.", number)
        return said % {"n": number}

    return _carry_out(request, release, form, "more_form", act)


@require_POST
@manager_required
def ring_invite(request: HttpRequest, version: str) -> HttpResponse:
    """Invite somebody by name."""
    release = access_release(version, chosen(request))
    form = InviteForm(request.POST)

    def act(actor: User) -> str:
        person = person_called(form.cleaned_data["person"])
        is_new = operations.invite(release=release, person=person, actor=actor, now=clock.now())
        said = _("%(name)s is invited.") if is_new else _("%(name)s was invited before.")
        return said % {"name": person.name}

    return _carry_out(request, release, form, "invite_form", act)


@require_POST
@manager_required
def ring_out(request: HttpRequest, version: str, public_id: str) -> HttpResponse:
    """Take somebody out of the ring."""
    release = access_release(version, chosen(request))
    person = access_person(public_id)
    operations.take_out(release=release, person=person, actor=member_of(request), now=clock.now())
    messages.success(request, _("%(name)s is not in the ring any more.") % {"name": person.name})
    return redirect(_address(release))


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def ring_answer(request: HttpRequest, version: str) -> HttpResponse:
    """Show who is invited what they are invited to, and take their answer."""
    release = access_release(version, chosen(request))
    person = member_of(request)
    invitation = queries.invitation_of(release, person)
    if invitation is None:
        raise Http404
    if request.method == "POST":
        accepts = request.POST.get("accepts") == "1"
        operations.answer(release=release, person=person, accepts=accepts, now=clock.now())
        if accepts:
            messages.success(request, _("You are in. Say here what you find."))
            return redirect("forum:board-detail", invitation.ring.board.slug)
        messages.success(request, _("All right. You hear when it is out, as everybody does."))
        return redirect(release.address)
    about(request, release.product)
    context = {
        "nav": "roadmap",
        "release": release,
        "invitation": invitation,
        "is_in": invitation.answer == Invitation.Answer.ACCEPTED,
        "board": invitation.ring.board,
        "rows": rows(waiting(release)),
    }
    return render(request, "roadmap/ring/ring_answer.html", context)


def _address(release: Release) -> str:
    return reverse("roadmap:ring", args=[release.version]) + release.query


def _carry_out(
    request: HttpRequest, release: Release, form: Any, name: str, act: Any
) -> HttpResponse:
    def again(**more: Any) -> HttpResponse:
        return _page(request, release, **more | {name: form})

    return carry_out(request, form, act, back=_address(release), again=again)


def _page(
    request: HttpRequest, release: Release, *, status: int = 200, **more: Any
) -> HttpResponse:
    """Render the manager's page; ``more`` are the forms that came back with an error."""
    about(request, release.product)
    found = queries.ring_of(release)
    context: dict[str, Any] = {
        "nav": "roadmap",
        "release": release,
        "ring": found,
        "behind": behind(release),
        "is_beta": release.stop == Stop.BETA,
        "open_form": OpenForm(release=release),
    }
    if found is not None:
        pages = Paginator(queries.invitations_of(found), _PEOPLE)
        context |= {
            "counts": queries.counts_of(found),
            "page": pages.get_page(request.GET.get("page")),
            "more_form": MoreForm(),
            "invite_form": InviteForm(),
        }
    return render(request, "roadmap/ring/ring.html", context | more, status=status)
