"""Bringing a file on the desk: it arrives, is looked at, asked about, taken and mended."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from feedback.accounts.models import User
from feedback.desk.importing.presenting import FIELDS
from feedback.forum.boards.operations import make_board
from feedback.forum.models import Comment, Post
from feedback.forum.products.operations import ensure_product
from feedback.importing.formats import Field
from feedback.importing.models import Import, RefusedRow
from feedback.kernel import clock
from tests.desk.bringing import TABLE, page_of, start
from tests.desk.bringing import desk as desk

pytestmark = pytest.mark.django_db


def test_a_file_is_seen_for_what_it_is_and_nothing_is_written(bring, desk, run_jobs):
    one = bring()
    assert "every 2s" in page_of(desk, one), "The page asks again while the worker looks."
    run_jobs()
    page = page_of(desk, one)
    assert one.state == "READY"
    assert one.rows == 4
    assert "Please add a dark theme" in page
    assert "it is called so" in page
    assert '<option value="stars" selected>' in page
    assert "every 2s" not in page
    assert not Post.objects.exists()


def test_a_column_is_taken_for_something_else(bring, desk, run_jobs):
    one = bring()
    run_jobs()
    names = [column["name"] for column in page_of(desk, one) and one.found["columns"]]
    stars, author = names.index("stars"), names.index("author")
    answer = desk.post(
        f"/desk/import/{one.public_id}/say/",
        {f"column-{stars}": "votes", f"column-{author}": "", "time_zone": "Asia/Shanghai"},
    )
    assert answer.status_code == 302
    run_jobs()
    page = page_of(desk, one)
    taken = {column["name"]: column["field"] for column in one.found["columns"]}
    assert (taken["stars"], taken["author"], taken["content"]) == ("votes", "", "body")
    assert "you said so" in page
    assert one.found["examples"][0]["posted_at"].startswith("2026-01-05T02:00")
    # and back again
    desk.post(f"/desk/import/{one.public_id}/say/", {f"column-{stars}": "stars"})
    run_jobs()
    one.refresh_from_db()
    assert {column["name"]: column["field"] for column in one.found["columns"]}["stars"] == "stars"


def test_two_columns_cannot_be_one_thing(bring, desk, run_jobs):
    one = bring()
    run_jobs()
    one.refresh_from_db()
    names = [column["name"] for column in one.found["columns"]]
    words = {f"column-{names.index('author')}": "body", "encoding": "utf-8"}
    answer = desk.post(f"/desk/import/{one.public_id}/say/", words)
    assert answer.status_code == 422
    assert "cannot both be it" in answer.content.decode()
    assert '<option value="utf-8" selected>' in answer.content.decode(), "What was said stays."


@pytest.mark.parametrize(
    ("setting", "nonsense"),
    [("encoding", "klingon"), ("date_order", "?"), ("header_line", "-1"), ("time_zone", "UTC+8")],
)
def test_nonsense_about_a_file_is_told_beside_its_field(bring, desk, run_jobs, setting, nonsense):
    one = bring()
    run_jobs()
    answer = desk.post(f"/desk/import/{one.public_id}/say/", {setting: nonsense})
    assert answer.status_code == 422
    assert "field__error" in answer.content.decode()


def test_what_the_file_leaves_open_is_asked(bring, desk, run_jobs):
    rows = "".join(f"Please let me sort my notes {n},0{n}/0{n + 1}/2024\n" for n in range(1, 6))
    one = bring("text,created\n" + rows)
    run_jobs()
    page = page_of(desk, one)
    assert one.state == "ASKING"
    assert 'value="day-first"' in page
    assert "reviews.csv" in page
    answer = desk.post(f"/desk/import/{one.public_id}/answer/", {"answer": "day-first"})
    assert answer.status_code == 302
    run_jobs()
    one.refresh_from_db()
    assert one.state == "READY"
    assert one.found["examples"][0]["posted_at"].startswith("2024-02-01")


def test_what_no_list_answers_is_answered_in_words(bring, desk, run_jobs):
    one = bring("2024-01-05,Please let me sort my notes\n2024-01-06,I want a dark theme\n")
    run_jobs()
    page = page_of(desk, one)
    assert one.state == "ASKING"
    assert 'name="answer"' in page
    desk.post(f"/desk/import/{one.public_id}/answer/", {"answer": "the first"})
    one.refresh_from_db()
    assert one.state == "ASKING", "That is no number."
    desk.post(f"/desk/import/{one.public_id}/answer/", {"answer": "0"})
    run_jobs()
    one.refresh_from_db()
    assert (one.state, one.rows) == ("READY", 2)


def test_what_is_no_table_is_told_in_a_sentence(bring, desk, run_jobs):
    one = bring(b"%PDF-1.7 and so on", "slides.pdf")
    run_jobs()
    page = page_of(desk, one)
    assert one.state == "FAILED"
    assert "slides.pdf is no table; export its rows as CSV first." in page
    assert "Forget this file" in page


def test_what_cannot_be_read_may_be_read_in_another_way(bring, desk, run_jobs):
    one = bring("id;text\n1;Sort, please, my notes\n2;Add, please, a dark theme\n", "odd.csv")
    Import.objects.filter(pk=one.pk).update(state="FAILED", error="It cannot be read.")
    assert 'name="delimiter"' in page_of(desk, one)
    desk.post(f"/desk/import/{one.public_id}/say/", {"delimiter": ";"})
    run_jobs()
    one.refresh_from_db()
    assert (one.state, one.rows) == ("READY", 2)
    start(desk, one)
    run_jobs()
    assert Post.objects.count() == 2
    desk.post(f"/desk/import/{one.public_id}/say/", {"delimiter": ","})
    one.refresh_from_db()
    assert one.state == "DONE", "Once rows are taken the file is what it was taken for."


def test_the_rows_become_posts_and_what_came_of_it_is_told(bring, desk, run_jobs, board):
    one = bring()
    run_jobs()
    assert start(desk, one).status_code == 302
    assert "every 2s" in page_of(desk, one)
    run_jobs()
    page = page_of(desk, one)
    assert (one.state, one.made, one.refused, one.read) == ("DONE", 3, 1, 4)
    assert set(Post.objects.values_list("external_id", flat=True)) == {"1", "2", "4"}
    assert Post.objects.filter(source="store", author__display_name="Cleo").count() == 1
    assert "1 refused row" in page
    assert f"/boards/{board.slug}/" in page
    assert "reviews.csv" in desk.get("/desk/import/").content.decode()


def test_an_import_is_stopped_and_goes_on(bring, desk, run_jobs):
    one = bring()
    run_jobs()
    start(desk, one)
    desk.post(f"/desk/import/{one.public_id}/stop/")
    run_jobs()
    page = page_of(desk, one)
    assert (one.state, Post.objects.count()) == ("STOPPED", 0)
    assert "Go on" in page
    desk.post(f"/desk/import/{one.public_id}/go-on/")
    run_jobs()
    assert "See the posts" in page_of(desk, one)
    assert (one.state, one.made, one.already_there) == ("DONE", 3, 0)
    told = desk.post(f"/desk/import/{one.public_id}/stop/", follow=True).content.decode()
    assert "This cannot be done now: the import is done." in told


def test_a_refused_row_is_shown_mended_and_tried_again(bring, desk, run_jobs):
    one = bring()
    run_jobs()
    start(desk, one)
    run_jobs()
    address = f"/desk/import/{one.public_id}/refused/"
    page = desk.get(address).content.decode()
    assert "Line 4" in page
    assert "stars are 1 to 5, not &quot;9&quot;" in page
    row = RefusedRow.objects.get()
    one.refresh_from_db()
    names = [column["name"] for column in one.found["columns"]]
    cell = f"cell-{names.index('stars')}"
    desk.post(address, {"row": row.pk, cell: "8"})
    assert "every 2s" in desk.get(address).content.decode()
    run_jobs()
    assert "not &quot;8&quot;" in desk.get(address).content.decode(), "Still none; the new reason."
    desk.post(address, {"row": row.pk, cell: "3"})
    run_jobs()
    assert Post.objects.get(external_id="3").rating == 3
    one.refresh_from_db()
    assert (one.made, one.refused) == (4, 0)
    assert "No row is refused any more" in desk.get(address).content.decode()
    assert desk.post(address, {"row": row.pk, cell: "2"}).status_code == 302
    run_jobs()
    assert Post.objects.get(external_id="3").rating == 3, "Mended once."


def test_refused_rows_are_downloaded_with_their_bytes(bring, desk, run_jobs):
    table = TABLE.encode() + "5,Größe,".encode("cp1252") + b"\x81\x8d nothing,Fay,2026-01-08,2\n"
    one = bring(table)
    run_jobs()
    one.refresh_from_db()
    if one.state == "ASKING":
        desk.post(f"/desk/import/{one.public_id}/answer/", {"answer": "utf-8"})
        run_jobs()
    desk.post(f"/desk/import/{one.public_id}/say/", {"encoding": "utf-8"})
    run_jobs()
    start(desk, one)
    run_jobs()
    answer = desk.get(f"/desk/import/{one.public_id}/refused/file/")
    content = b"".join(answer.streaming_content)
    assert "reviews.rejects.csv" in answer["Content-Disposition"]
    assert b"Gr\xf6\xdfe,\x81\x8d nothing" in content
    assert b'"stars are 1 to 5' in content or b"stars are 1 to 5" in content


def test_a_file_that_is_too_large_or_empty_gets_a_sentence(desk, settings, tmp_path):
    settings.IMPORT_BYTES = 1_000_000
    large = SimpleUploadedFile("large.csv", b"a,b\n" * 300_000)
    answer = desk.post("/desk/import/", {"file": large})
    assert answer.status_code == 422
    assert "larger than 1 MB" in answer.content.decode()
    answer = desk.post("/desk/import/", {"file": SimpleUploadedFile("none.csv", b"")})
    assert answer.status_code == 422
    assert "“none.csv” is empty" in answer.content.decode()
    answer = desk.post("/desk/import/")
    assert "Choose a file first" in answer.content.decode()
    assert not Import.objects.exists()
    assert not list((tmp_path / "imports").iterdir()), "Nothing is left of it."


def test_several_megabytes_arrive_as_they_are(bring, run_jobs):
    rows = "".join(f"{n},Please let me sort my notes by colour number {n}\n" for n in range(60_000))
    one = bring("id,text\n" + rows)
    assert one.size > 2_900_000
    run_jobs()
    one.refresh_from_db()
    assert (one.state, one.rows) == ("READY", 60_000)


@pytest.mark.parametrize("who", ["ann", "mo"])
def test_only_managers_bring_files(request, client_of, who, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    client = client_of(request.getfixturevalue(who))
    answer = client.post("/desk/import/", {"file": SimpleUploadedFile("a.csv", b"a,b\n1,2\n")})
    assert answer.status_code == 403
    assert not (tmp_path / "imports").exists(), "Nothing was written."


def test_a_forgotten_file_leaves_nothing(bring, desk, run_jobs, tmp_path):
    one = bring()
    run_jobs()
    desk.post(f"/desk/import/{one.public_id}/discard/")
    assert not Import.objects.exists()
    assert start(desk, one).status_code == 404


def test_a_name_may_be_anything(bring, run_jobs):
    one = bring(name="../../反馈 " + "很" * 200 + ".csv")
    run_jobs()
    one.refresh_from_db()
    assert one.state == "READY"
    assert one.file_name.endswith(".csv")
    assert one.file_name.startswith("反馈")


def test_first_steps_lead_here(desk):
    assert 'href="/desk/import/"' in desk.get("/desk/first-steps/").content.decode()


def test_an_export_of_a_known_tool_needs_no_saying(bring, desk, run_jobs):
    file = Path(__file__).parents[1] / "importing" / "sources" / "canny.json"
    one = bring(file.read_bytes(), "canny.json")
    run_jobs()
    page = page_of(desk, one)
    assert one.state == "READY"
    assert "an export of a known kind" in page
    assert one.source == "canny"
    start(desk, one, source="canny")
    run_jobs()
    page = page_of(desk, one)
    assert one.state == "DONE"
    assert one.made == Post.objects.count() > 0
    comments = file.with_name("canny-comments.json")
    replies = bring(comments.read_bytes(), "canny-comments.json")
    run_jobs()
    replies.refresh_from_db()
    assert replies.state == "READY", replies.found
    start(desk, replies, source="canny")
    run_jobs()
    replies.refresh_from_db()
    assert replies.state == "DONE"
    assert replies.made == replies.already_there == 0
    assert replies.comments == Comment.objects.count() > 0
    assert "came along" in page_of(desk, replies)
    desk.post(f"/desk/import/{one.public_id}/undo/")
    run_jobs()
    assert not Post.objects.exists()
    assert not Comment.objects.exists()
    assert not User.objects.filter(origin_key__startswith="canny").exists()


def test_a_column_can_be_said_to_be_anything_there_is():
    assert sorted(value for value, _label in FIELDS) == sorted(Field)


def test_a_file_goes_to_ones_own_product_also_while_one_looks_at_a_sample(bring, desk, run_jobs):
    sample = ensure_product(
        slug="tried", name="Tried", name_zh="", sample="reviews", now=clock.now()
    )
    make_board(slug="tried", name="Tried", product=sample, now=clock.now())
    desk.post("/desk/product/", {"product": sample.slug})
    one = bring()
    run_jobs()
    page = page_of(desk, one)
    assert '<option value="suggestions"' in page
    assert '<option value="tried"' not in page
    start(desk, one)
    run_jobs()
    assert Post.objects.filter(board__product__sample="").count() == Post.objects.count() > 0
