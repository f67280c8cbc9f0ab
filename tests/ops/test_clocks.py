"""The clocks of a site's machines: doctor compares them with the database's, and what one writes and another reads stands a difference."""

import datetime as dt
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from feedback.accounts.handover import operations as hand_over
from feedback.accounts.models import UsedToken
from feedback.journal import operations as journal
from feedback.journal.cursor import JournalCursor
from feedback.journal.models import Dispatch
from feedback.journal.verbs import Verb
from feedback.kernel import clock
from feedback.kernel.leases import claim, free
from feedback.ops.doctor.database import clocks
from feedback.ops.doctor.finding import Level
from tests.accounts.doors.product import Product, gone_on

pytestmark = pytest.mark.django_db
#: Of two machines each may be this far from the database, on either side.
APART = 2 * clock.MOST_APART
LEASE = dt.timedelta(minutes=1)


@pytest.mark.skipif(settings.TEST_DATABASE != "postgres", reason="one machine, one clock")
@pytest.mark.parametrize(
    ("seconds", "level", "side"),
    [
        (0, Level.PASS, "from"),
        (-5, Level.WARN, "behind"),
        (5, Level.WARN, "ahead of"),
        (-60, Level.FAIL, "behind"),
        (60, Level.FAIL, "ahead of"),
    ],
)
def test_doctor_compares_this_clock_with_the_databases(
    frozen: Any, seconds: int, level: Level, side: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (theirs,) = cursor.fetchone()
    frozen.move_to(theirs + dt.timedelta(seconds=seconds))
    found = clocks()
    assert (found.level, f"{side} that of the database" in found.words) == (level, True), found
    assert ("NTP" in found.words) is (level is not Level.PASS)


@pytest.mark.skipif(settings.TEST_DATABASE != "sqlite", reason="there are two")
def test_on_one_machine_there_is_one_clock() -> None:
    assert clocks().level is Level.PASS


def test_a_lease_of_who_is_behind_is_not_over_for_who_is_ahead(ann: Any, frozen: Any) -> None:
    with transaction.atomic():
        entry = journal.write(verb=Verb.BOARD_MADE, subject=ann, actor_id=None, now=clock.now())
        row = Dispatch.objects.create(entry=entry, consumer="test.listener", due_at=clock.now())
    held = claim(Dispatch.objects.filter(free(clock.now())), row, lasts=LEASE)
    assert held is not None
    frozen.shift(APART + LEASE / 4)  # the other's clock, as the first is about to renew it
    assert not Dispatch.objects.filter(free(clock.now())).exists()


def test_an_entry_of_who_is_behind_does_not_count_as_settled(ann: Any, frozen: Any) -> None:
    with transaction.atomic():
        journal.write(verb=Verb.POST_EDITED, subject=ann, actor_id=None, now=clock.now())
    frozen.shift(APART)
    assert JournalCursor({Verb.POST_EDITED}).end(now=clock.now()).settled == 0


@pytest.mark.parametrize("ahead", [APART, -APART])
def test_a_token_of_a_machine_with_another_clock_opens(
    client: Client, ada: Any, frozen: Any, ahead: dt.timedelta
) -> None:
    token = Product(ada).token()
    frozen.shift(ahead)
    assert gone_on(client, token).status_code == 302


def test_a_used_token_is_remembered_as_long_as_any_clock_believes_it(
    client: Client, client_of: Any, ada: Any, frozen: Any
) -> None:
    token = Product(ada).token()
    assert gone_on(client, token).status_code == 302
    ends_at = UsedToken.objects.get().ends_at
    frozen.move_to(ends_at - dt.timedelta(seconds=1) + APART)  # the worker's clock
    hand_over.forget_ended(now=clock.now())
    frozen.shift(-APART)  # the web's
    assert gone_on(client_of(None), token).status_code == 403
