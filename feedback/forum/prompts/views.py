"""The prompt of one's own post: add it, change it, take it away."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from feedback.accounts.permissions import member_of, member_required
from feedback.forum import allowed, permissions
from feedback.forum.models import Post
from feedback.forum.posts.checked import keep_prompt_checked
from feedback.forum.products.queries import about
from feedback.forum.prompts.forms import PromptForm, prompt_in
from feedback.forum.prompts.operations import may_keep_prompt, remove_prompt, said_taken_out
from feedback.kernel import clock
from feedback.kernel.refusals import beside, status_of


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def post_prompt(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Say what was asked of the model; ``remove`` takes it away."""
    member = member_of(request)
    post = permissions.access_post(member, public_id)
    if post.author_id != member.pk or not may_keep_prompt(post):
        raise PermissionDenied
    about(request, post.board.product)
    kept = getattr(post, "prompt", None)
    form = PromptForm(request.POST if request.method == "POST" else None, prompt=kept)
    if request.method == "POST" and "remove" in request.POST:
        remove_prompt(post=post, author=member, now=clock.now())
        messages.success(request, _("The prompt is gone."))
        return redirect("forum:post-detail", public_id)
    if form.is_valid() and (said := prompt_in(form.cleaned_data)) is not None:
        with beside(form):
            allowed.spend(allowed.EDITS, member, now=clock.now())
            keep_prompt_checked(post, member, said)
            say_taken_out(request, post)
            return redirect("forum:post-detail", public_id)
    context = {"nav": "posts", "post": post, "form": form, "is_kept": kept is not None}
    return render(request, "forum/prompts/post_prompt.html", context, status=status_of(form))


def say_taken_out(request: HttpRequest, post: Post) -> None:
    """Tell whoever gave the prompt of ``post`` what was taken out of it, if anything was."""
    post = Post.objects.select_related("prompt").get(pk=post.pk)
    if taken := said_taken_out(post.prompt):
        sentence = _("Taken out of the prompt before it was kept: %(what)s.")
        messages.info(request, sentence % {"what": taken})
