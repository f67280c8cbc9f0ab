"""Two people at the same item at the same moment."""

import datetime as dt
import threading

import pytest
from django.db import connection

from feedback.journal.models import Entry
from feedback.kernel.refusals import Refusal
from feedback.roadmap import operations
from feedback.roadmap.models import ChangelogLine, Item, Release
from feedback.roadmap.train import operations as train


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


@pytest.mark.django_db(transaction=True)
def test_planning_a_version_twice_at_once_plans_it_once(product, pia, now):
    outcomes = at_once(
        *[
            lambda: train.plan_release(product=product, version="1.4.0", actor=pia, now=now)
            for _ in range(4)
        ]
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Refusal"] * 3 + ["Release"]
    assert Release.objects.get().stop_days.count() == 5


@pytest.mark.django_db(transaction=True)
def test_a_release_is_skipped_while_its_items_are_planned_for_it_and_nobody_waits_for_ever(
    item, pia, now, monkeypatch
):
    """Without one order of locks the first holds the release and wants the item, the second the other way round."""
    words = {"item": item, "summary": "", "version": "1.4.0", "actor": pia, "now": now}
    operations.edit_item(title="Dark", release_date=dt.date(2026, 3, 13), **words)
    release = Release.objects.get()
    holds_the_release, holds_the_item = threading.Event(), threading.Event()
    waiting, called = train.waiting, operations.release_called

    def waiting_with_the_release_held(release):
        holds_the_release.set()
        holds_the_item.wait(0.5)
        return waiting(release)

    def called_with_the_item_held(*arguments, **named):
        holds_the_item.set()
        holds_the_release.wait(0.5)
        return called(*arguments, **named)

    monkeypatch.setattr(train, "waiting", waiting_with_the_release_held)
    monkeypatch.setattr(operations, "release_called", called_with_the_item_held)
    outcomes = at_once(
        lambda: train.skip(release=release, word="Holidays.", actor=pia, now=now),
        lambda: operations.edit_item(title="Darker", release_date=dt.date(2026, 3, 20), **words),
    )
    assert [type(outcome).__name__ for outcome in outcomes] == ["Release", "Item"]
