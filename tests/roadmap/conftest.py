"""An ask that two people want, and the item that answers it."""

import pytest

from feedback.forum import operations as forum
from feedback.roadmap import operations


@pytest.fixture
def dark_mode(ann, bo, publish, make_ask, now):
    """Ann asks for it, Bo wants it too."""
    post = publish(ann, "Dark mode, please")
    forum.vote(post=post, person=bo, now=now)
    ask = make_ask(post)
    ask.people_count = 2
    ask.save(update_fields=["people_count"])
    return ask


@pytest.fixture
def item(dark_mode, pia, now):
    """The item that answers it, planned."""
    return operations.adopt(ask=dark_mode, actor=pia, now=now, title="A dark theme")
