"""The roadmap as a whole: four views, filters, and the page that other sites may show."""

import datetime as dt

import pytest

from feedback.asks.areas.operations import make_area
from feedback.roadmap import operations
from feedback.roadmap.models import Item, Train


@pytest.fixture
def three(item, ann, publish, make_ask, pia, now):
    """A dark theme in beta, offline videos with a day, and folders without one, which is all that lies in an area."""
    operations.move(item=item, stage="BETA", actor=pia, now=now)
    made = {"dark": item}
    for name, title in (("videos", "Offline videos"), ("folders", "Folders")):
        ask = make_ask(publish(ann, title))
        made[name] = operations.adopt(ask=ask, title=title, actor=pia, now=now)
    operations.edit_item(
        item=made["videos"],
        title="Offline videos",
        summary="",
        version="2.0",
        release_date=dt.date(2026, 3, 13),
        actor=pia,
        now=now,
    )
    made["area"] = make_area(
        name="Tidying", asks=list(made["folders"].asks.all()), actor=pia, now=now
    ).area
    return made


def titles(page):
    return [name for name in ("A dark theme", "Offline videos", "Folders") if f">{name}<" in page]


def read(client, address):
    return client.get(address).content.decode()


@pytest.mark.parametrize("view", ["", "board", "list", "timeline", "horizon", "nonsense"])
def test_every_view_shows_everything(client, three, view):
    assert titles(read(client, f"/roadmap/?view={view}")) == [
        "A dark theme",
        "Offline videos",
        "Folders",
    ]


@pytest.mark.parametrize("view", ["board", "list", "timeline", "horizon"])
def test_every_view_is_narrowed_by_stage_and_area(client, three, view):
    assert titles(read(client, f"/roadmap/?view={view}&stage=BETA")) == ["A dark theme"]
    area = three["area"].public_id
    assert titles(read(client, f"/roadmap/?view={view}&area={area}")) == ["Folders"]
    assert titles(read(client, f"/roadmap/?view={view}&area={area}&stage=BETA")) == []


def test_now_next_and_later_are_what_they_say(client, three):
    horizons = client.get("/roadmap/?view=horizon").context["horizons"]
    assert [[row.title for row in horizon.rows] for horizon in horizons] == [
        ["A dark theme"],
        ["Offline videos"],
        ["Folders"],
    ]


def test_the_timeline_begins_with_what_leaves_first(client, three):
    page = read(client, "/roadmap/?view=timeline")
    assert page.index("Friday 13 March") < page.index("No day yet")


def test_a_full_platform_leads_to_the_whole_list(client, product, now):
    Item.objects.bulk_create(
        Item(product=product, title=f"Item {n}", stage_changed_at=now, adopted_at=now)
        for n in range(45)
    )
    assert "view=list&amp;stage=PLANNED" in read(client, "/roadmap/")
    assert "Item 44" in read(client, "/roadmap/?view=list&stage=PLANNED")
    assert "Item 0<" in read(client, "/roadmap/?view=list&stage=PLANNED&page=2")


def test_only_sites_that_a_manager_named_may_frame_it(client, three, product):
    assert client.get("/roadmap/widget/")["X-Frame-Options"] == "DENY"
    Train.objects.create(product=product, framed_by="https://example.org")
    response = client.get("/roadmap/widget/")
    assert "frame-ancestors https://example.org" in response["Content-Security-Policy"]
    assert titles(response.content.decode()) == ["A dark theme", "Offline videos", "Folders"]
    assert client.get("/roadmap/")["X-Frame-Options"] == "DENY"
