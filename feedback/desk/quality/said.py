"""How good the grouping is, in three sentences that need no statistics."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.measure.quality.parts import Part
from feedback.measure.quality.queries import Company, Measure


def sentences(
    right: Measure | None, read: dict[str, Any], boards: Sequence[Part], company: Company
) -> list[str]:
    """Return what the figures say: whether posts stand right, what people changed, and where it is weakest."""
    return [_right(right), _changed(read), _weakest(boards, company)]


def _tenths(value: float) -> int:
    return round(10 * value)


def _right(right: Measure | None) -> str:
    if right is None or right.value is None:
        missing = right.missing if right is not None else 0
        return ngettext(
            "Judge %(n)d more, and it stands here how many posts are in the right ask.",
            "Judge %(n)d more, and it stands here how many posts are in the right ask.",
            missing,
        ) % {"n": missing}
    if _tenths(right.value) == 10:
        return _("Nearly every post stands in the right ask.")
    return _("About %(n)d in 10 posts stand in the right ask.") % {"n": _tenths(right.value)}


def _changed(read: dict[str, Any]) -> str:
    if not read.get("looked_at") and not read.get("contests"):
        return _("Nobody has confirmed, moved or contested a post yet.")
    return _(
        "Of %(seen)d posts that the team looked at it moved %(changed)d; authors contested %(contests)d."
    ) % {
        "seen": read.get("looked_at", 0),
        "changed": read.get("changed", 0),
        "contests": read.get("contests", 0),
    }


def _weakest(boards: Sequence[Part], company: Company) -> str:
    known = [one for one in boards if one.right.value is not None and one.board is not None]
    if len(known) > 1:
        last = min(known, key=lambda one: one.right.value or 0.0)
        return _("It is weakest on the board “%(board)s”: about %(n)d in 10 stand right there.") % {
            "board": last.board.title if last.board is not None else "",
            "n": _tenths(last.right.value or 0.0),
        }
    return _("About %(n)d in 10 posts stand in no ask with another.") % {
        "n": _tenths(company.alone or 0.0)
    }
