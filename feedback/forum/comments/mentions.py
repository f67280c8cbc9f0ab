"""Naming somebody in a comment: "@Ann" becomes a link to her page, and she is told.

A name is looked for among those who take part in the post alone, so that a word after an @ names nobody by chance; the
completion of the form (`views.people_named`) writes the link itself, for whoever it finds among all who read the board.
"""

import datetime as dt
import re
from collections.abc import Collection

from django.db.models import Q
from django.urls import reverse

from feedback.accounts.models import Origin, User
from feedback.forum.closed.reading import readers_of
from feedback.forum.models import Board, Comment, Post
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import text

#: People whom one comment may name: more are a shout.
MOST = 10
#: People of a post among whom a name is looked for.
_TAKE_PART = 500
_AT = re.compile(r"(?<![\w@\[\\/.])@(?=\S)")
_LINK = re.compile(r"\[@(?:[^\[\]\\\n]|\\.){1,80}\]\(/people/([23456789a-z]{11})/\)")
#: Code stays as it is typed.
_CODE = re.compile(r"(```.*?(?:```|\Z)|`[^`\n]*`)", re.DOTALL)
_MARKS = re.compile(r"([\\\[\]*_`<>~])")


def link_to(person: User) -> str:
    """Return the Markdown that names ``person``."""
    name = _MARKS.sub(r"\\\1", person.name)
    return f"[@{name}]({reverse('forum:person-detail', args=[person.public_id])})"


def taking_part(post: Post) -> list[User]:
    """Return who wrote ``post`` and who commented on it for everybody, and can sign in, the latest first."""
    spoke = Comment.objects.filter(post=post, is_internal=False, is_hidden=False)
    latest = spoke.order_by("-pk").values_list("author", flat=True)[:_TAKE_PART]
    return list(
        User.objects.filter(Q(pk=post.author_id) | Q(pk__in=list(latest))).filter(
            origin=Origin.SIGNED_UP, is_active=True
        )
    )


def offered(post: Post, begins: str, *, to: User, most: int) -> list[User]:
    """Return up to ``most`` people beside ``to`` a word of whose name begins so, as `text.fold` has it.

    Who takes part in ``post`` first; then whoever reads its board, where anything is typed.
    """
    found = [one for one in taking_part(post) if one != to and _is_named(one, begins)]
    found.sort(key=lambda person: text.fold(person.name))
    if begins and len(found) < most:
        known = [to.pk, *(one.pk for one in found)]
        found += _readers_named(post.board, begins, but_not=known, most=most - len(found))
    return found[:most]


def _readers_named(board: Board, begins: str, *, but_not: Collection[int], most: int) -> list[User]:
    """Return members who read ``board`` and are named so; the database finds them, as far as it folds letters."""
    named = Q(display_name__istartswith=begins) | Q(display_name__icontains=f" {begins}")
    members = User.objects.filter(
        named, readers_of(board), origin=Origin.SIGNED_UP, is_active=True, acts_for=None
    )
    return list(members.exclude(pk__in=but_not).order_by("display_name", "pk")[:most])


def _is_named(person: User, begins: str) -> bool:
    name = text.fold(person.name)
    return any(part.startswith(begins) for part in [name, *name.split()])


def linked(body: str, *, post: Post) -> str:
    """Return ``body`` with each "@Name" of somebody who takes part in ``post`` as a link; of two with one name neither."""
    if not _AT.search(body):
        return body
    known: dict[str, User | None] = {}
    for person in taking_part(post):
        name = text.fold(person.name)
        known[name] = None if name in known else person
    names = sorted(known, key=len, reverse=True)
    parts = _CODE.split(body)
    parts[::2] = [_with_links(part, names, known) for part in parts[::2]]
    return "".join(parts)


def _with_links(part: str, names: list[str], known: dict[str, User | None]) -> str:
    made, last = [], 0
    for at in _AT.finditer(part):
        if at.start() < last:
            continue
        rest = part[at.end() : at.end() + 80]
        found = next((name for name in names if _begins_with(rest, name)), None)
        person = known[found] if found else None
        if person is None:
            continue
        made += [part[last : at.start()], link_to(person)]
        last = at.end() + len(person.name)
    return "".join([*made, part[last:]])


def _begins_with(rest: str, name: str) -> bool:
    """Whether ``rest`` begins with ``name`` and ends or goes on with no more of a word (Chinese needs no space)."""
    if text.fold(rest[: len(name)]) != name:
        return False
    after = rest[len(name) : len(name) + 1]
    return not (after.isascii() and (after.isalnum() or after == "_"))


def named_in(body: str) -> list[str]:
    """Return the public ids of those whom ``body`` names, `MOST` at most."""
    words = "".join(_CODE.split(body)[::2])
    return list(dict.fromkeys(_LINK.findall(words)))[:MOST]


def tell(comment: Comment, *, actor: User, now: dt.datetime, but_not: Collection[str] = ()) -> None:
    """Record whom ``comment`` names beside ``but_not``, so that they are told. Call in the transaction of the change."""
    named = [one for one in named_in(comment.body) if one not in but_not]
    if named:
        journal.write(
            verb=Verb.MENTIONED,
            subject=comment.post,
            actor_id=actor.pk,
            now=now,
            data={
                "post": comment.post.public_id,
                "comment": comment.public_id,
                "people": named,
            },
        )
