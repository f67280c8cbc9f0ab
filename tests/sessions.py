"""The database as others meet it: what it says, and a session of somebody else."""

from django.db import connection


def said(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


def another():
    """Return a session of somebody else on the same database."""
    import psycopg

    where = connection.get_connection_params()
    return psycopg.connect(
        **{key: where[key] for key in ("host", "user", "dbname", "port") if where.get(key)}
    )
