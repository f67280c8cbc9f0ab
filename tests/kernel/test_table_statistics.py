"""What was written in the present transaction counts when the database plans."""

from django.db import connection

from feedback.forum.models import Post, Vote
from feedback.kernel.table_statistics import count_anew


def rows_planned_for(model):
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [model._meta.db_table])
        return cursor.fetchone()[0]


def test_the_database_plans_for_what_is_there(ann, publish, django_assert_num_queries):
    for number in range(5):
        publish(ann, f"Wish number {number}")
    if connection.vendor != "postgresql":
        with django_assert_num_queries(0):
            count_anew(Post, Vote)
        return
    count_anew(Post, Vote)
    assert (rows_planned_for(Post), rows_planned_for(Vote)) == (5, 5)
    publish(ann, "One more")
    assert rows_planned_for(Post) == 5
    count_anew(Post)
    assert rows_planned_for(Post) == 6
