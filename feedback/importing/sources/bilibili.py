"""Bilibili: comments under a video, as its pages are answered and as crawlers write them."""

from collections.abc import Mapping
from typing import Any

from feedback.importing.formats import Field, KnownFormat
from feedback.importing.formats.known import Values
from feedback.importing.sources._values import (
    COMMENT_ON,
    COMMENTS,
    comment,
    objects,
    said,
    within,
)


def _comment(values: Values) -> Mapping[str, Any]:
    root = said(values, "root")
    return {
        COMMENT_ON: root if root not in ("", "0") else "",
        COMMENTS: [
            comment(
                str(within(one, "content", "message") or ""),
                author=within(one, "member", "uname"),
                author_id=one.get("mid"),
                posted_on=one.get("ctime"),
                external_id=one.get("rpid"),
            )
            for one in objects(values.get("replies"))
        ],
    }


def _crawled(values: Values) -> Mapping[str, Any]:
    parent = said(values, "parent_comment_id")
    return {COMMENT_ON: parent if parent not in ("", "0") else ""}


_API = KnownFormat(
    key="bilibili",
    name="Bilibili comments (JSON)",
    source="bilibili",
    needs=("rpid", "mid", "ctime", "like", "member.uname", "content.message"),
    columns={
        Field.EXTERNAL_ID: "rpid",
        Field.BODY: "content.message",
        Field.AUTHOR: "member.uname",
        Field.AUTHOR_ID: "mid",
        Field.POSTED_ON: "ctime",
        Field.VOTES: "like",
        Field.COMMENT_ON: COMMENT_ON,
        Field.COMMENTS: COMMENTS,
    },
    shape=_comment,
    documented=(
        "https://github.com/SocialSisterYi/bilibili-API-collect/blob/master/docs/comment/readme.md",
    ),
)
_CRAWLED = KnownFormat(
    key="bilibili-crawled",
    name="Bilibili comments (MediaCrawler)",
    source="bilibili",
    needs=("comment_id", "video_id", "content", "create_time", "parent_comment_id"),
    columns={
        Field.EXTERNAL_ID: "comment_id",
        Field.BODY: "content",
        Field.AUTHOR: "nickname",
        Field.AUTHOR_ID: ("user_id", "creator_hash"),
        Field.POSTED_ON: "create_time",
        Field.VOTES: "like_count",
        Field.COMMENT_ON: COMMENT_ON,
    },
    shape=_crawled,
    documented=("https://github.com/NanmiCoder/MediaCrawler/tree/main/store/bilibili",),
)
FORMATS = (_API, _CRAWLED)
