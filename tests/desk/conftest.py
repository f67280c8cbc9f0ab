"""What tests of the desk begin with."""

import pytest

from tests.desk.bringing import bring as bring


@pytest.fixture
def desk(client_of, pia):
    """The product manager's browser."""
    return client_of(pia)
