"""An item that was promised for a day has none any more: everyone behind it hears, with the day that does not hold."""

from django.utils.translation import gettext as _

from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.groups import Group
from feedback.notify.occasions import Facts, Occasion, _item, _release, taken_from


def key(entry: Entry) -> str:
    return f"item:{entry.data['item']}:unpromised:{entry.public_id}"


def facts(entry: Entry) -> Facts:
    return taken_from(entry, "title", "item", "stage", "version", "was")


def sentence(kept: Facts) -> str:
    words = {"version": kept["version"], "was": _release.day(kept["was"])}
    return _("It does not come on %(was)s, with %(version)s, and has no new day yet") % words


OCCASION = Occasion(
    verbs=(Verb.ITEM_UNPROMISED,),
    group=Group.ROADMAP,
    key=key,
    facts=facts,
    recipients=_item.recipients,
    about=_item.about,
    thread=_item.thread,
    sentence=sentence,
    url=_item.url,
)
