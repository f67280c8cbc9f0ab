"""Why a post is in its ask, as a membership keeps it."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from feedback import engine

#: Similarities that differ by less tell a reader the same.
TELLS_MORE = 0.02


def reason_json(reason: "engine.Reason", public_ids: dict[int, str]) -> dict[str, Any]:
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


def is_as_like(before: float | None, now: float) -> bool:
    """Whether two similarities tell a reader the same."""
    return before is not None and abs(before - now) < TELLS_MORE


def says_the_same(before: dict[str, Any], now: dict[str, Any]) -> bool:
    """Whether two reasons, as `reason_json` makes them, tell a reader the same: the posts and words, however near exactly."""
    near, near_now = dict(before.get("nearest", [])), dict(now["nearest"])
    return (
        all(before.get(name) == now[name] for name in ("ground", "note"))
        and set(before.get("terms", [])) == set(now["terms"])
        and near.keys() == near_now.keys()
        and all(is_as_like(near[key], near_now[key]) for key in near)
    )
