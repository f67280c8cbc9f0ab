"""Weibo: comments under a post, as its phone pages answer and as crawlers write them."""

from collections.abc import Mapping
from typing import Any

from feedback.importing.formats import Field, KnownFormat
from feedback.importing.formats.known import Values
from feedback.importing.sources._html import words_of
from feedback.importing.sources._values import (
    BODY,
    COMMENT_ON,
    COMMENTS,
    comment,
    objects,
    said,
    within,
)


def _comment(values: Values) -> Mapping[str, Any]:
    root = said(values, "rootid")
    return {
        BODY: words_of(values.get("text")),
        COMMENT_ON: root if root not in ("", "0", said(values, "id")) else "",
        COMMENTS: [
            comment(
                words_of(one.get("text")),
                author=within(one, "user", "screen_name"),
                author_id=within(one, "user", "id"),
                posted_on=one.get("created_at"),
                external_id=one.get("id"),
            )
            for one in objects(values.get("comments"))
        ],
    }


def _crawled(values: Values) -> Mapping[str, Any]:
    parent = said(values, "parent_comment_id")
    return {COMMENT_ON: parent if parent not in ("", "0", said(values, "comment_id")) else ""}


_API = KnownFormat(
    key="weibo",
    name="Weibo comments (JSON)",
    source="weibo",
    needs=("id", "text", "created_at", "user.id", "user.screen_name", "like_count"),
    columns={
        Field.EXTERNAL_ID: "id",
        Field.BODY: BODY,
        Field.AUTHOR: "user.screen_name",
        Field.AUTHOR_ID: "user.id",
        Field.POSTED_ON: "created_at",
        Field.VOTES: "like_count",
        Field.COMMENT_ON: COMMENT_ON,
        Field.COMMENTS: COMMENTS,
    },
    shape=_comment,
    documented=("https://open.weibo.com/wiki/2/comments/show",),
)
_CRAWLED = KnownFormat(
    key="weibo-crawled",
    name="Weibo comments (MediaCrawler)",
    source="weibo",
    needs=("comment_id", "note_id", "content", "create_time", "comment_like_count"),
    columns={
        Field.EXTERNAL_ID: "comment_id",
        Field.BODY: "content",
        Field.AUTHOR: "nickname",
        Field.AUTHOR_ID: ("user_id", "creator_hash"),
        Field.POSTED_ON: "create_time",
        Field.VOTES: "comment_like_count",
        Field.COMMENT_ON: COMMENT_ON,
    },
    shape=_crawled,
    documented=("https://github.com/NanmiCoder/MediaCrawler/tree/main/store/weibo",),
)
_TABLE = KnownFormat(
    key="weibo-table",
    name="Weibo comments",
    source="weibo",
    needs=("评论者昵称", "评论时间", "点赞数", "评论内容", "微博链接"),
    columns={
        Field.BODY: "评论内容",
        Field.AUTHOR: "评论者昵称",
        Field.AUTHOR_ID: ("评论者id", "评论者主页链接"),
        Field.POSTED_ON: "评论时间",
        Field.VOTES: "点赞数",
    },
    time_zone="Asia/Shanghai",
    documented=("https://github.com/mashukui/spider_weibo_comment",),
    unconfirmed=("It names no ids: which comment answers which is not known.",),
)
FORMATS = (_API, _CRAWLED, _TABLE)
