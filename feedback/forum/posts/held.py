"""Publishing a post that was held, and having it wait again."""

import datetime as dt

from feedback.accounts.models import User
from feedback.forum.closed.reading import SHOWN
from feedback.forum.closed.standing import settled
from feedback.forum.models import Post, Vote
from feedback.forum.posts.hotness import hotness
from feedback.forum.posts.operations import made_public, take_out_of_sight, waits_for_human


def publish_held(*, post: Post, now: dt.datetime) -> None:
    """Publish a post that was held, as if it were posted now. Call in a transaction that holds its row."""
    state = settled(Post.State.PUBLISHED, board_id=post.board_id, author_id=post.author_id)
    if state not in SHOWN:
        post.state = state
        post.save(update_fields=["state"])
        waits_for_human(post, now=now)
        return
    _vote, is_new = Vote.objects.get_or_create(
        post=post, person_id=post.author_id, defaults={"voted_at": now}
    )
    post.state = state
    post.vote_count += is_new
    post.posted_at = post.arrived_at = post.last_activity_at = now
    post.hotness = hotness(posted_at=now, votes=post.vote_count, comments=post.comment_count)
    post.save(
        update_fields=[
            "state", "vote_count", "posted_at", "arrived_at", "last_activity_at", "hotness",
        ]
    )  # fmt: skip
    made_public(post, by=post.author_id, now=now)


def hold_again(*, post: Post, posted_at: dt.datetime | None, actor: User, now: dt.datetime) -> None:
    """Have a post that was held and published wait again, as it did before. Call in a transaction."""
    take_out_of_sight(post=post, becomes=Post.State.HELD, actor=actor, now=now)
    if posted_at is None:
        return
    times = dict.fromkeys(("posted_at", "arrived_at", "last_activity_at"), posted_at)
    Post.objects.filter(pk=post.pk, state=Post.State.HELD).update(**times)
