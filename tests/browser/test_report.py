"""On a phone: from the notice that a report is open to the report that is sent, and to what everybody says."""

import datetime as dt

import pytest

from feedback.accounts.models import User
from feedback.kernel import clock
from feedback.roadmap import operations as roadmap
from feedback.roadmap.models import Cell, ReportEntry
from feedback.roadmap.reports.operations import Said, open_report, send_report
from tests.cast import make_person

WORDS = {
    "en": {
        "cells": ("Loved", "Broken", "Waiting for"),
        "near": "None of these",
        "unsent": "Not sent yet.",
        "sent": "Sent, thank you.",
        "results": "How 1.4.0 turned out",
        "happy": "happy",
    },
    "zh-hans": {
        "cells": ("喜欢", "有问题", "期待"),
        "near": "都不是",
        "unsent": "还没提交。",
        "sent": "已提交，谢谢。",
        "results": "1.4.0用得怎么样",
        "happy": "满意",
    },
}


@pytest.fixture
def on_tuesday(item, ann, bo, pia, publish, make_ask, run_jobs):
    """1.4.0 left on Friday with a dark theme and offline videos; five people have said how it is."""
    friday = clock.now() - dt.timedelta(days=4)
    offline = roadmap.adopt(
        ask=make_ask(publish(bo, "Offline videos", now=friday)),
        actor=pia,
        now=friday,
        title="Videos offline",
    )
    make_ask(publish(bo, "Export my data as CSV", now=friday))
    for one in (item, offline):
        roadmap.ship(item=one, version="1.4.0", actor=pia, now=friday)
    item.refresh_from_db()
    report = open_report(release=item.release, now=clock.now() - dt.timedelta(hours=1))
    for number in range(5):
        said = [Said(Cell.LOVED, item=item)]
        send_report(report=report, person=make_person(f"P{number}"), said=said, now=clock.now())
    run_jobs()
    return report


@pytest.mark.parametrize("language", WORDS)
def test_from_the_notice_to_the_report_to_the_results(language, walk, ann, on_tuesday, item):
    words = WORDS[language]
    loved, broken, waiting = words["cells"]
    window = walk(language=language, width=390)
    window.sign_in(User.objects.get(pk=ann.pk))
    page = window.go("/inbox/")
    window.look(f"report-{language}-1-inbox")
    page.locator(".notice [data-open]", has_text="1.4.0").first.click()

    # Everything is on one screen, and a thumb hits it.
    page.locator(".report__tile").first.wait_for()
    send = page.locator(".report .button--primary")
    assert send.bounding_box()["y"] + send.bounding_box()["height"] < 844
    for tile in page.locator(".report__tile").all():
        assert tile.bounding_box()["height"] >= 44

    # Loved, then thought better of: an item stands in one cell.
    page.locator(".report__cell:visible .pick", has_text="A dark theme").click()
    page.locator(".report__tile", has_text=broken).click()
    page.locator(".report__cell:visible .pick", has_text="A dark theme").click()
    assert page.locator(f"[data-count={Cell.LOVED}]").inner_text() == ""
    assert page.locator(f"[data-count={Cell.BROKEN}]").inner_text() == "1"
    assert page.locator("text=" + words["unsent"]).is_visible()
    page.locator(".report__tile", has_text=loved).click()
    page.locator(".report__cell:visible .pick", has_text="Videos offline").click()

    # A line, and the ask that it means.
    page.locator(".report__tile", has_text=waiting).click()
    page.locator("#id_line-WAITING_FOR").press_sequentially("export data as csv", delay=10)
    page.locator("#near-WAITING_FOR .pick", has_text="Export my data as CSV").click()
    assert page.locator(".pick", has_text=words["near"]).count() == 1
    window.look(f"report-{language}-2-filled-in")
    send.click()

    page.locator("h1", has_text=words["results"]).wait_for()
    assert page.locator("text=" + words["sent"]).count() >= 1
    assert (
        page.locator(".outcome", has_text="A dark theme").locator("strong").first.inner_text()
        == "83%"
    )
    assert page.locator(".outcome", has_text=words["happy"]).count() == 1
    window.look(f"report-{language}-3-results")
    said = ReportEntry.objects.filter(response__person=ann).order_by("cell")
    assert [(one.cell, one.text) for one in said] == [
        (Cell.BROKEN, ""),
        (Cell.LOVED, ""),
        (Cell.WAITING_FOR, "export data as csv"),
    ]
    assert said.get(cell=Cell.WAITING_FOR).ask.title == "Export my data as CSV"

    # What was sent can be changed, and the item says what became of it.
    page.locator(f"a[href='{on_tuesday.address}']").first.click()
    assert page.locator(f"[data-count={Cell.BROKEN}]").inner_text() == "1"
    page = window.go(f"/roadmap/{item.public_id}/")
    assert page.locator(".outcome-line strong").inner_text().startswith("83%")


def test_it_is_sent_without_scripts(browser, live_server, walk, ann, on_tuesday):
    window = walk(width=390)
    window.sign_in(User.objects.get(pk=ann.pk))
    plain = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    plain.add_cookies(window.context.cookies())
    page = plain.new_page()
    page.goto(f"{live_server.url}{on_tuesday.address}")
    page.locator(".report__tile").nth(3).click()
    page.locator(".report__cell:visible .pick").first.click()
    page.fill("#id_line-BROKEN", "export data as csv")
    page.locator(".report__cell:visible button[name=look]").click()
    assert page.locator(".report__cell:visible .pick--near", has_text="Export my data").count() == 1
    page.locator(".report .button--primary").click()
    page.wait_for_url("**/results/")
    assert ReportEntry.objects.filter(response__person=ann).count() == 2
    plain.close()
