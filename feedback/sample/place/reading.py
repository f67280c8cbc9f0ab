"""Reading what the people of a place wrote: Markdown files that a person can read and write.

`data/README.md` says how they are written. What cannot be read raises `BrokenPlace`, with the file and the line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from feedback.accounts.models import Role
from feedback.forum.comments.reactions import SIGNS
from feedback.forum.models import Post

_HEADING = re.compile(r"(#{1,4}) (\S.*)")
_KINDS = {
    "idea": Post.Kind.SUGGESTION,
    "bug": Post.Kind.BUG,
    "question": Post.Kind.QUESTION,
    "praise": Post.Kind.PRAISE,
}
_REACTIONS = {sign: kind for kind, sign in SIGNS.items()}
_MARKS = {"official", "internal", "hidden", "withdrawn", "held", "accepted"}
_ROLES = {"manager": Role.MANAGER, "moderator": Role.MODERATOR}
_PICTURE = re.compile(r"!\[([^\]]+)\]\(([\w-]+\.webp)\)")
_WHEN = re.compile(r"[-+]\d+[hmd]|(?:-\d+|[a-z]{3}[+-]\d+(?:\+\d+)?) \d\d?:\d\d|fri-\d+ \+\d\d?%")


class BrokenPlace(Exception):
    """A file of the place is not written as it should be; the message says where."""


@dataclass(frozen=True)
class Person:
    """Somebody who lives there. ``joined`` is a number of days ago."""

    key: str
    name: str
    language: str
    joined: int
    role: str = Role.MEMBER
    bio: str = ""


@dataclass
class Words:
    """A post, or a comment under one: who said it when, and how it is marked."""

    by: str
    when: str
    where: str
    title: str = ""
    body: str = ""
    kind: str = Post.Kind.SUGGESTION
    board: str = ""
    version: str = ""
    votes: int = 0
    wish: str = ""
    marks: frozenset[str] = frozenset()
    reactions: dict[str, int] = field(default_factory=dict)
    #: What each shows in words, by its file.
    pictures: dict[str, str] = field(default_factory=dict)
    comments: list["Words"] = field(default_factory=list)
    replies: list["Words"] = field(default_factory=list)


def people_of(path: Path) -> list[Person]:
    """Return the people in ``path``: a line each, "- key · name · language · days ago · role or what they say"."""
    people = []
    for at, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.startswith("- "):
            continue
        parts = [part.strip() for part in line[2:].split(" · ")]
        if len(parts) < 4 or not parts[3].isdecimal():
            raise BrokenPlace(
                f"{path.name}, line {at}: key · name · language · days, not “{line}”."
            )
        role = _ROLES.get(parts[4], "") if len(parts) > 4 else ""
        said = parts[5:] if role else parts[4:]
        people.append(
            Person(
                key=parts[0],
                name=parts[1],
                language=parts[2],
                joined=int(parts[3]),
                role=role or Role.MEMBER,
                bio=" · ".join(said),
            )
        )
    return people


def posts_of(folder: Path) -> list[Words]:
    """Return the posts in the files of ``folder``, with their comments."""
    return [post for path in sorted(folder.glob("*.md")) for post in _posts_in(path)]


def _posts_in(path: Path) -> Iterator[Words]:
    """Yield the posts of one file: its heading and the marks of all its posts, then a section for each."""
    usual, found = "", None
    for level, heading, lines, at in _sections(path):
        where = f"{path.name}, line {at}"
        if level == 1:
            usual = " ".join(lines).strip()
            continue
        facts = heading if level > 2 else next(iter(lines), "")
        rest = lines if level > 2 else lines[1:]
        words = _marked(f"{usual} · {facts}" if level == 2 else facts, where)
        words.pictures = {name: alt for alt, name in _PICTURE.findall("\n".join(rest))}
        words.body = _PICTURE.sub("", "\n".join(rest)).strip()
        if level == 2:
            if found is not None:
                yield found
            words.title, found = heading, words
        elif found is None:
            raise BrokenPlace(f"{where}: a comment before the first post.")
        elif level == 3:
            found.comments.append(words)
        elif found.comments:
            found.comments[-1].replies.append(words)
        else:
            raise BrokenPlace(f"{where}: a reply before the first comment.")
    if found is not None:
        yield found


def _sections(path: Path) -> Iterator[tuple[int, str, list[str], int]]:
    """Yield (depth, heading, lines, number of the line) of each section; what stands in a fence is no heading."""
    level, heading, lines, start, fenced = 0, "", list[str](), 0, False
    for at, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        fenced ^= line.startswith("```")
        found = None if fenced else _HEADING.fullmatch(line)
        if found is None:
            lines.append(line)
            continue
        if level:
            yield level, heading, lines, start
        level, heading, lines, start = len(found[1]), found[2].strip(), [], at
    if level:
        yield level, heading, lines, start


def _marked(facts: str, where: str) -> Words:
    """Return who said it, when, and the marks, of "kai · -74 21:13 · bug · v3.2 · +14 · #wish · @board · 👍3 · official"."""
    words = Words(by="", when="", where=where)
    marks = set()
    for fact in filter(None, (part.strip() for part in facts.split(" · "))):
        if fact in _KINDS:
            words.kind = _KINDS[fact]
        elif fact[0] == "@":
            words.board = fact[1:]
        elif fact[0] == "#":
            words.wish = fact[1:]
        elif re.fullmatch(r"v\d\S*", fact):
            words.version = fact[1:]
        elif re.fullmatch(r"\+\d+", fact):
            words.votes = int(fact)
        elif fact.rstrip("0123456789") in _REACTIONS:
            sign = fact.rstrip("0123456789")
            words.reactions[_REACTIONS[sign]] = int(fact[len(sign) :] or 1)
        elif _WHEN.fullmatch(fact):
            words.when = fact
        elif not words.by:
            words.by = fact
        else:
            marks.add(fact)
    words.marks = frozenset(marks)
    if unknown := marks - _MARKS:
        raise BrokenPlace(f"{where}: “{unknown.pop()}” says nothing.")
    if not words.by or not words.when:
        raise BrokenPlace(f"{where}: say who wrote it and when, not “{facts}”.")
    return words
