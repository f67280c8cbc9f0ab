"""The internal log: what was done for order, by whom and to whom, as the journal has it."""

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Concat

from feedback.accounts.models import Role, User
from feedback.accounts.permissions import is_moderator
from feedback.forum.models import Board, Comment, Post
from feedback.forum.moderation.acts import ACTS, KINDS, Act
from feedback.forum.moderation.models import Action
from feedback.forum.rights.reading import Person, boards_kept_by
from feedback.journal.models import Entry

USER, POST = User._meta.label_lower, Post._meta.label_lower
COMMENT, BOARD = Comment._meta.label_lower, Board._meta.label_lower
#: What stands for the name of somebody who was erased, before their number.
FORMER = "former-"
#: Of what an entry says these are asked for.
_ASKED = ("person", "comment", "thing", "on")
#: Of people who are called alike so many are looked for.
_ALIKE = 200


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What of the log is asked for; empty is all. ``kind`` is an `Act` or an `Action`; people are called as `people_called` takes them.

    ``since`` and ``until`` are moments; the second is not among them.
    """

    kind: str = ""
    by: str = ""
    person: str = ""
    board: Board | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None


def boards_within_reach(reader: Person) -> QuerySet[Board]:
    """Return the boards whose log ``reader`` may read."""
    boards = Board.objects.select_related("product").order_by("product", "position", "pk")
    return boards if _reads_all(reader) else boards.filter(boards_kept_by(reader))


def log(wanted: Wanted, *, reader: Person) -> QuerySet[Entry]:
    """Return the entries that are ``wanted``, of those that ``reader`` may know of.

    That is all for who keeps order on the whole site and for analysts, else what was done on the boards where they do.
    """
    said = {
        f"said_{name}": Coalesce(
            KeyTextTransform(name, "data"), Value(""), output_field=TextField()
        )
        for name in _ASKED
    }
    entries = Entry.objects.alias(**said).filter(_of_kind(wanted.kind))
    if not _reads_all(reader):
        entries = entries.filter(_on(boards_within_reach(reader).values("pk")))
    if wanted.board is not None:
        entries = entries.filter(_on([wanted.board.pk]) | Q(said_on=f"board:{wanted.board.slug}"))
    if wanted.by:
        entries = entries.filter(actor_id__in=people_called(wanted.by))
    if wanted.person:
        entries = entries.filter(_concerns(people_called(wanted.person)))
    if wanted.since is not None:
        entries = entries.filter(at__gte=wanted.since)
    if wanted.until is not None:
        entries = entries.filter(at__lt=wanted.until)
    return entries


def _reads_all(reader: Person) -> bool:
    return is_moderator(reader) or (isinstance(reader, User) and reader.role == Role.ANALYST)


def _of_kind(kind: str) -> Q:
    if kind in Action.values:
        return Q(verb__in=KINDS[Act.DECISIONS], data__action=kind)
    return Q(verb__in=KINDS[Act(kind)] if kind in Act.values else ACTS)


def _on(boards: Any) -> Q:
    """Return the condition that something was done on one of ``boards``, where it stands now."""
    posts = Post.objects.filter(board__in=boards)
    comments = Comment.objects.filter(post__board__in=boards)
    return (
        Q(subject_type=POST, subject_id__in=posts.values("pk"))
        | Q(subject_type=COMMENT, subject_id__in=comments.values("pk"))
        | Q(subject_type=BOARD, subject_id__in=boards)
    )


def _concerns(people: Collection[int]) -> Q:
    """Return the condition that an act concerns one of ``people``, as `log_lines` tells whom it concerns."""
    posts, comments = (model.objects.filter(author__in=people) for model in (Post, Comment))
    key = Concat(Value("comment:"), "public_id", output_field=TextField())
    of_post = Q(said_person="", said_comment="") & ~Q(said_thing__startswith="comment:")
    return (
        Q(said_person__in=User.objects.filter(pk__in=people).values("public_id"))
        | Q(said_comment__in=comments.values("public_id"))
        | Q(said_thing__in=comments.values_list(key))
        | Q(subject_type=COMMENT, subject_id__in=comments.values("pk"))
        | Q(subject_type=USER, subject_id__in=people)
        | of_post & Q(subject_type=POST, subject_id__in=posts.values("pk"))
    )


def people_called(words: str) -> list[int]:
    """Return the keys of people by a part of their name, their public id, or the pseudonym of who was erased."""
    former = re.fullmatch(rf"{FORMER}([0-9]{{1,18}})", words)
    if former is not None:
        return [int(former[1])]
    found = User.objects.filter(Q(public_id=words) | Q(display_name__icontains=words))
    return list(found.order_by("pk").values_list("pk", flat=True)[:_ALIKE])
