"""Who keeps order took somebody's "I see this too" off a bug: they hear, and why."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.forum.models import Post, Reproduction
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.groups import Group
from feedback.notify.occasions import Facts, Occasion, _post
from feedback.notify.recipients import Audience


def key(entry: Entry) -> str:
    return f"seen-taken-off:{entry.pk}"


def facts(entry: Entry) -> Facts | None:
    """Nothing where they say so again by now."""
    post = Post.objects.filter(public_id=entry.data["post"]).first()
    again = Reproduction.objects.filter(post=post, person__public_id=entry.data.get("person", ""))
    if post is None or again.exists():
        return None
    reason = entry.data.get("word", "")
    return {"post": post.public_id, "title": post.title, "reason": reason}


def recipients(entry: Entry) -> Iterable[Audience]:
    people = User.objects.filter(public_id=entry.data.get("person", ""))
    yield Audience(people, asked=False)


def sentence(kept: Facts) -> str:
    return _("The team took your “I see this too” off a post")


OCCASION = Occasion(
    verbs=(Verb.REPRODUCTION_TAKEN_OFF,),
    group=Group.MODERATION,
    key=key,
    facts=facts,
    recipients=recipients,
    about=_post.about,
    thread=_post.thread,
    sentence=sentence,
    url=_post.url,
)
