"""Taking over posts from elsewhere."""

import datetime as dt

import pytest

from feedback.accounts.models import Origin, User
from feedback.forum.comments.operations import comment
from feedback.forum.counts import reconcile_counts
from feedback.forum.models import Post, Vote
from feedback.forum.posts import bulk
from feedback.forum.posts.bulk import ImportRow, import_rows
from feedback.forum.posts.hotness import hotness
from feedback.forum.search import index
from feedback.journal.models import Entry

DAY = dt.datetime(2016, 3, 3, tzinfo=dt.UTC)


def review(number, **changes):
    """Return a row as the reader of a file hands it over."""
    values = {
        "external_id": f"yt-{number}",
        "title": f"Review {number}",
        "body": "app keeps crashing",
        "posted_at": DAY,
        "line": number + 2,
    }
    return ImportRow(**(values | changes))


def test_an_import_keeps_words_dates_stars_and_versions(board, now):
    row = review(
        1, rating=2, product_version="11.07", country="sg", fields={"device": "X"}, kind="BUG"
    )
    result = import_rows([row], board=board, source="youtube", now=now)
    post = Post.objects.select_related("author").get()
    assert (result.read, result.made) == (1, 1)
    assert (post.rating, post.product_version, post.country) == (2, "11.07", "SG")
    assert (post.kind, post.fields, post.language) == ("BUG", {"device": "X"}, "en")
    assert (post.posted_at, post.arrived_at, post.last_activity_at) == (DAY, now, DAY)
    assert post.author.origin == Origin.ANONYMOUS
    assert Vote.objects.get().person == post.author
    assert set(reconcile_counts().values()) == {0}
    assert index.find("crashing", limit=5)[0][0] == post.pk
    assert index.index_pending(10) == 0


def test_importing_again_takes_only_what_is_new(board, now, monkeypatch):
    monkeypatch.setattr(bulk, "BATCH", 10)
    import_rows(map(review, range(25)), board=board, source="youtube", now=now)
    again = import_rows(map(review, range(30)), board=board, source="youtube", now=now)
    assert (again.read, again.made, again.already_there, again.rejected) == (30, 5, 25, 0)
    board.refresh_from_db()
    assert board.post_count == Post.objects.count() == Vote.objects.count() == 30
    assert User.objects.count() == 30
    entries = Entry.objects.filter(verb="forum.posts-imported")
    assert sum(entry.data["count"] for entry in entries) == 30
    assert entries.count() == 4


def test_an_author_is_one_person_and_a_row_without_one_is_another(board, now):
    rows = [
        review(1, author="Li"),
        review(2, author=" Li "),
        review(3),
        review(4),
        review(5, author="yt-3"),
    ]
    import_rows(rows, board=board, source="youtube", now=now)
    import_rows([review(6, author="Li")], board=board, source="youtube", now=now)
    import_rows([review(1, author="Li")], board=board, source="other", now=now)
    assert Post.objects.filter(source="youtube", author__display_name="Li").count() == 3
    assert User.objects.filter(display_name="Li").count() == 2
    assert User.objects.filter(origin=Origin.ANONYMOUS).count() == 2
    assert User.objects.count() == 5


def test_rows_that_cannot_be_taken_are_told_with_line_and_reason(board, now):
    rejects = []
    result = import_rows(
        [
            review(0),
            review(1, title=" ", body="\x00"),
            review(2, rating=7),
            review(3, posted_at=now + dt.timedelta(days=40)),
            review(4, body="x" * 20_001),
            review(5, kind="RANT"),
            review(6, external_id=" "),
        ],
        board=board,
        source="youtube",
        now=now,
        on_reject=lambda row, reason: rejects.append((row.line, reason)),
    )
    assert (result.made, result.rejected) == (1, 6)
    assert [line for line, _ in rejects] == [3, 4, 5, 6, 7, 8]
    assert rejects[0][1] == "there are no words in it"


def test_a_missing_title_is_made_of_the_body_and_a_long_one_is_kept_whole(board, now):
    body = "The captions are wrong in every second video since the last update, please look at it"
    long = "word " * 60
    import_rows(
        [review(1, title="", body=body), review(2, title=long, body="more")],
        board=board, source="youtube", now=now,
    )  # fmt: skip
    first, second = Post.objects.order_by("pk")
    assert first.title.endswith("…")
    assert body.startswith(first.title[:-1])
    assert first.body == body
    assert second.title.endswith("…")
    assert second.body == f"{long.strip()}\n\nmore"


def test_an_import_stopped_in_the_middle_goes_on_where_it_was(board, now, monkeypatch):
    monkeypatch.setattr(bulk, "BATCH", 10)

    def rows():
        yield from map(review, range(25))
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="disk"):
        import_rows(rows(), board=board, source="youtube", now=now)
    assert Post.objects.count() == 20
    result = import_rows(map(review, range(40)), board=board, source="youtube", now=now)
    assert (result.made, result.already_there) == (20, 20)


def test_twice_the_same_id_in_one_file_is_one_post(board, now):
    result = import_rows([review(1), review(1)], board=board, source="youtube", now=now)
    assert (result.made, result.already_there) == (1, 1)


@pytest.mark.parametrize("source", ["", "a:b", "a#b", "x" * 61])
def test_a_source_is_a_short_plain_name(board, now, source):
    with pytest.raises(ValueError, match="source"):
        import_rows([], board=board, source=source, now=now)


def test_rows_are_read_one_batch_at_a_time(board, now, monkeypatch):
    monkeypatch.setattr(bulk, "BATCH", 10)
    handed_over = 0

    def rows():
        nonlocal handed_over
        for number in range(35):
            handed_over += 1
            yield review(number)

    seen = []
    import_rows(
        rows(),
        board=board,
        source="s",
        now=now,
        on_progress=lambda result: seen.append((handed_over, result.read, result.made)),
    )
    assert seen == [(10, 10, 10), (20, 20, 20), (30, 30, 30), (35, 35, 35)]


def test_a_title_that_a_program_wrote_is_no_title():
    from feedback.forum.posts.bulk import ImportRow, _title_and_body

    assert _title_and_body(ImportRow(external_id="1", title="None", body="It crashes")) == (
        "It crashes",
        "It crashes",
    )
    assert _title_and_body(ImportRow(external_id="1", title="None", body=""))[0] == "None"


def test_a_day_put_right_moves_the_post_in_the_order_too(board, ann, now):
    def bring(day):
        row = ImportRow("1", "Dark mode", "Too bright", author="Lee", posted_at=day)
        bulk.import_rows([row], board=board, source="reviews", now=now, update=True)
        return Post.objects.get(source="reviews")

    wrong, right = now - dt.timedelta(days=2), now - dt.timedelta(days=900)
    before = bring(wrong)
    comment(post=before, body="Me too", author=ann, now=now - dt.timedelta(days=1))
    after = bring(right)
    assert (after.posted_at, after.last_activity_at) == (right, now - dt.timedelta(days=1))
    assert after.hotness == pytest.approx(hotness(posted_at=right, votes=1, comments=1))
    assert Vote.objects.get(post=after).voted_at == right
