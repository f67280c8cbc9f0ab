"""How the commands that read files of posts are told what a file does not say: one set of options for all of them."""

import datetime as dt
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.management.base import CommandError

from feedback.importing import sources
from feedback.importing.formats import (
    CannotImport,
    Field,
    FileMapping,
    Order,
    Settings,
    Undecided,
    chosen_from,
)

#: The columns that have an option of their own; ``--map`` takes all.
_COLUMN_OPTIONS = {
    "text_column": Field.BODY,
    "title_column": Field.TITLE,
    "id_column": Field.EXTERNAL_ID,
    "date_column": Field.POSTED_ON,
}
_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|", "\\t": "\t"}
#: Which option answers what a file leaves open.
_OPTIONS = {
    "encoding": "--encoding",
    "date_order": "--day-first, --month-first or --year-first",
    "date_language": "--date-language",
    "time_zone": "--time-zone",
    "rows_in": "--rows-in",
    "format": "--format",
    "header_line": "--header-line",
    "columns.body": "--text-column",
    "columns.title": "--title-column",
    "columns.external_id": "--id-column",
    "columns.posted_on": "--date-column",
}


def add_reading_arguments(parser: ArgumentParser) -> None:
    """Add the options that say how a file is to be read, where it does not say so itself."""
    group = parser.add_argument_group(
        "reading", "what is what in the file; judged by names and contents unless given"
    )
    group.add_argument("--text-column", metavar="COLUMN", help="the words")
    group.add_argument("--title-column", metavar="COLUMN", help="the titles")
    group.add_argument("--id-column", metavar="COLUMN", help="the ids")
    group.add_argument("--date-column", metavar="COLUMN", help="when a row was posted")
    group.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FIELD=COLUMN,…",
        help="any column; FIELD= takes none. Fields: " + ", ".join(Field),
    )
    group.add_argument(
        "--format",
        default="",
        metavar="FORMAT",
        help="the tool it was exported from, known by its columns unless given; none to judge them: "
        + ", ".join(one.key for one in sources.formats()),
    )
    group.add_argument("--encoding", default="", help="cp1252, mac_roman, gb18030, big5, …")
    group.add_argument(
        "--delimiter", default="", help="comma, semicolon, tab, bar or any one character"
    )
    group.add_argument(
        "--header-line", type=int, metavar="N", help="the line with the names; 0 when there is none"
    )
    group.add_argument(
        "--rows-in", default="", metavar="NAME", help="the sheet, or the list in a JSON document"
    )
    order = group.add_mutually_exclusive_group()
    for one, example in ((Order.DAY_FIRST, "the day"), (Order.MONTH_FIRST, "the month")):
        order.add_argument(
            f"--{one}",
            dest="date_order",
            action="store_const",
            const=one,
            help=f"in 3/5/2024 {example} comes first",
        )
    order.add_argument(
        f"--{Order.YEAR_FIRST}",
        dest="date_order",
        action="store_const",
        const=Order.YEAR_FIRST,
        help="in 24/5/3 the year comes first",
    )
    group.add_argument(
        "--time-zone", metavar="ZONE", help=f"of dates that name none ({settings.TIME_ZONE})"
    )
    group.add_argument(
        "--date-language",
        default="",
        metavar="LANGUAGE",
        help="of months whose names differ, such as hr or cs",
    )


def settings_from(options: Mapping[str, Any], *, needs_dates: bool = True) -> Settings:
    """Return what the options say. Raises `CommandError`."""
    columns: dict[Field, str] = {}
    for pairs in options["map"] if isinstance(options["map"], list) else [options["map"]]:
        columns |= _chosen(pairs)
    for name, field in _COLUMN_OPTIONS.items():
        if options.get(name) is not None:
            columns[field] = options[name]
    delimiter = options["delimiter"]
    delimiter = _DELIMITERS.get(delimiter, delimiter)
    if len(delimiter) > 1:
        raise CommandError(
            f"--delimiter takes comma, semicolon, tab, bar or one character, not {delimiter!r}."
        )
    return Settings(
        time_zone=_zone(options["time_zone"] or settings.TIME_ZONE),
        columns=columns,
        encoding=options["encoding"],
        delimiter=delimiter,
        header_line=options["header_line"],
        rows_in=options["rows_in"],
        format=options["format"],
        date_order=options["date_order"],
        date_language=options["date_language"],
        time_zone_is_said=bool(options["time_zone"]),
        needs_dates=needs_dates,
    )


def _zone(name: str) -> dt.tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CommandError(
            f'--time-zone takes a name such as Asia/Shanghai or UTC; "{name}" is none.'
        ) from None


def _chosen(pairs: str) -> dict[Field, str]:
    """Return field to column from "title=Subject,body=Text"; a column's name may hold commas and signs of equality."""
    parts: list[tuple[str, str]] = []
    for part in filter(str.strip, pairs.split(",")):
        field, mark, column = part.partition("=")
        if mark and field.strip() in list(Field):
            parts.append((field.strip(), column))
        elif parts and not (mark and field.strip().isidentifier()):
            parts[-1] = (parts[-1][0], f"{parts[-1][1]},{part}")
        else:
            raise CommandError(
                f'--map takes FIELD=COLUMN with one of {", ".join(Field)}; "{part}" is not that.'
            )
    return chosen_from(parts)


def told(error: CannotImport) -> str:
    """Return the sentence for what is wrong with a file, with the option that mends it."""
    option = _OPTIONS.get(error.setting)
    if option is None and error.setting.startswith("columns."):
        option = f"--map {error.setting.removeprefix('columns.')}=COLUMN"
    sentence = str(error)
    if isinstance(error, Undecided) and error.question.choices:
        if error.setting == "date_order":
            ways = "; ".join(f"--{one.value}: {one.label}" for one in error.question.choices)
            return f"{sentence} Say which ({ways})."
        ways = "; ".join(f'"{one.value}" ({one.label})' for one in error.question.choices)
        return f"{sentence} Say which with {option}: {ways}."
    return f"{sentence} Say it with {option}." if option else sentence


def described(mapping: FileMapping) -> str:
    """Return what a file is taken for, a line a column, and three of its rows as posts."""
    lines = [f"{mapping.shape.path}: {mapping.shape}; {mapping.rows:,} rows.", *_known(mapping), ""]
    width = max((len(one.name[:30]) for one in mapping.columns), default=0)
    for one in mapping.columns:
        what = one.field.value if one.field else "kept with the post" if one.is_kept else "left out"
        why = f" ({one.why})" if one.why else ""
        examples = " | ".join(example[:40] for example in one.examples)
        lines.append(f"  {one.name[:30]:<{width}}  →  {what}{why}: {examples}")
    lines.append("")
    for number, row in enumerate(mapping.examples, 1):
        said = {
            "title": row.title,
            "body": " ".join(row.body.split())[:100],
            "author": row.author.name or row.author.id or "nobody",
            "posted": f"{row.posted_at:%Y-%m-%d %H:%M} UTC" if row.posted_at else "no date",
            "stars": row.stars,
            "votes elsewhere": row.votes,
            "version": row.version,
            "country": row.country,
            "language": row.language,
            "kind": row.kind,
            "state": row.state,
            "tags": ", ".join(row.tags),
            "answer": row.answer.body[:60] if row.answer else "",
            "merged into": row.merged_into,
            "comment on": row.comment_on,
            "comments": len(row.comments) or "",
        }
        lines.append(f"  {number}. {row.external_id}")
        lines.extend(
            f"     {name}: {value}" for name, value in said.items() if value not in ("", None)
        )
    lines.extend(["", *mapping.notes] if mapping.notes else [])
    return "\n".join(lines)


def _known(mapping: FileMapping) -> list[str]:
    """Return what a file of a known format is, why, and what its states would become."""
    known = mapping.known
    if known is None:
        return []
    lines = [
        f"This is a {known.name} export: it has the columns {', '.join(known.needs)}. --format none judges them instead.",
        f"Its rows are known as “{known.source}”; --source names them otherwise.",
        f"Read from {', '.join(known.documented)}.",
        *(f"Not confirmed: {sentence}" for sentence in known.unconfirmed),
    ]
    if mapping.left_out:
        lines.append(f"{mapping.left_out:,} rows are left out: {known.left_out}.")
    if mapping.states:
        told = [
            f"{state} → {(known.states.get(state.lower()) or 'no ask').lower()}"
            for state in mapping.states
        ]
        lines.append(f"States, with --stages default: {', '.join(told)}.")
    return lines
