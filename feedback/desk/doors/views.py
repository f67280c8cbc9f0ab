"""The team's page of who gets in, and the branch of invitations below one person."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback.accounts.handover import keys
from feedback.accounts.joining import operations as joining
from feedback.accounts.joining import queries
from feedback.accounts.joining.doors import doors_at
from feedback.accounts.models import HandOverKey, QuizQuestion, User
from feedback.accounts.permissions import (
    administrator_required,
    member_of,
    site_manager_required,
    team_required,
)
from feedback.accounts.second_step.asking_again import ask_again_to_change
from feedback.desk.both import Both, form_page
from feedback.desk.doors.forms import CutForm, DoorsForm, KeyForm, QuestionForm, TickForm
from feedback.forum.moderation.branch import cut_branch
from feedback.forum.moderation.deciding import Said
from feedback.forum.permissions import access_person
from feedback.kernel import clock
from feedback.kernel.identity import at_home
from feedback.kernel.refusals import beside, status_of
from feedback.kernel.stale import words_of

#: The secret of a new key waits in the session for the one page that shows it.
_SECRET = "desk.hand-over-secret"  # noqa: S105


@never_cache
@require_safe
@site_manager_required
def doors(request: HttpRequest) -> HttpResponse:
    """Who may sign up, what they have to do, and which products hand over."""
    now = doors_at(request)
    return _page(request, DoorsForm(now=now), Both(None, now.in_words()))


def _page(request: HttpRequest, form: DoorsForm, both: Both) -> HttpResponse:
    of, secret = request.session.pop(_SECRET, ("", ""))
    context = {
        "nav": "desk",
        "doors": doors_at(request),
        "form": form,
        "both": both,
        "tick": TickForm(initial={"has_tick": queries.wishes().has_tick}),
        "questions": queries.questions(),
        "keys": HandOverKey.objects.select_related("made_by"),
        "secret_of": of,
        "secret": secret,
        "address": at_home(reverse("accounts:hand-over")),
        "audience": settings.BASE_URL,
    }
    return render(request, "desk/doors/doors.html", context, status=both.status(form))


@require_POST
@administrator_required
@ask_again_to_change
def doors_open(request: HttpRequest) -> HttpResponse:
    """Say who may sign up, and who reads."""
    now = doors_at(request)
    form, both = DoorsForm(request.POST, now=now), Both(request, now.in_words())
    if form.is_valid():
        with beside(form), both.shown_in(form):
            joining.open_doors(
                wanted=form.said(), actor=member_of(request), now=clock.now(), seen=both.seen
            )
            messages.success(request, _("Saved."))
            return redirect("desk:doors")
    return _page(request, form, both)


@require_POST
@site_manager_required
def tick_save(request: HttpRequest) -> HttpResponse:
    """Say whether whoever signs up ticks that they accept the rules."""
    form = TickForm(request.POST)
    if form.is_valid():
        joining.wish(actor=member_of(request), now=clock.now(), **form.cleaned_data)
        messages.success(request, _("Saved."))
    return redirect("desk:doors")


@require_http_methods(["GET", "HEAD", "POST"])
@site_manager_required
def question_edit(request: HttpRequest, number: int = 0) -> HttpResponseBase:
    """Change a question of the quiz; 0 is none yet."""
    question = QuizQuestion.objects.filter(pk=number).first()
    if number and question is None:
        raise Http404
    title = str(question) if question else _("A new question")
    both = Both(request, words_of(question, joining.QUESTION_EDITED) if question else {})
    form = QuestionForm(request.POST if request.method == "POST" else None, instance=question)
    if form.is_valid():
        with beside(form), both.shown_in(form):
            joining.keep_question(
                question=form.save(commit=False),
                actor=member_of(request),
                now=clock.now(),
                seen=both.seen,
            )
            messages.success(request, _("Saved."))
            return redirect("desk:doors")
    return _edit_page(request, form, title=title, verb=_("Save"), both=both)


@require_POST
@site_manager_required
def question_remove(request: HttpRequest, number: int) -> HttpResponse:
    """Ask that question no more."""
    question = QuizQuestion.objects.filter(pk=number).first()
    if question is None:
        raise Http404
    joining.remove_question(question=question, actor=member_of(request), now=clock.now())
    messages.success(request, _("Removed."))
    return redirect("desk:doors")


@require_http_methods(["GET", "HEAD", "POST"])
@administrator_required
@ask_again_to_change
def key_new(request: HttpRequest) -> HttpResponseBase:
    """Make a key for a product; its secret is shown once, on the next page."""
    form = KeyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with beside(form):
            made = keys.make_key(actor=member_of(request), now=clock.now(), **form.cleaned_data)
            request.session[_SECRET] = [made.public_id, made.secret]
            return redirect("desk:doors")
    return _edit_page(request, form, title=_("A new key"), verb=_("Make the key"))


def _edit_page(
    request: HttpRequest,
    form: QuestionForm | KeyForm,
    *,
    title: str,
    verb: str,
    both: Both | None = None,
) -> HttpResponse:
    above = {"back": reverse("desk:doors"), "back_label": _("Who gets in")}
    return form_page(request, "desk/edit.html", form, both=both, title=title, verb=verb, **above)


@require_http_methods(["GET", "HEAD", "POST"])
@administrator_required
@ask_again_to_change
def key_retire(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Believe a key no more, after being asked once."""
    key = keys.access_key(public_id)
    if request.method == "POST":
        keys.retire_key(key=key, actor=member_of(request), now=clock.now())
        messages.success(request, _("The key is retired. Nothing that it signed opens the forum."))
        return redirect("desk:doors")
    context = {
        "nav": "desk",
        "title": _("Retire the key of %s?") % key.issuer,
        "text": _(
            "Nobody comes in with it from then on. Have the product sign with another key first."
        ),
        "action": reverse("desk:key-retire", args=[public_id]),
        "verb": _("Retire it"),
        "danger": True,
        "cancel_url": reverse("desk:doors"),
    }
    return render(request, "ui/confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@team_required
def branch(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Everybody who came by one person, and what can be done about all of them at once."""
    person = access_person(public_id)
    form = CutForm(request.POST if request.method == "POST" else None, root=person.name)
    if form.is_valid():
        with beside(form):
            _cut(request, person, form)
            return redirect("desk:branch", public_id)
    context = {
        "nav": "desk",
        "person": person,
        "inviter": queries.inviter_of(person),
        "branch": queries.branch_of(person),
        "form": form,
        "now": clock.now(),
    }
    return render(request, "desk/doors/branch.html", context, status=status_of(form))


def _cut(request: HttpRequest, person: User, form: CutForm) -> None:
    said = Said(
        action=form.cleaned_data["action"],
        rule=form.cleaned_data["rule"],
        word=form.cleaned_data["word"],
        days=form.cleaned_data["days"] or 0,
    )
    cut = cut_branch(
        person=person,
        said=said,
        with_root=form.cleaned_data["with_root"],
        actor=member_of(request),
        now=clock.now(),
    )
    sentence = ngettext("%(n)d person: %(what)s.", "%(n)d people: %(what)s.", len(cut.rulings))
    what = cut.rulings[0].get_action_display()
    undo = reverse("desk:ruling-undo", args=[cut.rulings[0].public_id])
    messages.success(
        request, sentence % {"n": len(cut.rulings), "what": what}, extra_tags=f"undo:{undo}"
    )
    if cut.spared:
        names = ", ".join(one.name for one in cut.spared)
        messages.warning(request, _("A decision about them waits on the desk: %s") % names)
