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
from feedback.asks.decisions.trying import try_join
from feedback.asks.models import Ask
from feedback.asks.permissions import access_ask
from feedback.asks.queries import listing
from feedback.asks.titles import Twin, refuse_twin
from feedback.desk.acting import said
from feedback.desk.asks.views import live_ask, part_of
from feedback.forum.models import Post
from feedback.grouping.similar.asks_near import asks_near
from feedback.kernel import clock, text
from feedback.kernel.htmx import is_for, is_htmx, template_for, varies
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
    has_twin = False
    title = request.POST.get("title", part.title if part is not None else posts[0].title)
    if request.method == "POST":
        actor = member_of(request)
        with told(request):
            if request.POST.get("twice") != "1":
                try:
                    refuse_twin(title, beside=ask, may_be_itself=False)
                except Twin:
                    has_twin = True
                    raise
            decision = split_ask(ask=ask, posts=posts, title=title, actor=actor, now=clock.now())
            assert decision.other_ask is not None
            said(
                request,
                _("Split off: “%(title)s”.") % {"title": decision.other_ask.title},
                decision,
            )
            return redirect("desk:ask", decision.other_ask.public_id)
    context = {"nav": "desk", "ask": ask, "posts": posts, "title": title, "again": has_twin}
    return render(request, "desk/asks/split.html", context)


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
    if is_htmx(request) and not posts:
        raise Refusal(_("Tick the posts first."), status=422)
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
    if request.GET.get("to"):
        return _join_preview(request, ask, live_ask(request, request.GET["to"]))
    return _choose_page(request, ask, posts=[], moving=False)


def _join_preview(request: HttpRequest, ask: Ask, into: Ask) -> HttpResponse:
    """Show what joining would bring, counted by doing it and taking it back."""
    tried = try_join(ask=ask, into=into, actor=member_of(request), now=clock.now())
    authors = Post.objects.filter(membership__ask=ask).values("author").distinct().count()
    context = {"nav": "desk", "ask": ask, "into": into, "tried": tried, "authors": authors}
    return render(request, "desk/asks/join.html", context)


def _choose_page(
    request: HttpRequest, ask: Ask, *, posts: list[Post], moving: bool
) -> HttpResponse:
    words = text.one_line(request.GET.get("q", ""))
    # As one types only what is found changes; else it is the whole dialog, or the page.
    part = "found" if is_for(request, "candidates") else "dialog"
    page = render(
        request,
        template_for(request, "desk/asks/choose.html", part=part),
        {
            "nav": "desk",
            "ask": ask,
            "posts": posts,
            "words": words,
            "candidates": _candidates(ask, words),
            "moving": moving,
            "in_dialog": is_htmx(request),
        },
    )
    return varies(page)
