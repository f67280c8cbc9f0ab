"""What the site at hand holds, told as JSON: ``python -m tests.ops.archives.restored``.

Runs in a process of its own, on the restored site. What it tries is taken back at the end.
"""

import json
import os
from collections import Counter
from contextlib import suppress
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.apps import apps  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from feedback.accounts.models import User  # noqa: E402
from feedback.asks.decisions.undo import undo  # noqa: E402
from feedback.asks.models import Area, Ask, Decision, Membership  # noqa: E402
from feedback.forum.models import Comment, Post  # noqa: E402
from feedback.forum.search import index  # noqa: E402
from feedback.journal import operations as journal  # noqa: E402
from feedback.journal.models import Dispatch, Entry  # noqa: E402
from feedback.kernel import clock  # noqa: E402
from feedback.kernel.refusals import Refusal  # noqa: E402
from feedback.notify.models import Notice  # noqa: E402
from feedback.roadmap.models import Item  # noqa: E402


def counts() -> dict[str, int]:
    """Return the rows of every table but those of the search index itself."""
    names = [
        name
        for name in connection.introspection.table_names()
        if not name.startswith("forum_post_search_")
    ]
    found = {}
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")
            found[name] = cursor.fetchone()[0]
    return found


def id_of(row: Any) -> str | None:
    return row and row.public_id


def people() -> dict[str, Any]:
    return {
        user.public_id: {
            "email": user.email,
            "name": user.display_name,
            "role": user.role,
            "origin": user.origin,
            "origin_key": user.origin_key,
            "language": user.language,
            "is_active": user.is_active,
        }
        for user in User.objects.all()
    }


def posts() -> dict[str, Any]:
    return {
        post.public_id: {
            "title": post.title,
            "body": post.body,
            "state": post.state,
            "board": post.board.slug,
            "author": post.author.public_id,
            "vote_count": post.vote_count,
            "comment_count": post.comment_count,
        }
        for post in Post.objects.select_related("board", "author")
    }


def comments() -> dict[str, Any]:
    return {
        comment.public_id: {
            "post": comment.post.public_id,
            "author": comment.author.public_id,
            "body": comment.body,
            "is_official": comment.is_official,
            "is_internal": comment.is_internal,
            "is_hidden": comment.is_hidden,
        }
        for comment in Comment.objects.select_related("post", "author")
    }


def asks() -> dict[str, Any]:
    members: dict[int, list[str]] = {}
    for ask, post in Membership.objects.values_list("ask", "post__public_id"):
        members.setdefault(ask, []).append(post)
    return {
        ask.public_id: {
            "title": ask.title,
            "state": ask.state,
            "stage": ask.stage,
            "decline_reason": ask.decline_reason,
            "joined_into": id_of(ask.joined_into),
            "people_count": ask.people_count,
            "area": id_of(ask.area),
            "posts": sorted(members.get(ask.pk, [])),
        }
        for ask in Ask.objects.select_related("joined_into", "area")
    }


def areas() -> dict[str, Any]:
    return {
        area.public_id: {
            "name": area.name,
            "state": area.state,
            "joined_into": id_of(area.joined_into),
            "ask_count": area.ask_count,
            "people_count": area.people_count,
        }
        for area in Area.objects.select_related("joined_into")
    }


def decisions() -> dict[str, Any]:
    return {
        decision.public_id: {
            "kind": decision.kind,
            "actor": decision.actor.public_id,
            "undone": decision.undone_at is not None,
            "ask": id_of(decision.ask),
            "area": id_of(decision.area),
        }
        for decision in Decision.objects.select_related("actor", "ask", "area")
    }


def items() -> dict[str, Any]:
    return {
        item.public_id: {
            "title": item.title,
            "stage": item.stage,
            "release": item.release and item.release.version,
            "asks": sorted(item.asks.values_list("public_id", flat=True)),
        }
        for item in Item.objects.select_related("release")
    }


def notices() -> dict[str, Any]:
    return {
        notice.public_id: {
            "person": notice.person.public_id,
            "key": notice.key,
            "read": notice.read_at is not None,
        }
        for notice in Notice.objects.select_related("person")
    }


def held() -> dict[str, Any]:
    """Return the site as its people see it, in the form of the ``.json.gz`` files."""
    return {
        "people": people(),
        "posts": posts(),
        "comments": comments(),
        "asks": asks(),
        "areas": areas(),
        "decisions": decisions(),
        "items": items(),
        "notices": notices(),
    }


def heard() -> dict[str, Any]:
    """Return the journal, and who has heard of it."""
    return {
        "entries": [list(row) for row in Entry.objects.order_by("pk").values_list("pk", "verb")],
        "subjects": Counter(Entry.objects.values_list("subject_type", flat=True)),
        "dispatches": Counter(
            f"{consumer} {state}"
            for consumer, state in Dispatch.objects.values_list("consumer", "state")
        ),
        "undelivered": [
            list(row)
            for row in Dispatch.objects.filter(state="WAITING").values_list("entry", "consumer")
        ],
        "unknown_subjects": [
            label
            for label in set(Entry.objects.values_list("subject_type", flat=True))
            if apps.all_models.get(label.split(".")[0], {}).get(label.split(".")[1]) is None
        ],
    }


def may() -> list[list[str]]:
    """Return the permissions that people and their groups have."""
    mo = User.objects.get(email="mo@example.org")
    return sorted(
        list(row)
        for row in [
            *mo.user_permissions.values_list("content_type__app_label", "codename"),
            *mo.groups.values_list("permissions__content_type__app_label", "permissions__codename"),
        ]
    )


def signs_in(email: str, password: str) -> bool:
    client = Client(SERVER_NAME="127.0.0.1")
    client.post(reverse("account_login"), {"login": email, "password": password})
    return client.session.get("_auth_user_id") == str(User.objects.get(email=email).pk)


def undone() -> list[str]:
    """Undo what can be undone, the newest decision first; return the public ids of these."""
    found = []
    ada = User.objects.get(email="ada@example.org")
    for decision in Decision.objects.filter(undone_at__isnull=True).order_by("-pk"):
        with suppress(Refusal):
            undo(decision=decision, actor=ada, now=clock.now())
            found.append(decision.public_id)
    return found


def tried() -> dict[str, Any]:
    """Return what happens when the site goes on; take it back."""
    with transaction.atomic():
        index.index_pending(1_000)
        told = Notice.objects.count()
        found = {
            "signs_in": signs_in("ada@example.org", "an old password for tests"),
            "found": [len(index.find(words, limit=50)) for words in ("dark mode", "深色")],
            "delivered": journal.deliver_due(now=clock.now()),
            "undelivered": Dispatch.objects.exclude(state="DONE").count(),
            "told": Notice.objects.count() - told,
            "undone": undone(),
            "asks_when_undone": asks(),
            "next_vote": next_vote(),
        }
        transaction.set_rollback(True)
    return found


def next_vote() -> int:
    """Return the number that the next vote gets."""
    post = Post.objects.order_by("pk")[0]
    person = User.objects.exclude(votes__post=post).order_by("pk")[0]
    return post.votes.create(person=person, voted_at=clock.now()).pk


if __name__ == "__main__":
    print(  # noqa: T201
        json.dumps(
            {"tables": counts(), "held": held(), "journal": heard(), "may": may(), "tried": tried()}
        )
    )
