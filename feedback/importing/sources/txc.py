"""兔小巢 (Tencent's TXC): posts of its API."""

from feedback.importing.formats import Field, KnownFormat

_POSTS = KnownFormat(
    key="txc",
    name="兔小巢 (TXC) posts (API)",
    source="txc",
    needs=("id", "nick_name", "avatar_url", "content", "has_admin_reply"),
    columns={
        Field.EXTERNAL_ID: "id",
        Field.BODY: "content",
        Field.AUTHOR: "nick_name",
        Field.AUTHOR_ID: ("user_id", "openid"),
        Field.POSTED_ON: ("created_at", "time"),
        Field.VOTES: "like_count",
        Field.COMMENTS: "replies",
    },
    time_zone="Asia/Shanghai",
    documented=("https://txc.qq.com/helper/usrFetchAPIGuide",),
    unconfirmed=(
        "Replies are fetched post by post; they come along where they stand in the post as “replies”.",
        "The table that its pages export is not documented and is judged by its columns.",
    ),
)
FORMATS = (_POSTS,)
