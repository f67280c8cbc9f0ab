"""Identifiers that may be shown."""

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import IntegrityError, models, transaction

from feedback.kernel import public_ids
from feedback.kernel.public_ids import new_public_id


def test_they_are_short_and_read_aloud_without_doubt():
    for _ in range(200):
        made = new_public_id()
        assert len(made) == public_ids.LENGTH
        assert not set(made) & set("01ioluIOL")


def test_ten_thousand_do_not_repeat():
    assert len({new_public_id() for _ in range(10_000)}) == 10_000


def test_the_database_keeps_them_unique(ann, bo):
    bo.public_id = ann.public_id
    with pytest.raises(IntegrityError), transaction.atomic():
        bo.save()


def test_every_model_that_is_shown_by_address_has_one():
    from django.apps import apps

    def has_public_id(name):
        try:
            field = apps.get_model(name)._meta.get_field("public_id")
        except FieldDoesNotExist:
            return False
        return isinstance(field, models.CharField) and field.unique

    shown = ["accounts.User", "forum.Post", "forum.Comment", "asks.Ask", "asks.Decision"]
    shown += [
        "asks.Proposal",
        "asks.Answer",
        "roadmap.Item",
        "notify.Notice",
        "journal.Entry",
    ]
    assert [name for name in shown if not has_public_id(name)] == []
