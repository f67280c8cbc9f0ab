"""Saying that one sees a bug too, that two posts ask the same, and what becomes of either."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from feedback.accounts.permissions import member_of, member_required
from feedback.forum import allowed, permissions
from feedback.forum.models import Post, Reproduction
from feedback.forum.moderation.forms import WhyForm
from feedback.forum.products.queries import about
from feedback.forum.queries import posts_visible_to
from feedback.forum.witnessing import reproductions
from feedback.forum.witnessing.forms import ReproductionForm, SameAsForm
from feedback.forum.witnessing.same_as import post_named, say_same, unsay_same
from feedback.kernel import clock
from feedback.kernel.htmx import template_for
from feedback.kernel.refusals import beside, status_of


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def post_reproduce(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Say that one sees a bug too, on which version and device; said again it changes where."""
    member = member_of(request)
    post = permissions.access_post(member, public_id)
    about(request, post.board.product)
    own = Reproduction.objects.filter(post=post, person=member).first()
    if request.method == "POST":
        form = ReproductionForm(request.POST)
        if form.is_valid():
            with beside(form):
                allowed.spend(allowed.VOTES, member, now=clock.now())
                reproductions.reproduce(
                    post=post, person=member, now=clock.now(), **form.cleaned_data
                )
                messages.success(request, _("Thank you. Whoever posted it can confirm it."))
                return redirect("forum:post-detail", public_id)
    else:
        if not reproductions.may_reproduce(member, post):
            raise PermissionDenied
        known = {"version": own.version, "device": own.device} if own is not None else {}
        form = ReproductionForm(initial=known)
    words = {
        "title": _("I see this too"),
        "hint": _("Everyone reads it, with your name."),
        "verb": _("Save") if own is not None else _("I see this too"),
    }
    return say_page(request, post, form, words)


@member_required
@require_POST
def reproduction_confirm(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Say that what somebody sees too helps; ``want=0`` takes that back."""
    member = member_of(request)
    found = _access(member, public_id)
    wanted = request.POST.get("want", "1") != "0"
    reproductions.confirm(reproduction=found, wanted=wanted, actor=member, now=clock.now())
    return redirect("forum:post-detail", found.post.public_id)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def reproduction_remove(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Take off a post that somebody sees it too; who keeps order says why."""
    member = member_of(request)
    found = _access(member, public_id)
    if not reproductions.may_take_off(member, found):
        raise PermissionDenied
    form = WhyForm(request.POST if request.method == "POST" else None)
    form.fields["word"].required = found.person_id != member.pk
    if form.is_valid():
        word, now = form.cleaned_data["word"], clock.now()
        if reproductions.take_off(reproduction=found, actor=member, now=now, word=word):
            messages.success(request, _("Taken off this post."))
        return redirect("forum:post-detail", found.post.public_id)
    words = {
        "title": _("Take this off the post?"),
        "hint": _("Whoever said that they see it too hears of it."),
        "verb": _("Take off"),
    }
    return say_page(request, found.post, form, words)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def post_same_as(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Say that a post asks the same as another; ``want=0`` takes that back."""
    member = member_of(request)
    post = permissions.access_post(member, public_id)
    about(request, post.board.product)
    form = SameAsForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        other = post_named(member, form.cleaned_data["other"])
        if other is None:
            form.add_error("other", _("There is no such post. Copy its link from the address bar."))
        elif request.POST.get("want", "1") == "0":
            unsay_same(post=post, other=other, person=member, now=clock.now())
            return redirect("forum:post-detail", public_id)
        else:
            with beside(form):
                allowed.spend(allowed.VOTES, member, now=clock.now())
                say_same(post=post, other=other, person=member, now=clock.now())
                messages.success(
                    request, _("Thank you. The team decides; nothing moves until then.")
                )
                return redirect("forum:post-detail", public_id)
    words = {
        "title": _("Which post asks the same?"),
        "hint": _("Both posts stay as they are. The team sees it and decides."),
        "verb": _("They ask the same"),
    }
    return say_page(request, post, form, words)


def say_page(
    request: HttpRequest, post: Post, form: forms.Form, words: dict[str, str]
) -> HttpResponse:
    """Ask for what ``form`` has about ``post``, on a page or in the dialog; ``words`` are its title, hint and verb."""
    shown = template_for(request, "forum/witnessing/say.html", part="dialog")
    context = {"nav": "posts", "post": post, "form": form, **words}
    return render(request, shown, context, status=status_of(form))


def _access(member: permissions.Person, public_id: str) -> Reproduction:
    """Return what ``member`` may know of; raises `Http404`."""
    found = Reproduction.objects.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    read = posts_visible_to(member).filter(pk=found.post_id)
    key = read.values_list("public_id", flat=True).first()
    if key is None:
        raise Http404
    found.post = permissions.access_post(member, key)
    return found
