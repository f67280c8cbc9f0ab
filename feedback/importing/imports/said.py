"""What a person said of a file, as it is kept with its import, and as the reader wants it."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.utils.translation import gettext as _

from feedback.importing.formats import Field, Order, Settings
from feedback.importing.models import Import
from feedback.kernel.refusals import Refusal

#: What a person may say beside the columns.
WORDS = ("format", "encoding", "delimiter", "rows_in", "date_order", "date_language", "time_zone")
_DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "bar": "|"}


def settings_of(said: Mapping[str, Any]) -> Settings:
    """Return what was said as the reader wants it."""
    zone = said.get("time_zone", "")
    order = said.get("date_order", "")
    return Settings(
        time_zone=ZoneInfo(zone or settings.TIME_ZONE),
        columns={Field(what): column for what, column in said.get("columns", {}).items()},
        encoding=said.get("encoding", ""),
        delimiter=said.get("delimiter", ""),
        header_line=said.get("header_line"),
        rows_in=said.get("rows_in", ""),
        format=said.get("format", ""),
        date_order=Order(order) if order else None,
        date_language=said.get("date_language", ""),
        time_zone_is_said=bool(zone),
    )


def with_columns(one: Import, chosen: Mapping[str, str]) -> dict[str, str]:
    """Return what was said of columns when each column is taken for what ``chosen`` names ("" for nothing).

    What was judged and stays is not said: it may be judged better once something else is. Raises `Refusal`.
    """
    said: dict[str, str] = dict(one.said.get("columns", {}))
    takes: dict[str, str] = {}
    for column in one.found.get("columns", []):
        name, before = column["name"], column["field"]
        now = chosen.get(name, before)
        if now and now in takes:
            raise Refusal(
                _("“%(one)s” and “%(other)s” cannot both be it: choose one column for each thing.")
                % {"one": takes[now], "other": name},
                status=422,
            )
        if now:
            takes[now] = name
        if now != before:
            if before and said.get(before) in (None, name):
                said[before] = ""
            if now:
                said[now] = name
    for what, name in takes.items():
        if said.get(what) == "":
            said[what] = name
    return said


def answered(one: Import, setting: str, answer: str) -> dict[str, Any]:
    """Return all that was said, with ``answer`` to the question that is open. Raises `Refusal`."""
    said = dict(one.said)
    if setting.startswith("columns."):
        what = setting.removeprefix("columns.")
        return said | {"columns": {**said.get("columns", {}), Field(what).value: answer}}
    return with_word(said, setting, answer)


def with_word(said: Mapping[str, Any], setting: str, value: str) -> dict[str, Any]:
    """Return what was said, with one word more, "" for none. Raises `Refusal` for what cannot be meant."""
    value = value.strip() if setting != "delimiter" else value.strip(" ")
    kept = {name: word for name, word in said.items() if name != setting}
    if not value:
        return kept
    if setting == "header_line":
        if not value.isascii() or not value.isdecimal() or int(value) > 1_000_000:
            raise Refusal(
                _("Which line names the columns? Write its number, or 0 for none."), status=422
            )
        return kept | {"header_line": int(value)}
    if setting == "time_zone" and value not in available_timezones():
        raise Refusal(
            _("“%s” is no time zone; write a name such as Asia/Shanghai or UTC.") % value,
            status=422,
        )
    if setting == "date_order" and value not in list(Order):
        raise Refusal(_("Choose one of the orders."), status=422)
    if setting == "delimiter":
        value = _DELIMITERS.get(value.lower(), value)
        if len(value) > 1:
            raise Refusal(_("Columns are parted by one character, or by “tab”."), status=422)
    return kept | {setting: value} if setting in WORDS else kept
