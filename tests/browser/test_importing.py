"""A product manager brings a file: sees what it is, says what is otherwise, starts, mends a row, and undoes all of it."""

from pathlib import Path

from feedback.asks.models import Ask
from feedback.forum.models import Post
from feedback.importing.models import Import

FIDER = Path(__file__).parents[1] / "importing" / "sources" / "fider.csv"
TABLE = """id,author,content,score,created
r1,Cleo,Please add a dark theme: my eyes hurt at night,4,2026-01-05 10:00
r2,Dan,It crashes whenever I open a large photo,1,2026-01-06 11:00
r3,李雷,希望增加深色模式，晚上看着刺眼,9,2026-01-07 12:00
r4,Eve,Let me export all of my notes as text files,5,2026-01-08 13:00
"""


def test_a_file_is_brought_mended_and_undone(walk, board, run_jobs, pia, tmp_path, settings):
    settings.DATA_DIR = tmp_path
    file = tmp_path / "reviews.csv"
    file.write_text(TABLE, encoding="utf-8")
    pias = walk()
    pias.sign_in(pia)
    page = pias.go("/desk/first-steps/")
    page.get_by_role("link", name="Choose a file").click()
    page.get_by_label("Drop a file here").set_input_files(file)
    pias.look("import-1-bring")
    page.get_by_role("button", name="Look at it").click()
    page.get_by_text("Looking at the file").wait_for()
    run_jobs()

    # The page looks again by itself. Three rows stand there as posts, and each column with its reason.
    page.get_by_role("heading", name="Three of its rows, as posts").wait_for()
    assert page.get_by_role("heading", name="Please add a dark theme").count() == 1
    assert page.get_by_label("score").input_value() == "", (
        "A nine is no star, unless somebody says so."
    )
    assert not page.get_by_label("What the new board is called").is_visible()
    page.get_by_label("score").select_option("stars")
    page.get_by_label("author").select_option("")
    pias.look("import-2-mapping")
    page.get_by_role("button", name="Look again with this").click()
    page.get_by_text("Looking at the file").wait_for()
    run_jobs()
    page.get_by_text("you said so").wait_for()
    assert page.get_by_label("author").input_value() == ""

    # On a board that is made for it.
    page.get_by_label("Board", exact=True).select_option("+")
    page.get_by_label("What the new board is called").fill("App store")
    page.get_by_role("button", name="Import 4 rows").click()
    page.get_by_text("Taking the rows").wait_for()
    run_jobs()
    page.get_by_role("link", name="1 refused row").click()
    page.get_by_label("score").fill("5")
    pias.look("import-3-refused")
    page.get_by_role("button", name="Try it again").click()
    page.get_by_text("It is being tried again.").wait_for()
    run_jobs()
    page.get_by_text("No row is refused any more.").wait_for()
    assert Post.objects.filter(board__name="App store").count() == 4

    # And all of it goes again.
    page.get_by_role("link", name="reviews.csv").click()
    page.get_by_role("link", name="Undo this import").wait_for()
    pias.look("import-4-done")
    page.get_by_role("link", name="Undo this import").click()
    page.get_by_role("button", name="Undo the import").click()
    page.get_by_text("Removing what it made").wait_for()
    run_jobs()
    page.get_by_text("4 posts are gone").wait_for()
    assert not Post.objects.exists()
    assert Import.objects.get().state == "UNDONE"


def test_states_of_another_tool_become_asks(walk, board, run_jobs, pia, tmp_path, settings):
    settings.DATA_DIR = tmp_path
    pias = walk()
    pias.sign_in(pia)
    page = pias.go("/desk/import/")
    page.get_by_label("Drop a file here").set_input_files(FIDER)
    page.get_by_role("button", name="Look at it").click()
    page.get_by_text("Looking at the file").wait_for()
    run_jobs()
    page.get_by_text("What their states become").wait_for()
    asks = page.get_by_label("Make asks of them")
    assert asks.is_checked()
    assert page.get_by_label("planned").input_value() == "PLANNED"
    asks.uncheck()
    assert not page.get_by_label("planned").is_visible()
    asks.check()
    page.get_by_label("planned").select_option("BETA")
    pias.look("import-5-states")
    page.get_by_role("button", name="Import 5 rows").click()
    page.get_by_text("Taking the rows").wait_for()
    run_jobs()
    page.get_by_text("3 asks confirmed").wait_for()
    pias.look("import-6-decided")
    assert Ask.objects.filter(stage="BETA").count() == 1
