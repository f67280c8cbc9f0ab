"""One's own agents and what they posted, and which accounts the team says are agents."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from feedback.accounts.agents import code_of, human_by_code, make_agent, name_agent, unmake_agent
from feedback.accounts.models import User
from feedback.accounts.permissions import member_of, member_required, site_manager_required
from feedback.forum import permissions
from feedback.forum.agents.forms import CodeForm, HumanForm
from feedback.forum.agents.operations import confirm_post, turn_down_post
from feedback.forum.allowed import AGENTS_POSTS
from feedback.forum.closed.naming import person_called
from feedback.forum.consents.models import Use
from feedback.forum.models import Post
from feedback.forum.queries import posts_visible_to
from feedback.kernel import clock
from feedback.kernel.refusals import beside, status_of

#: Posts that wait for their human, shown at once.
_SHOWN = 50


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def agents(request: HttpRequest) -> HttpResponseBase:
    """Say of this account that it is an agent of somebody; see one's own agents, and what waits to be confirmed."""
    member = member_of(request)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with beside(form):
            now = clock.now()
            human = human_by_code(form.cleaned_data["code"], now=now)
            make_agent(account=member, human=human, now=now)
            messages.success(request, _("This account is an agent of %(name)s.") % {"name": human})
            return redirect("forum:agents")
    waiting = Post.objects.filter(author__acts_for=member, state=Post.State.WITNESS)
    waiting = waiting.filter(pk__in=posts_visible_to(member).values("pk"))
    context = {
        "form": form,
        "human": member.acts_for,
        "own": User.objects.filter(acts_for=member).order_by("pk"),
        "waiting": waiting.select_related("author", "board", "prompt").order_by("-posted_at", "pk")[
            :_SHOWN
        ],
        "number": waiting.count(),
        "most": AGENTS_POSTS,
        "code": code_of(member) if request.GET.get("code") and not member.is_agent else "",
    }
    return render(request, "forum/agents/agents.html", context, status=status_of(form))


@member_required
@require_POST
def agent_post_confirm(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Say of what one's agent posted that it happened to oneself; ``want=0`` that it did not."""
    member = member_of(request)
    post = permissions.access_post(member, public_id)
    if request.POST.get("want", "1") == "0":
        if turn_down_post(post=post, human=member, now=clock.now()):
            messages.success(request, _("Taken away. Only the team still sees it."))
        return redirect("forum:agents")
    uses = [Use.EVALUATE] if request.POST.get("evaluate") == "1" else []
    if confirm_post(post=post, human=member, uses=uses, now=clock.now()):
        messages.success(request, _("Confirmed. It counts as your post now."))
    return redirect("forum:post-detail", post.public_id)


@site_manager_required
@require_http_methods(["GET", "HEAD", "POST"])
def person_agent(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say whose agent an account is, or that it is none."""
    actor = member_of(request)
    person = permissions.access_person(public_id, reader=actor)
    if request.method != "POST":
        human = person.acts_for
        form = HumanForm(initial={"human": human.email or human.display_name} if human else {})
        return _person_agent(request, person, form)
    form = HumanForm(request.POST)
    if form.is_valid():
        with beside(form):
            if said := form.cleaned_data["human"]:
                human = person_called(said)
                name_agent(account=person, human=human, actor=actor, now=clock.now())
            else:
                unmake_agent(account=person, actor=actor, now=clock.now())
            messages.success(request, _("Saved."))
            return redirect("forum:person-detail", person.public_id)
    return _person_agent(request, person, form)


def _person_agent(request: HttpRequest, person: User, form: HumanForm) -> HttpResponse:
    context = {"nav": "posts", "person": person, "form": form}
    return render(request, "forum/agents/person_agent.html", context, status=status_of(form))
