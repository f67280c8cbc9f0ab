"""Reading what an eval said: a line for each prompt, or the sums; pure."""

import csv
import io
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.kernel.refusals import Refusal

_YES = {"1", "true", "yes", "pass", "passed", "ok", "y", "t"}
_NO = {"0", "false", "no", "fail", "failed", "n", "f"}
#: More prompts than any ask has.
_MOST = 1_000_000


@dataclass(frozen=True)
class Passed:
    """How many of ``total`` prompts passed; ``release`` is what the file says of it, "" where it says nothing."""

    passed: int
    total: int
    release: str = ""


def read_results(raw: bytes, *, known: Collection[str]) -> Passed:
    """Return what ``raw`` says: JSON lines or CSV with id and passed, or one JSON object with passed and total.

    ``known`` are the ids of the prompts; a prompt that is named twice counts as it was named last. Raises `Refusal` with a sentence
    that says what is wrong.
    """
    try:
        text = raw.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise Refusal(_("Save the file as UTF-8."), status=422) from None
    if not text:
        raise Refusal(_("The file is empty."), status=422)
    rows = _rows(text)
    if len(rows) == 1 and "total" in rows[0]:
        return _sums(rows[0])
    return _counted(rows, known)


def _rows(text: str) -> list[Mapping[str, Any]]:
    if text[0] not in "{[":
        return list(csv.DictReader(io.StringIO(text)))
    try:
        said = json.loads(text)
        rows = said if isinstance(said, list) else [said]
    except ValueError:
        rows = list(_lines(text.splitlines()))
    if not all(isinstance(row, dict) for row in rows):
        raise Refusal(_unreadable(), status=422)
    return rows


def _lines(lines: Iterable[str]) -> Iterable[Any]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield json.loads(line)
            except ValueError:
                raise Refusal(_("Line %d is no JSON.") % number, status=422) from None


def _sums(row: Mapping[str, Any]) -> Passed:
    passed, total = row.get("passed"), row["total"]
    for number in (passed, total):
        if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= _MOST:
            raise Refusal(_unreadable(), status=422)
    assert isinstance(passed, int)
    if not total > 0 or passed > total:
        raise Refusal(_("More passed than there are. Look at the two numbers."), status=422)
    return Passed(passed, total, str(row.get("release") or "")[:100])


def _counted(rows: Iterable[Mapping[str, Any]], known: Collection[str]) -> Passed:
    said: dict[str, bool] = {}
    for row in rows:
        key, passed = row.get("id"), str(row.get("passed")).strip().lower()
        if not isinstance(key, str) or passed not in _YES | _NO:
            raise Refusal(_unreadable(), status=422)
        said[key.strip()] = passed in _YES
    strange = len(said.keys() - set(known))
    if strange:
        raise Refusal(
            ngettext(
                "%d of its prompts is none of this ask. Export them again.",
                "%d of its prompts are none of this ask. Export them again.",
                strange,
            )
            % strange,
            status=422,
        )
    if not said:
        raise Refusal(_unreadable(), status=422)
    return Passed(sum(said.values()), len(said))


def _unreadable() -> str:
    return _(
        "Each line needs “id” and “passed”; or give one JSON object with “passed” and “total”."
    )
