"""Posting as a member does: the words are looked at first, and may have to wait for the team."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.forum.attachments.attaching import Attaching
from feedback.forum.closed.reading import READ
from feedback.forum.customers.operations import Customer, post_for_customer
from feedback.forum.models import Board, Post
from feedback.forum.moderation.cases import WAS_PUBLIC, hold
from feedback.forum.moderation.holding.judging import judge
from feedback.forum.moderation.outside.noting import note
from feedback.forum.posts.operations import edit_post, publish_post, take_out_of_sight
from feedback.forum.prompts.operations import keep_prompt
from feedback.forum.receipts.numbers import number_of
from feedback.kernel import clock
from feedback.kernel.refusals import Refusal


def publish_checked(
    person: User,
    words: dict[str, Any],
    *,
    draft: str,
    customer: Customer | None = None,
    attaching: Attaching | None = None,
    held_for: Sequence[str] = (),
    is_unchecked: bool = False,
    prompt: dict[str, Any] | None = None,
) -> Post:
    """Publish a post of these cleaned ``words`` with what is attached and the ``prompt``, or hold it; the team may write for a ``customer``. Raises `Refusal`.

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
    shown: dict[str, Any] = {}
    why: list[str] = []
    if prompt is not None and customer is None:
        shown, why = _judged(prompt, person, words["board"])
    unchecked = ["CAPTCHA"] if is_unchecked else []
    grounds = dict.fromkeys([*held_for, *judged.held_for, *why, *unchecked])
    said: dict[str, Any] = {"draft": draft, "held_for": list(grounds), "now": clock.now()}
    with transaction.atomic():
        if customer is not None:
            post = post_for_customer(customer=customer, words=words, actor=person, **said)
        else:
            post = publish_post(author=person, **said, **words)
        if attaching is not None:
            attaching.hang_under(post)
        if shown:
            keep_prompt(post=post, author=person, now=clock.now(), **shown)
        note(thing=post, person=person, now=clock.now())
    return post


def edit_checked(
    post: Post,
    person: User,
    words: dict[str, Any],
    *,
    seen: str | None = None,
    attaching: Attaching | None = None,
) -> None:
    """Change a post to these cleaned ``words`` and what is attached; it may have to wait again. Raises `Refusal`, `StaleEdit`."""
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
        now = clock.now()
        edit_post(post=post, editor=person, now=now, seen=seen, held_for=judged.held_for, **words)
        if attaching is not None:
            attaching.hang_under(post, replaces=True)
        note(thing=post, person=person, now=clock.now())


def keep_prompt_checked(post: Post, person: User, prompt: dict[str, Any]) -> None:
    """Keep ``prompt`` with a post that is read; what everybody is to read of it may have the post wait again. Raises `Refusal`."""
    shown, why = _judged(prompt, person, post.board)
    with transaction.atomic():
        stored = Post.objects.select_for_update(no_key=True).get(pk=post.pk)
        if stored.state not in READ:
            raise Refusal(_("This post is no longer shown, so its words cannot be changed."))
        now = clock.now()
        keep_prompt(post=post, author=person, now=now, **shown)
        if why:
            take_out_of_sight(post=post, becomes=Post.State.HELD, actor=person, now=now)
            hold(post, held_for=[*why, WAS_PUBLIC], now=now)


def _judged(prompt: dict[str, Any], person: User, board: Board) -> tuple[dict[str, Any], list[str]]:
    """Return ``prompt`` as everybody may read it, and what it is held for: as an edit is; nothing of one that few read."""
    if not prompt["is_public"]:
        return prompt, []
    about: dict[str, Any] = {"person": person, "board": board, "now": clock.now(), "is_new": False}
    asked = judge(title=prompt["model_version"], body=prompt["prompt"], **about)
    answered = judge(body=prompt["answer"], **about)
    shown = {"prompt": asked.body, "answer": answered.body, "model_version": asked.title}
    return prompt | shown, [*dict.fromkeys([*asked.held_for, *answered.held_for])]


def say_posted(request: HttpRequest, post: Post) -> None:
    """Tell whoever posted under which number it came in, and whether everybody sees it."""
    words = {"number": number_of(post)}
    if post.state == Post.State.HELD:
        waits = _(
            "Received as %(number)s. It waits for the team; until then only you and they see it."
        )
        messages.info(request, waits % words)
    elif post.state == Post.State.WITNESS:
        waits = _("Posted as %(number)s. It counts once the person you act for confirms it.")
        messages.info(request, waits % words)
    else:
        said = _("Posted as %(number)s. You hear from us when something happens.")
        messages.success(request, said % words)
