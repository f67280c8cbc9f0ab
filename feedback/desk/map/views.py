"""The map of a product: its posts as points, its asks as groups of them, and what a person draws a line around."""

from collections import defaultdict
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from feedback.accounts.permissions import is_manager, manager_required, member_of, team_required
from feedback.asks.decisions.shape import start_ask
from feedback.asks.models import Ask
from feedback.desk.acting import said
from feedback.desk.product import picked
from feedback.forum.models import Post
from feedback.forum.queries import grouped_posts
from feedback.grouping.picture.queries import is_drawn, nearest_asks, packed
from feedback.kernel import clock, text
from feedback.kernel.markdown import excerpt
from feedback.kernel.refusals import Refusal, told

#: Posts that a line is drawn around at most.
MOST = 400
#: Posts that a search lights up at most.
FOUND = 2_000
#: Asks of the table.
ROWS = 200


@dataclass(frozen=True)
class Part:
    """The chosen posts of one ask; those in no ask where it is None."""

    ask: Ask | None
    posts: list[Post]


@require_safe
@team_required
def map_page(request: HttpRequest) -> HttpResponse:
    """The map, and the same as a table."""
    product = picked(request)
    return render(
        request,
        "desk/map/map.html",
        {
            "nav": "desk",
            "is_drawn": is_drawn(product),
            "rows": nearest_asks(product, limit=ROWS),
            "may_decide": is_manager(request.user),
            "most": MOST,
        },
    )


@require_safe
@team_required
def map_points(request: HttpRequest) -> HttpResponse:
    """The points of the map, packed."""
    response = HttpResponse(packed(picked(request)), content_type="application/octet-stream")
    response["Cache-Control"] = "no-store, private"
    return response


@require_safe
@team_required
def map_card(request: HttpRequest) -> HttpResponse:
    """What one point says (``?post=``); nothing where it may not be read now."""
    wanted = text.one_line(request.GET.get("post", ""))
    post = grouped_posts(picked(request)).filter(public_id=wanted).first()
    if post is None:
        return HttpResponse(status=204)
    words = excerpt(post.title, post.body, length=180)
    return render(request, "desk/map/_card.html", {"post": post, "words": words})


@require_safe
@team_required
def map_search(request: HttpRequest) -> JsonResponse:
    """The public ids of posts with these words in their title or text (``?q=``)."""
    words = text.one_line(request.GET.get("q", ""))[:80]
    if not words:
        return JsonResponse({"posts": []})
    posts = grouped_posts(picked(request))
    found = posts.filter(title__icontains=words) | posts.filter(body__icontains=words)
    return JsonResponse({"posts": list(found.values_list("public_id", flat=True)[:FOUND])})


@require_POST
@manager_required
def map_chosen(request: HttpRequest) -> HttpResponse:
    """Show what a line was drawn around, by ask: to split off, or to make an ask of."""
    parts = _parts(request)
    return render(
        request,
        "desk/map/chosen.html",
        {"nav": "desk", "parts": parts, "total": sum(len(part.posts) for part in parts)},
    )


@require_POST
@manager_required
def map_start(request: HttpRequest) -> HttpResponse:
    """Make an ask of chosen posts that are in none."""
    loose = [part.posts for part in _parts(request) if part.ask is None]
    if not loose:
        raise Refusal(_("These posts are in an ask by now. Draw the line again."), status=422)
    with told(request):
        decision = start_ask(
            posts=loose[0],
            title=request.POST.get("title", ""),
            actor=member_of(request),
            now=clock.now(),
        )
        ask = decision.other_ask or decision.ask
        assert ask is not None
        said(request, _("It is an ask now: “%(title)s”.") % {"title": ask.title}, decision)
        return redirect("desk:ask", ask.public_id)
    return redirect("desk:map")


def _parts(request: HttpRequest) -> list[Part]:
    """Return the chosen posts of the product that is picked, by ask, the largest part first.

    Raises `Refusal` for none, or for more than `MOST`.
    """
    wanted = request.POST.get("posts", "").replace("\x00", "").split(",")
    wanted = sorted({one.strip() for one in wanted if one.strip()})
    if len(wanted) > MOST:
        raise Refusal(
            _("At most %(most)s posts at once. Draw a smaller line.") % {"most": MOST}, status=422
        )
    posts = grouped_posts(picked(request)).filter(public_id__in=wanted)
    held: dict[int, list[Post]] = defaultdict(list)
    asks: dict[int, Ask] = {}
    for post in posts.select_related("membership__ask").order_by("-vote_count", "id"):
        membership = getattr(post, "membership", None)
        ask = membership.ask if membership is not None and membership.ask.is_live else None
        held[ask.pk if ask is not None else 0].append(post)
        if ask is not None:
            asks[ask.pk] = ask
    if not held:
        raise Refusal(_("Draw a line around some posts first."), status=422)
    parts = [Part(asks.get(pk), some) for pk, some in held.items()]
    return sorted(parts, key=lambda part: -len(part.posts))
