"""All that is a person's, in one file that they take with them."""

import datetime as dt
import json
import zipfile
from collections.abc import Iterable
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder

from feedback.accounts.limits import Allowance
from feedback.accounts.models import User
from feedback.accounts.own_data.parts import Row, parts
from feedback.accounts.trust import Trust

#: An export reads all that somebody ever did.
EXPORTS = Allowance(
    "own-data",
    {
        Trust.NEW: ((5, dt.timedelta(hours=1)),),
        Trust.MEMBER: ((5, dt.timedelta(hours=1)),),
    },
)

#: What stands beside the data, for whoever opens the file in some years.
_ABOUT = """\
{site}: the data of {name}, {day}

Every file holds JSON: one list of what is said in its name, times in UTC. posts.json is what any tool reads that imports feedback,
another Heed too (manage.py import_posts posts.json --board BOARD).

{site}：{name} 的数据，{day}

每个文件都是 JSON 列表，内容见文件名，时间为 UTC。posts.json 可以导入其他反馈工具，
也可以导入另一个 Heed（manage.py import_posts posts.json --board BOARD）。
"""


def write_export(person: User, file: IO[bytes], *, site: str, now: dt.datetime) -> None:
    """Write a zip of everything that is ``person``'s into ``file``: a JSON list for each kind of thing, and a note."""
    with zipfile.ZipFile(file, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        about = _ABOUT.format(site=site, name=person.name, day=now.date().isoformat())
        archive.writestr("README.txt", about)
        for part in parts():
            for name, rows in part.shows(person).items():
                with archive.open(f"{name}.json", "w", force_zip64=True) as entry:
                    _write_list(entry, rows)


def _write_list(file: IO[bytes], rows: Iterable[Row]) -> None:
    """Write ``rows`` as a JSON list, a row at a time."""
    file.write(b"[")
    for number, row in enumerate(rows):
        file.write(b",\n" if number else b"\n")
        file.write(_json(row).encode())
    file.write(b"\n]\n")


def _json(row: Row) -> str:
    kept: dict[str, Any] = {name: value for name, value in row.items() if value not in (None, "")}
    return json.dumps(kept, ensure_ascii=False, cls=DjangoJSONEncoder)
