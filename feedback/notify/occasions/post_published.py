"""Somebody posted: who follows the board or the person hears."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from feedback.forum.closed.reading import SHOWN
from feedback.forum.models import Post
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.kernel import markdown
from feedback.notify.groups import About, Group
from feedback.notify.occasions import EXCERPT_LENGTH, Facts, Occasion, _post
from feedback.notify.recipients import Audience, followers


def key(entry: Entry) -> str:
    return f"post:{entry.data['post']}"


def facts(entry: Entry) -> Facts | None:
    shown = Post.objects.filter(state__in=SHOWN).select_related("author", "board")
    post = shown.filter(public_id=entry.data["post"]).first()
    if post is None:
        return None
    return {
        "title": post.title,
        "post": post.public_id,
        "by": post.author.name,
        "excerpt": markdown.plain(post.body, length=EXCERPT_LENGTH),
    }


def recipients(entry: Entry) -> Iterable[Audience]:
    return followers([topic for topic in _post.about(entry) if topic[0] != About.POST])


def sentence(kept: Facts) -> str:
    return _("%(by)s posted") % kept


OCCASION = Occasion(
    verbs=(Verb.POST_PUBLISHED,),
    group=Group.FOLLOWED,
    key=key,
    facts=facts,
    recipients=recipients,
    about=_post.about,
    thread=_post.thread,
    sentence=sentence,
    url=_post.url,
)
