"""The search index: FTS5 on SQLite, two tsvectors with GIN on PostgreSQL, over the same tokens.

Tokens come cut and folded (`forum.search.language.words`): between them stand spaces, in them any other character.
"""

from django.db import migrations

# Every ASCII character but those that stand in no token; the ascii tokenizer takes all others for letters.
_TOKEN_CHARS = "!#$%&()*+,-./:;<=>?@[]^_`{}~''"


def create_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE TABLE forum_post_search ("
            "post_id bigint PRIMARY KEY REFERENCES forum_post (id) ON DELETE CASCADE,"
            " title text NOT NULL, body text NOT NULL,"
            " title_words tsvector NOT NULL, words tsvector NOT NULL)"
        )
        for column in ("title_words", "words"):
            schema_editor.execute(
                f"CREATE INDEX forum_post_search_{column} ON forum_post_search USING gin ({column})"
            )
    else:
        schema_editor.execute(
            "CREATE VIRTUAL TABLE forum_post_search USING fts5("
            f"title, body, detail = column, tokenize = \"ascii tokenchars '{_TOKEN_CHARS}'\")"
        )


def drop_index(apps, schema_editor):
    schema_editor.execute("DROP TABLE forum_post_search")


class Migration(migrations.Migration):
    dependencies = [("forum", "0001_initial")]

    operations = [migrations.RunPython(create_index, drop_index)]
