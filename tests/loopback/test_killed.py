"""A site whose processes are killed one after the other while people post and vote."""

import os
import signal
from typing import Any

import pytest
from django.conf import settings

from tests.loopback import machines
from tests.loopback.machines import LEFT, SITE
from tests.loopback.test_serve import Served, Visitor, Writer, command_of, login_of, rows

pytestmark = [pytest.mark.loopback, pytest.mark.own_database, pytest.mark.timeout(600)]


def rows_of(served: Served, query: str) -> list[tuple[Any, ...]]:
    """Return what the database of the site answers."""
    if settings.TEST_DATABASE == "postgres":
        return machines.rows(query, SITE)
    return rows(served.folder, query)


@pytest.mark.check(35)
def test_nothing_acknowledged_is_lost_whatever_is_killed(served: Served) -> None:
    email, password = login_of(served)
    served.until_up()
    writers = []
    for name in ("Ann", "Bo"):
        visitor = Visitor(served.port)
        visitor.sign_in(email, password)
        writers.append(Writer(visitor, name))
    for writer in writers:
        writer.start()
    served.until(lambda: all(len(writer.posts) >= 3 for writer in writers), "people post")
    for name in ("worker", "web", "encoder", "web"):
        killed = served.part(name)
        os.kill(killed, signal.SIGKILL)
        served.until(
            lambda name=name, killed=killed: served.part(name) not in (0, killed),  # type: ignore[misc]
            f"the {name} is started again",
        )
        before = [len(writer.posts) for writer in writers]
        served.until(
            lambda before=before: all(  # type: ignore[misc]
                len(writer.posts) > count + 2 for writer, count in zip(writers, before, strict=True)
            ),
            f"people post on after the {name} was killed",
        )
    for writer in writers:
        writer.stop.set()
        writer.join(40)
    acknowledged = [post for writer in writers for post in writer.posts]
    unvoted = {post for writer in writers for post in writer.unvoted}
    unsure = {post for writer in writers for post in writer.open}
    there = {
        str(public_id): (votes, counted)
        for public_id, votes, counted in rows_of(
            served,
            "SELECT public_id, vote_count, (SELECT COUNT(*) FROM forum_vote v WHERE v.post_id = p.id) FROM forum_post p",
        )
    }
    assert set(acknowledged) <= set(there)
    assert all(votes == counted for votes, counted in there.values())
    assert all(there[post] == (0, 0) for post in unvoted)
    assert all(there[post] == (1, 1) for post in set(acknowledged) - unvoted - unsure)

    # And what follows from a post comes by itself: its vector, its place in the index, every delivery.
    served.until(
        lambda: rows_of(served, LEFT) == [(0, 0, 0)],
        "every post is read, indexed and told of",
        seconds=180,
    )
    everyone = served.everyone()
    assert len(everyone) >= 5
    assert served.stop() == 0, served.text
    assert "Traceback" not in served.text
    assert "Heed has stopped. Everything is kept." in served.text
    assert not [pid for pid in everyone if "manage.py" in command_of(pid)]
