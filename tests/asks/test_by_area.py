"""Reading a board and the asks by area, as a visitor does."""

import pytest

from feedback.asks.areas.operations import close_area, confirm_areas, join_areas
from feedback.asks.areas.queries import count_areas_of_board
from feedback.asks.decisions.confirm import confirm_ask
from feedback.asks.models import Area, Ask, PlacementAttempt

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(areas, pia, now):
    """The areas, all but the wallpaper's confirmed, and two asks of the battery's too."""
    for part in ("battery", "camera", "keyboard"):
        Area.objects.filter(pk=areas[part].pk).update(name=part.title())
        confirm_areas(areas=[areas[part]], actor=pia, now=now)
    for ask in Ask.objects.filter(area=areas["battery"]).order_by("id")[:2]:
        confirm_ask(ask=ask, actor=pia, now=now)
    return areas


def page_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_the_machine_only_proposes_is_nowhere_in_public(areas, board, client):
    address = f"/boards/{board.slug}/"
    for page in (page_of(client, address), page_of(client, "/asks/")):
        assert 'class="areas"' not in page
    for area in areas.values():
        assert client.get(f"{address}?area={area.public_id}").status_code == 404
        assert client.get(f"/asks/?area={area.public_id}").status_code == 404


def test_the_team_may_look_at_a_proposed_area(areas, board, client_of, mo):
    page = page_of(client_of(mo), f"/boards/{board.slug}/?area={areas['camera'].public_id}")
    assert "camera zoom shakes" in page
    assert "only the team sees this" in page


def test_a_board_is_read_by_area_in_any_order(opened, board, client):
    area = opened["battery"]
    page = page_of(client, f"/boards/{board.slug}/?area={area.public_id}&sort=new")
    assert "battery drains overnight" in page
    assert "camera" not in page.replace("Camera", "")
    assert f"?sort=top&amp;area={area.public_id}" in page
    for name in ("Battery", "Camera", "Keyboard"):
        assert name in page
    assert "allpaper" not in page


def test_the_counts_of_a_board_are_those_of_its_posts(
    product, opened, board, publish, person, client
):
    from feedback.forum.models import Board

    counts = {link.name: link.number for link in count_areas_of_board(board)}
    assert counts == {"Battery": 8, "Camera": 8, "Keyboard": 8}
    other = Board.objects.create(product=product, slug="bugs", name="Bugs")
    assert count_areas_of_board(other) == []
    # A hidden post is not counted; one without an ask that stands near an area is.
    post = Ask.objects.filter(area=opened["camera"]).first().medoid
    post.state = "HIDDEN"
    post.save(update_fields=["state"])
    alone = publish(person("Eve"), "The lens cap is lost")
    PlacementAttempt.objects.create(
        post=alone,
        content_hash=alone.content_hash,
        model_key="x",
        looked_at=alone.posted_at,
        area=opened["battery"],
    )
    counts = {link.name: link.number for link in count_areas_of_board(board)}
    assert counts == {"Battery": 9, "Camera": 7, "Keyboard": 8}
    page = page_of(client, f"/boards/{board.slug}/?area={opened['battery'].public_id}")
    assert "The lens cap is lost" in page


def test_the_asks_are_read_by_area(opened, client):
    area = opened["battery"]
    page = page_of(client, "/asks/")
    assert f"?area={area.public_id}" in page
    assert "Camera" not in page, "no ask of it is confirmed yet"
    page = page_of(client, f"/asks/?area={area.public_id}&sort=new&stage=UNDER_REVIEW")
    assert page.count('class="ask-row"') == 2
    assert f"sort=people&amp;stage=UNDER_REVIEW&amp;area={area.public_id}" in page
    page = page_of(client, f"/asks/?area={opened['camera'].public_id}")
    assert "No ask stands here now" in page


def test_an_ask_shows_its_area_and_who_put_it_there(opened, parted, client, pia, now):
    ask = Ask.objects.filter(area=opened["battery"], state="PUBLIC").first()
    page = page_of(client, f"/asks/{ask.public_id}/")
    assert f"/asks/?area={opened['battery'].public_id}" in page
    assert "by the machine" not in page
    Ask.objects.filter(pk=ask.pk).update(area_source="MACHINE")
    assert "placed in this area by the machine" in page_of(client, f"/asks/{ask.public_id}/")
    Ask.objects.filter(pk=ask.pk).update(area=opened["wallpaper"])
    assert opened["wallpaper"].public_id not in page_of(client, f"/asks/{ask.public_id}/")


def test_the_link_of_a_joined_area_leads_on(opened, board, client, pia, now):
    gone, kept = opened["camera"], opened["battery"]
    join_areas(area=gone, into=kept, actor=pia, now=now)
    for address in (f"/boards/{board.slug}/", "/asks/"):
        answer = client.get(f"{address}?sort=new&area={gone.public_id}")
        assert answer.status_code == 302
        assert answer["Location"] == f"{address}?sort=new&area={kept.public_id}"


def test_the_link_of_a_dissolved_area_leads_to_the_whole_list(opened, board, client, pia, now):
    close_area(area=opened["camera"], actor=pia, now=now)
    answer = client.get(f"/boards/{board.slug}/?area={opened['camera'].public_id}&sort=top")
    assert answer["Location"] == f"/boards/{board.slug}/?sort=top"


def test_an_area_that_never_was_is_not_found(opened, board, client):
    assert client.get(f"/boards/{board.slug}/?area=23456789abc").status_code == 404
    assert client.get("/asks/?area=%3Cscript%3E").status_code == 404


def test_a_board_without_posts_of_the_area_says_so(product, opened, client):
    from feedback.forum.models import Board

    other = Board.objects.create(product=product, slug="bugs", name="Bugs")
    page = page_of(client, f"/boards/{other.slug}/?area={opened['camera'].public_id}")
    assert "Nothing in this area here" in page


def test_many_areas_are_folded_but_never_the_chosen_one(rf):
    from types import SimpleNamespace

    from feedback.asks.areas.queries import AreaLink
    from feedback.asks.areas.reading import row_of_areas

    links = [AreaLink(f"{number:011d}", f"Area {number}", 30 - number) for number in range(12)]
    page = row_of_areas(rf.get("/asks/"), links, None)
    assert "4 more" in page
    assert page.index("Area 7") < page.index("<details") < page.index("Area 8")
    chosen = SimpleNamespace(public_id=links[10].public_id, name="Area 10", is_public=True)
    page = row_of_areas(rf.get("/asks/"), links, chosen)
    assert page.count("Area 10<") == 1
    assert page.index("Area 10<") < page.index("<details")
    assert "3 more" in page
    assert "<details" not in row_of_areas(rf.get("/asks/"), links[:9], None)
