"""What the tests of rights share: a second board, and giving a role on a part."""

import pytest

from feedback.forum.models import Board
from feedback.forum.rights.operations import Place, give
from feedback.kernel import clock
from tests.world import world as world


@pytest.fixture
def bugs(product):
    """Another board of the same product."""
    return Board.objects.create(product=product, slug="bugs", name="Bugs", name_zh="问题反馈")


@pytest.fixture
def given(ada):
    """Give a role: ``given(kit, "MODERATOR", board=bugs)`` returns kit."""

    def say(person, role, **place):
        give(person=person, role=role, place=Place(**place), actor=ada, now=clock.now())
        return person

    return say


@pytest.fixture
def kit(person, given, board):
    """Keeps order on the board for suggestions alone."""
    return given(person("Kit"), "MODERATOR", board=board)


@pytest.fixture
def max_(person, given, notes):
    """Manages the second product alone."""
    return given(person("Max"), "MANAGER", product=notes)


@pytest.fixture
def una(person):
    """The analyst."""
    return person("Una", role="ANALYST")
