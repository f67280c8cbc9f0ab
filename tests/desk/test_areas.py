"""Areas on the desk over HTTP: read, confirm, name, sort, undo."""

import pytest

from feedback.asks.areas.operations import close_area, confirm_areas, join_areas, put_asks
from feedback.asks.models import Area, Ask, Decision

pytestmark = pytest.mark.django_db


def text_of(answer):
    return answer.content.decode()


def undo_last(desk):
    decision = Decision.objects.latest("id")
    return desk.post(f"/desk/decisions/{decision.public_id}/undo/", follow=True)


def test_the_areas_stand_with_what_they_hold_and_examples(areas, desk):
    page = text_of(desk.get("/desk/areas/"))
    assert "4 areas proposed by the machine" in page
    for area in areas.values():
        assert area.name in page
    assert "4 asks" in page
    assert "8 posts" in page
    assert "2 people" in page
    assert "0 of 4 answered" in page
    assert "camera zoom shakes" in page
    assert "Every ask has its area" in page


def test_a_desk_without_asks_says_what_comes_first(desk, db):
    assert "Areas come after asks" in text_of(desk.get("/desk/areas/"))


def test_a_small_board_offers_to_make_one(desk, dark_mode):
    page = text_of(desk.get("/desk/areas/"))
    assert "No areas yet" in page
    assert "/desk/areas/none/" in page


def test_a_moderator_reads_but_does_not_decide(areas, client_of, mo, ann):
    client = client_of(mo)
    area = areas["camera"]
    for address in ("/desk/areas/", f"/desk/areas/{area.public_id}/", "/desk/areas/none/"):
        page = text_of(client.get(address))
        assert "Confirm all" not in page
        assert 'name="ask"' not in page
    assert client.post("/desk/areas/confirm/", {"area": area.public_id}).status_code == 403
    assert client_of(ann).get("/desk/areas/").status_code == 403


def test_all_are_confirmed_in_one_go_and_taken_back_in_one(areas, desk, client, board):
    shown = [area.public_id for area in areas.values()]
    answer = desk.post("/desk/areas/confirm/", {"area": shown}, follow=True)
    assert "4 areas are confirmed" in text_of(answer)
    assert Area.objects.filter(state="PUBLIC").count() == 4
    assert areas["camera"].name in text_of(client.get(f"/boards/{board.slug}/"))
    undo_last(desk)
    assert Area.objects.filter(state="PUBLIC").count() == 0
    assert not Ask.objects.filter(area_source="PERSON").exists()


def test_one_is_confirmed_from_its_row(areas, desk):
    area = areas["camera"]
    answer = desk.post(
        "/desk/areas/confirm/", {"area": area.public_id, "back": "list"}, follow=True
    )
    assert answer.redirect_chain[-1][0] == "/desk/areas/"
    assert "is an area now" in text_of(answer)
    area.refresh_from_db()
    assert area.is_public


def test_a_name_is_given_inline(areas, desk):
    area = areas["camera"]
    answer = desk.post(
        f"/desk/areas/{area.public_id}/rename/", {"name": "Photos", "back": "list"}, follow=True
    )
    assert "Renamed" in text_of(answer)
    area.refresh_from_db()
    assert (area.name, area.name_source) == ("Photos", "PERSON")


def test_a_name_that_is_taken_is_told(areas, desk):
    area, other = areas["camera"], areas["battery"]
    answer = desk.post(
        f"/desk/areas/{area.public_id}/rename/", {"name": other.name.upper()}, follow=True
    )
    assert "already" in text_of(answer)
    assert not Decision.objects.exists()


def test_the_page_of_an_area_shows_its_asks_and_moves_the_ticked(areas, parted, desk):
    area, other = areas["camera"], areas["battery"]
    page = text_of(desk.get(f"/desk/areas/{area.public_id}/"))
    for ask in parted["camera"]:
        assert ask.title in page
    ticked = [ask.public_id for ask in parted["camera"][:2]]
    answer = desk.post(
        "/desk/areas/put/",
        {"ask": ticked, "from": area.public_id, "to": other.public_id, "do": "move"},
        follow=True,
    )
    assert "2 asks are in" in text_of(answer)
    assert answer.redirect_chain[-1][0] == f"/desk/areas/{area.public_id}/"
    assert Ask.objects.filter(area=other).count() == 6
    undo_last(desk)
    assert Ask.objects.filter(area=other).count() == 4


def test_ticked_asks_become_an_area_of_their_own(areas, parted, desk):
    ticked = [parted["camera"][0].public_id, parted["battery"][0].public_id]
    answer = desk.post(
        "/desk/areas/put/",
        {"ask": ticked, "from": areas["camera"].public_id, "do": "new", "name": "Hardware"},
        follow=True,
    )
    made = Area.objects.get(name="Hardware")
    assert answer.redirect_chain[-1][0] == f"/desk/areas/{made.public_id}/"
    assert (made.state, made.ask_count) == ("PUBLIC", 2)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"do": "move"}, "Tick one ask or more first"),
        ({"do": "move", "ask": True}, "Choose the area"),
        ({"do": "new", "ask": True}, "Give the area a name"),
    ],
)
def test_what_is_missing_is_told(areas, parted, desk, fields, told):
    if "ask" in fields:
        fields = fields | {"ask": parted["camera"][0].public_id}
    answer = desk.post(
        "/desk/areas/put/", fields | {"from": areas["camera"].public_id}, follow=True
    )
    assert told in text_of(answer)
    assert not Decision.objects.exists()


def test_asks_in_no_area_are_found_and_put_somewhere(areas, parted, desk):
    ask = parted["camera"][0]
    desk.post("/desk/areas/put/", {"ask": ask.public_id, "to": "none", "do": "move"})
    page = text_of(desk.get("/desk/areas/none/"))
    assert ask.title in page
    assert "kept out by a person" in page
    assert "1 ask stands in no area" in text_of(desk.get("/desk/areas/"))
    to = areas["battery"].public_id
    desk.post("/desk/areas/put/", {"ask": ask.public_id, "to": to, "do": "move"})
    ask.refresh_from_db()
    assert ask.area == areas["battery"]


def test_two_are_joined_and_the_old_page_leads_on(areas, desk):
    gone, kept = areas["camera"], areas["battery"]
    answer = desk.post(f"/desk/areas/{gone.public_id}/join/", {"to": kept.public_id}, follow=True)
    assert "Joined into" in text_of(answer)
    answer = desk.get(f"/desk/areas/{gone.public_id}/")
    assert answer["Location"] == f"/desk/areas/{kept.public_id}/"


def test_one_is_dissolved_and_comes_back(areas, parted, desk):
    area = areas["camera"]
    answer = desk.post(f"/desk/areas/{area.public_id}/dissolve/", follow=True)
    assert "Dissolved" in text_of(answer)
    assert desk.get(f"/desk/areas/{area.public_id}/").status_code == 404
    assert "4 asks stand in no area" in text_of(answer)
    undo_last(desk)
    assert desk.get(f"/desk/areas/{area.public_id}/").status_code == 200


def test_what_the_machine_added_since_is_shown_and_confirmed(areas, parted, desk, pia, now):
    area = areas["camera"]
    confirm_areas(areas=[area], actor=pia, now=now)
    Ask.objects.filter(pk=parted["battery"][0].pk).update(area=area, area_source="MACHINE")
    assert "1 added by the machine" in text_of(desk.get("/desk/areas/"))
    address = f"/desk/areas/{area.public_id}/"
    assert "has added 1 ask since you confirmed" in text_of(desk.get(address))
    desk.post("/desk/areas/confirm/", {"area": area.public_id})
    assert "since you confirmed" not in text_of(desk.get(address))


def test_an_ask_shows_its_area_and_changes_it(areas, parted, desk, client_of, mo):
    ask = parted["camera"][0]
    address = f"/desk/asks/{ask.public_id}/"
    page = text_of(desk.get(address))
    assert "Placed here by the machine" in page
    to = areas["battery"].public_id
    answer = desk.post(f"{address}area/", {"to": to}, follow=True)
    assert "A person said so" in text_of(answer)
    assert "put into an area" in text_of(answer)
    ask.refresh_from_db()
    assert (ask.area, ask.area_source) == (areas["battery"], "PERSON")
    desk.post(f"{address}area/", {"to": "none"})
    ask.refresh_from_db()
    assert (ask.area, ask.area_source) == (None, "PERSON")
    assert f"{address}area/" not in text_of(client_of(mo).get(address))


def test_the_asks_of_the_desk_are_read_by_area(areas, parted, desk, pia, now):
    area = areas["camera"]
    page = text_of(desk.get(f"/desk/asks/?state=proposed&area={area.public_id}"))
    assert parted["camera"][0].title in page
    assert parted["battery"][0].title not in page
    put_asks(asks=parted["battery"][:1], area=None, actor=pia, now=now)
    page = text_of(desk.get("/desk/asks/?state=proposed&area=none"))
    assert parted["battery"][0].title in page
    assert parted["camera"][0].title not in page
    assert desk.get("/desk/asks/?area=nowhere").status_code == 200


def test_the_decisions_say_which_area(areas, parted, desk, pia, now):
    confirm_areas(areas=list(areas.values()), actor=pia, now=now)
    put_asks(asks=parted["camera"], area=areas["battery"], actor=pia, now=now)
    put_asks(asks=parted["camera"][:1], area=None, actor=pia, now=now)
    join_areas(area=areas["camera"], into=areas["keyboard"], actor=pia, now=now)
    close_area(area=areas["wallpaper"], actor=pia, now=now)
    page = text_of(desk.get("/desk/decisions/"))
    for said in (
        "confirmed the area",
        "and 3 more",
        "put into an area",
        "in no area",
        "joined the areas",
        "dissolved the area",
        areas["keyboard"].name,
    ):
        assert said in page
