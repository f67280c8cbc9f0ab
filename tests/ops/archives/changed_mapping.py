"""Restore the backup that is named with mappings that are not the real one, and say what came of each, as JSON.

``python -m tests.ops.archives.changed_mapping FILE``, in a process of its own.
"""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from feedback.asks.models import Answer  # noqa: E402
from feedback.kernel import clock  # noqa: E402
from feedback.ops import archive  # noqa: E402
from feedback.ops.archive import older  # noqa: E402
from feedback.ops.archive.older.changes import Table  # noqa: E402

REAL = older.CHANGES
#: Nobody knows a table; boards stay behind, and posts point at nothing; a value is made of another and of a new row.
MAPPINGS = [
    replace(REAL, tables=REAL.tables | {"insight_answer": Table("asks_riddle")}),
    replace(REAL, left_out=REAL.left_out | {"forum_board": "A mistake."}),
    replace(
        REAL,
        tables=REAL.tables
        | {
            "insight_answer": Table(
                "asks_answer",
                left_out=["body"],
                filled={**REAL.tables["insight_answer"].filled}
                | {"body": "(SELECT value FROM heed_cache) || old.id"},
            )
        },
        made={
            **REAL.made,
            "heed_cache": [{"cache_key": "a", "value": "Said: ", "expires": "2030-01-01"}],
        },
    ),
]


def said_of(changes: older.Changes, source: Path) -> tuple[str, list[str]]:
    """Return why it was refused, or "", and the answers on the site afterwards."""
    older.CHANGES, refusal = changes, ""
    try:
        archive.restore(source, now=clock.now(), overwrite=True)
    except archive.CannotArchive as reason:
        refusal = str(reason)
    return refusal, list(Answer.objects.order_by("pk").values_list("body", flat=True))


if __name__ == "__main__":
    print(json.dumps([said_of(changes, Path(sys.argv[1])) for changes in MAPPINGS]))  # noqa: T201
