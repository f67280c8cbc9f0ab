"""What this room shows in pages of the forum: each post's ask and stage, and what is like a draft."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from feedback.accounts.permissions import is_team
from feedback.asks.models import Ask, Membership, Placement
from feedback.asks.presenting import idle_label, shown
from feedback.asks.queries import newest_answers
from feedback.asks.stages import Stage
from feedback.forum.models import Post
from feedback.kernel.markdown import render as markdown


def _memberships(request: HttpRequest, posts: Sequence[Post]) -> list[Membership]:
    """Return the memberships of ``posts`` that the reader may see."""
    memberships = Membership.objects.filter(post__in=[post.pk for post in posts]).select_related(
        "ask", "actor", "post"
    )
    if is_team(request.user):
        return list(memberships.exclude(ask__state=Ask.State.DISMISSED))
    return list(memberships.filter(ask__state=Ask.State.PUBLIC))


def asks_of_posts(request: HttpRequest, posts: Sequence[Post]) -> Mapping[int, Any]:
    """Return, for each post, its ask or None and the stage it stands at."""
    asks = {membership.post_id: membership.ask for membership in _memberships(request, posts)}
    marks = {}
    for post in posts:
        ask = asks.get(post.pk)
        stage = Stage(ask.stage) if ask is not None else Stage.UNDER_REVIEW
        marks[post.pk] = {"ask": ask, "stage": stage.value, "stage_label": stage.label}
    return marks


def strips_of_posts(request: HttpRequest, posts: Sequence[Post]) -> Mapping[int, Any]:
    """Return, for each post in an ask, the strip that says which, why and by whom, and what the team answered."""
    memberships = _memberships(request, posts)
    reasons = shown(memberships)
    answers = newest_answers(membership.ask for membership in memberships)
    for answer in answers.values():
        answer.html = markdown(answer.body)  # type: ignore[attr-defined]
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
    """Return, for the team alone, the strip of each post that says too little to be grouped."""
    if not is_team(request.user):
        return {}
    grouped = {membership.post_id for membership in memberships}
    marked = Placement.objects.filter(post__in=[one.pk for one in posts if one.pk not in grouped])
    names = {post.pk: post.public_id for post in posts}
    return {
        pk: render_to_string(
            "asks/_too_little_strip.html",
            {"why": idle_label(why), "public_id": names[pk]},
            request=request,
        )
        for pk, why in marked.exclude(boilerplate="").values_list("post", "boilerplate")
    }
