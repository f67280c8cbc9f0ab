"""How often the second database is asked for what the first has answered."""

import pytest
from django.conf import settings

_IS_FIRST = settings.TEST_DATABASE == "sqlite"

#: What happens between the statements and not in them: the second database would say the same again.
on_one_database = pytest.mark.skipif(not _IS_FIRST, reason="it is the same on every database")


def often(times: int) -> int:
    """Return how many stories of a kind to try: ``times`` on SQLite, a quarter on PostgreSQL."""
    return times if _IS_FIRST else max(1, times // 4)
