"""The pages on which authors say how their words may be used: all of them, or those of one post."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from feedback.accounts.permissions import member_of, member_required
from feedback.forum import permissions
from feedback.forum.consents.models import Use
from feedback.forum.consents.operations import choose, consent
from feedback.forum.consents.queries import chosen_by
from feedback.kernel import clock
from feedback.kernel.refusals import status_of


class UsesForm(forms.Form):
    """What the words may be used for."""

    uses = forms.MultipleChoiceField(
        label=gettext_lazy("My words may be"),
        choices=Use.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class AllUsesForm(UsesForm):
    """For what is posted from now on, and if wished for all that stands."""

    earlier_too = forms.BooleanField(
        label=gettext_lazy("All that I have posted so far, too"), required=False
    )


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def consents(request: HttpRequest) -> HttpResponseBase:
    """Say how what one posts from now on may be used, and what one has posted so far."""
    member = member_of(request)
    is_sent = request.method == "POST"
    start = {"uses": sorted(chosen_by(member))}
    form = AllUsesForm(request.POST) if is_sent else AllUsesForm(initial=start)
    if is_sent and form.is_valid():
        choose(
            person=member,
            uses=[Use(one) for one in form.cleaned_data["uses"]],
            earlier_too=form.cleaned_data["earlier_too"],
            now=clock.now(),
        )
        messages.success(request, _("Saved."))
        return redirect("forum:consents")
    context = {"form": form, "post": None}
    return render(request, "forum/consents/consents.html", context, status=status_of(form))


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def post_consents(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Say how the words of one's own post may be used."""
    member = member_of(request)
    post = permissions.access_post(member, public_id)
    if post.author_id != member.pk:
        raise PermissionDenied
    is_sent = request.method == "POST"
    form = UsesForm(request.POST) if is_sent else UsesForm(initial={"uses": sorted(post.consents)})
    if is_sent and form.is_valid():
        uses = [Use(one) for one in form.cleaned_data["uses"]]
        consent(post=post, author=member, uses=uses, now=clock.now())
        messages.success(request, _("Saved."))
        return redirect("forum:post-detail", public_id)
    context = {"form": form, "post": post, "nav": "posts"}
    return render(request, "forum/consents/consents.html", context, status=status_of(form))
