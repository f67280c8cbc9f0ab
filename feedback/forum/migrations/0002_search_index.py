"""The search index: FTS5 on SQLite, tsvector with GIN on PostgreSQL, over the same tokens."""

from django.db import migrations


def create_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE TABLE forum_post_search ("
            "post_id bigint PRIMARY KEY REFERENCES forum_post (id) ON DELETE CASCADE,"
            " words tsvector NOT NULL)"
        )
        schema_editor.execute(
            "CREATE INDEX forum_post_search_words ON forum_post_search USING gin (words)"
        )
    else:
        schema_editor.execute(
            "CREATE VIRTUAL TABLE forum_post_search USING fts5("
            "title, body, tokenize = \"unicode61 remove_diacritics 0 tokenchars '.-+_'\")"
        )


def drop_index(apps, schema_editor):
    schema_editor.execute("DROP TABLE forum_post_search")


class Migration(migrations.Migration):
    dependencies = [("forum", "0001_initial")]

    operations = [migrations.RunPython(create_index, drop_index)]
