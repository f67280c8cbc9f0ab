"""The roadmap as a whole: four views, filters, and the page that other sites may show."""

import datetime as dt

import pytest

from feedback.asks.areas.operations import make_area
from feedback.asks.decisions.shape import join_asks
from feedback.asks.models import Ask
from feedback.asks.staging import set_stage
from feedback.roadmap import operations
from feedback.roadmap.models import Item, ItemAsk, Release, Train
from tests.products import make_notes


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
    many(product, now, 45)
    assert "view=list&amp;stage=PLANNED" in read(client, "/roadmap/")
    assert "Item 44" in read(client, "/roadmap/?view=list&stage=PLANNED")
    assert "Item 0<" in read(client, "/roadmap/?view=list&stage=PLANNED&page=2")


def many(product, now, count, **fields):
    return Item.objects.bulk_create(
        Item(product=product, title=f"Item {n}", stage_changed_at=now, adopted_at=now, **fields)
        for n in range(count)
    )


def test_what_leaves_first_and_what_most_want_is_not_what_a_page_cuts_off(
    client, item, dark_mode, ann, publish, make_ask, product, pia, now
):
    """On either database: one of them sorts what has no day first."""
    many(product, now + dt.timedelta(days=1), 45)
    dated = operations.adopt(ask=make_ask(publish(ann, "Soon")), title="Soon", actor=pia, now=now)
    dated.release = Release.objects.create(product=product, version="2", release_date="2026-04-03")
    dated.save()
    old = now - dt.timedelta(days=9)
    Item.objects.filter(pk__in=[item.pk, dated.pk]).update(stage_changed_at=old)
    (planned, *_others) = client.get("/roadmap/").context["platforms"]
    assert [row.title for row in planned.rows[:2]] == ["Soon", "A dark theme"]
    (*_others, later) = client.get("/roadmap/?view=horizon").context["horizons"]
    assert later.rows[0].title == "A dark theme"


def test_what_was_joined_counts_by_what_it_became(
    client, item, dark_mode, bo, publish, make_ask, product, pia, now
):
    big = make_ask(publish(bo, "Night theme"))
    set_stage(ask=big, stage="PLANNED", actor=pia, now=now)
    join_asks(ask=dark_mode, into=big, actor=pia, now=now)
    many(product, now + dt.timedelta(days=1), 45)
    (planned, *_others) = client.get("/roadmap/").context["platforms"]
    assert planned.rows[0].title == "A dark theme"


def test_the_whole_list_keeps_product_and_area(client, three, product, now):
    make_notes()
    rest = many(product, now, 45)
    ask = three["folders"].asks.get()
    Ask.objects.bulk_create(
        Ask(
            product=product,
            title="x",
            medoid=ask.medoid,
            area=ask.area,
            state="PUBLIC",
            created_at=now,
        )
        for _ in rest
    )
    more = Ask.objects.filter(title="x")
    ItemAsk.objects.bulk_create(
        ItemAsk(item=one, ask=its, linked_at=now) for one, its in zip(rest, more, strict=True)
    )
    area = three["area"].public_id
    page = read(client, f"/roadmap/?product=main&area={area}")
    assert f"?view=list&amp;product=main&amp;area={area}&amp;stage=PLANNED" in page


def test_the_timeline_of_what_shipped_begins_with_the_last_day(client, product, now):
    for number in range(1, 4):
        release = Release.objects.create(
            product=product,
            version=f"1.{number}",
            release_date=dt.date(2026, 1, number),
            stop="RELEASED",
            released_at=now,
        )
        many(product, now, 1, stage="SHIPPED", release=release)
    departures = client.get("/roadmap/?view=timeline&stage=SHIPPED").context["departures"]
    assert [one.release.version for one in departures] == ["1.3", "1.2", "1.1"]


def test_what_was_joined_lies_in_the_area_of_what_it_became(
    client, three, bo, publish, make_ask, pia, now
):
    big = make_ask(publish(bo, "Folders in folders"))
    set_stage(ask=big, stage="PLANNED", actor=pia, now=now)
    new = make_area(name="Order", asks=[big], actor=pia, now=now).area
    join_asks(ask=three["folders"].asks.get(), into=big, actor=pia, now=now)
    page = client.get(f"/roadmap/?area={new.public_id}")
    assert titles(page.content.decode()) == ["Folders"]
    assert list(page.context["areas"]) == [new]
    left = read(client, f"/roadmap/?area={three['area'].public_id}&view=list")
    assert titles(left) == ["A dark theme", "Offline videos", "Folders"], "no area of the roadmap"


def test_only_sites_that_a_manager_named_may_frame_it(client, three, product):
    assert client.get("/roadmap/widget/")["X-Frame-Options"] == "DENY"
    Train.objects.create(product=product, framed_by="https://example.org")
    response = client.get("/roadmap/widget/")
    assert "frame-ancestors https://example.org" in response["Content-Security-Policy"]
    assert titles(response.content.decode()) == ["A dark theme", "Offline videos", "Folders"]
    assert client.get("/roadmap/")["X-Frame-Options"] == "DENY"
