"""What was written into the journal stays as it is: the database refuses whoever would change it, on both."""

import pytest
from django.db import IntegrityError, connection, models, transaction

from feedback.journal.models import Entry
from feedback.journal.operations import forget_words, write
from feedback.journal.verbs import Verb

pytestmark = pytest.mark.django_db

#: Changes of an entry by hand; `%s` is its key.
CHANGES = (
    "DELETE FROM journal_entry WHERE id = %s",
    "UPDATE journal_entry SET actor_id = 1000 WHERE id = %s",
    "UPDATE journal_entry SET actor_id = NULL WHERE id = %s",
    "UPDATE journal_entry SET verb = 'forum.voted' WHERE id = %s",
    "UPDATE journal_entry SET subject_id = subject_id + 1 WHERE id = %s",
    "UPDATE journal_entry SET at = '2020-01-01 00:00:00+00:00' WHERE id = %s",
    """UPDATE journal_entry SET data = '{"title": "Cheap hats", "rule": "respect"}' WHERE id = %s""",
    """UPDATE journal_entry SET data = '{"title": "Good hats", "rule": "spam"}' WHERE id = %s""",
    """UPDATE journal_entry SET data = '{"title": "Cheap hats"}' WHERE id = %s""",
    """UPDATE journal_entry SET data = '{"title": "Cheap hats", "rule": "spam", "is_old": true}' WHERE id = %s""",
    "UPDATE journal_entry SET data = '{}' WHERE id = %s",
)


@pytest.fixture
def entry(ann, mo, now):
    """An entry of a decision."""
    data = {"title": "Cheap hats", "rule": "spam"}
    with transaction.atomic():
        return write(verb=Verb.MODERATED, subject=ann, actor_id=mo.pk, now=now, data=data)


@pytest.mark.parametrize("change", CHANGES)
def test_nobody_changes_an_entry_by_hand(entry, change):
    before = Entry.objects.values().get()
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change, [entry.pk])
    assert Entry.objects.values().get() == before


def test_the_models_refuse_it_too(entry):
    for change in (entry.delete, entry.save, Entry.objects.all().delete):
        with pytest.raises(TypeError, match="append-only"):
            change()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        models.QuerySet[Entry](Entry).filter(pk=entry.pk).update(actor_id=None)


def test_the_words_of_who_is_erased_may_go_and_nothing_else(entry):
    forget_words(Entry.objects.all())
    forget_words(Entry.objects.all())
    assert Entry.objects.get().data == {"title": "", "rule": "spam"}
