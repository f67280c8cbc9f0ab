"""The rooms of the desk: who sees which, that every page of it is reached from them, and the page of set-up."""

import re

import pytest
from django.urls import URLPattern, reverse

from feedback.asks.models import Proposal
from feedback.desk import urls
from feedback.forum.rights.operations import Place, give
from feedback.kernel.clock import now as clock_now

pytestmark = pytest.mark.django_db

DECIDE = ["Decide", "Asks", "Week", "Health", "Order", "Set up"]


@pytest.fixture
def look(client_of):
    """Return the page at an address as somebody sees it."""
    return lambda who, address="/desk/set-up/": client_of(who).get(address).content.decode()


def groups(page):
    found = re.search(r'<div class="desk-rooms__groups">(.*?)</div>', page, re.DOTALL)
    return re.findall(r"<span>([^<]+)</span>", found[1]) if found else []


def group_links(page):
    found = re.search(r'<div class="desk-rooms__groups">(.*?)</div>', page, re.DOTALL)
    return set(re.findall(r'href="([^"]+)"', found[1]))


def rooms(page):
    found = re.search(r'<div class="desk-rooms__rooms">(.*?)</div>', page, re.DOTALL)
    return re.findall(r'href="([^"]+)"', found[1]) if found else []


def set_there(page):
    return re.findall(r'class="set-up__name" href="([^"]+)"', page)


def test_six_groups_for_everybody_of_the_team(mo, pia, ada, person, look):
    for one in (mo, pia, ada, person("Una", role="ANALYST")):
        assert groups(look(one)) == DECIDE


def test_who_keeps_order_on_a_board_has_their_cases_and_the_log_alone(ada, board, person, look):
    kit = person("Kit")
    give(person=kit, role="MODERATOR", place=Place(board=board), actor=ada, now=clock_now())
    page = look(kit, "/desk/moderation/")
    assert groups(page) == ["Order"]
    assert rooms(page) == ["/desk/moderation/", "/desk/moderation/log/"]


def test_the_rooms_of_the_open_group_stand_beside_it(pia, look):
    assert rooms(look(pia, "/desk/areas/")) == [
        "/desk/asks/",
        "/desk/priority/",
        "/desk/areas/",
        "/desk/map/",
    ]
    assert rooms(look(pia, "/desk/too-little/")) == [
        "/desk/",
        "/desk/questions/",
        "/desk/too-little/",
    ]
    assert rooms(look(pia, "/desk/set-up/")) == []
    assert rooms(look(pia, "/desk/webhooks/")) == ["/desk/set-up/"], "A setting leads back."


def test_what_waits_stands_beside_its_group(grouped, pia, look):
    number = Proposal.objects.filter(state="OPEN").count()
    assert number
    page = look(pia, "/desk/honours/")
    assert (
        f'<span>Decide</span> <span class="desk-rooms__number" id="number-to-decide">{number}</span>'
        in page
    )


def test_a_setting_stands_there_only_for_those_who_may_open_it(mo, pia, ada, person, client_of):
    una = person("Una", role="ANALYST")
    numbers = []
    for one in (una, mo, pia, ada):
        client = client_of(one)
        named = set_there(client.get("/desk/set-up/").content.decode())
        numbers.append(len(named))
        for address in named:
            assert client.get(address).status_code == 200, (one.display_name, address)
    assert numbers[0] == numbers[1] < numbers[2] < numbers[3]


def test_a_manager_of_one_product_sets_that_one_alone(ada, product, person, client_of):
    max_ = person("Max")
    give(person=max_, role="MANAGER", place=Place(product=product), actor=ada, now=clock_now())
    client = client_of(max_)
    named = set_there(client.get("/desk/set-up/").content.decode())
    assert "/train/" in named
    assert "/desk/answer-templates/" in named
    assert "/desk/webhooks/" not in named
    assert all(client.get(address).status_code == 200 for address in named)


def test_set_up_says_how_it_is_now(pia, board, look):
    assert "1 board ·" in look(pia)
    assert "Anybody may sign up." in look(pia)
    board.is_archived = True
    board.save()
    assert "0 boards · 1 archived" in look(pia)


#: Reached from a page when there is something to show there, or read by a page itself.
ONLY_SOMETIMES = {
    "desk:areas-without",
    "desk:inbox-file",
    "desk:trends-file",
    "desk:threshold",
    "desk:judge",
    "desk:progress",
    "desk:pulse",
    "desk:questions-progress",
    "desk:ask-lines",
    "desk:map-points",
    "desk:map-card",
    "desk:map-search",
    "desk:map-chosen",
}


def test_every_page_of_the_desk_is_reached_from_its_rooms(ada, board, client_of):
    client = client_of(ada)
    start = client.get("/desk/set-up/").content.decode()
    known = set(set_there(start)) | group_links(start)
    for address in group_links(start):
        known |= set(rooms(client.get(address).content.decode()))
    assert "/desk/coverage/" in known
    reached = set(known)
    for address in known:
        page = client.get(address).content.decode()
        reached |= {re.split("[?#]", found)[0] for found in re.findall(r'href="([^"]+)"', page)}
    names = {
        f"desk:{one.name}"
        for one in urls.urlpatterns
        if isinstance(one, URLPattern)
        and not one.pattern.converters
        and "(?P<" not in str(one.pattern)
    }
    pages = {name for name in names if client.get(reverse(name)).status_code == 200}
    unreached = {name for name in pages if reverse(name) not in reached}
    assert "desk:set-up" in pages
    assert unreached <= ONLY_SOMETIMES
