"""Every address tried with characters that no person types: nothing breaks, on either database."""

import re
from itertools import cycle
from pathlib import Path

import pytest
from django.db import transaction
from django.urls import NoReverseMatch, get_resolver, reverse

from feedback.forum.models import Post
from tests.architecture.examples import arguments
from tests.architecture.test_addresses import TABLE, names

FEEDBACK = Path(__file__).resolve().parents[2] / "feedback"
#: Beside the NUL that PostgreSQL refuses: a bell, an escape, a delete.
STRANGE = "\x00\x07\x1b\x7f"
WHO = ["ann", "ada"]
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
        yield address.name, reverse(address.name, args=arguments(address, world))
    for name in names(get_resolver()):
        if name.startswith(("account_", "admin:")):
            try:
                yield name, reverse(name)
            except NoReverseMatch:
                continue


def test_the_names_of_parameters_are_found():
    assert {"q", "page", "title", "board", "next", "seen_at", "post", "display_name"} <= set(
        parameters()
    )


def tried(world, client_of, role, **sent):
    """Return what broke when ``role`` sent this to every address."""
    broken = []
    for name, path in paths(world):
        for method in ("get", "post"):
            with transaction.atomic():
                client = client_of(getattr(world, role), raise_request_exception=False)
                answer = getattr(client, method)(path, **sent)
                transaction.set_rollback(True)
            if answer.status_code >= 500:
                broken.append(f"{method.upper()} {name}: {answer.exc_info[1]!r}")
    return "\n".join(broken)


@pytest.mark.parametrize("role", WHO)
@pytest.mark.parametrize(
    ("value", "more"),
    [
        (f"{STRANGE}dark\x00mode{STRANGE}", {}),
        ("9" * 20, {"do": "undo"}),
        ("2026-13-32T25:61", {"do": "confirm"}),
    ],
    ids=["characters", "number", "time"],
)
def test_nothing_that_is_sent_breaks_a_page(world, client_of, role, value, more):
    assert not tried(world, client_of, role, data=dict.fromkeys(parameters(), value) | more)


def test_no_name_of_a_parameter_breaks_a_page(world, client_of):
    assert not tried(world, client_of, "ada", data={STRANGE: STRANGE, f"q{STRANGE}": "dark"})


def test_no_header_and_no_cookie_breaks_a_page(world, client_of):
    headers = {"referer": f"/{STRANGE}", "user-agent": STRANGE, "accept-language": f"en{STRANGE}"}
    # What is quoted in a cookie may be any character.
    headers["cookie"] = "; ".join(
        f'{name}="\\000{"x" * 40}"'
        for name in ("heed_session", "csrftoken", "messages", "heed_theme", "heed_language")
    )
    assert not tried(world, client_of, "visitor", headers=headers)


def test_an_address_with_such_a_character_leads_nowhere(world, client_of):
    client = client_of(world.ada, raise_request_exception=False)
    found = {}
    strange = cycle(("%00", "%07", "%1B"))
    for _, path in paths(world):
        parts = [part for part in path.split("/") if part]
        for at in range(len(parts)):
            inside = [*parts[:at], parts[at] + next(strange), *parts[at + 1 :]]
            found[f"/{'/'.join(inside)}/"] = 0
    for path in (
        "/%00",
        "/static/%00",
        "/admin/forum/post/%00/change/",
        "/accounts/confirm-email/%00/",
    ):
        found[path] = 0
    for path in found:
        found[path] = client.get(path).status_code
    assert set(found.values()) == {404}, {path for path, status in found.items() if status != 404}
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
