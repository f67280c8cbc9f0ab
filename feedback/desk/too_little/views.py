"""Posts that say too little by themselves to be grouped: to look through, and to group all the same."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from feedback.accounts.permissions import manager_required, member_of, team_required
from feedback.asks.decisions.shape import move_post, start_ask
from feedback.asks.models import Ask, Decision
from feedback.asks.permissions import access_ask
from feedback.asks.presenting import idle_label
from feedback.asks.proposals.said_same import lone_pairs, said_same_as
from feedback.asks.queries import (
    DRAWERS,
    Drawer,
    drawers,
    listing,
    resolve,
    too_little_to_group,
)
from feedback.asks.search import find_asks
from feedback.desk.acting import said
from feedback.desk.product import picked
from feedback.forum.models import Post
from feedback.forum.permissions import access_post
from feedback.forum.products.queries import about
from feedback.kernel import clock, text
from feedback.kernel.markdown import excerpt
from feedback.kernel.refusals import told

SHOWN = 40
CANDIDATES = 20


@require_safe
@team_required
def too_little(request: HttpRequest) -> HttpResponse:
    """Every post that is set aside, by drawer, newest first, each with why and a way into an ask."""
    product = picked(request)
    found = drawers(product, now=clock.now())
    wanted = request.GET.get("drawer", "")
    wanted = wanted if wanted in DRAWERS else ""
    posts = too_little_to_group(product, wanted)
    page = Paginator(posts, SHOWN).get_page(request.GET.get("page"))
    rows = [
        (
            post,
            excerpt(post.title, post.body, length=220),
            idle_label(post.placement.boilerplate),
        )
        for post in page.object_list
    ]
    return render(
        request,
        "desk/too_little/too_little.html",
        {
            "nav": "desk",
            "page": page,
            "rows": rows,
            "tabs": _tabs(found, wanted),
            "drawer": next((one for one in found if one.key == wanted), None),
            "keep": f"drawer={wanted}" if wanted else "",
            "pairs": [] if wanted else lone_pairs(product, now=clock.now()),
        },
    )


def _tabs(found: list[Drawer], wanted: str) -> list[tuple[str, str, bool, int]]:
    """Return the drawers that hold something, all of them first."""
    names = {"mood": _("Mood without a wish"), "praise": _("Praise"), "other": _("Hardly a word")}
    here = reverse("desk:too-little")
    tabs = [(here, _("All"), not wanted, sum(one.posts for one in found))]
    tabs += [
        (f"{here}?drawer={one.key}", names[one.key], one.key == wanted, one.posts)
        for one in found
        if one.posts
    ]
    return tabs


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def post_group(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put a post that belongs to no ask into one, or make one of it."""
    post = access_post(request.user, public_id)
    if request.method == "POST":
        with told(request):
            decision = _group(request, post)
            ask = decision.other_ask or decision.ask
            assert ask is not None
            said(request, _("It belongs to “%(title)s” now.") % {"title": ask.title}, decision)
        return redirect("forum:post-detail", post.public_id)
    words = text.one_line(request.GET.get("q", ""))
    product = post.board.product
    about(request, product)
    return render(
        request,
        "desk/too_little/group_post.html",
        {
            "nav": "desk",
            "post": post,
            "words": words,
            "alike": said_same_as(post),
            "candidates": find_asks(
                words, person=member_of(request), product=product, limit=CANDIDATES
            )
            if words
            else list(listing(Ask.objects.open().filter(product=product))[:CANDIDATES]),
        },
    )


def _group(request: HttpRequest, post: Post) -> Decision:
    wanted = request.POST.get("to", "")
    person, now = member_of(request), clock.now()
    if wanted:
        ask = access_ask(person, wanted)
        return move_post(post=post, to=resolve(ask), actor=person, now=now)
    along = set(request.POST.getlist("along"))
    posts = [post, *(one for one in said_same_as(post) if one.public_id in along)]
    return start_ask(posts=posts, title=request.POST.get("title", ""), actor=person, now=now)
