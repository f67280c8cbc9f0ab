"""An item was given a version and a day: everyone behind it hears, once a version and day."""

from django.utils.translation import gettext as _

from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.groups import Group
from feedback.notify.occasions import Facts, Occasion, _item, _release, taken_from


def key(entry: Entry) -> str:
    return f"item:{entry.data['item']}:promised:{entry.data['version']}:{entry.data['date']}"


def facts(entry: Entry) -> Facts:
    return taken_from(entry, "title", "item", "stage", "version", "date")


def sentence(kept: Facts) -> str:
    words = {"version": kept["version"], "day": _release.day(kept["date"])}
    if kept["asked"]:
        return _("Planned for %(version)s, on %(day)s: you asked for it") % words
    if kept.get("follows"):
        return _("Planned for %(version)s, on %(day)s: you follow it") % words
    return _("Planned for %(version)s, on %(day)s: you wanted it too") % words


OCCASION = Occasion(
    verbs=(Verb.ITEM_PROMISED,),
    group=Group.ROADMAP,
    key=key,
    facts=facts,
    recipients=_item.recipients,
    about=_item.about,
    thread=_item.thread,
    sentence=sentence,
    url=_item.url,
)
