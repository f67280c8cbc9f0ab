"""Long work in short transactions: others get a turn on SQLite, where nobody queues."""

import pytest
from django.conf import settings
from django.db import connection, transaction

from feedback.kernel import turns


@pytest.fixture
def rests(monkeypatch):
    found = []
    monkeypatch.setattr(turns.time, "sleep", found.append)
    return found


@pytest.mark.django_db(transaction=True)
def test_after_a_turn_others_write(rests):
    for _ in range(2):
        with turns.turn():
            assert connection.in_atomic_block
        assert not connection.in_atomic_block
    assert len(rests) == (2 if settings.TEST_DATABASE == "sqlite" else 0)
    assert all(turns.SHORTEST_REST <= rest <= turns.LONGEST_REST for rest in rests)


@pytest.mark.django_db(transaction=True)
def test_inside_a_transaction_nobody_else_could_write_anyway(rests):
    with transaction.atomic(), turns.turn():
        pass
    assert rests == []


@pytest.mark.django_db(transaction=True)
def test_what_fails_in_a_turn_is_not_written(rests, django_user_model):
    with pytest.raises(ZeroDivisionError), turns.turn():
        django_user_model.objects.create_user(email="gone@example.org", display_name="Gone")
        1 / 0  # noqa: B018
    assert not django_user_model.objects.filter(email="gone@example.org").exists()
