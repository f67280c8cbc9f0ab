"""The whole way: import, ask, confirm, adopt, ship, and the inbox of somebody who voted."""

import csv
import re

import pytest
from django.core.management import call_command

ROWS = [
    ("Cleo", "Add a dark mode"),
    ("Dan", "Please add dark mode to the app"),
    ("Eve", "Dark mode would be great at night"),
    ("Fay", "We need a dark mode theme"),
    ("Gus", "Export my data as CSV"),
    ("Hal", "Let me export data to a CSV file"),
    ("Ida", "CSV export of all my data"),
    ("Jon", "The app crashes when I open settings"),
    ("Kim", "Crash on opening the settings page"),
    ("李雷", "希望增加深色模式"),
    ("韩梅", "请增加深色模式"),
    ("", "The mascot should wear a hat"),
]


@pytest.fixture
def reviews(tmp_path):
    """A file of reviews, as a store hands them out."""
    path = tmp_path / "reviews.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "author", "title", "date"])
        for number, (author, title) in enumerate(ROWS):
            rows.writerow([number, author, title, f"2026-02-{number + 1:02}"])
    return path


def sign_in(walker, person):
    """Sign in as people do."""
    page = walker.go("/accounts/login/")
    page.fill("input[name=login]", person.email)
    page.fill("input[name=password]", "a long password")
    page.click("main form button.button--primary")
    page.wait_for_url(re.compile(r"/$"))
    return page


def test_from_a_file_of_reviews_to_it_shipped_thank_you(
    walk, reviews, encoder, run_jobs, board, bo, pia
):
    # Import what there is, and let the worker read it.
    call_command("import_posts", str(reviews), board=board.slug, verbosity=0)
    run_jobs()

    # Bo looks for his wish while he writes it, finds it, and wants it too.
    bos = walk(width=390)
    page = sign_in(bos, bo)
    page = bos.go("/posts/new/")
    page.locator("#id_title").press_sequentially("dark mode", delay=10)
    page.locator("#similar li").first.wait_for()
    bos.look("journey-1-compose")
    page = bos.go("/search/?q=dark+mode+theme")
    vote = page.locator("form.vote button").first
    assert vote.get_attribute("aria-pressed") == "false"
    vote.click()
    page.locator("form.vote button[aria-pressed=true]").first.wait_for()
    bos.look("journey-2-voted")

    # He has one more wish: a post of his own.
    page = bos.go("/posts/new/")
    page.fill("#id_title", "Dark mode for the app, please")
    page.fill("#id_body", "It is *too bright* at night.")
    page.click("main form button.button--primary")
    page.locator("h1", has_text="Dark mode for the app, please").wait_for()
    bos.look("journey-3-posted")
    run_jobs()

    # Pia has everything grouped, and confirms what is one ask.
    pias = walk()
    sign_in(pias, pia)
    page = pias.go("/desk/")
    unfolded = page.locator("details.desk-fold[open]")
    if not unfolded.count():
        page.click(".desk-fold__line")
    page.click("text=Regroup now")
    run_jobs()
    page = pias.go("/desk/")
    pias.look("journey-4-desk")
    with page.expect_response(re.compile("/desk/proposals/")):
        page.locator(".proposal__link", has_text=re.compile("dark mode", re.I)).first.click()
    # By locator: a function to wait for would be evaluated in the page, which its policy forbids.
    busy = page.locator(".htmx-request, .htmx-swapping, .htmx-settling").first
    busy.wait_for(state="detached")
    page.fill("#title", "A dark mode")
    pias.look("journey-5-evidence")
    with page.expect_response(re.compile("/desk/proposals/")):
        page.click("#evidence button[value=confirm]")
    busy.wait_for(state="detached")

    # She answers, and adopts it.
    page = pias.go("/desk/asks/")
    page.click("a:text-is('A dark mode')")
    page.locator("h1:text-is('A dark mode')").wait_for()
    pias.look("journey-6-ask")
    desk_of_ask = page.url
    page.goto(f"{desk_of_ask}answer/")
    page.fill("textarea[name=body]", "We want it too.")
    page.click("main form button.button--primary")
    page.wait_for_url(desk_of_ask)
    page.goto(f"{desk_of_ask}adopt/")
    page.fill("input[name=title]", "A theme for the night")
    page.click("main form button.button--primary")
    page.locator("h1", has_text="A theme for the night").wait_for()
    pias.look("journey-7-item")

    # It ships.
    page.click("summary:has-text('Ship it')")
    page.fill("input[name=ship-version]", "1.4.0")
    page.fill("textarea[name=ship-text]", "The night has its own colours.")
    pias.look("journey-8-ship")
    page.click("text=Ship and tell everyone who asked")
    page.locator("text=Changed in 1.4.0").wait_for()
    pias.look("journey-9-shipped")
    run_jobs()

    # Bo hears of it, once, and finds himself thanked.
    page = bos.go("/inbox/")
    assert page.locator(".notice", has_text="Shipped in 1.4.0").count() == 1
    assert page.locator(".notice", has_text="The team answered").count() == 1
    bos.look("journey-10-inbox")
    page.click("text=A theme for the night >> nth=0")
    page.locator("h1", has_text="Your idea shipped").wait_for()
    bos.look("journey-10-story")
    page = bos.go("/releases/1.4.0/")
    assert page.locator("text=The night has its own colours.").first.is_visible()
    assert page.locator("main a", has_text="Bo").count() >= 1
    bos.look("journey-11-release")
    run_jobs()
    page = bos.go("/inbox/")
    assert page.locator(".notice").count() == 4
