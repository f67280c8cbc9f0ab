"""The team took a decision about somebody back, by itself or on their appeal: they hear."""

from django.utils.translation import gettext as _

from feedback.forum.moderation.models import MAY_BE_APPEALED
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.groups import Group
from feedback.notify.occasions import Facts, Occasion, moderated


def facts(entry: Entry) -> Facts | None:
    ruling = moderated.ruling_of(entry)
    if ruling is None or ruling.undone_at is None or ruling.action not in MAY_BE_APPEALED:
        return None
    return moderated.kept_of(ruling) | {"appealed": ruling.appealed_at is not None}


def sentence(kept: Facts) -> str:
    if kept["appealed"]:
        return _("Your appeal was granted: the team took its decision back")
    return _("The team took a decision about you back")


OCCASION = Occasion(
    verbs=(Verb.MODERATION_UNDONE,),
    group=Group.MODERATION,
    key=moderated.key,
    facts=facts,
    recipients=moderated.recipients,
    thread=moderated.thread,
    sentence=sentence,
    url=moderated.url,
)
