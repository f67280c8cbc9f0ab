"""Following the journal: a look at everything once, then only what came."""

import datetime as dt

import pytest
from django.db import transaction

from feedback.journal import operations
from feedback.journal.cursor import LOOK_EVERY, SETTLED, JournalCursor, JournalEnd
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.kernel import clock


@pytest.fixture
def happen(ann):
    """Write an entry about Ann, or about whoever else is named."""

    def write(verb=Verb.POST_PUBLISHED, subject=ann, at=None):
        with transaction.atomic():
            return operations.write(
                verb=verb, subject=subject, actor_id=None, now=at or clock.now()
            )

    return write


@pytest.fixture
def cursor(db):
    """The cursor of somebody who follows posts; nothing has been looked at."""
    return JournalCursor([Verb.POST_PUBLISHED, Verb.POST_EDITED], everywhere=[Verb.POSTS_IMPORTED])


def look(cursor, *key):
    cursor.move_to(cursor.end(now=clock.now()), *key, now=clock.now())


def numbered(pk, *, subject):
    """Return an entry with this number that is not written yet."""
    about = {"subject_type": "accounts.user", "subject_id": subject.pk}
    return Entry(pk=pk, at=clock.now(), verb=Verb.POST_PUBLISHED.value, **about)


def news(cursor, *key, **more):
    return cursor.news(*key, now=clock.now(), **more)


def test_before_the_first_look_everything_is_to_be_looked_at(cursor):
    assert news(cursor) is None
    assert not cursor.is_quiet(now=clock.now())


def test_what_came_since_is_news_until_the_cursor_moves(cursor, happen, ann, bo):
    happen()
    look(cursor)
    assert news(cursor) == set()
    assert cursor.is_quiet(now=clock.now())
    happen(Verb.POST_EDITED, bo)
    happen(Verb.POST_EDITED, bo)
    assert news(cursor) == news(cursor) == {bo.pk}
    assert not cursor.is_quiet(now=clock.now())
    look(cursor)
    assert news(cursor) == set()


def test_other_verbs_are_no_news(cursor, happen):
    look(cursor)
    happen(Verb.VOTED)
    assert cursor.is_quiet(now=clock.now())


def test_what_is_written_during_the_look_is_news(cursor, happen, ann):
    end = cursor.end(now=clock.now())
    happen()
    cursor.move_to(end, now=clock.now())
    assert news(cursor) == {ann.pk}


def test_an_entry_that_becomes_visible_late_is_news(cursor, happen, ann, bo, frozen):
    """A transaction that took its number first may commit last."""
    last = happen()
    late, early = (numbered(last.pk + number, subject=bo) for number in (1, 2))
    Entry.objects.bulk_create([early])
    look(cursor)
    assert news(cursor) == set()
    frozen.shift(5)
    Entry.objects.bulk_create([late])
    assert news(cursor) == {bo.pk}


def test_entries_are_remembered_one_by_one_only_until_they_have_settled(cursor, happen, frozen):
    entry = happen()
    assert cursor.end(now=clock.now()) == JournalEnd(0, frozenset({entry.pk}))
    frozen.shift(SETTLED)
    assert cursor.end(now=clock.now()) == JournalEnd(entry.pk, frozenset())


def test_after_a_while_everything_is_looked_at_again(cursor, frozen):
    look(cursor)
    frozen.shift(LOOK_EVERY - dt.timedelta(seconds=1))
    assert news(cursor) == set()
    frozen.shift(1)
    assert news(cursor) is None


def test_a_clock_that_was_put_back_is_a_reason_to_look(cursor, frozen):
    look(cursor)
    frozen.shift(-1)
    assert news(cursor) is None


def test_whoever_compares_by_other_means_is_not_told_to_look_again(db, frozen):
    cursor = JournalCursor([Verb.POST_EDITED], look_every=None)
    look(cursor)
    frozen.shift(LOOK_EVERY * 100)
    assert news(cursor) == set()


def test_under_another_key_everything_is_new(cursor):
    look(cursor, "e5", 1)
    assert news(cursor, "e5", 1) == set()
    assert news(cursor, "e5", 2) is None
    assert news(cursor) is None


def test_too_much_news_is_a_reason_to_look_at_everything(cursor, happen, ann):
    look(cursor)
    for _ in range(3):
        happen()
    assert news(cursor, limit=3) == {ann.pk}
    assert news(cursor, limit=2) is None


def test_an_import_is_a_reason_to_look_at_everything(cursor, happen):
    look(cursor)
    happen(Verb.POSTS_IMPORTED)
    assert news(cursor) is None


def test_a_follower_may_stay_behind_for_what_takes_a_while(cursor, happen, ann, bo, frozen):
    """What came before the last look is news once more for whoever moves to the end before it."""
    first = cursor.end(now=clock.now())
    happen()
    cursor.move_to(first, now=clock.now())
    frozen.shift(61)
    assert news(cursor) is None
    second = cursor.end(now=clock.now())
    cursor.move_to(first, now=clock.now())
    assert news(cursor) == {ann.pk}
    happen(subject=bo)
    cursor.move_to(second, now=clock.now())
    assert news(cursor) == {bo.pk}


def test_forgetting_is_a_reason_to_look(cursor):
    look(cursor)
    cursor.forget()
    assert news(cursor) is None


def test_idle_costs_one_query(cursor, happen, django_assert_num_queries):
    happen()
    look(cursor)
    with django_assert_num_queries(1):
        assert cursor.is_quiet(now=clock.now())
