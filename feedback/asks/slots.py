"""What this room shows in pages of the forum: each post's ask and stage, and why it stands there."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, F, OuterRef, Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from feedback.accounts.models import User
from feedback.accounts.permissions import is_team
from feedback.accounts.visits import last_visit
from feedback.asks.models import Answer, Ask, Membership, PlacementAttempt
from feedback.asks.presenting import idle_label, shown, shown_answer
from feedback.asks.queries import memberships_shown_to, newest_answers
from feedback.forum.models import Post
from feedback.forum.posts.listing import PostAsk
from feedback.kernel import slots

Person = User | AnonymousUser


def asks_of_posts(request: HttpRequest, posts: Sequence[Post]) -> Mapping[int, PostAsk]:
    """Return, for each post in an ask, that ask, the stage it stands at and whether it was answered since the reader was here."""
    asks = {
        membership.post_id: membership.ask
        for membership in memberships_shown_to(request.user, posts)
    }
    news = _answered_since_last_visit(request.user, asks.values())
    return {
        pk: PostAsk(
            stage=ask.stage,
            url=reverse("asks:ask-detail", args=[ask.public_id]),
            title=ask.title_here,
            post_count=ask.post_count,
            people_count=ask.people_count,
            is_answered=ask.is_answered,
            has_new_answer=ask.pk in news,
        )
        for pk, ask in asks.items()
    }


def _answered_since_last_visit(reader: Person, asks: Iterable[Ask]) -> set[int]:
    before = last_visit(reader)
    answered = {ask.pk for ask in asks if ask.is_answered}
    if before is None or not answered:
        return set()
    new = Answer.objects.standing().filter(ask__in=answered, answered_at__gt=before)
    return set(new.exclude(author=reader.pk).values_list("ask", flat=True))


def strips_of_posts(request: HttpRequest, posts: Sequence[Post]) -> Mapping[int, Any]:
    """Return, for each post in an ask, the strip that says which, why and by whom, and what the team answered."""
    memberships = memberships_shown_to(request.user, posts)
    reasons = shown(memberships)
    answers = {
        ask: shown_answer(answer)
        for ask, answer in newest_answers(one.ask for one in memberships).items()
    }
    return _too_little(request, posts, memberships) | {
        membership.post_id: render_to_string(
            "asks/_ask_strip.html",
            {
                "ask": membership.ask,
                "membership": reasons[membership.post_id],
                "answer": answers.get(membership.ask_id),
                "may_contest": membership.post.author_id == getattr(request.user, "pk", None),
            },
            request=request,
        )
        for membership in memberships
    }


def _too_little(
    request: HttpRequest, posts: Sequence[Post], memberships: Sequence[Membership]
) -> dict[int, str]:
    """Return the strip of each post that says too little to be grouped: for the team, and its author is asked."""
    grouped = {membership.post_id for membership in memberships}
    alone = [one for one in posts if one.pk not in grouped]
    if not is_team(request.user):
        return _ask_what(request, [one for one in alone if one.author_id == request.user.pk])
    marked = PlacementAttempt.objects.filter(post__in=[one.pk for one in alone])
    on_desk = slots.gather("post-desk", request, posts)
    return {
        pk: render_to_string(
            "asks/_too_little_strip.html",
            {"why": idle_label(why), "group_url": on_desk.get(pk)},
            request=request,
        )
        for pk, why in marked.exclude(boilerplate="").values_list("post", "boilerplate")
    }


def _ask_what(request: HttpRequest, posts: Sequence[Post]) -> dict[int, str]:
    """Return the question to the author of each post that says that something is bad, and not what."""
    own = {post.pk: post for post in posts if post.state == Post.State.PUBLISHED}
    if not own:
        return {}
    moody = PlacementAttempt.objects.filter(post__in=own, boilerplate="mood")
    return {
        pk: render_to_string("asks/_what_is_wrong.html", {"post": own[pk]}, request=request)
        for pk in moody.values_list("post", flat=True)
    }


def answered_posts(request: HttpRequest, readers: Sequence[Person]) -> Mapping[int, Q]:
    """Fill "answered-posts": the condition that the team answered the ask of a post, by reader (0 for a visitor)."""
    answered = Membership.objects.filter(
        post=OuterRef("pk"), ask__state=Ask.State.PUBLIC, ask__answered_at__isnull=False
    )
    return {reader.pk or 0: Q(Exists(answered)) for reader in readers}


#: Asks of one person that their page shows.
_ASKS_SHOWN = 8


def asks_of_people(request: HttpRequest, people: Sequence[User]) -> Mapping[int, str]:
    """Fill "person-asks": the asks that posts of each of ``people`` stand in, and what became of them."""
    return {person.pk: _asks_of(request, person) for person in people}


def _asks_of(request: HttpRequest, person: User) -> str:
    theirs = Membership.objects.filter(post__author=person, post__state=Post.State.PUBLISHED)
    asks = Ask.objects.public().filter(pk__in=theirs.values("ask"))
    shown_first = asks.order_by(F("answered_at").desc(nulls_last=True), "-people_count", "pk")
    rows = list(shown_first[: _ASKS_SHOWN + 1])
    if not rows:
        return ""
    context = {"asks": rows[:_ASKS_SHOWN], "more": len(rows) > _ASKS_SHOWN, "person": person}
    return render_to_string("asks/_person_asks.html", context, request=request)
