"""Refused rows that are mended, and files that cannot be read as somebody said."""

import pytest

from feedback.forum.models import Comment, Post
from feedback.importing.imports import folder, mending, working
from feedback.importing.models import Import, RefusedRow
from feedback.kernel import clock
from tests.desk.bringing import desk as desk
from tests.desk.bringing import page_of, start

pytestmark = pytest.mark.django_db


def mend(desk, one, row, **values):
    one.refresh_from_db()
    names = [column["name"] for column in one.found["columns"]]
    cells = {f"cell-{names.index(name)}": value for name, value in values.items()}
    desk.post(f"/desk/import/{one.public_id}/refused/", {"row": row.pk, **cells})


def test_mended_rows_that_say_the_same_are_posts_of_their_own(bring, desk, run_jobs):
    one = bring(
        "text,stars\nPlease add a dark theme,4\nPlease add a dark theme,9\nAdd a widget,3\n"
    )
    run_jobs()
    start(desk, one)
    run_jobs()
    mend(desk, one, RefusedRow.objects.get(), stars="4")
    run_jobs()
    one.refresh_from_db()
    assert (Post.objects.filter(body__contains="dark").count(), one.made, one.refused) == (2, 3, 0)


def test_a_mended_row_takes_no_other_post_over(bring, desk, run_jobs):
    one = bring()
    run_jobs()
    start(desk, one)
    run_jobs()
    mend(desk, one, RefusedRow.objects.get(), id="1", stars="3")
    run_jobs()
    row = RefusedRow.objects.get()
    assert (row.state, row.reason) == ("REFUSED", "there is a post with the id 1 already")
    assert Post.objects.get(external_id="1").title == "Dark mode"


def test_a_mended_row_that_another_file_brought_is_there_already(bring, desk, run_jobs):
    for name, row in (("one.csv", "4"), ("two.csv", "9")):
        one = bring(f"text,stars\nPlease add a dark theme,{row}\nAdd a widget,3\n", name)
        run_jobs()
        start(desk, one)
        run_jobs()
    mend(desk, one, RefusedRow.objects.get(), stars="4")
    run_jobs()
    assert RefusedRow.objects.get().reason == "there is a post that says the same already"
    assert Post.objects.filter(body__contains="dark").count() == 1


def test_a_mistyped_id_changes_no_other_post_where_rows_change_posts(bring, desk, run_jobs):
    one = bring()
    run_jobs()
    start(desk, one, takes_changes="on")
    run_jobs()
    one.refresh_from_db()
    assert one.takes_changes
    mend(desk, one, RefusedRow.objects.get(), id="1", stars="3")
    run_jobs()
    assert Post.objects.get(external_id="1").title == "Dark mode"
    assert RefusedRow.objects.get().state == "REFUSED"
    mend(desk, one, RefusedRow.objects.get(), stars="3")
    run_jobs()
    assert Post.objects.get(external_id="3").rating == 3


def test_a_row_that_breaks_refuses_no_other_and_leaves_nothing_half_done(
    bring, desk, run_jobs, monkeypatch
):
    one = bring("id,title,stars\n1,Dark mode,7\n2,Widgets,8\n3,Export,3\n4,Sync,4\n")
    run_jobs()
    Import.objects.filter(pk=one.pk).update(said={"columns": {"stars": "stars"}})
    start(desk, one)
    run_jobs()
    first, second = RefusedRow.objects.order_by("line")
    decide = mending.decide_mended

    def broken(one, read, *, moment):
        if read.external_id == "1":
            raise KeyError("stage")
        return decide(one, read, moment=moment)

    monkeypatch.setattr(mending, "decide_mended", broken)
    for row in (first, second):
        mend(desk, one, row, stars="4")
    run_jobs()
    first.refresh_from_db()
    second.refresh_from_db()
    one.refresh_from_db()
    assert (first.state, first.reason) == ("REFUSED", "KeyError: 'stage'")
    assert second.state == "MENDED"
    assert (one.state, one.made, one.refused) == ("DONE", 3, 1)
    assert not Post.objects.filter(external_id="1").exists()


def test_a_mended_reply_stays_a_reply(bring, desk, run_jobs):
    bring_posts = bring("id,title\np1,Please add a dark theme\np2,Please add a widget\n")
    run_jobs()
    start(desk, bring_posts)
    run_jobs()
    replies = bring(
        "id,post_id,body,created_at\nc1,p1,I would like it too,2026-01-05 10:00\nc2,p2,So would I,2999-77-01\n",
        "replies.csv",
    )
    Import.objects.filter(pk=replies.pk).update(
        said={"columns": {"comment_on": "post_id", "body": "body", "external_id": "id"}}
    )
    run_jobs()
    start(desk, replies)
    run_jobs()
    mend(desk, replies, RefusedRow.objects.get(), created_at="2026-01-06 10:00")
    run_jobs()
    assert (Post.objects.count(), Comment.objects.count()) == (2, 2)
    page = desk.get(f"/desk/import/{replies.public_id}/").content.decode()
    assert "/undo/" in page
    Import.objects.filter(pk=replies.pk).update(state="FAILED")
    assert "undo it first" in told_of(
        desk.post(f"/desk/import/{replies.public_id}/discard/", follow=True)
    )


def told_of(answer):
    return answer.content.decode()


def test_a_done_import_stays_done_when_its_file_is_gone(bring, desk, run_jobs):
    one = bring()
    run_jobs()
    start(desk, one)
    run_jobs()
    address = f"/desk/import/{one.public_id}/refused/"
    assert "Try it again" in desk.get(address).content.decode()
    folder.forget(one)
    working._looked_at.clear()  # as after a restart
    assert "Try it again" not in desk.get(address).content.decode()
    mend(desk, one, RefusedRow.objects.get(), stars="3")
    run_jobs()
    one.refresh_from_db()
    assert one.state == "DONE"
    assert "no longer there" in RefusedRow.objects.get().reason


@pytest.mark.parametrize(
    ("content", "name"), [("a,b\nü,1\n".encode("utf-16") + b"\x00", "odd.csv")]
)
def test_a_file_that_ends_within_a_character_is_told_in_a_sentence(
    bring, desk, run_jobs, content, name
):
    one = bring(content, name)
    run_jobs()
    page = page_of(desk, one)
    assert "codec" not in page
    assert one.state in ("ASKING", "READY")


def test_a_codec_that_is_no_encoding_is_told_so(bring, desk, run_jobs):
    one = bring()
    run_jobs()
    Import.objects.filter(pk=one.pk).update(said={"encoding": "hex"}, state="LOOKING")
    working.work_on_next(now=clock.now())
    assert "There is no encoding hex" in page_of(desk, one)
    assert one.state == "ASKING"
