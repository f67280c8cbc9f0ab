"""JSON: an object a line, a list of objects, or an object with the list somewhere in it."""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, TextIO

import ijson
from django.utils.translation import gettext as _

from feedback.importing.formats.refusals import CannotImport, Choice, Question, Undecided
from feedback.importing.formats.rows import LONGEST_LINE, LONGEST_RECORD, BrokenRow, Row
from feedback.importing.formats.tables import Lines, broken_line

#: What a list of posts is called in a document that holds several lists.
KNOWN_LISTS = (
    "posts", "reviews", "feedback", "feedbacks", "ideas", "suggestions", "issues", "tickets", "topics", "items", "rows", "data",
    "results", "records", "entries", "responses", "conversations", "latest_posts", "notes", "comments", "replies", "list",
)  # fmt: skip
#: Characters of a document that are looked through for its lists.
LOOKED_THROUGH = 1 << 26
#: Characters of a document in which its own keys are looked for.
_KEYS_WITHIN = 1 << 20
#: Objects within objects are columns of their own down to here: "user.name".
DEEPEST = 3
#: One of the two halves that stand for an emoji in JSON, without the other.
_HALF = re.compile("[\ud800-\udfff]")
#: An escape: both halves, one half alone (1), or anything else.
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_FIRST_HALF = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}")
_LONGEST_ESCAPE = 12


def is_lines(text: TextIO) -> bool:
    """Tell whether a JSON file has an object a line, and is not one document.

    One of its first lines is an object as a whole; a document on one line holds a list of objects or is alone.
    """
    lines = Lines(text)
    values = 0
    seen = 0
    while seen < 5 and (taken := lines.take()) is not None:
        line = taken[1].strip().lstrip("\ufeff")
        if not line:
            continue
        seen += 1
        if len(line) >= LONGEST_LINE - 2:
            return False
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            more = bool(lines.take() or lines.take())
            return seen > 1 or more or not any(map(_is_list, found.values()))
        if _is_list(found):
            return False
        values += 1
    return values > 0


def _is_list(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and (isinstance(value[0], dict) or _is_list(value[0]))
    return isinstance(value, dict) and any(_is_list(one) for one in value.values())


def line_rows(text: TextIO) -> Iterator[Row | BrokenRow]:
    """Yield the rows of a file with one JSON object a line."""
    lines = Lines(text)
    while (taken := lines.take()) is not None:
        number, line = taken
        stripped = line.strip().lstrip("\ufeff")
        if not stripped:
            continue
        reason = broken_line(line)
        if reason is None:
            try:
                found = json.loads(stripped)
            except (ValueError, RecursionError) as error:
                where = getattr(error, "pos", None)
                reason = (
                    _("this line is not JSON")
                    if where is None
                    else _("this line is not JSON at character %(at)s") % {"at": where + 1}
                )
            else:
                if isinstance(found, dict):
                    yield Row(number, flat(found))
                    continue
                reason = _("this line is not a JSON object")
        yield BrokenRow(number, reason, stripped[:LONGEST_RECORD])


def list_of(text: TextIO, path: object, chosen: str = "") -> str:
    """Return where in a document its rows are, as ijson's prefix; ``chosen`` is the list that a person named ("data.posts").

    Raises `CannotImport` when there is no list of objects, `Undecided` when there are several and none is called like posts.
    """
    counts: Counter[str] = Counter()
    try:
        for prefix, event, _value in ijson.parse(_Utf8(text, LOOKED_THROUGH), use_float=True):
            if event == "start_map" and (not prefix or prefix.split(".")[-1] == "item"):
                counts[prefix] += 1
    except ijson.JSONError as error:
        if not counts:
            raise CannotImport(_no_json(path, error)) from None
    # Lists within rows are no rows; a list of lists is one that was fetched page by page.
    shallow = [one for one in counts if one.split(".").count("item") == 1]
    shallow = shallow or [one for one in counts if one == "item.item"]
    names = {list_name(one): one for one in shallow}
    if chosen:
        if chosen not in names:
            known = ", ".join(filter(None, names)) or "-"
            raise CannotImport(
                _('%(file)s has no list "%(name)s"; its lists are %(known)s.')
                % {"file": path, "name": chosen, "known": known}
            )
        return names[chosen]
    if not names:
        if counts.get(""):
            return ""
        raise CannotImport(_("%(file)s holds no list of objects.") % {"file": path})
    if len(names) == 1:
        return next(iter(names.values()))
    known_names = sorted(
        (name for name in names if name.rsplit(".", 1)[-1].lower() in KNOWN_LISTS),
        key=lambda name: KNOWN_LISTS.index(name.rsplit(".", 1)[-1].lower()),
    )
    if known_names:
        return names[known_names[0]]
    raise Undecided(
        Question(
            "rows_in",
            _("%(file)s holds several lists.") % {"file": path},
            tuple(Choice(name, f"{name}: {counts[prefix]:,}") for name, prefix in names.items()),
        )
    )


def has_keys(text: TextIO, wanted: Iterable[Collection[str]]) -> bool:
    """Tell whether the document is an object with all keys of one of ``wanted``."""
    left = [set(keys) for keys in wanted]
    if not left:
        return False
    try:
        for prefix, event, value in ijson.parse(_Utf8(text, _KEYS_WITHIN), use_float=True):
            if not prefix and event == "map_key":
                for keys in left:
                    keys.discard(value)
            if not all(left):
                return True
    except ijson.JSONError:
        pass  # cut short, or no JSON: whoever reads it says so
    return False


def list_name(prefix: str) -> str:
    """Return what a person calls the list at ijson's ``prefix``: "data.posts", "" for a list that is the document."""
    return "" if prefix == "item.item" else prefix.removesuffix("item").strip(".")


class _Utf8:
    """A text as the bytes that ijson reads, whatever encoding it came in; no more than ``most`` characters of it."""

    def __init__(self, text: TextIO, most: int | None = None) -> None:
        self._text = text
        self._left = most
        self._held = ""

    def read(self, size: int = -1) -> bytes:
        if size == 0:
            return b""
        wanted = size if size > 0 else 1 << 16
        if self._left is not None:
            wanted = min(wanted, self._left)
            self._left -= wanted
        while True:
            more = self._text.read(wanted).lstrip("\ufeff")
            text = self._held + more
            # What an escape may go on from waits for the rest of it.
            end = _before_last_escape(text) if more else len(text)
            self._held = text[end:]
            if end or not more:
                whole = _ESCAPE.sub(lambda found: "\\ufffd" if found[1] else found[0], text[:end])
                return _HALF.sub("\ufffd", whole).encode()


def _before_last_escape(text: str) -> int:
    at = text.find("\\", max(0, len(text) - _LONGEST_ESCAPE))
    if at < 0:
        return len(text)
    if _FIRST_HALF.fullmatch(text, max(0, at - 6), at):
        at -= 6
    while at > 0 and text[at - 1] == "\\":
        at -= 1
    return at


def document_rows(text: TextIO, prefix: str, path: object) -> Iterator[Row | BrokenRow]:
    """Yield the rows of the list at ``prefix``; their lines are their numbers. Raises `CannotImport`."""
    number = 0
    try:
        for found in ijson.items(_Utf8(text), prefix, use_float=True):
            number += 1
            if isinstance(found, dict):
                yield Row(number, flat(found))
            else:
                yield BrokenRow(
                    number,
                    _("it is not a JSON object"),
                    json.dumps(found, ensure_ascii=False)[:LONGEST_RECORD],
                )
    except ijson.JSONError as error:
        if number:
            raise CannotImport(
                _("%(file)s breaks off after row %(row)s; what follows is not JSON.")
                % {"file": path, "row": number}
            ) from None
        raise CannotImport(_no_json(path, error)) from None


def _no_json(path: object, error: Exception) -> str:
    return _("%(file)s is not JSON (%(error)s).") % {
        "file": path,
        "error": str(error).split("\n", 1)[0][:80],
    }


def flat(found: Mapping[str, Any], above: str = "", depth: int = 1) -> dict[str, Any]:
    """Return ``found`` with the objects in it as columns of their own: {"user": {"name": …}} is "user.name"."""
    values: dict[str, Any] = {}
    for key, value in found.items():
        name = _sound(f"{above}{key}")
        if isinstance(value, dict) and depth < DEEPEST:
            values |= flat(value, f"{name}.", depth + 1)
        else:
            values[name] = _sound(value)
    return values


def _sound(value: Any) -> Any:
    """Return ``value`` as any database takes it: no NUL, and "\ufffd" for half of an emoji that somebody cut in two."""
    if isinstance(value, str):
        return _HALF.sub("\ufffd", value.replace("\x00", ""))
    if isinstance(value, list):
        return [_sound(one) for one in value]
    if isinstance(value, dict):
        return {_sound(key): _sound(one) for key, one in value.items()}
    return value
