"""Asks and their posts."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, F, Q, QuerySet, Sum

from feedback.accounts.models import User
from feedback.accounts.permissions import is_team
from feedback.asks.models import Answer, Ask, Decision, Membership
from feedback.forum.models import Poll, Post, Product
from feedback.forum.products.queries import within
from feedback.forum.search import index

Sort = Literal["people", "fresh", "new", "unanswered", "critical"]
#: Posts looked at for a query; their asks are found by them.
POSTS_FOUND = 500
SORTS: tuple[Sort, ...] = ("people", "fresh", "new", "unanswered")
#: What the team may sort by: also by those to whom it is critical.
TEAM_SORTS: tuple[Sort, ...] = (*SORTS, "critical")


def asks_visible_to(person: User | AnonymousUser) -> QuerySet[Ask]:
    """Return what ``person`` may see: confirmed asks, and for the team also what the machine proposes."""
    if is_team(person):
        return Ask.objects.open()
    return Ask.objects.public()


def listing(
    asks: QuerySet[Ask], *, sort: Sort = "people", stage: str = "", words: str = ""
) -> QuerySet[Ask]:
    """Return ``asks`` in order, of one stage when given, with ``words`` in the title or in a post when given."""
    if stage:
        asks = asks.filter(stage=stage)
    if words.strip():
        in_title = Q()
        for word in words.split():
            in_title &= Q(title__icontains=word)
        hits = [pk for pk, _score in index.find(words, limit=POSTS_FOUND, mode="all")]
        in_posts = Membership.objects.filter(post__in=hits).values("ask")
        asks = asks.filter(in_title | Q(pk__in=in_posts))
    match sort:
        case "fresh":
            return asks.order_by(F("last_post_at").desc(nulls_last=True), "-id")
        case "new":
            return asks.order_by("-created_at", "-id")
        case "unanswered":
            return asks.filter(answered_at__isnull=True).order_by("-people_count", "id")
        case "critical":
            return asks.order_by("-critical_count", "-important_count", "-people_count", "id")
    return asks.order_by("-people_count", "id")


def posts_of(ask: Ask) -> QuerySet[Membership]:
    """Return the memberships of the published posts of ``ask``, nearest to its middle first."""
    return (
        Membership.objects.filter(ask=ask, post__state=Post.State.PUBLISHED)
        .select_related("post__author", "post__board", "actor")
        .order_by(F("score").desc(nulls_last=True), "post_id")
    )


def memberships_shown_to(reader: User | AnonymousUser, posts: Iterable[Post]) -> list[Membership]:
    """Return the memberships of ``posts`` that ``reader`` may see; what stands on a closed board takes part in no ask."""
    outside = [post.pk for post in posts if post.state != Post.State.INSIDE]
    memberships = Membership.objects.filter(post__in=outside).select_related("ask", "actor", "post")
    if is_team(reader):
        return list(memberships.exclude(ask__state=Ask.State.DISMISSED))
    return list(memberships.filter(ask__state=Ask.State.PUBLIC))


def first_decision_about(post: Post) -> Decision | None:
    """Return the first decision of the team that touched ``post``, undone since or not. To contest is its author's."""
    decisions = Decision.objects.filter(posts=post).exclude(kind=Decision.Kind.CONTEST)
    return decisions.select_related("actor").order_by("made_at", "pk").first()


def resolve(ask: Ask) -> Ask:
    """Follow joins to the ask that holds the posts now."""
    seen = {ask.pk}
    while ask.joined_into_id is not None and ask.joined_into_id not in seen:
        seen.add(ask.joined_into_id)
        (ask,) = Ask.objects.filter(pk=ask.joined_into_id)
    return ask


def sources_of(ask_ids: Iterable[int]) -> dict[int, int]:
    """Return these asks and every ask joined into one of them, each with the one of ``ask_ids`` it became.

    A query for each step of the longest way.
    """
    became = {pk: pk for pk in ask_ids}
    frontier = set(became)
    while frontier:
        joined = Ask.objects.filter(joined_into__in=frontier).values_list("pk", "joined_into")
        found = {pk: became[into] for pk, into in joined if into is not None and pk not in became}
        became.update(found)
        frontier = set(found)
    return became


def answers_to(asks: Iterable[Ask]) -> QuerySet[Answer]:
    """Return the official answers to ``asks`` and to what was joined into them, newest first."""
    sources = sources_of(ask.pk for ask in asks)
    return Answer.objects.standing().filter(ask__in=sources).select_related("author")


def newest_answers(asks: Iterable[Ask]) -> dict[int, Answer]:
    """Return the newest official answer to each of ``asks`` that has one, by the ask's id."""
    became = sources_of(ask.pk for ask in asks)
    newest: dict[int, Answer] = {}
    for answer in Answer.objects.standing().filter(ask__in=became).select_related("author"):
        newest.setdefault(became[answer.ask_id], answer)
    return newest


def polls_of(asks: Iterable[Ask]) -> QuerySet[Poll]:
    """Return the polls under published posts of ``asks``, the latest first, with their posts."""
    posts = Post.objects.filter(membership__ask__in=list(asks), state=Post.State.PUBLISHED)
    return Poll.objects.filter(post__in=posts).select_related("post").order_by("-pk")


def versions_of(ask: Ask, *, limit: int = 6) -> list[tuple[str, int]]:
    """Return the product versions its posts name with their counts, most frequent first."""
    rows = (
        Post.objects.filter(membership__ask=ask, state=Post.State.PUBLISHED)
        .filter(~Q(product_version=""))
        .values_list("product_version")
        .annotate(count=Count("id"))
        .order_by("-count", "-product_version")
    )
    return list(rows[:limit])


#: What is set aside, by why: mood without a wish, praise, and what says hardly anything.
DRAWERS: Mapping[str, tuple[str, ...]] = {
    "mood": ("mood",),
    "praise": ("praise", "courtesy"),
    "other": ("empty", "symbols", "log"),
}


@dataclass(frozen=True)
class Drawer:
    """How much lies in one drawer: posts, their stars where they have any, and the last four weeks beside those before."""

    key: str
    posts: int = 0
    stars: float | None = None
    lately: int = 0
    before: int = 0


def too_little_to_group(product: Product, drawer: str = "") -> QuerySet[Post]:
    """Return the published posts of ``product`` that are set aside, of one drawer or of all, newest first.

    They say too little by themselves to be grouped, and belong to no ask.
    """
    posts = Post.objects.filter(
        board__product=product,
        state=Post.State.PUBLISHED,
        membership__isnull=True,
        placement__isnull=False,
    ).exclude(placement__boilerplate="")
    if drawer:
        posts = posts.filter(placement__boilerplate__in=DRAWERS[drawer])
    return posts.select_related("author", "board", "placement").order_by("-posted_at", "-id")


def drawers(product: Product, *, now: dt.datetime) -> list[Drawer]:
    """Return the drawers of ``product`` with what lies in them; one query."""
    four_weeks = dt.timedelta(weeks=4)
    rows = (
        too_little_to_group(product)
        .order_by()
        .values("placement__boilerplate")
        .annotate(
            posts=Count("id"),
            rated=Count("rating"),
            stars=Sum("rating"),
            lately=Count("id", filter=Q(posted_at__gt=now - four_weeks)),
            before=Count(
                "id",
                filter=Q(posted_at__gt=now - 2 * four_weeks, posted_at__lte=now - four_weeks),
            ),
        )
    )
    by_why = {row["placement__boilerplate"]: row for row in rows}
    found = []
    for key, reasons in DRAWERS.items():
        here = [by_why[why] for why in reasons if why in by_why]
        rated = sum(row["rated"] for row in here)
        found.append(
            Drawer(
                key=key,
                posts=sum(row["posts"] for row in here),
                stars=sum(row["stars"] or 0 for row in here) / rated if rated else None,
                lately=sum(row["lately"] for row in here),
                before=sum(row["before"] for row in here),
            )
        )
    return found


def latest_answers(product: Product | None = None) -> QuerySet[Answer]:
    """Return the official answers to public asks, of one product or of all, newest first, with authors and asks."""
    public = Answer.objects.standing().filter(
        within(product, "ask__product"), ask__in=Ask.objects.public()
    )
    return public.select_related("author", "ask").order_by("-answered_at", "-id")
