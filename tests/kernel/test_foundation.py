"""What every other test stands on."""

import datetime as dt

import pytest
from django.conf import settings
from django.db import connection

from feedback.kernel import clock
from tests.conftest import NOW


def test_the_clock_stands_still_on_a_friday(frozen):
    assert clock.now() == NOW
    frozen.shift(60)
    assert clock.now() == NOW + dt.timedelta(minutes=1)


@pytest.mark.django_db
def test_the_database_behaves_as_in_service():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA journal_mode")
            assert cursor.fetchone() == ("wal",)
            assert settings.DATABASES["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
        else:
            cursor.execute("SELECT extname FROM pg_extension WHERE extname = 'vector'")
            assert cursor.fetchone() == ("vector",)


def test_the_cast_have_their_roles(ann, bo, mo, pia, ada):
    assert [who.is_team for who in (ann, bo, mo, pia, ada)] == [False, False, True, True, True]
    assert [who.is_manager for who in (ann, bo, mo, pia, ada)] == [False, False, False, True, True]


def test_jobs_run_until_quiet(run_jobs):
    assert run_jobs() > 0


def test_the_encoder_answers_when_asked_for(encoder):
    from feedback.grouping.vectors.encoders import client

    assert client().embed(["Dark mode", "深色模式"]).shape[0] == 2


def test_without_the_fixture_nobody_answers():
    from feedback.grouping.vectors.encoders import EncoderDown, client

    with pytest.raises(EncoderDown):
        client().embed(["Dark mode"])


def test_the_worker_embeds_and_places_what_was_posted(encoder, ann, publish, run_jobs):
    from feedback.grouping.models import Vector

    publish(ann, "Dark mode, please")
    run_jobs()
    assert Vector.objects.count() == 1
