"""Posting as a member does: the words are looked at first, and may have to wait for the team."""

from collections.abc import Collection, Sequence
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.forum.attachments.attaching import Attaching
from feedback.forum.board_fields.forms import PREFIX, names_in, said_in_form
from feedback.forum.board_fields.reading import typed_in
from feedback.forum.closed.reading import READ
from feedback.forum.consents.models import Use
from feedback.forum.customers.operations import Customer, post_for_customer
from feedback.forum.models import Board, Post
from feedback.forum.moderation.holding.judging import BODY, TITLE, judge
from feedback.forum.moderation.holding.public import hang, hold_public
from feedback.forum.moderation.outside.noting import note
from feedback.forum.posts.operations import edit_post, publish_post
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
    uses: Collection[Use] | None = None,
) -> Post:
    """Publish a post of these cleaned ``words`` with what is attached and the ``prompt``, or hold it; the team may write for a ``customer``. Raises `Refusal`.

    Its author agrees to ``uses`` of it, None as they do for all they post; of a customer's words the customer decides.

    It waits for what it is ``held_for`` anyway, and where it ``is_unchecked``: nobody could say that a person wrote it.
    """
    words, held = _looked_at(words, person, words["board"], attaching)
    shown: dict[str, Any] = {}
    why: list[str] = []
    if prompt is not None and customer is None:
        shown, why = _judged(prompt, person, words["board"])
    unchecked = ["CAPTCHA"] if is_unchecked else []
    grounds = dict.fromkeys([*held_for, *held, *why, *unchecked])
    said: dict[str, Any] = {"draft": draft, "held_for": list(grounds), "now": clock.now()}
    with transaction.atomic():
        if customer is not None:
            post = post_for_customer(customer=customer, words=words, actor=person, **said)
        else:
            post = publish_post(author=person, uses=uses, **said, **words)
        if attaching is not None:
            hang(attaching, post, held_for=list(grounds), now=clock.now())
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
    words, held = _looked_at(words, person, post.board, attaching, is_new=False)
    with transaction.atomic():
        now = clock.now()
        edit_post(post=post, editor=person, now=now, seen=seen, held_for=held, **words)
        if attaching is not None:
            hang(attaching, post, held_for=held, now=now, replaces=True)
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
            hold_public(post, held_for=why, actor=person, now=now)


def _looked_at(
    words: dict[str, Any],
    person: User,
    board: Board,
    attaching: Attaching | None,
    *,
    is_new: bool = True,
) -> tuple[dict[str, Any], list[str]]:
    """Return ``words`` as they may be read, and what they are held for: title, details, version, what its board asks for, what hangs below."""
    said = said_in(words, board) | (attaching.said if attaching is not None else {})
    judged = judge(person=person, board=board, said=said, now=clock.now(), is_new=is_new)
    if attaching is not None:
        attaching.say(judged.said)
    kept = {name: value for name, value in judged.said.items() if name in words}
    fields = dict(words.get("fields") or {})
    fields |= said_in_form({name: judged.said[name] for name in names_in(judged.said)})
    return words | kept | {"fields": fields}, judged.held_for


def said_in(words: dict[str, Any], board: Board) -> dict[str, str]:
    """Return what others read of these cleaned ``words`` of a post: title, details, version and what ``board`` asks for, by the field."""
    said = {name: words[name] for name in (TITLE, BODY, "product_version") if words.get(name)}
    fields = typed_in(board, words.get("fields") or {})
    return said | {f"{PREFIX}{key}": value for key, value in fields.items()}


def _judged(prompt: dict[str, Any], person: User, board: Board) -> tuple[dict[str, Any], list[str]]:
    """Return ``prompt`` as everybody may read it, and what it is held for: as an edit is; nothing of one that few read."""
    if not prompt["is_public"]:
        return prompt, []
    about: dict[str, Any] = {"person": person, "board": board, "now": clock.now(), "is_new": False}
    asked = {TITLE: prompt["model_version"], BODY: prompt["prompt"]}
    asked_for = judge(said=asked, **about)
    answered = judge(said={BODY: prompt["answer"]}, **about)
    shown = {
        "prompt": asked_for.said[BODY],
        "answer": answered.said[BODY],
        "model_version": asked_for.said[TITLE],
    }
    return prompt | shown, [*dict.fromkeys([*asked_for.held_for, *answered.held_for])]


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
