"""Pages about asks."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from feedback.accounts.afterwards import now_or_afterwards
from feedback.accounts.models import User
from feedback.accounts.permissions import member_of, member_required
from feedback.asks.answering.showing import question_for
from feedback.asks.areas.queries import areas_of_asks
from feedback.asks.areas.reading import chosen_area, row_of_areas
from feedback.asks.card import sharing_of
from feedback.asks.coverage import summary
from feedback.asks.decisions.contest import contest
from feedback.asks.evals.operations import evals_of
from feedback.asks.models import Ask, Membership
from feedback.asks.people import authors_and_voters, people_behind, post_wanted_in, wanted_by
from feedback.asks.permissions import access_ask
from feedback.asks.presenting import AskPost, facets_of, quotes_of, shown, shown_answer
from feedback.asks.proposals.said_same import said_of
from feedback.asks.queries import (
    SORTS,
    answers_to,
    asks_visible_to,
    listing,
    posts_of,
    resolve,
    versions_of,
)
from feedback.asks.stages import Stage
from feedback.asks.trend import attach_trends, trend_of
from feedback.asks.voting import unvote_ask, vote_ask
from feedback.forum import allowed
from feedback.forum import queries as forum_queries
from feedback.forum.permissions import access_post
from feedback.forum.posts.listing import PostRow
from feedback.forum.products.queries import about, keep_product, within
from feedback.forum.products.queries import chosen as chosen_product
from feedback.forum.votes.showing import Weighing, weighing_of
from feedback.kernel import clock, slots
from feedback.kernel.drawn import drawn_as
from feedback.kernel.htmx import is_htmx
from feedback.kernel.markdown import excerpt
from feedback.kernel.refusals import Refusal

PAGE = 25
#: Posts of an ask on a page: each comes with its reason.
POSTS = 12


@require_safe
def ask_list(request: HttpRequest) -> HttpResponse:
    """All asks: by people, freshness, newness, or those without an answer; of one stage or area when asked."""
    chosen = chosen_area(request)
    if chosen.moved_to:
        return redirect(chosen.moved_to)
    wanted = request.GET.get("sort", "people")
    sort = wanted if wanted in SORTS else "people"
    stage = request.GET.get("stage", "")
    stage = stage if stage in Stage.values else ""
    # Everyone sees the confirmed asks here, the team too: what is only proposed is on the desk.
    product = chosen_product(request)
    public = Ask.objects.public().filter(within(product))
    asks = listing(public, sort=sort, stage=stage)
    if chosen.area is not None:
        asks = asks.filter(area=chosen.area)
    page = Paginator(asks, PAGE).get_page(request.GET.get("page"))
    asks_shown = list(page.object_list)
    own = wanted_by(request.user, asks_shown)
    labels = {
        "people": _("Most people"),
        "fresh": _("Latest posts"),
        "new": _("Newest"),
        "unanswered": _("Unanswered"),
    }
    narrowed = keep_product(product) | ({"stage": stage} if stage else {})
    if chosen.area is not None:
        narrowed["area"] = chosen.area.public_id
    return render(
        request,
        "asks/ask_list.html",
        {
            "nav": "asks",
            "page": page,
            "asks": lambda: _with_trends(asks_shown),
            "wanted": own,
            "drawn_as": drawn_as(request.get_full_path(), sorted(own), *map(_as_shown, asks_shown)),
            "sort": sort,
            "stage": stage,
            "area": chosen.area,
            "area_row": row_of_areas(request, areas_of_asks(public), chosen.area),
            "keep": urlencode({"sort": sort} | narrowed),
            "tabs": [
                (
                    "?" + urlencode({"sort": key} | narrowed),
                    labels[key],
                    key == sort,
                )
                for key in SORTS
            ],
            "summary": summary(product),
            "stage_tabs": _stage_tabs(sort, stage, narrowed),
            "desk_url": slots.gather("person-desk", request, [request.user]).get(
                request.user.pk or 0
            ),
        },
    )


def _stage_tabs(sort: str, stage: str, narrowed: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the stages as filters of the list, "" for all of them first."""
    others = {key: value for key, value in narrowed.items() if key != "stage"}
    return [
        {
            "address": "?" + urlencode({"sort": sort} | others | ({"stage": one} if one else {})),
            "stage": one,
            "label": label,
            "is_chosen": one == stage,
        }
        for one, label in [("", _("All stages")), *Stage.choices]
    ]


@require_safe
def ask_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One ask: its people counted once, its posts with their reasons, its trend, what the team said."""
    ask = access_ask(request.user, public_id)
    if ask.state == Ask.State.JOINED:
        home = resolve(ask)
        access_ask(request.user, home.public_id)
        return redirect("asks:ask-detail", home.public_id, permanent=True)
    about(request, ask.product)
    facets = facets_of(ask)
    facet = next((one for one in facets if str(one.number) == request.GET.get("part")), None)
    posts = posts_of(ask)
    if facet is not None:
        posts = posts.filter(post__public_id__in=facet.posts)
    page = Paginator(posts, POSTS).get_page(request.GET.get("page"))
    memberships = list(page.object_list)
    answers = [shown_answer(answer) for answer in answers_to([ask])]
    return render(
        request,
        "asks/ask_detail.html",
        {
            "nav": "asks",
            "ask": ask,
            "sharing": sharing_of(ask),
            "area": ask.area if ask.area is not None and ask.area.is_public else None,
            "opposite": ask.opposite
            if ask.opposite is not None and ask.opposite.is_public
            else None,
            "quotes": quotes_of([ask])[ask.pk],
            "facets": facets,
            "facet": facet,
            "keep": f"part={facet.number}" if facet is not None else "",
            "voted": _is_behind(request, ask),
            "is_awaited": ask.stage not in (Stage.SHIPPED, Stage.DECLINED),
            "group_question": question_for(request, ask),
            "weighing": _weighing(request, ask),
            # Worked out only where the page is not drawn already.
            "beside": lambda: _beside(ask),
            "said": said_of(ask),
            "evals": evals_of(ask).filter(is_public=True),
            "posts": lambda: _posts(request, memberships),
            "drawn_as": _drawn_as(request, memberships),
            "page": page,
            "answers": answers,
            "earlier": len(answers) - 1,
            "item": slots.gather("ask-item", request, [ask]).get(ask.pk),
            "desk_url": slots.gather("ask-desk", request, [ask]).get(ask.pk),
        },
    )


def _with_trends(asks: list[Ask]) -> list[Ask]:
    """Return ``asks`` with the small line of each, and the sentence that says best what it is about."""
    attach_trends(asks)
    quotes = quotes_of(asks)
    for ask in asks:
        ask.quote = quotes[ask.pk][0] if quotes[ask.pk] else None  # type: ignore[attr-defined]
    return asks


def _as_shown(ask: Ask) -> tuple[object, ...]:
    """Return what a list shows of ``ask``."""
    return (
        ask.pk,
        ask.title_here,
        ask.stage,
        ask.post_count,
        ask.people_count,
        ask.last_post_at,
        ask.answered_at,
        ask.summary,
    )


def _posts(request: HttpRequest, memberships: Sequence[Membership]) -> list[AskPost]:
    """Return the posts of these memberships with the reader's votes, their reasons and first words."""
    reasons = shown(memberships)
    posts = [membership.post for membership in memberships]
    voted = forum_queries.voted_ids(request.user, posts)
    return [
        AskPost(
            PostRow(post, post.pk in voted, excerpt=excerpt(post.title, post.body)),
            reasons[post.pk],
        )
        for post in posts
    ]


def _beside(ask: Ask) -> dict[str, object]:
    """Return what stands beside an ask: its trend, versions and people. The same for every reader."""
    trend = trend_of(ask)
    authors, voters = authors_and_voters(ask)
    units = {
        "day": _("posts a day"),
        "week": _("posts a week"),
        "month": _("posts a month"),
    }
    return {
        "trend": trend,
        "trend_label": units[trend.bucket],
        "versions": versions_of(ask),
        "authors": authors,
        "voters": voters,
    }


def _drawn_as(request: HttpRequest, memberships: Sequence[Membership]) -> str:
    """Return a name for what these rows show to a visitor, so that equal rows are drawn once a minute.

    It is empty for a member, whose rows hold forms of their own.
    """
    if request.user.is_authenticated:
        return ""
    shown: list[object] = [request.get_full_path()]
    for one in memberships:
        shown += [one.pk, one.placed_at, one.source, one.score, one.reason]
        shown += [one.post.vote_count, one.post.comment_count, one.post.is_answered]
        shown += [one.post.edited_at]
    return drawn_as(*shown)


def _is_behind(request: HttpRequest, ask: Ask) -> bool:
    if not request.user.is_authenticated:
        return False
    return people_behind([ask.pk]).filter(pk=request.user.pk).exists()


def _weighing(request: HttpRequest, ask: Ask) -> Weighing | None:
    """Return the question how important ``ask`` is to its reader, asked of the post of it that they want."""
    if not isinstance(request.user, User):
        return None
    post = post_wanted_in(ask, request.user)
    return weighing_of(post, request.user, key=ask.public_id) if post is not None else None


@require_POST
@now_or_afterwards("asks.vote")
def ask_vote(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say "me too" to an ask, or take it back: a vote on the post that stands for it."""
    ask = access_ask(request.user, public_id)
    if ask.state == Ask.State.JOINED:
        # Where it went is a matter of its own: it may not be for everyone yet.
        ask = access_ask(request.user, resolve(ask).public_id)
    member = member_of(request)
    allowed.spend(allowed.VOTES, member, now=clock.now())
    change = vote_ask if request.POST.get("want", "1") != "0" else unvote_ask
    change(ask=ask, person=member, now=clock.now())
    if is_htmx(request):
        return render(
            request,
            "forum/votes/_answer.html",
            {
                "action": reverse("asks:ask-vote", args=[ask.public_id]),
                "key": ask.public_id,
                "number": people_behind([ask.pk]).count(),
                "voted": _is_behind(request, ask),
                "title": ask.title,
                "wide": bool(request.POST.get("wide")),
                "primary": bool(request.POST.get("primary")),
                "inside": bool(request.POST.get("inside")),
                "weighing": _weighing(request, ask),
            },
        )
    return redirect("asks:ask-detail", ask.public_id)


@require_POST
@member_required
def membership_contest(request: HttpRequest, public_id: str) -> HttpResponse:
    """The author says that the post does not belong to its ask; it leaves at once."""
    post = access_post(request.user, public_id)
    if post.author_id != member_of(request).pk:
        raise PermissionDenied
    if not asks_visible_to(request.user).filter(memberships__post=post).exists():
        # What the machine only proposes is not for members to know of.
        raise Refusal(_("“%s” belongs to no ask.") % post.title)
    contest(post=post, author=member_of(request), now=clock.now())
    messages.success(request, _("Your post stands on its own again. The team will take a look."))
    return redirect("forum:post-detail", post.public_id)
