"""What everybody sees of order: reporting, a decision about oneself and the appeal, the rules and the log."""

import datetime as dt

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from feedback.accounts import limits
from feedback.accounts.models import User
from feedback.accounts.permissions import member_required
from feedback.forum.models import Comment, Post, Rule
from feedback.forum.moderation import permissions, queries
from feedback.forum.moderation.appealing import appeal, may_appeal
from feedback.forum.moderation.flagging import FLAGS, flag
from feedback.forum.moderation.forms import AppealForm, FlagForm
from feedback.forum.moderation.presenting import named, sentence_of
from feedback.kernel import clock
from feedback.kernel.htmx import template_for
from feedback.kernel.refusals import Refusal, beside, status_of
from feedback.kernel.secret_address import secret_address

_OF_VISITORS = limits.Rate("flag", 10, dt.timedelta(hours=1))
_LINES = 50


@require_http_methods(["GET", "HEAD", "POST"])
def thing_flag(request: HttpRequest, kind: str, public_id: str) -> HttpResponseBase:
    """Report a post, a comment or a person to the team; a visitor may too."""
    thing = permissions.access_thing(request.user, kind, public_id)
    person = request.user if isinstance(request.user, User) else None
    form = FlagForm(request.POST if request.method == "POST" else None, by_visitor=person is None)
    if form.is_valid():
        with beside(form):
            _count(request, person)
            flag(
                thing=thing,
                person=person,
                visitor="" if person else _visitor(request),
                now=clock.now(),
                **form.cleaned_data,
            )
            messages.success(
                request,
                _("Thank you. The team looks at it, and you hear what came of it.")
                if person
                else _("Thank you. The team looks at it."),
            )
            return redirect(_address_of(thing))
    context = {
        "nav": "posts",
        "form": form,
        "thing": named(thing),
        "action": reverse("forum:flag", args=[kind, public_id]),
        "back": _address_of(thing),
    }
    template = template_for(request, "forum/moderation/flag.html", part="dialog")
    return render(request, template, context, status=status_of(form))


def _count(request: HttpRequest, person: User | None) -> None:
    if person is not None:
        limits.spend(FLAGS, person, now=clock.now())
    elif limits.is_over(_OF_VISITORS, request, now=clock.now()):
        raise Refusal(_("That was a lot in a short time. Try again in an hour."), status=429)


def _visitor(request: HttpRequest) -> str:
    """Return a name for who is not signed in: where they come from, as a digest."""
    address = limits.address_of(request)
    return salted_hmac("feedback.forum.flag", address, algorithm="sha256").hexdigest()[:32]


def _address_of(thing: Post | Comment | User) -> str:
    match thing:
        case Post():
            return reverse("forum:post-detail", args=[thing.public_id])
        case Comment():
            return reverse("forum:comment-detail", args=[thing.public_id])
    return reverse("forum:person-detail", args=[thing.public_id])


@secret_address
@require_http_methods(["GET", "HEAD", "POST"])
def ruling_detail(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Show whom it concerns what the team decided and why, and take their appeal; they sign in, or have a key."""
    guarded = _ruling if "key" in request.GET else member_required(_ruling)
    return guarded(request, public_id)


def _ruling(request: HttpRequest, public_id: str) -> HttpResponseBase:
    key = request.GET.get("key", "")
    ruling, author = permissions.access_ruling(request.user, public_id, key=key)
    now = clock.now()
    # The team sees the page as its author does, and appeals for nobody.
    is_team = permissions.reads_rulings(request.user, ruling)
    is_own = request.user == author or not is_team
    form = AppealForm(request.POST if request.method == "POST" and is_own else None)
    if form.is_valid():
        with beside(form):
            appeal(ruling=ruling, person=author, words=form.cleaned_data["words"], now=now)
            messages.success(request, _("Sent. Somebody else of the team looks at it again."))
            return redirect(request.get_full_path())
    context = {
        "nav": "",
        "ruling": ruling,
        "thing": named(ruling.case.subject),
        "sentence": sentence_of(ruling),
        "form": form,
        "may_appeal": is_own and may_appeal(ruling, author, now=now),
        "address": "" if key or ruling.action == "REMOVE" else _address_of(ruling.case.subject),
        "answered": ruling.appeal_case is not None and ruling.appeal_case.closed_at is not None,
    }
    return render(request, "forum/moderation/ruling.html", context, status=status_of(form))


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Show the rules of the house, with what usually follows."""
    context = {"nav": "", "rules": Rule.objects.filter(is_retired=False)}
    return render(request, "forum/moderation/rules.html", context)


@require_safe
def rules_log(request: HttpRequest) -> HttpResponse:
    """Show what the team did by the rules, without names."""
    page = Paginator(queries.public_log(), _LINES).get_page(request.GET.get("page"))
    lines = [(one, sentence_of(one, in_public=True)) for one in page]
    context = {"nav": "", "lines": lines, "page": page}
    return render(request, "forum/moderation/rules_log.html", context)
