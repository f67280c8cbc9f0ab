"""Keeping what went wrong in a model with a post, without secrets, and taking it away again."""

import datetime as dt
from collections import Counter

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.accounts.models import User
from feedback.accounts.restrictions import refuse_muted
from feedback.forum.models import Post, Prompt
from feedback.forum.prompts.models import MODEL_LENGTH, PROMPT_LENGTH
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import typed
from feedback.kernel.redact import redact
from feedback.kernel.refusals import Refusal


def may_keep_prompt(post: Post) -> bool:
    """Whether a prompt may be kept with ``post``: its board asks for them, or it has one already."""
    return post.board.asks_for_prompt or Prompt.objects.filter(post=post).exists()


def keep_prompt(
    *,
    post: Post,
    author: User,
    prompt: str,
    answer: str = "",
    model_version: str = "",
    is_public: bool = False,
    may_evaluate: bool = False,
    now: dt.datetime,
) -> Prompt:
    """Keep the prompt of ``post`` with what the model answered, in place of an earlier one; nothing else of it is stored.

    Keys, addresses and numbers are taken out first. ``may_evaluate`` is what ``author`` agrees to for the post. Raises
    `PermissionDenied` for anybody but its author, `Refusal` where the board asks for none, without a prompt, for words too long and
    of one who is muted. Whether everybody may read it at once, `posts.checked` asks.
    """
    if post.author_id != author.pk:
        raise PermissionDenied
    refuse_muted(author, now=now)
    if not may_keep_prompt(post):
        raise Refusal(_("This board asks for no prompts."), status=403)
    asked = redact(typed.words(prompt, most=PROMPT_LENGTH))
    answered = redact(typed.words(answer, most=PROMPT_LENGTH))
    model = redact(typed.line(model_version, most=MODEL_LENGTH))
    if not asked.words:
        raise Refusal(_("Give the prompt."), status=422)
    taken = sum(map(Counter, (asked.taken, answered.taken, model.taken)), Counter[str]())
    with transaction.atomic():
        kept, _is_new = Prompt.objects.update_or_create(
            post=post,
            defaults={
                "prompt": asked.words,
                "answer": answered.words,
                "model_version": model.words,
                "is_public": is_public,
                "taken_out": dict(taken),
                "kept_at": now,
            },
        )
        Post.objects.filter(pk=post.pk).update(may_evaluate=may_evaluate)
        post.may_evaluate = may_evaluate
        _record(Verb.PROMPT_KEPT, post, by=author, now=now)
    return kept


def remove_prompt(*, post: Post, author: User, now: dt.datetime) -> bool:
    """Take the prompt of ``post`` away for good; return whether there was one. Raises `PermissionDenied`."""
    if post.author_id != author.pk:
        raise PermissionDenied
    with transaction.atomic():
        gone, _rows = Prompt.objects.filter(post=post).delete()
        if gone:
            _record(Verb.PROMPT_REMOVED, post, by=author, now=now)
    return bool(gone)


def said_taken_out(prompt: Prompt) -> str:
    """Return in words what was taken out of ``prompt`` before it was kept, "" for nothing."""
    sentences = {
        "key": ngettext("%d key", "%d keys", prompt.taken_out.get("key", 0)),
        "email": ngettext(
            "%d e-mail address", "%d e-mail addresses", prompt.taken_out.get("email", 0)
        ),
        "phone": ngettext("%d phone number", "%d phone numbers", prompt.taken_out.get("phone", 0)),
        "card": ngettext("%d card number", "%d card numbers", prompt.taken_out.get("card", 0)),
    }
    said = [
        words % prompt.taken_out[kind]
        for kind, words in sentences.items()
        if prompt.taken_out.get(kind)
    ]
    return " · ".join(said)


def _record(verb: Verb, post: Post, *, by: User, now: dt.datetime) -> None:
    journal.write(verb=verb, subject=post, actor_id=by.pk, now=now, data={"post": post.public_id})
