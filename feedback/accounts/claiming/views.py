"""The page on which a person claims their old words, and what the team does about claims."""

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from feedback.accounts.claiming import codes, queries
from feedback.accounts.claiming.keepers import what_comes
from feedback.accounts.claiming.models import source_of
from feedback.accounts.claiming.operations import claim_words, undo_claim
from feedback.accounts.claiming.permissions import access_author, access_claim, access_team_code
from feedback.accounts.models import User
from feedback.accounts.permissions import member_of, member_required, site_manager_required
from feedback.kernel import clock, slots
from feedback.kernel.htmx import template_for
from feedback.kernel.identity import at_home
from feedback.kernel.refusals import beside, told
from feedback.kernel.typed import LineField

#: Authors that are listed at once. Whoever claims them finds the others there.
_MOST_LISTED = 50


class AddressForm(forms.Form):
    """Where a code is mailed."""

    address = LineField(
        label=gettext_lazy("The address you used there"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class CodeForm(forms.Form):
    """The code from a mail or from the team."""

    code = LineField(
        label=gettext_lazy("Your code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def claim(request: HttpRequest) -> HttpResponseBase:
    """Show what is proven to be the person's and the ways to prove more; claim what they picked."""
    member = member_of(request)
    if request.method != "POST":
        return _page(request, member)
    picked = request.POST.getlist("author")
    code = request.POST.get("code", "")
    if not picked:
        messages.error(request, _("Pick at least one."))
        return claim_code(request) if code else redirect("accounts:claim")
    with told(request):
        claims = claim_words(person=member, authors=picked, code=code, now=clock.now())
        names = ngettext(
            "The words of %(name)s are yours now.",
            "The words of %(n)d authors are yours now.",
            len(claims),
        )
        messages.success(request, names % {"name": claims[0].author.name, "n": len(claims)})
    return redirect("accounts:claim")


@require_POST
@member_required
def claim_mail(request: HttpRequest) -> HttpResponseBase:
    """Have a code mailed; what the page says is the same whoever's address it is."""
    member = member_of(request)
    form = AddressForm(request.POST)
    if form.is_valid():
        with beside(form):
            codes.ask_by_mail(person=member, now=clock.now(), **form.cleaned_data)
            messages.success(
                request,
                _(
                    "If somebody wrote under this address, a code is on its way to it. It works for an hour."
                ),
            )
            return redirect(reverse("accounts:claim") + "#claim-code")
    return _page(request, member, mailing=form)


@require_POST
@member_required
def claim_code(request: HttpRequest) -> HttpResponseBase:
    """Show what a code proves, to be claimed."""
    member = member_of(request)
    form = CodeForm(request.POST)
    if form.is_valid():
        with beside(form):
            code = codes.typed(person=member, now=clock.now(), **form.cleaned_data)
            proven = shown(queries.proven_by_code(code, member))
            return render(
                request,
                "accounts/claiming/claim_confirm.html",
                {"proven": proven, "code": form.cleaned_data["code"]},
            )
    return _page(request, member, coding=form)


@require_POST
@site_manager_required
def code_make(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make a code for an imported author, and show it once."""
    author = access_author(public_id)
    code = codes.make_code(author=author, actor=member_of(request), now=clock.now())
    context = {
        "author": author,
        "code": code,
        "days": codes.TEAM_WORKS.days,
        "page": _page_of(request, author),
        "where": at_home(reverse("accounts:claim")),
    }
    return render(request, "accounts/claiming/code_made.html", context)


@require_POST
@site_manager_required
def code_withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Have a code of the team work no more."""
    code = access_team_code(public_id)
    codes.withdraw_code(code=code, actor=member_of(request), now=clock.now())
    messages.success(request, _("The code works no more."))
    assert code.author is not None  # the team makes codes for authors
    return redirect(_page_of(request, code.author))


@require_http_methods(["GET", "HEAD", "POST"])
@site_manager_required
def claim_undo(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give back what somebody claimed, after being asked once."""
    found = access_claim(public_id)
    if request.method == "POST":
        undo_claim(claim=found, actor=member_of(request), now=clock.now())
        messages.success(request, _("Given back to “%s”.") % found.author.name)
        return redirect(_page_of(request, found.author))
    about = {"author": found.author.name, "person": found.person.name}
    return render(
        request,
        template_for(request, "ui/confirm.html", part="dialog"),
        {
            "title": _("Give the words of “%(author)s” back?") % about,
            "text": _(
                "%(person)s loses what this claim brought: posts, replies, votes and notices. They cannot claim it again without a code from the team."
            )
            % about,
            "action": reverse("accounts:claim-undo", args=[public_id]),
            "verb": _("Give them back"),
            "danger": True,
            "cancel_url": _page_of(request, found.person),
        },
    )


def shown(authors: QuerySet[User]) -> list[dict[str, object]]:
    """Return the first of ``authors`` with where they come from and what would come along."""
    listed = list(authors[:_MOST_LISTED])
    comes = what_comes(listed)
    return [
        {"author": one, "source": source_of(one.origin_key), "comes": comes[one.pk]}
        for one in listed
    ]


def _page(
    request: HttpRequest,
    member: User,
    *,
    mailing: AddressForm | None = None,
    coding: CodeForm | None = None,
) -> HttpResponse:
    context = {
        "proven": shown(queries.proven_without_code(member)),
        "mailing": mailing or AddressForm(),
        "coding": coding or CodeForm(),
        "claims": queries.claims_of(member),
        "person_page": _page_of(request, member),
    }
    status = 422 if mailing or coding else 200
    return render(request, "accounts/claiming/claim.html", context, status=status)


def _page_of(request: HttpRequest, person: User) -> str:
    pages = slots.gather("person-page", request, [person])
    return str(pages.get(person.pk, reverse("accounts:claim")))
