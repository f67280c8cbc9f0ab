"""Every address tried with characters that no person types: nothing breaks, on either database."""

import re
from itertools import cycle
from pathlib import Path
from urllib.parse import unquote, urlencode

import pytest
from django.db import transaction
from django.urls import NoReverseMatch, Resolver404, get_resolver, resolve, reverse

from feedback.forum.models import Post
from tests.architecture.examples import arguments
from tests.architecture.test_addresses import ROLES, TABLE, Address, names

FEEDBACK = Path(__file__).resolve().parents[2] / "feedback"
#: Beside the NUL that PostgreSQL refuses: a bell, an escape, a delete.
STRANGE = "\x00\x07\x1b\x7f"
#: Sent with everything.
HEADERS = {"referer": f"/{STRANGE}", "user-agent": STRANGE, "accept-language": f"en{STRANGE}"}
#: Who tries, the first who is let in. Two rows, so that pages are tried as the team and as members see them.
THE_TEAM_FIRST, MEMBERS_FIRST = ("ada", "ann", "bo"), ("ann", "bo", "ada")
#: What is said to those who are turned away.
TURNED_AWAY = ("login", "403", "404", "405")
#: Django's and allauth's own fields, which no file of ours names.
BORROWED = {"login", "email", "password", "password1", "code", "next", "action", "_selected_action"}


def parameters():
    """Return the name of every parameter and field that a view or a form of ours reads."""
    found = set(BORROWED)
    for path in FEEDBACK.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        found.update(
            re.findall(r'\b(?:GET|POST|source|typed)\.get(?:list)?\(\s*"([\w-]+)"', source)
        )
        if "forms" in path.stem or "forms." in source:
            found.update(re.findall(r"^    (\w+) = (?:forms\.)?\w*Field\(", source, re.M))
    return sorted(found)


def paths(world):
    """Yield every address with its example; of those of others what needs no argument."""
    for address in TABLE:
        yield address, reverse(address.name, args=arguments(address, world))
    for name in names(get_resolver()):
        if name.startswith(("account_", "admin:")):
            try:
                yield Address(name, get="200", post="200"), reverse(name)
            except NoReverseMatch:
                continue


def test_the_names_of_parameters_are_found():
    assert {"q", "page", "title", "board", "next", "seen_at", "post", "display_name"} <= set(
        parameters()
    )


def let_in(address, method, row):
    """Return the first of ``row`` whom ``address`` does not turn away; the first of all if it turns away everybody."""
    said = getattr(address, method)
    theirs = dict(zip(ROLES, said.split() if " " in said else [said] * len(ROLES), strict=True))
    return next((role for role in row if theirs[role] not in TURNED_AWAY), row[0])


@pytest.fixture
def clients(world, client_of, anew, plain_refusals):
    """Give a new client of somebody that answers where something breaks, and signs in once: ``clients("ada")``."""
    cookies = {
        role: client_of(getattr(world, role)).cookies for role in ("visitor", *THE_TEAM_FIRST)
    }
    return lambda role: anew(cookies[role], raise_request_exception=False)


def tried(clients, row, addresses, sent=None, **more):
    """Return what broke when this was sent to ``addresses``, to each by the first of ``row`` who is let in.

    As a form without files, which is read many times faster than one with some.
    """
    form = {"data": urlencode(sent or {}), "content_type": "application/x-www-form-urlencoded"}
    broken = []
    for address, path in addresses:
        for method in ("get", "post"):
            with transaction.atomic():
                client = clients(let_in(address, method, row))
                what = {"data": sent} if method == "get" else form
                answer = getattr(client, method)(path, **what, **more)
                transaction.set_rollback(True)
            if answer.status_code >= 500:
                broken.append(f"{method.upper()} {address.name}: {answer.exc_info[1]!r}")
    return "\n".join(broken)


@pytest.mark.parametrize(
    ("row", "value", "more"),
    [
        # A name with such characters, and one that has nothing else, beside every name that is read.
        (
            THE_TEAM_FIRST,
            f"{STRANGE}dark\x00mode{STRANGE}",
            {STRANGE: STRANGE, f"nobody{STRANGE}": "x"},
        ),
        (MEMBERS_FIRST, "9" * 20, {"do": "undo"}),
        (THE_TEAM_FIRST, "2026-13-32T25:61", {"do": "confirm"}),
    ],
    ids=["characters", "number", "time"],
)
def test_nothing_that_is_sent_breaks_a_page(world, clients, row, value, more):
    sent = dict.fromkeys(parameters(), value) | more
    assert not tried(clients, row, paths(world), sent, headers=HEADERS)


def test_no_cookie_breaks_a_page(world, clients):
    """Whoever has such cookies is a visitor everywhere: of the addresses that turn visitors away, one of each room is tried."""
    first, others = {}, []
    for address, path in paths(world):
        if {let_in(address, method, ("visitor", "ada")) for method in ("get", "post")} == {"ada"}:
            first.setdefault(address.room, (address, path))
        else:
            others.append((address, path))
    # What is quoted in a cookie may be any character.
    cookie = "; ".join(
        f'{name}="\\000{"x" * 40}"'
        for name in ("heed_session", "csrftoken", "messages", "heed_theme", "heed_language")
    )
    addresses = [*first.values(), *others]
    assert not tried(clients, ("visitor",), addresses, headers=HEADERS | {"cookie": cookie})


def with_a_strange_character(path):
    """Yield ``path`` with such a character in each of its parts, one after the other."""
    strange = cycle(("%00", "%07", "%1B"))
    parts = [part for part in path.split("/") if part]
    for at in range(len(parts)):
        inside = [*parts[:at], parts[at] + next(strange), *parts[at + 1 :]]
        yield f"/{'/'.join(inside)}/"


def is_an_address(path):
    """Whether a view stands at ``path``, which is as it stands in a link."""
    try:
        resolve(unquote(path))
    except Resolver404:
        return False
    return True


def test_an_address_with_such_a_character_leads_nowhere(world, client_of):
    """Each at which a view stands. All others are one case: of each room some are tried."""
    client = client_of(world.ada, raise_request_exception=False)
    of_room, found = {}, set()
    for address, plain in paths(world):
        for path in with_a_strange_character(plain):
            of_room[address.room] = path
            if is_an_address(path):
                found.add(path)
    assert len(found) > len(of_room) > 10
    found.update(of_room.values())
    found |= {
        "/%00",
        "/static/%00",
        "/admin/forum/post/%00/change/",
        "/accounts/confirm-email/%00/",
    }
    statuses = {path: client.get(path).status_code for path in found}
    assert set(statuses.values()) == {404}, {
        path for path, status in statuses.items() if status != 404
    }
    for path in ("/asks/%00/", "/admin/forum/post/%00/change/"):
        page = client_of(world.ada).get(path, headers={"accept-language": "zh-CN"})
        assert "这里什么也没有" in page.content.decode()
        assert 'href="/desk/"' in page.content.decode()


def test_words_that_were_pasted_lose_nothing_that_shows(client_of, ann, board):
    sent = {
        "title": "Dark\x00 mode",
        "kind": "BUG",
        "board": "sugges\x00tions",
        "body": "a\x1b[0m\tb\r\nc",
    }
    assert client_of(ann).post("/posts/new/", sent).status_code == 302
    post = Post.objects.get()
    assert (post.title, post.body) == ("Dark mode", "a[0m\tb\nc")
