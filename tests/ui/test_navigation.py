"""What stands around a page is what the rooms put there, for those it is for."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import engines

from feedback.kernel import slots
from feedback.ui import navigation
from feedback.ui.navigation import Link, Part


@pytest.fixture
def empty(monkeypatch):
    """A site whose rooms have added nothing."""
    monkeypatch.setattr(navigation, "_entries", {})


@pytest.fixture
def request_of(rf):
    """Make the request of somebody: ``request_of(ann)``, ``request_of(None)``."""

    def make(person):
        request = rf.get("/here/?page=2")
        request.user = person or AnonymousUser()
        return request

    return make


def labels(request, place="main"):
    return [str(one.label) for one in navigation.around(request).get(place, [])]


def test_entries_stand_in_their_order_whoever_came_first(empty, request_of):
    navigation.add("main", 20, Link(label="Second", url="site:home"))
    navigation.add("main", 10, Link(label="First", url="site:home"))
    navigation.add("foot", 1, Link(label="Elsewhere", url="site:home"))
    assert labels(request_of(None)) == ["First", "Second"]


def test_two_entries_cannot_stand_at_the_same_place(empty):
    link = Link(label="First", url="site:home")
    navigation.add("main", 10, link)
    navigation.add("main", 10, link)
    with pytest.raises(ValueError, match="10 is taken"):
        navigation.add("main", 10, Link(label="Second", url="site:home"))


def test_a_link_is_seen_by_those_it_is_for(empty, request_of, ann, pia):
    for order, reader in enumerate(("everyone", "members", "team")):
        navigation.add("main", order, Link(label=reader, url="site:home", seen_by=reader))
    assert labels(request_of(None)) == ["everyone"]
    assert labels(request_of(ann)) == ["everyone", "members"]
    assert labels(request_of(pia)) == ["everyone", "members", "team"]


def test_the_page_says_which_link_is_its_own(empty, request_of):
    navigation.add("main", 1, Link(label="Posts", url="site:home", nav="posts"))
    navigation.add("main", 2, Link(label="About", url="site:home"))
    for nav, current in (("posts", [True, False]), ("", [False, False])):
        shown = navigation.around(request_of(None), nav=nav)["main"]
        assert [one.is_current for one in shown] == current


def test_what_waits_is_counted_once_for_members_and_never_for_visitors(
    empty, request_of, ann, monkeypatch
):
    asked = []

    def three(request, people):
        asked.append(people)
        return {person.pk: 3 for person in people}

    monkeypatch.setattr(slots, "_providers", {"unread": three})
    inbox = Link(label="Inbox", url="site:home", waiting="unread")
    navigation.add("dock", 1, inbox)
    navigation.add("tools", 1, inbox)
    shown = navigation.around(request_of(ann))
    assert [shown[place][0].waiting for place in ("dock", "tools")] == [3, 3]
    assert asked == [[ann]]
    assert navigation.around(request_of(None))["dock"][0].waiting == 0
    assert len(asked) == 1


def test_a_part_is_a_template_of_its_room(empty, request_of):
    navigation.add("tools", 1, Part("site/_language_switch.html"))
    assert navigation.around(request_of(None)) == {"tools": [Part("site/_language_switch.html")]}


def test_the_way_to_sign_in_leads_back(request_of, db):
    template = engines["django"].from_string("{% load navigation %}{% sign_in_url %}")
    assert template.render({}, request_of(None)) == "/accounts/login/?next=/here/%3Fpage%3D2"


@pytest.mark.parametrize(
    ("role", "main"),
    [
        (None, ["Posts", "Asks", "Roadmap"]),
        ("ann", ["Posts", "Asks", "Roadmap"]),
        ("pia", ["Posts", "Asks", "Roadmap", "Desk"]),
    ],
)
def test_the_rooms_of_heed_stand_in_the_head_and_the_dock(request, client_of, board, role, main):
    page = client_of(role and request.getfixturevalue(role)).get("/roadmap/").content.decode()
    head = re.search(r'<nav class="top__nav".*?</nav>', page, re.DOTALL)[0]
    assert re.findall(r">([^<]+)</a>", head) == main
    assert re.findall(r'aria-current="page">(\w+)', head) == ["Roadmap"]
    dock = re.search(r'<nav class="dock".*?</nav>', page, re.DOTALL)[0]
    assert re.findall(r"</svg>(\w+)", dock) == ["Posts", "Asks", "Post", "Roadmap", "Inbox"]
    assert re.findall(r'class="dock__act" href="([^"]+)"', dock) == ["/posts/new/"]
    menu = re.search(r'<div class="menu__sheet">.*?</ul>', page, re.DOTALL)[0]
    own = ["My posts and profile", "Claim my old words", "Settings"]
    wanted = {None: ["Sign in", "Create an account"], "ann": own, "pia": ["Desk", *own]}[role]
    assert re.findall(r"</svg>([^<]+)", menu) == wanted
