"""Columns by configuration: names, stages, who sees each, and every overview that obeys."""

import pytest
from django.core.exceptions import PermissionDenied

from feedback.asks.stages import Stage
from feedback.journal.models import Entry
from feedback.kernel.refusals import Refusal
from feedback.roadmap import operations
from feedback.roadmap.columns.operations import Wanted, choose_columns
from feedback.roadmap.models import Column

OVERVIEWS = [
    "/roadmap/",
    "/roadmap/?view=list",
    "/roadmap/?view=list&stage=BETA",
    "/roadmap/?view=timeline",
    "/roadmap/?view=horizon",
    "/roadmap/widget/",
]


@pytest.fixture
def in_beta(item, pia, now):
    return operations.move(item=item, stage=Stage.BETA, actor=pia, now=now)


@pytest.fixture
def choose(product, pia, now):
    def choose(*columns):
        return choose_columns(product=product, columns=columns, actor=pia, now=now)

    return choose


def text_of(response):
    return response.content.decode()


def fields(*columns, **more):
    """Return what a browser sends for these rows: (name, name_zh, stages, shown_to)."""
    empty = [("", "", [], "EVERYONE")] * (5 - len(columns))
    sent = dict(more)
    for at, row in enumerate([*columns, *empty], start=1):
        for name, value in zip(("name", "name_zh", "stages", "shown_to"), row, strict=True):
            sent[f"column-{at}-{name}"] = value
    return sent


def test_names_and_stages_are_chosen_on_a_page(client, client_of, pia, in_beta):
    manager = client_of(pia)
    seen = manager.get("/roadmap/columns/").context["form"]["seen"].value()
    response = manager.post(
        "/roadmap/columns/",
        fields(
            ("Looking", "在看", ["UNDER_REVIEW", "PLANNED"], "EVERYONE"),
            ("Hands on", "动手中", ["IN_PROGRESS", "BETA"], "EVERYONE"),
            seen=seen,
        ),
    )
    assert response.status_code == 302
    page = client.get("/roadmap/")
    assert [platform.column.title for platform in page.context["platforms"]] == [
        "Looking",
        "Hands on",
    ]
    assert "A dark theme" in text_of(page)
    assert "动手中" in text_of(client.get("/roadmap/", headers={"accept-language": "zh-Hans"}))
    assert "Hands on" in text_of(manager.get("/roadmap/columns/"))
    assert Entry.objects.filter(verb="roadmap.columns-chosen").count() == 1


@pytest.mark.parametrize("address", OVERVIEWS)
def test_every_overview_obeys(client, client_of, mo, in_beta, choose, address):
    assert "A dark theme" in text_of(client.get(address))
    choose(Wanted(["PLANNED"]), Wanted(["BETA"], shown_to="TEAM"))
    assert "A dark theme" not in text_of(client.get(address))
    inside = text_of(client_of(mo).get(address))
    assert ("A dark theme" in inside) is not ("widget" in address)
    choose(Wanted(["PLANNED"]), Wanted(["BETA"], shown_to="NOBODY"))
    assert "A dark theme" not in text_of(client_of(mo).get(address))


def test_what_leaves_the_overviews_keeps_its_page_and_its_stages_leave_the_filter(
    client, in_beta, choose
):
    choose(Wanted(["PLANNED"]))
    assert client.get(f"/roadmap/{in_beta.public_id}/").status_code == 200
    assert 'value="BETA"' not in text_of(client.get("/roadmap/"))


def test_what_is_declined_stands_below_whatever_is_chosen(client, in_beta, choose, pia, now):
    choose(Wanted(["PLANNED"], shown_to="NOBODY"))
    operations.decline(item=in_beta, reason="Too dear.", actor=pia, now=now)
    assert "Too dear." in text_of(client.get("/roadmap/"))


def test_the_usual_columns_come_back(client, client_of, pia, in_beta, choose):
    choose(Wanted(["PLANNED"]))
    client_of(pia).post("/roadmap/columns/", {"usual": "1"})
    assert not Column.objects.exists()
    assert "A dark theme" in text_of(client.get("/roadmap/"))


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ([("", "", ["BETA"], "EVERYONE"), ("", "", ["BETA"], "TEAM")], "stands in two columns"),
        ([("Named", "", [], "EVERYONE")], "Say which stages it holds."),
        ([("", "", ["DECLINED"], "EVERYONE")], "DECLINED"),
    ],
)
def test_what_cannot_be_a_column_comes_back_with_the_form(client_of, pia, item, columns, why):
    response = client_of(pia).post("/roadmap/columns/", fields(*columns))
    assert response.status_code == 422
    assert why in text_of(response)
    assert not Column.objects.exists()


def test_two_who_choose_at_once_see_both(client_of, pia, item, choose):
    manager = client_of(pia)
    seen = manager.get("/roadmap/columns/").context["form"]["seen"].value()
    choose(Wanted(["BETA"], name="Trying"))
    sent = fields(("Mine", "", ["PLANNED"], "EVERYONE"), seen=seen)
    response = manager.post("/roadmap/columns/", sent)
    assert response.status_code == 409
    page = text_of(response)
    assert "Trying" in page
    assert 'value="Mine"' in page
    again = fields(
        ("Mine", "", ["PLANNED"], "EVERYONE"), seen=response.context["form"]["seen"].value()
    )
    assert manager.post("/roadmap/columns/", again).status_code == 302


def test_each_product_has_its_own(
    client, product, notes, board, notes_board, ann, make_ask, publish, pia, now
):
    for one in (board, notes_board):
        ask = make_ask(publish(ann, f"Wish on {one.slug}", board=one))
        operations.adopt(ask=ask, title=f"Plan of {one.slug}", actor=pia, now=now)
    columns = [Wanted(["PLANNED"], shown_to="NOBODY")]
    choose_columns(product=product, columns=columns, actor=pia, now=now)
    for address in ("/roadmap/", f"/roadmap/?product={notes.slug}"):
        page = text_of(client.get(address))
        assert f"Plan of {notes_board.slug}" in page
        assert f"Plan of {board.slug}" not in page


def test_a_member_chooses_no_columns(product, ann, now):
    with pytest.raises(PermissionDenied):
        choose_columns(product=product, columns=[], actor=ann, now=now)


def test_a_column_without_a_stage_is_refused(choose):
    with pytest.raises(Refusal, match="which stages"):
        choose(Wanted([]))
