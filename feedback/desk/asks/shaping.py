"""Splitting, moving, joining: first what, then where to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from feedback.accounts.permissions import manager_required, member_of
from feedback.asks.decisions.shape import join_asks, move_posts, split_ask
from feedback.asks.models import Ask
from feedback.asks.permissions import access_ask
from feedback.asks.queries import listing
from feedback.desk.acting import said
from feedback.desk.asks.views import live_ask, part_of
from feedback.forum.models import Post
from feedback.grouping.similar.asks_near import asks_near
from feedback.kernel import clock, text
from feedback.kernel.refusals import Refusal, told


def _chosen(ask: Ask, public_ids: list[str]) -> list[Post]:
    return list(Post.objects.filter(public_id__in=public_ids, membership__ask=ask).order_by("id"))


def _candidates(ask: Ask, words: str) -> list[Ask]:
    """Return asks to choose from: those with the words in the title, or the nearest in meaning."""
    if words.strip():
        live = Ask.objects.open().filter(product=ask.product_id)
        return list(listing(live, words=words).exclude(pk=ask.pk)[:20])
    return asks_near(ask, limit=12)


@require_POST
@manager_required
def posts_chosen(request: HttpRequest, public_id: str) -> HttpResponse:
    """Some posts are ticked: on to splitting or moving them."""
    ask = live_ask(request, public_id)
    chosen = request.POST.getlist("post")
    if not chosen:
        raise Refusal(_("Tick the posts first."), status=422)
    step = "desk:ask-move" if request.POST.get("do") == "move" else "desk:ask-split"
    return redirect(
        reverse(step, args=[ask.public_id]) + "?" + urlencode({"post": chosen}, doseq=True)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def split(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make a new ask of some posts, or of a whole part of the ask (``?part=2``)."""
    ask = live_ask(request, public_id)
    source = request.POST if request.method == "POST" else request.GET
    part = part_of(ask, request.GET.get("part", ""))
    posts = _chosen(ask, source.getlist("post") if part is None else part.posts)
    if not posts and request.method != "POST":
        return redirect("desk:ask", ask.public_id)  # the part has gone meanwhile
    if not posts:
        raise Refusal(_("Tick the posts first."), status=422)
    title = request.POST.get("title", part.title if part is not None else posts[0].title)
    if request.method == "POST":
        actor = member_of(request)
        with told(request):
            decision = split_ask(ask=ask, posts=posts, title=title, actor=actor, now=clock.now())
            assert decision.other_ask is not None
            said(
                request,
                _("Split off: “%(title)s”.") % {"title": decision.other_ask.title},
                decision,
            )
            return redirect("desk:ask", decision.other_ask.public_id)
    return render(
        request, "desk/asks/split.html", {"nav": "desk", "ask": ask, "posts": posts, "title": title}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def move(request: HttpRequest, public_id: str) -> HttpResponse:
    """Move some posts to another ask, or out of this one."""
    ask = live_ask(request, public_id)
    source = request.POST if request.method == "POST" else request.GET
    posts = _chosen(ask, source.getlist("post"))
    if request.method == "POST" and posts:
        wanted = request.POST.get("to", "")
        target, actor = access_ask(request.user, wanted) if wanted else None, member_of(request)
        with told(request):
            decision = move_posts(posts=posts, to=target, actor=actor, now=clock.now())
            sentence = ngettext("Moved %(n)d post.", "Moved %(n)d posts.", len(posts)) % {
                "n": len(posts)
            }
            said(request, sentence, decision)
        return redirect("desk:ask", ask.public_id)
    return _choose_page(request, ask, posts=posts, moving=True)


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def join(request: HttpRequest, public_id: str) -> HttpResponse:
    """Join this ask into another one."""
    ask = live_ask(request, public_id)
    if request.method == "POST":
        into, actor = live_ask(request, request.POST.get("to", "")), member_of(request)
        with told(request):
            decision = join_asks(ask=ask, into=into, actor=actor, now=clock.now())
            said(
                request,
                _("Joined into “%(title)s”. The old link leads there.") % {"title": into.title},
                decision,
            )
            return redirect("desk:ask", into.public_id)
        return redirect("desk:ask", ask.public_id)
    return _choose_page(request, ask, posts=[], moving=False)


def _choose_page(
    request: HttpRequest, ask: Ask, *, posts: list[Post], moving: bool
) -> HttpResponse:
    words = text.one_line(request.GET.get("q", ""))
    return render(
        request,
        "desk/asks/choose.html",
        {
            "nav": "desk",
            "ask": ask,
            "posts": posts,
            "words": words,
            "candidates": _candidates(ask, words),
            "moving": moving,
        },
    )
