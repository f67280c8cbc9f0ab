"""Somebody was named in a comment: they hear, of that comment once, whether it also answers them or not."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from feedback.accounts.models import IN_TEAM, User
from feedback.forum.models import Comment
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.groups import Group
from feedback.notify.occasions import Facts, Occasion, _post, commented
from feedback.notify.recipients import Audience


def facts(entry: Entry) -> Facts | None:
    return commented.facts_of(Comment.objects.filter(is_hidden=False), entry)


def recipients(entry: Entry) -> Iterable[Audience]:
    """Yield who was named; in what the team says among itself, those of the team."""
    people = User.objects.filter(public_id__in=entry.data["people"])
    if Comment.objects.filter(public_id=entry.data["comment"], is_internal=True).exists():
        people = people.filter(IN_TEAM)
    yield Audience(people, asked=False)


def sentence(kept: Facts) -> str:
    return _("%(by)s mentioned you") % kept


OCCASION = Occasion(
    verbs=(Verb.MENTIONED,),
    group=Group.REPLIES,
    key=commented.key,
    facts=facts,
    recipients=recipients,
    about=_post.about,
    thread=_post.thread,
    sentence=sentence,
    url=commented.url,
)
