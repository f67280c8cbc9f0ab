"""How often the second database is asked for what the first has answered."""

from pathlib import Path

import pytest
from django.conf import settings

_IS_FIRST = settings.TEST_DATABASE == "sqlite"

#: What happens between the statements and not in them: the second database would say the same again.
on_one_database = pytest.mark.skipif(not _IS_FIRST, reason="it is the same on every database")


def often(times: int) -> int:
    """Return how many stories of a kind to try: ``times`` on SQLite, a quarter on PostgreSQL."""
    return times if _IS_FIRST else max(1, times // 4)


#: What is read of files, mails and requests, or worded, drawn and judged in Python. The database keeps what comes of it as it
#: keeps all else, which others ask of both: `test_addresses` opens every page, `test_journey` and `test_first_hour` walk through them.
SAID_ONCE = {
    # A file is read; that an import writes, goes on and is undone, test_imports, test_stages and test_import_mending say.
    "importing/test_columns.py",
    "importing/test_dates.py",
    "importing/test_encodings.py",
    "importing/test_more_forms.py",
    "importing/test_people_and_titles.py",
    "importing/test_source_shapes.py",
    "importing/test_sources.py",
    "desk/test_importing.py",
    "desk/test_import_states.py",
    # Mails, messages and feeds are worded and read; test_fan_out, test_mail, test_mailbox and test_sending send and take them.
    "notify/test_occasions.py",
    "notify/test_hostile_mails.py",
    "notify/test_provider.py",
    "notify/test_replies.py",
    "notify/test_feeds_of_words.py",
    "notify/webhooks/test_happenings.py",
    "notify/webhooks/test_kinds.py",
    # What another site answers; test_providers keeps it.
    "accounts/doors/test_known_providers.py",
    "forum/moderation/test_outside.py",
    "forum/test_translating.py",
    # What is judged in Python; test_holding, test_raid, test_placing and test_regrouping write what comes of it.
    "forum/moderation/test_adverts.py",
    "forum/moderation/test_verdicts.py",
    "grouping/test_proposing.py",
    "grouping/test_told.py",
    "grouping/test_trying_a_model.py",
    # Pages and what leads to them.
    "architecture/test_hostile_requests.py",
    "accounts/doors/test_second_step.py",
    "desk/test_encoder.py",
    "desk/test_explaining.py",
    "desk/test_first_steps.py",
    "desk/test_kinds.py",
    "desk/test_measuring.py",
    "desk/test_one_ask.py",
    "desk/test_rooms_of_the_desk.py",
    "desk/test_week.py",
    "forum/test_after_sign_in.py",
    "forum/test_cards.py",
    "identity/test_identity.py",
    "roadmap/test_pages.py",
    "roadmap/train/test_pages.py",
}
_TESTS = Path(__file__).parent


def is_said_once(path: Path) -> bool:
    """Whether the tests of a file are left out on PostgreSQL."""
    return path.is_relative_to(_TESTS) and path.relative_to(_TESTS).as_posix() in SAID_ONCE
