"""Filling a report in: over HTTP, as a plain form."""

import datetime as dt

import pytest

from feedback.accounts.agents import make_agent
from feedback.asks.decisions.shape import join_asks
from feedback.asks.people import people_behind
from feedback.asks.stages import Stage
from feedback.kernel import clock
from feedback.roadmap import operations as roadmap
from feedback.roadmap.models import Cell, ReportEntry, ReportResponse
from feedback.roadmap.reports.operations import (
    Said,
    open_due_reports,
    point_line,
    send_report,
)
from tests.products import board_of, make_notes
from tests.roadmap.reports.conftest import TUESDAY
from tests.roadmap.test_at_once import at_once

PAGE = "/releases/1.4.0/report/"


def text_of(response):
    return response.content.decode()


def said_by(person):
    entries = ReportEntry.objects.filter(response__person=person).order_by("cell", "text")
    return [(one.cell, one.item_id, one.ask_id, one.text) for one in entries]


def test_before_it_opens_the_page_says_when(client, left):
    page = text_of(client.get(PAGE))
    assert "Its report opens on Tuesday, March 10, 2026" in page
    assert client.get("/releases/1.4.0/results/").status_code == 200


def test_a_visitor_signs_in_first_and_comes_back(client, open_report):
    response = client.get(PAGE)
    assert response.status_code == 302
    assert response["Location"].endswith("?next=/releases/1.4.0/report/")


def test_one_page_shows_four_cells_and_what_shipped(client_of, ann, open_report):
    page = text_of(client_of(ann).get(PAGE))
    for words in ("Loved", "Needs work", "Waiting for", "Broken", "A dark theme", "Videos offline"):
        assert words in page
    assert page.count('name="cell"') == 4


def test_it_is_sent_as_a_plain_form_and_the_results_follow(client_of, ann, open_report, left):
    client = client_of(ann)
    sent = client.post(
        PAGE,
        {
            "pick-LOVED": left.dark.public_id,
            "pick-BROKEN": left.offline.public_id,
            "line-NEEDS_WORK": "  The grey is  too blue ",
        },
    )
    assert sent.status_code == 302
    assert sent["Location"] == "/releases/1.4.0/results/"
    assert "You can change it until March 17, 2026" in text_of(client.get(sent["Location"]))
    assert said_by(ann) == [
        (Cell.BROKEN, left.offline.pk, None, ""),
        (Cell.LOVED, left.dark.pk, None, ""),
        (Cell.NEEDS_WORK, None, None, "The grey is too blue"),
    ]


def test_it_can_be_changed_until_it_closes(client_of, ann, open_report, left):
    client = client_of(ann)
    client.post(PAGE, {"pick-LOVED": left.dark.public_id, "line-LOVED": "At last"})
    page = text_of(client.get(PAGE))
    assert 'value="At last"' in page
    assert f'value="{left.dark.public_id}" checked' in page
    client.post(PAGE, {"pick-BROKEN": left.dark.public_id})
    assert said_by(ann) == [(Cell.BROKEN, left.dark.pk, None, "")]
    assert ReportResponse.objects.count() == 1


def test_a_closed_report_refuses_and_keeps_the_words(client_of, ann, open_report, left, frozen):
    frozen.move_to(TUESDAY + dt.timedelta(days=7))
    refused = client_of(ann).post(
        PAGE, {"pick-LOVED": left.dark.public_id, "line-BROKEN": "The lights flicker"}
    )
    page = text_of(refused)
    assert refused.status_code == 422
    assert "The report on 1.4.0 closed on March 17, 2026." in page
    assert 'value="The lights flicker"' in page
    assert "/posts/new/?draft=new&amp;title=The%20lights%20flicker" in page
    assert f'value="{left.dark.public_id}" checked' in page
    assert not ReportResponse.objects.exists()
    assert client_of(ann).get(PAGE)["Location"] == "/releases/1.4.0/results/"


def test_nothing_is_refused_with_a_sentence(client_of, ann, open_report):
    refused = client_of(ann).post(PAGE, {"line-LOVED": "   "})
    assert refused.status_code == 422
    assert "Pick something, or write a line." in text_of(refused)


def test_an_item_stands_in_one_cell(client_of, ann, open_report, left):
    both = {"pick-LOVED": left.dark.public_id, "pick-BROKEN": left.dark.public_id}
    refused = client_of(ann).post(PAGE, both)
    assert "“A dark theme” stands in two cells. Leave it in one." in text_of(refused)
    assert not ReportResponse.objects.exists()


@pytest.mark.parametrize("picked", ["nonsense", "22222222222"])
def test_what_is_not_on_board_cannot_be_picked(client_of, ann, open_report, picked):
    refused = client_of(ann).post(PAGE, {"pick-LOVED": picked})
    assert refused.status_code == 422
    assert "not in the list any more" in text_of(refused)


def test_a_line_that_is_too_long_is_kept(client_of, ann, open_report):
    refused = client_of(ann).post(PAGE, {"line-BROKEN": "x" * 281, "cell": "BROKEN"})
    assert refused.status_code == 422
    assert "Broken: Make it shorter" in text_of(refused)
    assert "x" * 281 in text_of(refused)


def test_a_report_on_another_product_is_filled_in_there(
    client_of, ann, bo, pia, board, publish, make_ask, frozen, now
):
    ask = make_ask(publish(bo, "A face with hands", board=board_of(make_notes())))
    item = roadmap.adopt(ask=ask, actor=pia, now=now, title="Face")
    roadmap.ship(item=item, version="1.4.0", actor=pia, now=now)
    frozen.move_to(TUESDAY)
    (report,) = open_due_reports(now=TUESDAY)
    assert report.address == f"{PAGE}?product=notes"
    client = client_of(ann)
    assert "Face" in text_of(client.get(report.address))
    sent = client.post(report.address, {"pick-LOVED": item.public_id})
    assert sent["Location"] == report.results_address
    assert "1 person filled in the report." in text_of(client.get(report.results_address))


# --- Asks ---------------------------------------------------------------------------------------------------
def test_while_one_writes_the_asks_like_it_are_offered(
    client_of, bo, publish, make_ask, open_report, mo
):
    ask = make_ask(publish(mo, "Export my data as CSV"))
    near = client_of(bo).post(
        f"{PAGE}near/", {"cell": "WAITING_FOR", "line-WAITING_FOR": "export data as csv"}
    )
    page = text_of(near)
    assert ask.title in page
    assert f'name="ask-WAITING_FOR" value="{ask.public_id}"' in page
    assert "None of these" in page
    again = client_of(bo).post(
        PAGE, {"line-WAITING_FOR": "export data as csv", "look": "WAITING_FOR"}
    )
    assert ask.title in text_of(again)
    assert not ReportResponse.objects.exists()


def test_a_line_that_is_an_ask_counts_there(client_of, bo, publish, make_ask, open_report, mo):
    ask = make_ask(publish(mo, "Export my data as CSV"))
    client_of(bo).post(PAGE, {"line-WAITING_FOR": "CSV, please", "ask-WAITING_FOR": ask.public_id})
    assert said_by(bo) == [(Cell.WAITING_FOR, None, ask.pk, "CSV, please")]
    assert people_behind([ask.pk]).filter(pk=bo.pk).exists()


def test_loving_an_ask_is_no_vote(say, publish, make_ask, mo, bo):
    ask = make_ask(publish(mo, "Export my data as CSV"))
    say([Said(Cell.LOVED, ask=ask, text="Good to know")], by=[bo])
    assert not people_behind([ask.pk]).filter(pk=bo.pk).exists()


def test_a_line_on_what_shipped_counts_for_its_item(say, left, dark_mode, mo):
    dark_mode.refresh_from_db()
    assert dark_mode.stage == Stage.SHIPPED
    say([Said(Cell.BROKEN, ask=dark_mode, text="It is still white")], by=[mo])
    assert said_by(mo) == [(Cell.BROKEN, left.dark.pk, dark_mode.pk, "It is still white")]


def test_what_one_asked_for_oneself_can_be_picked(client_of, bo, publish, make_ask, open_report):
    ask = make_ask(publish(bo, "Export my data as CSV"))
    page = text_of(client_of(bo).get(PAGE))
    assert f'name="pick-WAITING_FOR" value="{ask.public_id}"' in page
    client_of(bo).post(PAGE, {"pick-WAITING_FOR": ask.public_id})
    assert said_by(bo) == [(Cell.WAITING_FOR, None, ask.pk, "")]


def test_an_ask_that_is_not_public_is_neither_shown_nor_wanted(
    client_of, ann, bo, publish, make_ask, open_report, mo
):
    hidden = make_ask(publish(mo, "Export my data as CSV"), state="PROPOSED")
    fields = {"line-WAITING_FOR": "CSV, please", "ask-WAITING_FOR": hidden.public_id}
    assert hidden.title not in text_of(client_of(bo).post(PAGE, fields | {"look": "BROKEN"}))
    client_of(bo).post(PAGE, fields)
    assert said_by(bo) == [(Cell.WAITING_FOR, None, None, "CSV, please")]
    said = [Said(Cell.WAITING_FOR, ask=hidden)]
    send_report(report=open_report, person=ann, said=said, now=clock.now())
    assert not people_behind([hidden.pk]).filter(pk__in=[ann.pk, bo.pk]).exists()


def test_an_ask_that_was_joined_is_what_it_became(
    client_of, bo, publish, make_ask, open_report, mo, pia
):
    said, home = make_ask(publish(mo, "Export as CSV")), make_ask(publish(mo, "All my data"))
    client_of(bo).post(PAGE, {"line-WAITING_FOR": "CSV", "ask-WAITING_FOR": said.public_id})
    join_asks(ask=said, into=home, actor=pia, now=clock.now())
    page = text_of(client_of(bo).get(PAGE))
    assert f'name="ask-WAITING_FOR" value="{home.public_id}" checked' in page


def test_what_the_team_says_that_a_line_means_is_no_vote(
    client_of, bo, publish, make_ask, open_report, mo
):
    client_of(bo).post(PAGE, {"line-WAITING_FOR": "CSV, please"})
    ask = make_ask(publish(mo, "Export my data as CSV"))
    point_line(entry=ReportEntry.objects.get(), ask=ask, actor=mo, now=clock.now())
    client_of(bo).post(PAGE, {"line-WAITING_FOR": "CSV, please", "line-LOVED": "Fast"})
    assert ReportEntry.objects.get(cell=Cell.WAITING_FOR).ask == ask
    assert not people_behind([ask.pk]).filter(pk=bo.pk).exists()


# --- Once ---------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_two_sends_at_once_are_one_report(open_report, left, ann):
    def send(cell):
        return lambda: send_report(
            report=open_report,
            person=ann,
            said=[Said(cell, item=left.dark), Said(cell, text=f"{cell}")],
            now=clock.now(),
        )

    sent = at_once(*[send(cell) for cell in (Cell.LOVED, Cell.BROKEN, Cell.NEEDS_WORK)])
    assert [one for one in sent if isinstance(one, Exception)] == []
    assert ReportResponse.objects.count() == 1
    entries = ReportEntry.objects.filter(response__person=ann)
    assert len(entries) == 2
    assert len({entry.cell for entry in entries}) == 1  # one of them, and whole


def test_an_agent_fills_in_no_report(client_of, ann, person, open_report, left, now):
    robo = person("Robo")
    make_agent(account=robo, human=ann, now=now)
    client_of(robo).post(PAGE, {"pick-LOVED": left.dark.public_id})
    assert not ReportResponse.objects.exists()
    client_of(ann).post(PAGE, {"pick-LOVED": left.dark.public_id})
    assert ReportResponse.objects.count() == 1
