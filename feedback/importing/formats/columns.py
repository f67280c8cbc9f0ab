"""From columns to a post's fields: which column holds what, and what its values mean."""

import datetime as dt
import hashlib
import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Mapping
from enum import StrEnum

from feedback.forum.posts.bulk import ImportRow
from feedback.importing.formats import values
from feedback.importing.formats.refusals import CannotImport
from feedback.importing.formats.rows import Row


class FieldName(StrEnum):
    """What a column may hold; the names that `--map` takes."""

    EXTERNAL_ID = "external_id"
    TITLE = "title"
    BODY = "body"
    AUTHOR = "author"
    POSTED_ON = "posted_on"
    APP_VERSION = "app_version"
    COUNTRY = "country"
    STARS = "stars"
    KIND = "kind"


#: What columns are called out there, in the order of preference.
KNOWN_NAMES: dict[FieldName, tuple[str, ...]] = {
    FieldName.EXTERNAL_ID: (
        "external_id", "id", "review_id", "post_id", "ticket_id", "key", "编号", "序号", "评论id", "帖子id",
    ),
    FieldName.TITLE: (
        "title", "subject", "summary", "headline", "review_title", "标题", "主题", "评论标题",
    ),
    FieldName.BODY: (
        "body", "text", "content", "review", "description", "message", "details", "comment", "feedback",
        "review_text", "内容", "正文", "评论", "评论内容", "反馈", "反馈内容", "描述", "详情", "意见",
    ),
    FieldName.AUTHOR: (
        "author", "user", "username", "user_name", "author_name", "name", "reviewer", "nickname", "reporter",
        "用户", "用户名", "作者", "昵称", "评论者", "发帖人",
    ),
    FieldName.POSTED_ON: (
        "posted_on", "posted_at", "date", "time", "datetime", "created_at", "created", "created_on", "timestamp",
        "review_date", "submitted_at", "published_at", "日期", "时间", "发布时间", "创建时间", "评论时间", "发表时间", "提交时间",
    ),
    FieldName.APP_VERSION: (
        "app_version", "version", "product_version", "appversion", "review_version", "版本", "版本号", "应用版本", "软件版本",
    ),
    FieldName.COUNTRY: ("country", "country_code", "region", "store", "locale", "territory", "国家", "地区", "国家地区"),
    FieldName.STARS: ("stars", "rating", "score", "star", "star_rating", "评分", "星级", "打分", "星数"),
    FieldName.KIND: ("kind", "type", "category", "类型", "种类", "分类", "类别"),
}  # fmt: skip
#: Columns of a rejects file that speak about the row and are not part of it.
NOT_CONTENT = {"line", "reason"}
MOST_FIELDS = 20
LONGEST_FIELD = 500


class Columns:
    """Which column of a file holds which field of a post.

    ``chosen`` is what the person said (field to column name) and wins over what names suggest.
    """

    def __init__(
        self, chosen: Mapping[FieldName, str], *, day_first: bool, time_zone: dt.tzinfo
    ) -> None:
        self.chosen = dict(chosen)
        self.day_first = day_first
        self.time_zone = time_zone
        self._guessed: dict[str, FieldName] = {
            _plain(name): field for field, names in KNOWN_NAMES.items() for name in names
        }
        self._of_header: dict[tuple[str, ...], dict[FieldName, str]] = {}
        self._occurrences = _Occurrences()

    def check(self, names: Iterable[str], path: object) -> dict[FieldName, str]:
        """Return field to column for a header. Raises `CannotImport` when nothing in it holds words."""
        names = list(names)
        listed = ", ".join(names[:20])
        for field, name in self.chosen.items():
            if name not in names:
                raise CannotImport(
                    f'{path} has no column "{name}" for {field.value}; its columns are {listed}.'
                )
        found = self._find(tuple(names))
        if FieldName.TITLE not in found and FieldName.BODY not in found:
            raise CannotImport(
                f"{path} has no column for title or body; its columns are {listed}. "
                'Say which one it is: --map "body=NAME".'
            )
        return found

    def read(self, row: Row) -> ImportRow:
        """Return ``row`` as what the forum takes. Raises `ValueUnreadable`."""
        places = self._find(tuple(row.values))
        cells = {field: row.values.get(name, "").strip() for field, name in places.items()}
        words = {
            field: values.nothing_or(cells.get(field, ""))
            for field in (FieldName.TITLE, FieldName.BODY, FieldName.AUTHOR)
        }
        posted_at = values.moment(
            cells.get(FieldName.POSTED_ON, ""),
            day_first=self.day_first,
            time_zone=self.time_zone,
        )
        kind, kind_unknown = values.kind(cells.get(FieldName.KIND, ""))
        taken = set(places.values()) | NOT_CONTENT
        more = {
            name[:60]: text.strip()[:LONGEST_FIELD]
            for name, text in row.values.items()
            if name not in taken and text and values.nothing_or(text.strip())
        }
        if kind_unknown:
            more[places[FieldName.KIND]] = kind_unknown[:LONGEST_FIELD]
        version = values.nothing_or(cells.get(FieldName.APP_VERSION, ""), also=("unknown", "未知"))
        return ImportRow(
            external_id=values.nothing_or(cells.get(FieldName.EXTERNAL_ID, ""))
            or self._made_id(words, posted_at, version),
            title=words[FieldName.TITLE],
            body=words[FieldName.BODY],
            author=words[FieldName.AUTHOR],
            kind=kind,
            posted_at=posted_at,
            product_version=version,
            country=values.country(cells.get(FieldName.COUNTRY, "")),
            rating=values.stars(cells.get(FieldName.STARS, "")),
            fields=dict(list(more.items())[:MOST_FIELDS]),
            line=row.line,
        )

    def _find(self, names: tuple[str, ...]) -> dict[FieldName, str]:
        if names not in self._of_header:
            if len(self._of_header) > 1_000:  # JSON whose every line has other keys
                self._of_header.clear()
            found = {field: name for field, name in self.chosen.items() if name in names}
            plain = {_plain(name): name for name in reversed(names) if name not in found.values()}
            for field, known in KNOWN_NAMES.items():
                if field not in found:
                    match = next((plain[name] for name in known if name in plain), None)
                    if match is not None and match not in found.values():
                        found[field] = match
            self._of_header[names] = found
        return self._of_header[names]

    def _made_id(
        self, words: Mapping[FieldName, str], posted_at: dt.datetime | None, version: str
    ) -> str:
        """Return an id made of the content: the same row gets the same id whenever it is read again.

        Two people may write the same words; the second row with them gets another id.
        """
        parts = [*words.values(), posted_at.isoformat() if posted_at else "", version]
        digest = hashlib.blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=12)
        times = self._occurrences.count(digest.digest())
        return f"made-{digest.hexdigest()}" + (f"-{times}" if times > 1 else "")


class _Occurrences:
    """Counts keys on disk, so that a million rows cost no memory."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode=OFF")
        self._database.execute("PRAGMA synchronous=OFF")
        self._database.execute("PRAGMA cache_size=-32768")  # kilobytes: what it may cost in memory
        self._database.execute("CREATE TABLE seen (key BLOB PRIMARY KEY, times INT) WITHOUT ROWID")
        self._database.execute(
            "BEGIN"
        )  # never committed: a commit a row would write the cache each time

    def count(self, key: bytes) -> int:
        """Return how many times ``key`` has been seen, this time included."""
        row = self._database.execute(
            "INSERT INTO seen VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET times = times + 1 RETURNING times",
            (key,),
        ).fetchone()
        return int(row[0])


def _plain(name: str) -> str:
    """Return a column's name in the form that its spellings share: "App Version" is "app_version"."""
    return re.sub(
        r"[\s\-./()()_]+", "_", unicodedata.normalize("NFKC", name).strip().lower()
    ).strip("_")
