"""What a board asks for: its fields and templates, as the team says."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.forum.board_fields.models import MOST_FIELDS, TEMPLATE_LENGTH
from feedback.forum.models import Board, Field, Post, Template
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import typed
from feedback.kernel.refusals import Refusal
from feedback.kernel.stale import refuse_stale, words_of

#: What the desk changes of a field; its key stays, for it stands in posts.
EDITED = (
    "label", "label_zh", "type", "need", "kind", "hint", "hint_zh", "choices", "position",
)  # fmt: skip


@by_manager
@transaction.atomic
def add_field(*, board: Board, key: str, actor: User, now: dt.datetime, **said: Any) -> Field:
    """Have ``board`` ask for one thing more; ``said`` are fields of `EDITED`.

    Raises `Refusal` where the key is taken, the board asks for enough already and a choice has none to choose. Lock contract: the
    board's row.
    """
    Board.objects.select_for_update(no_key=True).get(pk=board.pk)
    known = set(Field.objects.filter(board=board).values_list("key", flat=True))
    if key in known:
        raise Refusal(_("This board has a field with the key “%s” already.") % key, status=422)
    if len(known) >= MOST_FIELDS:
        raise Refusal(_("A board asks for twelve things at most: nobody fills in more."))
    field = _checked(Field(board=board, key=key), said)
    field.save(force_insert=True)
    _record(board, actor=actor, now=now, field=key)
    return field


@by_manager
@transaction.atomic
def edit_field(
    *, field: Field, actor: User, now: dt.datetime, seen: str | None = None, **said: Any
) -> None:
    """Change what a board asks for; what posts say under its key stays. Raises `Refusal` for a choice with none to choose.

    ``seen`` is the mark of `EDITED` that the actor began with: raises `StaleEdit` where they are others now. Lock contract: the field's row.
    """
    stands = Field.objects.select_for_update(of=("self",)).filter(pk=field.pk).first()
    if stands is None:
        raise Refusal(_("Somebody took this away while you wrote."))
    refuse_stale(words_of(stands, EDITED), seen=seen)
    _checked(field, said).save(update_fields=EDITED)
    _record(field.board, actor=actor, now=now, field=field.key)


@by_manager
@transaction.atomic
def remove_field(*, field: Field, actor: User, now: dt.datetime) -> None:
    """Ask for something no more; what posts said of it stays in them."""
    board, key = field.board, field.key
    field.delete()
    _record(board, actor=actor, now=now, field=key)


@by_manager
@transaction.atomic
def set_templates(
    *,
    board: Board,
    templates: Mapping[str, tuple[str, str]],
    actor: User,
    now: dt.datetime,
    seen: str | None = None,
) -> None:
    """Say what the details of new posts on ``board`` begin with: by kind ("" for every other) in English and Chinese.

    ``seen`` is the mark of `templates_said` that the actor began with: raises `StaleEdit` where they are others now. Lock contract: the board's row.
    """
    Board.objects.select_for_update(no_key=True).get(pk=board.pk)
    refuse_stale(templates_said(board), seen=seen)
    for kind, (english, chinese) in templates.items():
        words = {
            "text": typed.words(english, most=TEMPLATE_LENGTH),
            "text_zh": typed.words(chinese, most=TEMPLATE_LENGTH),
        }
        if any(words.values()):
            Template.objects.update_or_create(board=board, kind=kind, defaults=words)
        else:
            Template.objects.filter(board=board, kind=kind).delete()
    _record(board, actor=actor, now=now, field="")


def templates_said(board: Board) -> dict[str, str]:
    """Return what the details of new posts on ``board`` begin with, by language and kind ("text-BUG", "text_zh-"), for `stale`."""
    known = {one.kind: one for one in Template.objects.filter(board=board)}
    return {
        f"{name}-{kind}": getattr(known.get(kind), name, "")
        for kind in ("", *Post.Kind.values)
        for name in ("text", "text_zh")
    }


def _checked(field: Field, said: Mapping[str, Any]) -> Field:
    for name in EDITED:
        if name in said:
            setattr(field, name, said[name])
    if field.type != Field.Type.CHOICE:
        field.choices = ""
    elif len({kept for kept, _read in field.options}) < 2:
        raise Refusal(_("Give it two choices at least, a line each."), status=422)
    return field


def _record(board: Board, *, actor: User, now: dt.datetime, field: str) -> None:
    journal.write(
        verb=Verb.BOARD_FIELDS_EDITED,
        subject=board,
        actor_id=actor.pk,
        now=now,
        data={"slug": board.slug, "field": field},
    )
