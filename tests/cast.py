"""Making people, a board and posts: what the fixtures of `tests/conftest.py` do for one test."""

import datetime as dt
import time
from typing import Any

from django.test import Client

from feedback.accounts.models import Role, User
from feedback.asks.models import Ask, Membership
from feedback.forum.models import Board, Post, Product
from feedback.forum.posts.operations import publish_post
from feedback.kernel import clock

#: A Friday: the day the train leaves.
NOW = dt.datetime(2026, 3, 6, 9, 30, tzinfo=dt.UTC)


def make_person(name: str, **fields: Any) -> User:
    """Make a person: ``make_person("Dan", role="MODERATOR", language="zh-hans")``."""
    fields.setdefault("email", f"{name.lower().replace(' ', '.')}@example.org")
    return User.objects.create_user(password="a long password", display_name=name, **fields)


def known(name: str, **fields: Any) -> User:
    """Return who has this name, made on first use."""
    found = User.objects.filter(email=f"{name.lower()}@example.org").first()
    return found or make_person(name, **fields)


def moderator() -> User:
    """Return Mo, who moderates, made on first use."""
    return known("Mo", role="MODERATOR")


def manager() -> User:
    """Return Pia, the product manager, made on first use."""
    return known("Pia", role="MANAGER")


def administrator() -> User:
    """Return Ada, who administers, made on first use."""
    return known("Ada", role="ADMIN", is_staff=True, is_superuser=True)


def suggestions(product: Product) -> Board:
    """Return the board for suggestions, made when there is none."""
    board, _ = Board.objects.get_or_create(
        slug="suggestions",
        defaults={
            "product": product,
            "name": "Suggestions",
            "name_zh": "建议",
            "description": "What should be better?",
        },
    )
    return board


def publish(author: User, title: str, **fields: Any) -> Post:
    """Publish a post: ``publish(ann, "Dark mode", board=board, body="…", kind="BUG", now=…)``."""
    fields.setdefault("body", "")
    fields.setdefault("kind", Post.Kind.SUGGESTION)
    fields.setdefault("now", clock.now())
    return publish_post(author=author, title=title, **fields)


def make_ask(*posts: Any, title: str = "", **fields: Any) -> Ask:
    """Make an ask of posts as a run would have left it, public unless told otherwise."""
    now = clock.now()
    state = fields.setdefault("state", Ask.State.PUBLIC)
    if state == Ask.State.PUBLIC:
        fields.setdefault("confirmed_at", now)
    times = [post.posted_at for post in posts]
    ask = Ask.objects.create(
        product=posts[0].board.product,
        title=title or posts[0].title,
        medoid=posts[0],
        created_at=now,
        post_count=len(posts),
        people_count=len({post.author_id for post in posts}),
        first_post_at=min(times),
        last_post_at=max(times),
        **fields,
    )
    Membership.objects.bulk_create(
        Membership(post=post, ask=ask, source="MACHINE", score=0.9, model_key="test", placed_at=now)
        for post in posts
    )
    return ask


def sign_in(client: Client, person: User) -> None:
    """Be ``person`` in ``client``, who has just shown who they are where that is asked of some."""
    client.force_login(person)
    if person.is_staff or person.role in (Role.MANAGER, Role.ADMIN):
        session = client.session
        session["account_authentication_methods_user"] = str(person.pk)
        session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
        session.save()
