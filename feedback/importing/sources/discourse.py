"""Discourse: a topic with its posts, a list of topics, a list of posts, and the archive of one user."""

from collections.abc import Mapping
from typing import Any

from feedback.importing.formats import Field, KnownFormat
from feedback.importing.formats.known import Values
from feedback.importing.sources._html import words_of
from feedback.importing.sources._values import (
    AUTHOR,
    BODY,
    COMMENT_ON,
    COMMENTS,
    ID,
    comment,
    named,
    objects,
    path_of,
    said,
)
from feedback.importing.sources._values import TAGS as TAGGED

_DOCUMENTED = ("https://docs.discourse.org/#tag/Topics/operation/getTopic",)
#: An ordinary post; others tell that somebody closed or moved something.
_ORDINARY = ("", "1")


def _words(post: Mapping[str, Any]) -> str:
    return str(post.get("raw") or "") or words_of(post.get("cooked"))


def _topic(values: Values) -> Mapping[str, Any] | None:
    posts = [
        post
        for post in objects(values.get("post_stream.posts"))
        if said(post, "post_type") in _ORDINARY
    ]
    if not posts:
        return None
    first, *others = posts
    return {
        BODY: _words(first),
        AUTHOR: said(first, "username"),
        TAGGED: named(values.get("tags")),
        COMMENTS: [
            comment(
                _words(post),
                author=post.get("username"),
                posted_on=post.get("created_at"),
                external_id=post.get("id"),
                is_official=bool(post.get("accepted_answer") and post.get("staff")),
            )
            for post in others
        ],
    }


def _listed_topic(values: Values) -> Mapping[str, Any]:
    return {BODY: words_of(values.get("excerpt")), TAGGED: named(values.get("tags"))}


def _post(values: Values) -> Mapping[str, Any] | None:
    if said(values, "post_type") not in _ORDINARY:
        return None
    topic, is_first = said(values, "topic_id"), said(values, "post_number") == "1"
    return {
        ID: topic if is_first else said(values, "id"),
        COMMENT_ON: "" if is_first else topic,
        BODY: _words(values),
    }


def _pages(values: Values) -> list[str]:
    topic = said(values, "topic_id") if "post_number" in values else said(values, "id")
    slug = said(values, "topic_slug", "slug")
    return [f"/t/{topic}", *([f"/t/{slug}/{topic}"] if slug else [])]


_TOPIC = KnownFormat(
    key="discourse-topic",
    name="Discourse topic",
    source="discourse",
    needs=("id", "title", "created_at", "post_stream.posts"),
    whole=("post_stream", "title"),
    columns={
        Field.EXTERNAL_ID: "id",
        Field.TITLE: "title",
        Field.BODY: BODY,
        Field.AUTHOR: AUTHOR,
        Field.POSTED_ON: "created_at",
        Field.VOTES: ("vote_count", "like_count"),
        Field.TAGS: TAGGED,
        Field.COMMENTS: COMMENTS,
    },
    shape=_topic,
    left_out="topics without posts",
    addresses=_pages,
    documented=_DOCUMENTED,
    unconfirmed=("A topic's file holds its first twenty posts; the others are lists of posts.",),
)
_TOPICS = KnownFormat(
    key="discourse-topics",
    name="Discourse topics",
    source="discourse",
    needs=("id", "title", "fancy_title", "slug", "posts_count", "created_at"),
    lacks=("post_stream.posts",),
    columns={
        Field.EXTERNAL_ID: "id",
        Field.TITLE: "title",
        Field.BODY: BODY,
        Field.POSTED_ON: "created_at",
        Field.VOTES: ("vote_count", "like_count"),
        Field.TAGS: TAGGED,
    },
    shape=_listed_topic,
    addresses=_pages,
    documented=("https://docs.discourse.org/#tag/Topics/operation/listLatestTopics",),
    unconfirmed=("A list of topics names no authors and holds no posts.",),
)
_POSTS = KnownFormat(
    key="discourse-posts",
    name="Discourse posts",
    source="discourse",
    needs=("id", "username", "created_at", "cooked", "post_number", "topic_id"),
    columns={
        Field.EXTERNAL_ID: ID,
        Field.COMMENT_ON: COMMENT_ON,
        Field.TITLE: ("topic_title", "topic_html_title"),
        Field.BODY: BODY,
        Field.AUTHOR: "username",
        Field.POSTED_ON: "created_at",
    },
    shape=_post,
    left_out="notes of the forum itself",
    addresses=_pages,
    documented=("https://docs.discourse.org/#tag/Posts/operation/listPosts",),
)
_ARCHIVE = KnownFormat(
    key="discourse-archive",
    name="Discourse archive of one user's posts",
    source="discourse",
    needs=("topic_title", "is_pm", "post_raw", "post_cooked", "like_count", "url", "created_at"),
    columns={
        Field.EXTERNAL_ID: "url",
        Field.TITLE: "topic_title",
        Field.BODY: "post_raw",
        Field.POSTED_ON: "created_at",
        Field.VOTES: "like_count",
        Field.URL: "url",
    },
    shape=lambda values: None if said(values, "is_pm").lower() in ("yes", "true") else {},
    left_out="private messages",
    keeps=("categories",),
    addresses=lambda values: path_of(said(values, "url")),
    documented=("https://meta.discourse.org/t/45225",),
    unconfirmed=("What somebody wrote under the topics of others comes as posts of its own.",),
)
FORMATS = (_TOPIC, _TOPICS, _POSTS, _ARCHIVE)
