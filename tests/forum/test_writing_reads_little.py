"""Who posts, answers or votes waits for few rows to be read, however many the site has."""

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback.forum.comments.operations import comment
from feedback.forum.posts.operations import edit_post
from feedback.forum.votes.operations import vote
from feedback.kernel import clock

pytestmark = pytest.mark.skipif(
    settings.TEST_DATABASE != "sqlite", reason="PostgreSQL plans by what it knows of the rows"
)
#: Tables that grow with every person who takes part.
LARGE = ("forum_post", "forum_comment", "forum_vote", "asks_membership", "journal_entry")


#: Of what is only known to be on a board and published there may be any number.
_TOO_MANY = re.compile(r"\((?:(?:board_id|state|verb)=\?(?: AND )?)+\)$")


def reads_many(step):
    """Return whether a step of a plan reads a large table, or all of a board."""
    how, table = step.split()[:2]
    return table in LARGE and (how == "SCAN" or bool(_TOO_MANY.search(step)))


def read_whole(deed):
    """Return the steps in which ``deed`` has SQLite read as many rows as a site or a board has."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        deed()
    found = []
    for query in asked.captured_queries:
        if not query["sql"].startswith(("SELECT", "UPDATE", "DELETE")):
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            steps = [row[3] for row in cursor.fetchall()]
        found += [f"{step}: {query['sql']}" for step in steps if reads_many(step)]
    return found


@pytest.fixture
def post(publish, ann):
    return publish(ann, "Dark mode", body="At night")


def test_posting(post, publish, ann):
    assert not read_whole(lambda: publish(ann, "Louder bells", body="Please"))
    assert not read_whole(lambda: publish(ann, "Louder bells", body="Please"))


def test_answering(post, bo):
    assert not read_whole(lambda: comment(post=post, author=bo, body="Yes", now=clock.now()))
    assert not read_whole(lambda: comment(post=post, author=bo, body="Yes", now=clock.now()))


def test_voting(post, bo):
    assert not read_whole(lambda: vote(post=post, person=bo, now=clock.now()))


def test_editing(post, ann):
    def edit():
        edit_post(
            post=post,
            editor=ann,
            title="Darker mode",
            body="At night",
            kind=post.kind,
            now=clock.now(),
        )

    assert not read_whole(edit)
