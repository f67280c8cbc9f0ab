"""The databases of a site, from the environment: the main one, and a copy of it that pages may be read from."""

import os
from pathlib import Path
from typing import Any

from config import environment as env
from feedback.kernel.replica import ALIAS

_SQLITE = "django.db.backends.sqlite3"


def databases(data_dir: Path) -> dict[str, dict[str, Any]]:
    """Return what Django wants to know of each. Ends the process where a setting cannot be meant."""
    main = env.database("DATABASE_URL", f"sqlite:///{data_dir / 'heed.sqlite3'}")
    if main["ENGINE"] == _SQLITE:
        # WAL lets readers read while one writes; IMMEDIATE makes a writer wait for the lock at the start, where
        # waiting works, and not in the middle, where SQLite gives up. Never set mmap_size.
        main["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA journal_size_limit=67108864;"
                "PRAGMA cache_size=-16000; PRAGMA foreign_keys=ON;"
            ),
        }
    else:
        _of_postgres(main, connect_timeout=5)
    main["CONN_MAX_AGE"] = env.number("HEED_DATABASE_CONN_MAX_AGE", 60, least=0, most=86_400)
    main["CONN_HEALTH_CHECKS"] = main["ENGINE"] != _SQLITE
    return {"default": main} | _replica(main)


def _replica(main: dict[str, Any]) -> dict[str, dict[str, Any]]:
    if not os.environ.get("HEED_REPLICA_URL"):
        env.asked.add("HEED_REPLICA_URL")
        return {}
    copy = env.database("HEED_REPLICA_URL", "")
    if _SQLITE in (copy["ENGINE"], main["ENGINE"]):
        env.wrong(
            "HEED_REPLICA_URL", "DATABASE_URL must lead to PostgreSQL, and it to a copy of that one", secret=True
        )  # fmt: skip
    # A page that waits for a copy had better ask the main database.
    _of_postgres(copy, connect_timeout=2)
    return {
        ALIAS: copy
        | {"CONN_MAX_AGE": main["CONN_MAX_AGE"], "CONN_HEALTH_CHECKS": True, "TEST": {"MIRROR": "default"}}
    }  # fmt: skip


def _of_postgres(found: dict[str, Any], *, connect_timeout: int) -> None:
    # A filtered search in an HNSW index returns too few rows unless the scan goes on until it has enough.
    found.setdefault("OPTIONS", {})["options"] = "-c hnsw.iterative_scan=strict_order"
    found["OPTIONS"].setdefault("connect_timeout", connect_timeout)
