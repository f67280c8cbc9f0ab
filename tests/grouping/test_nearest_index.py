"""The nearest-neighbour index on PostgreSQL is built beside those who write vectors, and made anew where it was broken off."""

import threading
import time

import pytest
from django.conf import settings
from django.db import connection, connections

from feedback.grouping.models import EncoderModel
from feedback.grouping.vectors.indexes import drop_index, ensure_index
from feedback.kernel import clock
from tests.sessions import another, said

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        settings.TEST_DATABASE != "postgres", reason="SQLite compares exactly and has no index"
    ),
]
WRITE = (
    "INSERT INTO grouping_vector (content_hash, model_key, embedding, lead)"
    " VALUES ('{}', 'three', '[1,0,0]', '')"
)


@pytest.fixture
def model():
    """A model whose index, made outside any transaction, goes with the test."""
    made = EncoderModel.objects.create(
        model_key="three", dims=3, views=[], first_seen_at=clock.now()
    )
    yield made
    drop_index(made)


def state_of(name):
    return said(f"SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('{name}')")


def test_whoever_writes_vectors_waits_for_no_index(model):
    def build():
        ensure_index(model)
        connections.close_all()

    builder = threading.Thread(target=build)
    with another() as first, another() as second:
        first.execute(
            WRITE.format("first")
        )  # its transaction stays open, and the index waits for it
        builder.start()
        until(
            lambda: said(
                "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX%' AND wait_event_type = 'Lock'"
            )
        )
        second.execute("SET lock_timeout = '5s'")
        second.execute(WRITE.format("second"))
        second.commit()
        first.commit()
        builder.join(30)
    assert state_of(ensure_index(model)) == [(True,)]


def until(found):
    for _ in range(300):
        if found():
            return
        time.sleep(0.05)
    pytest.fail("It was waited for in vain.")


def test_what_a_killed_worker_left_is_made_anew(model):
    name = ensure_index(model)
    said(f"UPDATE pg_index SET indisvalid = FALSE WHERE indexrelid = '{name}'::regclass")
    assert ensure_index(model) == name
    assert state_of(name) == [(True,)]


def test_the_half_of_a_worker_who_is_at_it_is_left_alone(model):
    name = ensure_index(model)
    said(f"UPDATE pg_index SET indisvalid = FALSE WHERE indexrelid = '{name}'::regclass")
    keys = said_by_ensuring(model)
    said(f"UPDATE pg_index SET indisvalid = FALSE WHERE indexrelid = '{name}'::regclass")
    with another() as other:
        other.execute("SELECT pg_advisory_lock(%s)", keys)
        ensure_index(model)
        assert state_of(name) == [(False,)]
        other.execute("SELECT pg_advisory_unlock(%s)", keys)
    ensure_index(model)
    assert state_of(name) == [(True,)]


def said_by_ensuring(model):
    """Return the key that whoever builds the index holds meanwhile."""
    held = []

    def look(execute, sql, params, many, context):
        if "try_advisory" in str(sql):
            held.extend(params)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        ensure_index(model)
    return held
