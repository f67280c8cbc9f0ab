"""A closed board with what was said on it: Dan and Eve are in its ring, everybody else is not."""

from types import SimpleNamespace

import pytest

from feedback.forum.boards.operations import open_board
from feedback.forum.closed.naming import name_on_board
from feedback.forum.comments.operations import comment
from feedback.journal import operations as journal
from feedback.kernel import clock


@pytest.fixture
def deliver(db):
    """Deliver what is due."""

    def run():
        while journal.deliver_due(now=clock.now()):
            pass

    return run


@pytest.fixture
def ring(product, pia, person, publish, now):
    """A board of Dan's and Eve's, with a post of Dan's and a comment of Eve's."""
    made = open_board(
        slug="lab", name="Quokka lab", product=product, readers="RING", actor=pia, now=now
    )
    dan, eve = person("Dan"), person("Eve")
    for one in (dan, eve):
        name_on_board(board=made, person=one, actor=pia, now=now)
    post = publish(dan, "Marzipan is broken", body="A marzipan of a crash.", board=made)
    said = comment(post=post, author=eve, body="Marzipan here too.", now=now)
    return SimpleNamespace(board=made, dan=dan, eve=eve, post=post, comment=said)
