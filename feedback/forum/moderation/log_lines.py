"""Entries of the internal log in words: who did what to whom, and what they were told."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from feedback.accounts.models import PartRole, Role, User
from feedback.forum.models import Board, Comment, Post, Rule, Ruling
from feedback.forum.moderation.acts import ACTS
from feedback.forum.moderation.log import BOARD, COMMENT, FORMER, POST, USER
from feedback.forum.moderation.models import Action
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb


@dataclass(frozen=True)
class Line:
    """An entry in words. ``kind`` and ``public_id`` name the post, the comment or the person it is about, "" for something else.

    Who was erased is called by a pseudonym; "" for ``by`` is the machine. ``board`` is where it stands now. ``detail`` is what was decided, or the role. ``word`` is what its author was sent.
    """

    entry: Entry
    act: str
    by: str
    person_id: int | None
    person: str
    kind: str
    public_id: str
    board: str
    detail: str
    rule: str
    word: str


def lines_of(entries: Sequence[Entry]) -> list[Line]:
    """Return ``entries`` in words; as many queries for all of them as for one."""
    posts = Post.objects.select_related("board").in_bulk(_subjects(entries, POST))
    comments = Comment.objects.select_related("post__board").filter(
        Q(pk__in=_subjects(entries, COMMENT))
        | Q(public_id__in={_comment_in(one) for one in entries})
    )
    by_id = {one.public_id: one for one in comments}
    by_key = {one.pk: one for one in by_id.values()}
    things: list[Post | Comment | None] = [
        by_id.get(said)
        if (said := _comment_in(one))
        else by_key.get(one.subject_id)
        if one.subject_type == COMMENT
        else posts.get(one.subject_id)
        if one.subject_type == POST
        else None
        for one in entries
    ]
    concerned = _concerned(entries, things)
    people = User.objects.in_bulk(
        {*concerned, *(one.actor_id for one in entries), *_subjects(entries, USER)} - {None}
    )
    boards = Board.objects.in_bulk(_subjects(entries, BOARD))
    words = _words_of_decisions(entries)
    named = Rule.objects.filter(slug__in={one.data.get("rule") for one in entries})
    rules = {one.slug: one.title for one in named}
    return [
        Line(
            entry=one,
            act=str(ACTS[one.verb]),
            by=_name(one.actor_id, people),
            person_id=person,
            person=_name(person, people),
            **_thing(one, thing, people),
            board=_board(one, thing, boards),
            detail=_detail(one),
            rule=rules.get(one.data.get("rule"), ""),
            word=str(one.data.get("word") or words.get(one.data.get("ruling"), "")),
        )
        for one, thing, person in zip(entries, things, concerned, strict=True)
    ]


def _subjects(entries: Sequence[Entry], label: str) -> set[int]:
    return {one.subject_id for one in entries if one.subject_type == label}


def _comment_in(entry: Entry) -> str:
    """Return the public id of the comment that an entry speaks of, "" for none."""
    kind, _, public_id = str(entry.data.get("thing", "")).partition(":")
    return public_id if kind == "comment" else str(entry.data.get("comment", ""))


def _concerned(
    entries: Sequence[Entry], things: Sequence[Post | Comment | None]
) -> list[int | None]:
    """Return whom each act concerns: the one it names, its subject, or who wrote what it is about."""
    named = {str(one.data.get("person", "")) for one in entries}
    keys = dict(User.objects.filter(public_id__in=named).values_list("public_id", "pk"))
    return [
        keys.get(str(one.data.get("person", "")))
        or (one.subject_id if one.subject_type == USER else None)
        or (thing.author_id if thing is not None else None)
        for one, thing in zip(entries, things, strict=True)
    ]


def _words_of_decisions(entries: Sequence[Entry]) -> dict[str | None, str]:
    """Return by its public id the word of each decision whose entry is of before entries kept it."""
    wanted = {
        one.data.get("ruling")
        for one in entries
        if one.verb == Verb.MODERATED and "word" not in one.data
    }
    found = Ruling.objects.filter(public_id__in=wanted).values_list("public_id", "word")
    return dict(found) if wanted else {}


def _name(key: int | None, people: dict[int, User]) -> str:
    if key is None:
        return ""
    person = people.get(key)
    is_gone = person is None or not (person.is_active or person.display_name)
    return f"{FORMER}{key}" if person is None or is_gone else person.name


def _thing(entry: Entry, thing: Post | Comment | None, people: dict[int, User]) -> dict[str, str]:
    match thing:
        case Post():
            return {"kind": "post", "public_id": thing.public_id}
        case Comment():
            return {"kind": "comment", "public_id": thing.public_id}
    if entry.subject_type == USER and entry.subject_id in people:
        return {"kind": "person", "public_id": people[entry.subject_id].public_id}
    return {"kind": "", "public_id": ""}


def _board(entry: Entry, thing: Post | Comment | None, boards: dict[int, Board]) -> str:
    post = thing.post if isinstance(thing, Comment) else thing
    board = post.board if post is not None else None
    if entry.subject_type == BOARD:
        board = boards.get(entry.subject_id)
    return board.title if board is not None else ""


def _detail(entry: Entry) -> str:
    labels = {**dict(Action.choices), **dict(Role.choices), **dict(PartRole.choices)}
    return str(labels.get(entry.data.get("action") or entry.data.get("role", ""), ""))
