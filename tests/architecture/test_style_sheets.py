"""A page loads the style sheets of the rooms that draw it, and no others."""

import inspect
import re

import pytest
from django.template.loader import render_to_string
from django.urls import resolve, reverse

from feedback.asks.answers import decline_ask
from feedback.kernel import slots
from tests.architecture.examples import arguments
from tests.architecture.test_addresses import ROLES, TABLE
from tests.architecture.test_templates import FLOOR, HOUSE

#: What each style sheet gives a style of its own: the classes that its rules begin with.
WORDS = {
    str(path.relative_to(HOUSE)).partition("static/")[2]: path.read_text(encoding="utf-8")
    for path in sorted(HOUSE.rglob("static/**/*.css"))
}
SHEETS = {
    name: set(re.findall(r"^\s*\.([a-z][\w-]*)", words, re.MULTILINE))
    for name, words in WORDS.items()
}
ACCOUNT_PAGES = ["account_login", "account_signup", "account_reset_password", "account_email"]


def linked(page):
    """Return the style sheets that ``page`` links, as the rooms name them."""
    return re.findall(r'<link rel="stylesheet" href="/static/([^"]+)"', page)


def worn_on(page):
    """Return the classes that stand on ``page``."""
    return {word for value in re.findall(r'class="([^"]*)"', page) for word in value.split()}


def unstyled(page, sheets):
    """Return the classes on ``page`` that have a style, but in none of ``sheets``."""
    here = set().union(*(SHEETS[sheet] for sheet in sheets))
    return worn_on(page) & set().union(*SHEETS.values()) - here


def room_of_view(path):
    module = inspect.unwrap(resolve(path).func).__module__
    return module.split(".")[1] if module.startswith("feedback.") else "accounts"


@pytest.fixture
def heard(monkeypatch):
    """The slots that are filled, and those whose style is linked, since they were last cleared."""
    heard = {"gather": set(), "style_of": set()}

    def listen(name):
        ask = getattr(slots, name)

        def asked(slot, *rest):
            heard[name].add(slot)
            return ask(slot, *rest)

        monkeypatch.setattr(slots, name, asked)

    listen("gather")
    listen("style_of")
    return heard


def paths_for(role, world):
    """Yield every page that ``role`` may open."""
    for address in TABLE:
        expected = address.get.split() if " " in address.get else [address.get] * len(ROLES)
        if expected[ROLES.index(role)] == "200":
            yield reverse(address.name, args=arguments(address, world))
    yield from map(reverse, ACCOUNT_PAGES)


def complaints(path, room, page, heard):
    """Yield what is wrong with the style sheets of ``page``, drawn by ``room``."""
    sheets = linked(page)
    needed = {slots.style_of(slot) for slot in heard["gather"]} - {""}
    brought = {slots.style_of(slot) for slot in [*heard["style_of"]]}
    for sheet in sheets:
        drawn_by = sheet.split("/")[0]
        if FLOOR[drawn_by] <= FLOOR[room] and drawn_by != room and sheet not in brought:
            yield f"{path} loads {sheet}"
        if drawn_by == "desk" != room:
            yield f"{path} loads the desk's {sheet}"
        if sheets.count(sheet) > 1:
            yield f"{path} loads {sheet} twice"
    yield from (f"{path} fills a slot without {sheet}" for sheet in needed - set(sheets))
    yield from (f"{path} lacks the style of {name}" for name in unstyled(page, sheets))


@pytest.mark.parametrize("role", ["visitor", "ann", "pia"])
def test_a_page_loads_what_draws_it_and_nothing_else(role, world, client_of, heard):
    client = client_of(getattr(world, role))
    wrong, seen = [], 0
    for path in paths_for(role, world):
        for asked in heard.values():
            asked.clear()
        response = client.get(path)
        if not response.get("Content-Type", "").startswith("text/html"):
            continue  # a picture, a feed
        page = response.content.decode()
        if response.status_code == 200 and "<html" in page:
            seen += 1
            wrong += complaints(path, room_of_view(path), page, heard)
    assert not wrong, "\n".join(wrong)
    assert seen > 10


def test_what_is_similar_has_its_style_on_the_page_of_a_new_post(
    client_of, ann, bo, pia, publish, make_ask, now
):
    decline_ask(ask=make_ask(publish(bo, "Free hats for all")), reason="None.", actor=pia, now=now)
    publish(bo, "Free hats, red ones with feathers")
    client = client_of(ann)
    similar = client.get("/posts/similar/?title=free+hats").content.decode()
    assert similar.count("similar__row") == 2
    assert "similar__declined" in similar
    assert not unstyled(similar, linked(client.get("/posts/new/").content.decode()))


def test_the_page_that_stands_alone_needs_no_room():
    page = render_to_string("500.html")
    assert {sheet.split("/")[0] for sheet in linked(page)} == {"ui"}
    assert not unstyled(page, linked(page))


def test_a_class_without_its_sheet_is_found():
    assert unstyled('<p class="hint evidence__words">', ["ui/css/rows.css"]) == {"evidence__words"}
