"""What an import looks up is found by an index, however much the site holds already."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback.accounts.imported import Writer, bring_writers
from feedback.forum.queries import imported_posts
from tests.accounts.imported import bring_posts

pytestmark = pytest.mark.django_db


def plans(queries):
    """Return how SQLite carries out each SELECT, its values written out as it sees them."""
    with connection.cursor() as cursor:
        for query in queries:
            if query["sql"].startswith("SELECT"):
                cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
                yield " ".join(str(row[-1]) for row in cursor.fetchall())


def test_posts_and_people_are_found_by_index(board, now):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL sees by itself that an id which is named is not empty.")
    bring_posts(board, ("ann", ""), ("bo", ""))
    with CaptureQueriesContext(connection) as caught:
        list(imported_posts("github", ["0", "1"]))
        bring_writers({"github:ann": Writer("ann", "Ann")}, now=now)
    found = list(plans(caught.captured_queries))
    assert len(found) >= 2
    read_whole = ("SCAN forum_post", "SCAN accounts_user")
    assert not [plan for plan in found if plan.startswith(read_whole)], found
