"""Posting as a member does: the words are looked at first, and may have to wait for the team."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.forum.attachments.attaching import Attaching
from feedback.forum.customers.operations import Customer, post_for_customer
from feedback.forum.models import Post
from feedback.forum.moderation.holding.judging import judge
from feedback.forum.moderation.outside.noting import note
from feedback.forum.posts.operations import edit_post, publish_post
from feedback.forum.receipts.numbers import number_of
from feedback.kernel import clock


def publish_checked(
    person: User,
    words: dict[str, Any],
    *,
    draft: str,
    customer: Customer | None = None,
    attaching: Attaching | None = None,
    held_for: Sequence[str] = (),
    is_unchecked: bool = False,
) -> Post:
    """Publish a post of these cleaned ``words`` with what is attached, or hold it; the team may write for a ``customer``. Raises `Refusal`.

    It waits for what it is ``held_for`` anyway, and where it ``is_unchecked``: nobody could say that a person wrote it.
    """
    judged = judge(
        person=person,
        board=words["board"],
        title=words["title"],
        body=words["body"],
        now=clock.now(),
    )
    words = words | {"title": judged.title, "body": judged.body}
    grounds = dict.fromkeys([*held_for, *judged.held_for, *(["CAPTCHA"] if is_unchecked else [])])
    said: dict[str, Any] = {"draft": draft, "held_for": list(grounds), "now": clock.now()}
    with transaction.atomic():
        if customer is not None:
            post = post_for_customer(customer=customer, words=words, actor=person, **said)
        else:
            post = publish_post(author=person, **said, **words)
        if attaching is not None:
            attaching.hang_under(post)
        note(thing=post, person=person, now=clock.now())
    return post


def edit_checked(
    post: Post, person: User, words: dict[str, Any], *, attaching: Attaching | None = None
) -> None:
    """Change a post to these cleaned ``words`` and what is attached; it may have to wait again. Raises `Refusal`."""
    judged = judge(
        person=person,
        board=post.board,
        title=words["title"],
        body=words["body"],
        now=clock.now(),
        is_new=False,
    )
    words = words | {"title": judged.title, "body": judged.body}
    with transaction.atomic():
        edit_post(post=post, editor=person, now=clock.now(), held_for=judged.held_for, **words)
        if attaching is not None:
            attaching.hang_under(post, replaces=True)
        note(thing=post, person=person, now=clock.now())


def say_posted(request: HttpRequest, post: Post) -> None:
    """Tell whoever posted under which number it came in, and whether everybody sees it."""
    words = {"number": number_of(post)}
    if post.state == Post.State.HELD:
        waits = _(
            "Received as %(number)s. It waits for the team; until then only you and they see it."
        )
        messages.info(request, waits % words)
    else:
        said = _("Posted as %(number)s. You hear from us when something happens.")
        messages.success(request, said % words)
