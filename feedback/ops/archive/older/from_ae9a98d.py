"""What became of the schema of commit ae9a98d, the last before 0.1.0 got its rooms.

One room, "insight", held what lies in asks, grouping and measure today. When today's schema changes, this is the
place to say what that means for a backup of ae9a98d: a table that moved, a column with another name or none, a value
for a new one, rows that must be there. Whatever is not named here is copied by equal names.
"""

import datetime as dt

from django.conf import settings

from feedback.ops.archive.older.changes import Changes, Table, labels

_ROOMS = {
    "asks": "answer area ask bond decision decision_posts membership proposal",
    "grouping": "comparison encodermodel question run vector",
    "measure": "alert calibration judgement qualityreading",
}
_VERBS = {
    "asks": "area-confirmed area-dissolved area-made area-renamed areas-joined ask-answered ask-confirmed "
    "ask-declined ask-dismissed ask-joined ask-locked ask-renamed ask-reopened ask-split ask-unlocked asks-apart "
    "asks-put contest-refused decision-undone post-contested post-moved posts-apart posts-together",
    "grouping": "areas-arranged model-removed model-set-aside model-taken run-finished",
    "measure": "alert-raised alert-seen alert-unseen calibrated looked-for-rises",
}
_CONSUMERS = {"asks": "recount", "grouping": "embed"}


def _from_insight(rooms: dict[str, str], mark: str) -> dict[str, str]:
    """Return {"insight.x": "asks.x", ...} for rooms and what they hold; ``mark`` stands after the room's name."""
    return {
        f"insight{mark}{name}": f"{room}{mark}{name}"
        for room, names in rooms.items()
        for name in names.split()
    }


#: What there was belongs to the one product that every site has.
_PRODUCT = {"product_id": "(SELECT id FROM forum_product)"}
_OF_A_PRODUCT = {
    "forum_board",
    "insight_area",
    "insight_ask",
    "insight_calibration",
    "insight_qualityreading",
    "insight_run",
    "roadmap_item",
    "roadmap_release",
}
#: Called as they were; each has got a column since.
_KEPT = (
    "accounts_user",
    "forum_comment",
    "forum_post",
    "forum_vote",
    "notify_notice",
    "roadmap_changelogline",
)
_NAMES = (
    _from_insight(_ROOMS, "_")
    | {"insight_placement": "asks_placementattempt"}
    | {old: old for old in _OF_A_PRODUCT if not old.startswith("insight_")}
    | {old: old for old in _KEPT}
)
#: A release in which something shipped is out, since its first line was written.
_LINES = "FROM roadmap_changelogline WHERE release_id = old.id"
_STANDS = {
    "stop": f"CASE WHEN EXISTS (SELECT 1 {_LINES}) THEN 'RELEASED' ELSE 'PLANNED' END",
    "stop_changed_at": f"(SELECT MIN(written_at) {_LINES})",
    "released_at": f"(SELECT MIN(written_at) {_LINES})",
    "word": "''",
    "notes_en": "''",
    "notes_zh": "''",
    "notes_en_by_machine": "FALSE",
    "notes_zh_by_machine": "FALSE",
}
_WEIGHTS = dict.fromkeys(("critical_count", "important_count", "nice_count"), "0")
#: What the machine says of an ask and of a text since then; the next run fills it in. What imports bring along since then.
_UNSAID = {
    "accounts_user": {
        "imported_email": "''",
        "credit": "''",
        "face": "''",
        "mark": "''",
        "acts_for_id": "NULL",
        "part_role": "''",
    },
    "forum_comment": {"external_id": "''", "arrived_at": "NULL"},
    "forum_board": {
        "voters_seen_by": "'TEAM'",
        "readers": "'EVERYONE'",
        "posters": "CASE WHEN CAST(old.team_posts_only AS boolean) THEN 'TEAM' ELSE 'MEMBERS' END",
        "commenters": "'MEMBERS'",
        "asks_for_prompt": "FALSE",
    },
    "forum_post": {"votes_elsewhere": "0", "is_locked": "FALSE", "crowded": "0"},
    "forum_vote": {"importance": "''"},
    "insight_answer": {
        "body_zh": "''",
        "said_before": "'{}'",
        "told_again": "0",
        "edited_at": "NULL",
        "withdrawn_at": "NULL",
    },
    "insight_ask": {"titles": "'{}'", "votes_elsewhere": "0"} | _WEIGHTS,
    "insight_run": {"found_count": "0", "moved_count": "0", "known_decision": "0"},
    "insight_vector": {"lead": "''"},
    "notify_notice": {"thread": "''"},
    "roadmap_changelogline": {"category": "'NEW'"},
    "roadmap_item": {"confidence": "''", "private_notes": "''"},
    "roadmap_release": _STANDS,
}
#: Columns that others say by now.
_SAID_OTHERWISE = {"forum_board": ("team_posts_only",)}
_TABLES = {
    old: Table(
        new,
        filled=(_PRODUCT if old in _OF_A_PRODUCT else {}) | _UNSAID.get(old, {}),
        left_out=_SAID_OTHERWISE.get(old, ()),
    )
    for old, new in _NAMES.items()
}

CHANGES = Changes(
    migrations=frozenset(
        {
            "accounts.0001_initial",
            "accounts.0002_shared_cache",
            "accounts.0003_rate_bucket",
            "forum.0001_initial",
            "forum.0002_search_index",
            "forum.0003_post_hotness",
            "forum.0004_arrived_index",
            "insight.0001_initial",
            "insight.0002_decision_posts",
            "insight.0003_proposal_later",
            "insight.0004_what_heed_asks_and_areas",
            "insight.0005_models_set_aside",
            "insight.0006_summary_from",
            "insight.0007_judged_placements",
            "journal.0001_initial",
            "notify.0001_initial",
            "roadmap.0001_initial",
        }
    ),
    tables=_TABLES,
    left_out={
        "django_migrations": "Today's schema has its own.",
        "django_tasks_database_dbtaskresult": "Jobs are only hints: the worker looks for what is left to do.",
        "forum_post_search": "Words are cut in another way today: the index is made anew.",
        "heed_cache": "What is kept there names classes that moved.",
    },
    made={
        "forum_product": [
            {
                "slug": "main",
                "name": settings.SITE_NAME[:60],
                "name_zh": "",
                "description": "",
                "description_zh": "",
                "position": 100,
                "is_default": True,
                "sample": "",
                "created_at": dt.datetime(2026, 11, 28, tzinfo=dt.UTC),
            }
        ]
    },
    words={
        ("journal_entry", "verb"): _from_insight(_VERBS, "."),
        ("journal_entry", "subject_type"): labels(_TABLES),
        ("journal_dispatch", "consumer"): _from_insight(_CONSUMERS, "."),
    },
)
