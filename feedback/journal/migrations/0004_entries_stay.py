"""An entry of the journal stays as it was written; the database itself refuses whoever would change it.

Nothing is deleted. Of an entry only the words of somebody who is erased may be emptied, as `operations.forget_words` does.
"""

from django.db import migrations

_WORDS = ("title", "before", "post_title")
_DELETED = "The journal is append-only: entries are not deleted."
_CHANGED = "The journal is append-only: write a new entry instead."

_POSTGRES = f"""
CREATE OR REPLACE FUNCTION journal_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '{_DELETED}' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.id, NEW.public_id, NEW.at, NEW.actor_id, NEW.verb, NEW.subject_type, NEW.subject_id)
            IS DISTINCT FROM (OLD.id, OLD.public_id, OLD.at, OLD.actor_id, OLD.verb, OLD.subject_type, OLD.subject_id)
        OR NEW.data - ARRAY{list(_WORDS)} IS DISTINCT FROM OLD.data - ARRAY{list(_WORDS)}
        OR EXISTS (
            SELECT 1 FROM jsonb_each(NEW.data) AS word
            WHERE key = ANY (ARRAY{list(_WORDS)}) AND value IS DISTINCT FROM OLD.data -> key
                AND value::text NOT IN ('""', '[]', '{{}}', 'null')
        )
    THEN
        RAISE EXCEPTION '{_CHANGED}' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER journal_entry_stays BEFORE UPDATE OR DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_entry_stays();
"""
_POSTGRES_BACK = """
DROP TRIGGER journal_entry_stays ON journal_entry;
DROP FUNCTION journal_entry_stays();
"""

_COLUMNS = ("id", "public_id", "at", "actor_id", "verb", "subject_type", "subject_id")
_PATHS = ", ".join(f"'$.{word}'" for word in _WORDS)
_SQLITE = (
    f"""
CREATE TRIGGER journal_entry_is_not_deleted BEFORE DELETE ON journal_entry
BEGIN SELECT RAISE(ABORT, '{_DELETED}'); END
""",
    f"""
CREATE TRIGGER journal_entry_stays BEFORE UPDATE ON journal_entry
WHEN {" OR ".join(f'NEW."{column}" IS NOT OLD."{column}"' for column in _COLUMNS)}
    OR json_remove(NEW.data, {_PATHS}) IS NOT json_remove(OLD.data, {_PATHS})
    OR EXISTS (
        SELECT 1 FROM json_each(NEW.data) AS word
        WHERE word.key IN {_WORDS} AND word.value NOT IN ('', '[]', '{{}}')
            AND word.value IS NOT (SELECT value FROM json_each(OLD.data) WHERE key = word.key)
    )
BEGIN SELECT RAISE(ABORT, '{_CHANGED}'); END
""",
)
_SQLITE_BACK = (
    "DROP TRIGGER journal_entry_stays",
    "DROP TRIGGER journal_entry_is_not_deleted",
)


def have_entries_stay(apps, schema_editor):
    is_postgres = schema_editor.connection.vendor == "postgresql"
    for statement in (_POSTGRES,) if is_postgres else _SQLITE:
        schema_editor.execute(statement, params=None)


def let_entries_go(apps, schema_editor):
    is_postgres = schema_editor.connection.vendor == "postgresql"
    for statement in (_POSTGRES_BACK,) if is_postgres else _SQLITE_BACK:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_parked_found")]

    operations = [migrations.RunPython(have_entries_stay, let_entries_go)]
