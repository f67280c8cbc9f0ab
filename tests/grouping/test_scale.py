"""What a large board may cost: looks that find nothing, pages of asks, the first keystroke."""

import datetime as dt
import threading

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback.asks.models import Ask
from feedback.asks.trend import attach_trends, trend_from, trend_of
from feedback.forum.posts.operations import edit_post, hide_post, show_post
from feedback.forum.votes.operations import vote
from feedback.grouping.models import EncoderModel
from feedback.grouping.place import operations as placing
from feedback.grouping.place.operations import place_pending
from feedback.grouping.similar import asks_near, matrix, similar
from feedback.grouping.vectors import embedding
from feedback.kernel import clock

pytestmark = pytest.mark.django_db


def reads_posts(queries_run):
    return [one["sql"] for one in queries_run if "forum_post" in one["sql"]]


@pytest.fixture
def at_rest(grouped, embed, frozen):
    """A board on which everything is placed and nobody has written for a minute."""
    embed()
    while place_pending(now=clock.now()):
        pass
    frozen.shift(61)
    return grouped


# --- Looking for work ------------------------------------------------------------------------------------
def test_a_look_that_found_nothing_is_not_repeated_until_something_happens(at_rest, frozen):
    assert place_pending(now=clock.now()) == 0
    frozen.shift(5)
    with CaptureQueriesContext(connection) as run:
        assert place_pending(now=clock.now()) == 0
    assert not reads_posts(run)
    assert len(run) <= 5


def test_a_new_post_is_seen_at_once(at_rest, embed, publish, ann, frozen):
    assert place_pending(now=clock.now()) == 0
    publish(ann, "Please add a dark mode to the app")
    embed()
    assert place_pending(now=clock.now()) == 1


def test_an_edited_post_and_one_shown_again_are_seen_at_once(at_rest, embed, mo, frozen):
    post, other = at_rest["dark"][:2]
    assert place_pending(now=clock.now()) == 0
    edit_post(post=post, editor=post.author, title="Dark mode at last", body="", now=clock.now())
    embed()
    assert place_pending(now=clock.now()) == 1
    frozen.shift(61)
    assert place_pending(now=clock.now()) == 0
    hide_post(post=other, moderator=mo, now=clock.now())
    other.placement.delete()
    show_post(post=other, moderator=mo, now=clock.now())
    assert place_pending(now=clock.now()) == 1


def test_a_vote_is_no_reason_to_look(at_rest, publish, ann, bo, frozen):
    assert place_pending(now=clock.now()) == 0
    vote(post=at_rest["dark"][0], person=bo, now=clock.now())
    with CaptureQueriesContext(connection) as run:
        place_pending(now=clock.now())
    assert not reads_posts(run)


def test_whatever_nobody_wrote_down_is_found_within_a_minute(at_rest, frozen):
    assert place_pending(now=clock.now()) == 0
    at_rest["dark"][0].placement.delete()
    assert place_pending(now=clock.now()) == 0
    frozen.shift(61)
    assert place_pending(now=clock.now()) == 1


def test_a_post_written_a_moment_ago_keeps_the_look_open(at_rest, embed, publish, ann, frozen):
    publish(ann, "Please add a dark mode to the app")
    embed()
    assert place_pending(now=clock.now()) == 1
    assert place_pending(now=clock.now()) == 0
    with CaptureQueriesContext(connection) as run:
        place_pending(now=clock.now())
    assert reads_posts(run)


def test_a_new_post_costs_no_look_at_every_other(at_rest, embed, publish, ann, frozen):
    for _ in range(2):
        assert place_pending(now=clock.now()) == 0
        frozen.shift(61)
    assert place_pending(now=clock.now()) == 0
    publish(ann, "Please add a dark mode to the app")
    at_rest["dark"][0].placement.delete()  # nobody wrote it down
    embed()
    assert place_pending(now=clock.now()) == 1
    assert place_pending(now=clock.now()) == 0
    frozen.shift(61)
    assert place_pending(now=clock.now()) == 1


def test_a_vector_that_came_late_is_no_reason_to_wait(at_rest, embed, publish, ann, frozen):
    assert place_pending(now=clock.now()) == 0
    publish(ann, "Please add a dark mode to the app")
    frozen.shift(61)
    assert place_pending(now=clock.now()) == 0  # all were looked at, this one has no vector
    embed()
    assert place_pending(now=clock.now()) == 1


def test_missing_vectors_are_counted_once_while_nothing_comes(at_rest, publish, ann, frozen):
    model = EncoderModel.objects.get()
    assert embedding.missing_count(model.model_key) == 0
    with CaptureQueriesContext(connection) as run:
        assert embedding.missing_count(model.model_key) == 0
    assert not reads_posts(run)
    publish(ann, "Nobody has read this yet")
    assert embedding.missing_count(model.model_key) == 1


def test_waiting_posts_are_read_in_the_order_of_an_index(product, posts, embed):
    embed()
    waiting = placing.unplaced(EncoderModel.objects.get(), product).order_by("-arrived_at", "-id")[
        :256
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    assert "forum_post_arrived" in waiting.explain()


# --- Pages of asks -----------------------------------------------------------------------------------------
def test_a_trend_is_counted_by_the_database_and_is_the_same(publish, person, make_ask, now):
    moments = [now - dt.timedelta(days=days, hours=hours) for days in range(9) for hours in (0, 5)]
    moments += [now.replace(hour=0, minute=0), now.replace(hour=23, minute=59)]
    made = [
        publish(person(f"Person {number}"), f"Dark mode {number}", now=at)
        for number, at in enumerate(moments)
    ]
    ask = make_ask(*made)
    expected: dict[dt.date, int] = {}
    for at in moments:
        expected[at.date()] = expected.get(at.date(), 0) + 1
    assert trend_of(ask) == trend_from(expected)
    with CaptureQueriesContext(connection) as run:
        attach_trends([ask])
    assert len(run) == 1
    assert "GROUP BY" in run[0]["sql"]
    assert sum(count for _, count in ask.weekly) == len(made)


def test_days_are_gathered_to_weeks_and_months():
    day = dt.date(2026, 1, 1)
    weeks = trend_from({day: 2, day + dt.timedelta(days=100): 1})
    assert (weeks.bucket, weeks.points[0], weeks.points[-1][1]) == (
        "week",
        (dt.date(2025, 12, 29), 2),
        1,
    )
    assert sum(count for _, count in weeks.points) == 3
    assert trend_from({day: 1, day + dt.timedelta(days=500): 1}).bucket == "month"


def test_the_counts_of_the_site_are_read_once_for_all_pages(client, client_of, pia, dark_mode):
    with CaptureQueriesContext(connection) as run:
        client.get("/")
        client.get("/asks/")
        client_of(pia).get("/desk/")
        client.get("/asks/")
    assert len([one for one in run if "SUM(" in one["sql"] and "asks_ask" in one["sql"]]) == 1


def test_near_asks_are_found_by_few_vectors(grouped, ask_of, monkeypatch):
    monkeypatch.setattr(asks_near, "SAMPLE", 2)
    monkeypatch.setattr(asks_near, "COMPARED", 1)
    read = []
    each = asks_near.vectors_of

    def counted(hashes, **kwargs):
        read.append(list(hashes))
        return each(read[-1], **kwargs)

    monkeypatch.setattr(asks_near, "vectors_of", counted)
    ask = ask_of(grouped["dark"][0])
    near = asks_near.asks_near(ask, limit=3)
    assert near
    assert ask not in near
    # Two of its own, the middle of each, two of each of the three.
    assert [len(some) for some in read] == [2, Ask.objects.open().count(), 6]
    read.clear()
    asks_near.asks_near(near[0], limit=3)
    assert len(read) == 2, "The middles are kept."


def test_an_ask_whose_posts_have_no_vector_has_no_neighbours(grouped, publish, ann, make_ask):
    assert asks_near.asks_near(make_ask(publish(ann, "Unread as yet")), limit=3) == []


# --- The first keystroke ---------------------------------------------------------------------------------------
@pytest.mark.skipif(
    settings.TEST_DATABASE == "postgres", reason="PostgreSQL keeps the vectors itself"
)
@pytest.mark.django_db(transaction=True)
def test_words_answer_until_the_vectors_are_read(encoder, grouped, embed, ann, monkeypatch):
    monkeypatch.setattr(matrix, "READ_AT_ONCE", 3)
    go = threading.Event()
    read = matrix.VectorMatrix._read

    def slow(self):
        assert go.wait(30)
        read(self)

    monkeypatch.setattr(matrix.VectorMatrix, "_read", slow)
    first = similar.similar(title="Add a dark mode", body="", person=ann)
    again = similar.similar(title="Add a dark mode at night", body="", person=ann)
    assert (first.by_meaning, again.by_meaning) == (False, False)
    assert first.posts
    readers = [one for one in threading.enumerate() if one.name == "vectors"]
    assert len(readers) == 1
    go.set()
    readers[0].join(30)
    assert similar.similar(title="Add a dark mode", body="", person=ann).by_meaning
