"""The Tuesday list: what of a week's work there is."""

import datetime as dt
import re
from types import SimpleNamespace

import pytest

from feedback.asks.counts import recount
from feedback.asks.decisions.contest import contest
from feedback.asks.models import Ask, Membership
from feedback.desk.trends import parts as trend_parts
from feedback.desk.trends.notable import notable
from feedback.forum.posts.bulk import ImportRow, import_rows
from feedback.measure.alerts.by_part import Moved, OfPart, Part
from feedback.measure.alerts.fading import look_for_fading
from feedback.roadmap.models import Item, Release
from feedback.roadmap.operations import adopt

pytestmark = pytest.mark.django_db


def parts(page):
    """Return the titles of each part of the list, and the line of what there is nothing of."""
    text = page.content.decode()
    found = {}
    for part in re.findall(r'<section class="tuesday-week__part".*?</section>', text, re.S):
        key = re.search(r'id="week-(\w+)"', part)[1]
        found[key] = re.findall(r'data-key="a">([^<]+)</a>', part)
    nothing = re.search(r"Nothing of this: ([^<]*)</p>", " ".join(text.split()))
    return found, nothing[1] if nothing else ""


def test_a_quiet_week_is_one_line(desk, product):
    found, nothing = parts(desk.get("/desk/tuesday/"))
    assert found == {}
    assert (
        nothing
        == "New, Newly proposed, Called notable, Growing, Contested, Promised, Late, Fading."
    )


def test_new_asks_are_seven_at_most_with_a_link_to_all(desk, ann, publish, make_ask, now):
    made = [make_ask(publish(ann, f"Wish {n}")) for n in range(9)]
    Ask.objects.filter(pk=made[0].pk).update(created_at=now - dt.timedelta(days=8))
    Ask.objects.filter(pk=made[8].pk).update(people_count=5)
    page = desk.get("/desk/tuesday/")
    new = parts(page)[0]["new"]
    assert len(new) == 7
    assert new[0] == "Wish 8"
    assert "Wish 0" not in new
    assert 'href="/desk/asks/?younger=7">1 more' in page.content.decode()


def numbers(page):
    """Return of each part that leads to the table of asks how many it says there are, and how many stand there."""
    said = {}
    for part in re.findall(r'<section class="tuesday-week__part".*?</section>', page, re.S):
        key = re.search(r'id="week-(\w+)"', part)[1]
        number = int(re.search(r'class="tabs__number">(\d+)<', part)[1])
        if found := re.search(r'href="(/desk/asks/\?[^"]*)"', part):
            said[key] = (number, found[1].replace("&amp;", "&"))
    return said


def test_each_number_is_that_of_the_table_it_leads_to(
    desk, ann, pia, publish, make_ask, product, now
):
    for n in range(3):
        make_ask(publish(ann, f"Proposed {n}"), state="PROPOSED")
    for n in range(2):
        item = adopt(ask=make_ask(publish(ann, f"Wish {n}")), actor=pia, now=now, title=f"Item {n}")
        day = now.date() + dt.timedelta(days=7 if n else -7)
        release = Release.objects.create(product=product, version=f"2.{n}", release_date=day)
        Item.objects.filter(pk=item.pk).update(release=release)
    said = numbers(desk.get("/desk/tuesday/").content.decode())
    assert {key: number for key, (number, _url) in said.items()} == {
        "new": 2, "proposed": 3, "promised": 2, "late": 1,
    }  # fmt: skip
    for number, url in said.values():
        assert desk.get(url).context["page"].paginator.count == number


def test_what_cannot_be_chance_is_never_cut_off():
    rows = [SimpleNamespace(people=5, ratio=2.0, low=2.0 - n / 11) for n in range(14)]
    assert notable(rows) == rows[:12]


def test_what_fades_in_a_version_is_shown_beside_ten_that_grow(monkeypatch, ann, publish, make_ask):
    asks = [make_ask(publish(ann, f"Wish {n}")) for n in range(14)]
    Ask.objects.filter(pk=asks[0].pk).update(state="RETIRED")
    moved = [Moved(ask.pk, n < 12, 3, 5, 5, 1.0) for n, ask in enumerate(asks)]
    found = [OfPart(Part.VERSION, "2.0", 90, moved)]
    monkeypatch.setattr(trend_parts, "by_part", lambda _product, *, now: found)
    rows = trend_parts.parts_of(asks[0].product)
    assert [row.ask for row in rows] == [*asks[1:11], *asks[12:]]


def test_what_an_author_contests_stands_there(desk, ann, bo, publish, make_ask, now):
    post = publish(bo, "Not this")
    ask = make_ask(publish(ann, "Dark mode"), post)
    contest(post=post, author=bo, now=now)
    assert parts(desk.get("/desk/tuesday/"))[0]["contested"] == [ask.title]


def brought(board, now, name, days):
    """Bring posts of ``days`` before now and make an ask of them."""
    rows = [
        ImportRow(
            external_id=f"{name}{n}",
            title=f"{name} {n}",
            body="words",
            posted_at=now - dt.timedelta(days=day),
            author=f"{name}{n}",
        )
        for n, day in enumerate(days)
    ]
    import_rows(rows, board=board, source="old", now=now)
    posts = list(board.posts.filter(title__startswith=f"{name} ").order_by("pk"))
    ask = Ask.objects.create(
        product=board.product, title=name, medoid=posts[0], created_at=now - dt.timedelta(days=200),
        state="PUBLIC", confirmed_at=now,
    )  # fmt: skip
    Membership.objects.bulk_create(
        Membership(post=post, ask=ask, source="MACHINE", model_key="t", placed_at=now)
        for post in posts
    )
    recount([ask.pk])
    return ask


def test_what_fewer_ask_for_fades_against_the_board(desk, board, now):
    faded = brought(board, now, "Faded", [40 + n % 90 for n in range(40)])
    brought(board, now, "Steady", [n % 135 for n in range(135)])
    assert [one.ask for one in look_for_fading(board.product, now=now)] == [faded]
    assert parts(desk.get("/desk/tuesday/"))[0]["fading"] == ["Faded"]
    Ask.objects.filter(pk=faded.pk).update(stage="SHIPPED")
    assert look_for_fading(board.product, now=now) == []


def test_nothing_fades_where_the_whole_board_went_quiet(board, now):
    brought(board, now, "One", [30 + n % 100 for n in range(60)] + [1])
    brought(board, now, "Two", [30 + n % 100 for n in range(60)] + [2])
    assert look_for_fading(board.product, now=now) == []


def test_trends_show_what_fades_and_say_in_one_line_what_there_is_nothing_of(desk, board, now):
    brought(board, now, "Faded", [40 + n % 90 for n in range(40)])
    brought(board, now, "Steady", [n % 135 for n in range(135)])
    page = " ".join(desk.get("/desk/trends/").content.decode().split())
    fades = page[page.index('id="fading-title"') :]
    assert ">Faded</a>" in fades
    assert "Steady" not in fades
    nothing = re.findall(r"Nothing of this: ([^<]*)\.</p>", page)
    assert len(nothing) == 1
    assert "After a release" in nothing[0]
    assert "Fading" not in nothing[0]
