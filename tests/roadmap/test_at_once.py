"""Two people at the same item at the same moment."""

import threading

import pytest
from django.db import connection

from feedback.journal.models import Entry
from feedback.kernel.refusals import Refusal
from feedback.roadmap import operations
from feedback.roadmap.models import ChangelogLine, Item, Release


def at_once(*acts):
    """Run ``acts`` in threads that start together; return what each returned or raised."""
    outcomes = [None] * len(acts)
    gate = threading.Barrier(len(acts))

    def run(index, act):
        try:
            gate.wait()
            outcomes[index] = act()
        except Exception as error:
            outcomes[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_shipping_twice_at_once_ships_once(item, pia, now):
    outcomes = at_once(
        *[
            lambda version=version: operations.ship(item=item, version=version, actor=pia, now=now)
            for version in ("1.4.0", "1.4.0", "1.5.0", "1.6.0")
        ]
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadyShipped"] * 3 + [
        "Item"
    ]
    assert Entry.objects.filter(verb="roadmap.item-shipped").count() == 1
    assert ChangelogLine.objects.count() == 1
    assert Release.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_adopting_twice_at_once_adopts_once(dark_mode, pia, now):
    outcomes = at_once(
        *[
            lambda: operations.adopt(ask=dark_mode, actor=pia, now=now, title="A dark theme")
            for _ in range(4)
        ]
    )
    assert sum(isinstance(outcome, Refusal) for outcome in outcomes) == 3
    assert Item.objects.count() == 1
