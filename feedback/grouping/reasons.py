"""Why a post is in its ask, as a membership keeps it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feedback import engine


def reason_json(reason: "engine.Reason", public_ids: dict[int, str]) -> dict[str, object]:
    """Return a reason as it is kept: nearest posts by public id with cosine similarity, shared terms."""
    return {
        "ground": str(reason.ground),
        "nearest": [
            [public_ids[int(near.id)], round(float(near.similarity), 3)]
            for near in reason.nearest
            if int(near.id) in public_ids
        ],
        "terms": list(reason.terms),
        "note": reason.note,
    }
