"""What people write into the cells of a table: stars, votes, kinds, tags, and nothing."""

import re
from typing import Any

from django.utils.translation import gettext as _

from feedback.importing.formats.refusals import ValueUnreadable

_NOTHING = frozenset(
    ("", "none", "null", "nil", "nan", "n/a", "na", "-", "--", "—", "\\n", "undefined", "无")
)
#: No word for nothing has more characters, with some space around it.
LONGEST_NOTHING = 12
#: The kinds of posts, as `forum.Post.Kind` has them, and what they are called elsewhere.
_KINDS = {
    "SUGGESTION": "suggestion feature feature_request enhancement idea improvement new_feature wish request 建议 需求 功能建议 优化 功能需求 意见 新功能 改进",
    "BUG": "bug defect issue problem crash bug_report incident error 缺陷 故障 问题 问题反馈 错误 异常 bug反馈",
    "QUESTION": "question support help how_to 提问 疑问 咨询 求助 问答",
    "PRAISE": "praise compliment thanks 表扬 好评 点赞",
}
_KIND_OF = {
    word.replace("_", " "): kind for kind, named in _KINDS.items() for word in named.split()
}
_STARS = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*(?:/\s*5|out of 5|von 5|stars?|sterne|星|分|점)?", re.IGNORECASE
)
_DRAWN = frozenset("★☆⭐\ufe0f🌟 ")


def nothing_or(text: str, *, also: tuple[str, ...] = ()) -> str:
    """Return ``text``, or "" when it only says that there is nothing ("None", "NaN", "-")."""
    lowered = text.strip().lower()
    return "" if lowered in _NOTHING or lowered in also else text


_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]{2,}")
#: An address beside a name, or as a link: "Bo Berg <bo@example.org>", "mailto:bo@example.org".
_EMAIL_WITHIN = re.compile(
    r"(?:mailto:|.*<\s*)?([^\s@<>:]+@[^\s@<>]+\.[^\s@<>]{2,}?)\s*>?", re.IGNORECASE
)
_ROUNDED = re.compile(r"(\d{1,4}(?:[.,]\d{1,2})?)\s?([km万萬])", re.IGNORECASE)
_TIMES = {"k": 1_000, "m": 1_000_000, "万": 10_000, "萬": 10_000}
_YES = frozenset(("1", "true", "yes", "y", "t", "是", "ja", "oui", "si", "sí"))


def is_yes(text: str) -> bool:
    """Tell whether a cell says yes."""
    return text.strip().lower() in _YES


def is_email(text: str) -> bool:
    """Tell whether a cell is an e-mail address."""
    return bool(_EMAIL.fullmatch(text.strip()))


def email(text: str) -> str:
    """Return the one address in a cell, or what stands there where it is not one alone."""
    found = _EMAIL_WITHIN.fullmatch(text.strip())
    return found[1] if found else text


def stars(text: str) -> int | None:
    """Return 1 to 5 for "4", "4.0", "4/5", "4星" or "★★★★", or None for no text and no stars. Raises `ValueUnreadable`."""
    text = nothing_or(text.strip())
    if not text:
        return None
    found = _counted(text)
    if found is None or not 0 <= int(found + 0.5) <= 5:
        raise ValueUnreadable(_('stars are 1 to 5, not "%(stars)s"') % {"stars": text[:20]})
    return int(found + 0.5) or None


def stars_or_none(text: str) -> int | None:
    """Return `stars`, None also for what is none."""
    try:
        return stars(text)
    except ValueUnreadable:
        return None


def _counted(text: str) -> float | None:
    if set(text) <= _DRAWN:
        return sum(text.count(star) for star in "★⭐🌟")
    match = _STARS.fullmatch(text)
    return float(match.group(1).replace(",", ".")) if match else None


def count(text: str) -> int | None:
    """Return a number of votes: "1,234", "+7", "1.2k", "3万"; None for what is none."""
    plain = re.sub(r"[,.\s'](?=\d{3}\b)", "", text.strip().removeprefix("+"))
    if re.fullmatch(r"\d{1,9}", plain):
        return int(plain)
    rounded = _ROUNDED.fullmatch(plain)
    if rounded is None:
        return None
    return round(float(rounded[1].replace(",", ".")) * _TIMES[rounded[2].lower()])


def kind(text: str) -> tuple[str, str]:
    """Return a post's kind, "" when ``text`` names none, and the text when it is not understood."""
    word = nothing_or(text.strip())
    if not word:
        return "", ""
    plain = " ".join(re.split(r"[\s_\-]+", word.lower()))
    found = _KIND_OF.get(plain, "") or _KIND_OF.get(plain.removesuffix("s"), "")
    return found, "" if found else word


def tags(value: Any) -> tuple[str, ...]:
    """Return the tags in a cell: a list of names or of objects with a name, or text with commas."""
    if isinstance(value, list):
        found = [
            one.get("name") or one.get("title") or "" if isinstance(one, dict) else one
            for one in value
        ]
    else:
        found = re.split(r"[,;|，；、]", str(value))
    return tuple(
        dict.fromkeys(
            name for one in found if (name := nothing_or(str(one).strip().strip("[]\"'")))
        )
    )
