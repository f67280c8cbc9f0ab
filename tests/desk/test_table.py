"""The table of asks over HTTP: sorted, filtered, kept, decided about, taken along."""

import csv
import datetime as dt
import io
import re

import pytest
from python_calamine import load_workbook
from zeal import zeal_ignore

from feedback.asks.decisions.confirm import confirm_ask
from feedback.asks.models import Ask, Decision, SavedView
from feedback.asks.table import saved
from feedback.journal.models import Entry
from feedback.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def asks(grouped, ask_of, pia):
    """Three confirmed asks, by theme."""
    found = {theme: ask_of(grouped[theme][0]) for theme in ("dark", "crash", "export")}
    for ask in found.values():
        confirm_ask(ask=ask, actor=pia, now=clock.now())
        ask.refresh_from_db()
    return found


def titles(answer):
    """Return the titles in the table, in order."""
    page = answer.content.decode()
    return re.findall(r'<th scope="row">\s*<a [^>]*>([^<]+)</a>', page)


def several(desk, asks, **form):
    ids = [ask.public_id for ask in asks]
    with zeal_ignore():  # each ask is one transaction
        return desk.post("/desk/asks/several/", {"ask": ids, **form}, follow=True)


def take_back(desk, answer):
    """Press the one undo that ``answer`` offers."""
    undo = re.search(r'action="(/desk/asks/several/undo/[^"]+)"', answer.content.decode())[1]
    with zeal_ignore():
        assert desk.post(undo.replace("&amp;", "&")).status_code == 302


def test_heads_sort_and_turn_round(asks, desk):
    Ask.objects.filter(pk=asks["crash"].pk).update(title="Aaa")
    up = desk.get("/desk/asks/?sort=title")
    assert titles(up)[0] == "Aaa"
    assert 'aria-sort="ascending"' in up.content.decode()
    assert "?sort=-title" in up.content.decode()
    assert titles(desk.get("/desk/asks/?sort=-title"))[-1] == "Aaa"


@pytest.mark.parametrize(
    "column", ["people", "critical", "growth", "stage", "answered", "owner", "age", "fresh"]
)
@pytest.mark.parametrize("way", ["", "-"])
def test_every_column_sorts(asks, desk, column, way):
    assert len(titles(desk.get(f"/desk/asks/?sort={way}{column}"))) == 3


def test_filters_narrow_alone_and_together(asks, desk, pia, mo):
    Ask.objects.filter(pk=asks["dark"].pk).update(owner=pia, answered_at=clock.now())
    Ask.objects.filter(pk=asks["crash"].pk).update(owner=mo)
    dark, crash, export = (asks[theme].title for theme in ("dark", "crash", "export"))
    for query, wanted in {
        "owner=me": {dark},
        f"owner={mo.public_id}": {crash},
        "owner=none": {export},
        "answered=no": {crash, export},
        "answered=yes": {dark},
        "answered=no&owner=none": {export},
        "people=100000": set(),
        "older=1": set(),
        "younger=1": {dark, crash, export},
        "stage=PLANNED": set(),
        "board=suggestions": {dark, crash, export},
        "board=nowhere": set(),
        "language=en&answered=yes": {dark},
        "version=99.9": set(),
        "promised=yes": set(),
        "promised=late": set(),
        "area=none": {dark, crash, export},
    }.items():
        assert set(titles(desk.get(f"/desk/asks/?{query}"))) == wanted, query


def test_what_an_address_cannot_mean_is_left_out(asks, desk):
    answer = desk.get("/desk/asks/?state=x&stage=y&people=-3&younger=1e9&sort=password&promised=1")
    assert len(titles(answer)) == 3


def test_growing_counts_the_last_week_against_the_one_before(asks, desk, grouped):
    now = clock.now()
    for theme, days in (("dark", 1), ("crash", 9)):
        for post in grouped[theme]:
            type(post).objects.filter(pk=post.pk).update(posted_at=now - dt.timedelta(days=days))
        Ask.objects.filter(pk=asks[theme].pk).update(last_post_at=now - dt.timedelta(days=days))
    Ask.objects.filter(pk=asks["export"].pk).update(last_post_at=now - dt.timedelta(days=90))
    for post in grouped["export"]:
        type(post).objects.filter(pk=post.pk).update(posted_at=now - dt.timedelta(days=90))
    assert titles(desk.get("/desk/asks/?growing=yes")) == [asks["dark"].title]
    order = titles(desk.get("/desk/asks/?sort=-growth"))
    assert (order[0], order[-1]) == (asks["dark"].title, asks["crash"].title)


def test_words_are_looked_for_and_by_meaning_too(asks, desk, grouped):
    title = grouped["dark"][1].title
    assert asks["dark"].title in titles(desk.get("/desk/asks/", {"q": title}))
    assert titles(desk.get("/desk/asks/", {"q": title, "near": "1"}))[0] == asks["dark"].title


def test_a_page_asks_no_query_a_row(asks, desk, django_assert_max_num_queries):
    desk.get("/desk/asks/")
    with django_assert_max_num_queries(40):
        desk.get("/desk/asks/")


def test_little_lines_come_after(asks, desk):
    ask = asks["dark"]
    assert '<svg class="sparkline' not in desk.get("/desk/asks/").content.decode()
    page = desk.get(f"/desk/asks/lines/?ask={ask.public_id}").content.decode()
    assert f'id="line-{ask.public_id}"' in page


def test_several_get_an_owner_and_one_undo_takes_it_back(asks, desk, pia, mo):
    Ask.objects.filter(pk=asks["export"].pk).update(owner=mo)
    answer = several(desk, asks.values(), do="owner", owner=pia.public_id)
    assert set(Ask.objects.filter(owner=pia)) == set(asks.values())
    assert Entry.objects.filter(verb="asks.ask-owned").count() == 3
    take_back(desk, answer)
    assert not Ask.objects.filter(owner=pia)
    assert Ask.objects.get(owner=mo) == asks["export"]


def test_what_cannot_be_done_with_one_is_done_with_the_others_and_said(asks, desk, pia):
    several(desk, [asks["dark"]], do="lock")
    page = several(desk, asks.values(), do="lock").content.decode()
    assert Ask.objects.filter(is_locked=True).count() == 3
    assert "Done with 2 asks." in page
    assert "is locked already" in page


def test_several_are_joined_into_the_largest_and_parted_again(asks, desk):
    people = {ask: ask.people_count for ask in asks.values()}
    Ask.objects.filter(pk=asks["export"].pk).update(people_count=500)
    answer = several(desk, asks.values(), do="join")
    assert set(Ask.objects.filter(joined_into=asks["export"])) == {asks["dark"], asks["crash"]}
    take_back(desk, answer)
    assert not Ask.objects.filter(joined_into__isnull=False)
    for ask, number in people.items():
        ask.refresh_from_db()
        assert ask.people_count == number


def test_several_are_declined_with_one_reason_and_reopened(asks, desk):
    page = several(desk, asks.values(), do="decline", reason=" ").content.decode()
    assert "Write the reason" in page
    answer = several(desk, asks.values(), do="decline", reason="Not now.")
    assert set(Ask.objects.filter(stage="DECLINED").values_list("decline_reason", flat=True)) == {
        "Not now."
    }
    take_back(desk, answer)
    assert not Ask.objects.filter(stage="DECLINED")


@pytest.mark.parametrize("form", [{}, {"do": "owner"}, {"do": "area"}, {"do": "explode"}])
def test_half_a_form_decides_nothing(asks, desk, form):
    before = Decision.objects.count()
    several(desk, asks.values(), **form)
    several(desk, [], do="lock")
    assert Decision.objects.count() == before


def test_a_moderator_and_a_member_decide_nothing(asks, client_of, mo, ann):
    for person in (mo, ann):
        answer = client_of(person).post(
            "/desk/asks/several/", {"ask": [asks["dark"].public_id], "do": "lock"}
        )
        assert answer.status_code == 403
    assert not Ask.objects.filter(is_locked=True)


def test_a_view_is_kept_shared_removed_and_brought_back(asks, desk, client_of, mo):
    query = "answered=no&sort=title"
    desk.post("/desk/asks/views/", {"name": "To answer", "query": f"{query}&evil=1"})
    view = SavedView.objects.get()
    assert (view.query, view.is_shared) == (query, False)
    assert "To answer" in desk.get("/desk/asks/").content.decode()
    other = client_of(mo)
    assert "To answer" not in other.get("/desk/asks/").content.decode()
    assert other.post(f"/desk/asks/views/{view.public_id}/", {"do": "remove"}).status_code == 404
    desk.post(f"/desk/asks/views/{view.public_id}/", {"do": "share"})
    assert "To answer" in other.get("/desk/asks/").content.decode()
    assert other.post(f"/desk/asks/views/{view.public_id}/", {"do": "remove"}).status_code == 404
    page = desk.post(f"/desk/asks/views/{view.public_id}/", {"do": "remove"}, follow=True)
    undo = f"/desk/asks/views/{view.public_id}/?do=restore"
    assert undo in page.content.decode()
    assert ">To answer</a>" not in desk.get("/desk/asks/").content.decode()
    desk.post(undo)
    assert ">To answer</a>" in desk.get("/desk/asks/").content.decode()
    whats = [
        entry.data["what"]
        for entry in Entry.objects.filter(verb="asks.view-changed").order_by("pk")
    ]
    assert whats == ["saved", "shared", "removed", "restored"]


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1+1", "＝1+1", '=HYPERLINK("x")']


def test_a_view_is_kept_anew_though_no_more_fit(asks, desk, monkeypatch):
    monkeypatch.setattr(saved, "MOST", 1)
    for query in ("people=5", "people=20"):
        desk.post("/desk/asks/views/", {"name": "Large", "query": query})
    desk.post("/desk/asks/views/", {"name": "Another", "query": ""})
    assert [(one.name, one.query) for one in SavedView.objects.all()] == [("Large", "people=20")]


@pytest.mark.parametrize("title", FORMULAS)
def test_csv_holds_no_formula(asks, desk, title):
    Ask.objects.filter(pk=asks["dark"].pk).update(title=title.strip("\t"), keywords=[title])
    answer = desk.get("/desk/asks/export.csv?sort=title")
    said = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(said)))
    assert len(rows) == 3
    for row in rows:
        for cell in row.values():
            assert not cell.lstrip().startswith(tuple("=+-@＝＋－＠"))
    assert title.strip("\t") in next(r for r in rows if r["id"] == asks["dark"].public_id)["title"]


def test_xlsx_holds_words_and_numbers_as_they_are(asks, desk):
    Ask.objects.filter(pk=asks["dark"].pk).update(title="=1+1")
    answer = desk.get("/desk/asks/export.xlsx?owner=none")
    sheet = load_workbook(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    head, *rows = sheet
    cells = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    assert len(cells) == 3
    dark = cells[asks["dark"].public_id]
    assert (dark["title"], dark["people"]) == ("=1+1", asks["dark"].people_count)


def test_what_is_taken_along_is_what_is_shown(asks, desk, pia):
    Ask.objects.filter(pk=asks["crash"].pk).update(owner=pia)
    said = b"".join(desk.get("/desk/asks/export.csv?owner=me").streaming_content).decode()
    assert asks["crash"].public_id in said
    assert asks["dark"].public_id not in said
