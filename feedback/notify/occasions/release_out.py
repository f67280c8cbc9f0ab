"""A release is out: who follows it hears, and who waits for what was planned for it and stayed behind hears when that comes.

Who is behind what did ship hears of it from `item_shipped`, and of nothing twice.
"""

from django.utils.translation import gettext as _

from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.groups import Group
from feedback.notify.occasions import Facts, Occasion, _release, taken_from


def key(entry: Entry) -> str:
    return f"release:{entry.subject_id}:out"


def facts(entry: Entry) -> Facts:
    is_whole = not entry.data["items"]
    return taken_from(entry, "version", "product", "instead") | {
        "title": entry.data["version"],
        "is_whole": is_whole,
    }


def sentence(kept: Facts) -> str:
    if kept.get("is_whole"):
        return _("%(version)s is out") % kept
    if kept.get("instead"):
        return _("%(version)s is out; what was not ready comes with %(instead)s") % kept
    return _("%(version)s is out; what was not ready has no new day yet") % kept


OCCASION = Occasion(
    verbs=(Verb.RELEASED,),
    group=Group.ROADMAP,
    key=key,
    facts=facts,
    recipients=_release.recipients,
    about=_release.about,
    thread=_release.thread,
    sentence=sentence,
    url=_release.url,
)
