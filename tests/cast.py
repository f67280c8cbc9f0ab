"""Making people, a board and posts: what the fixtures of `tests/conftest.py` do for one test."""

import datetime as dt
from typing import Any

from feedback.accounts.models import User
from feedback.forum.models import Board, Post, Product
from feedback.forum.posts.operations import publish_post
from feedback.kernel import clock

#: A Friday: the day the train leaves.
NOW = dt.datetime(2026, 3, 6, 9, 30, tzinfo=dt.UTC)


def make_person(name: str, **fields: Any) -> User:
    """Make a person: ``make_person("Dan", role="MODERATOR", language="zh-hans")``."""
    fields.setdefault("email", f"{name.lower().replace(' ', '.')}@example.org")
    return User.objects.create_user(password="a long password", display_name=name, **fields)


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
