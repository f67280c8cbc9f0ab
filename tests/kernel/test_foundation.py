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
