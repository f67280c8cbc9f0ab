"""The team moved a post to another board: its author hears why, and where to if they may read there."""

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from feedback.forum.closed.reading import may_read
from feedback.forum.models import Post
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.groups import Group
from feedback.notify.occasions import Facts, Occasion, _post


def key(entry: Entry) -> str:
    return f"moved-post:{entry.pk}"


def facts(entry: Entry) -> Facts | None:
    """Nothing of what a ruling moved, which is told by itself, and of what stands elsewhere by now.

    Of a board that its author may not read no word. Its name stands where the words of a post do: the inbox keeps that back
    once the board is closed to them.
    """
    found = Post.objects.filter(public_id=entry.data["post"], board__slug=entry.data["board"])
    post = found.select_related("board", "author").first()
    if post is None or "ruling" in entry.data:
        return None
    told = {"title": post.title, "reason": entry.data.get("word", "")}
    if not may_read(post.author, post.board):
        return told
    return told | {
        "post": post.public_id,
        "board": post.board.slug,
        "to": post.board.name,
        "to_zh": post.board.name_zh or post.board.name,
    }


def excerpt(kept: Facts) -> str:
    in_chinese = (get_language() or "").startswith("zh")
    board = kept.get("to_zh" if in_chinese else "to", "")
    return " · ".join(filter(None, [board, kept["reason"]]))


def sentence(kept: Facts) -> str:
    if "post" in kept:
        return _("The team moved your post to another board")
    return _("The team moved your post to a board that you cannot read")


def url(kept: Facts) -> str:
    return _post.url(kept) if "post" in kept else reverse("forum:rules")


OCCASION = Occasion(
    verbs=(Verb.POST_CHANGED_BOARD,),
    group=Group.MODERATION,
    key=key,
    facts=facts,
    recipients=_post.recipients,
    about=_post.about,
    thread=_post.thread,
    sentence=sentence,
    url=url,
    excerpt=excerpt,
)
