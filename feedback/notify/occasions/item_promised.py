"""An item was given a version and a day, the first or another: everyone behind it hears, once a version and day.

Where another day was promised before, they hear from when to when, each time.
"""

from django.utils.translation import gettext as _

from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.groups import Group
from feedback.notify.occasions import Facts, Occasion, _item, _release, taken_from


def key(entry: Entry) -> str:
    data = entry.data
    once = f"item:{data['item']}:promised:{data['version']}:{data['date']}"
    return f"{once}:{entry.public_id}" if data.get("was") else once


def facts(entry: Entry) -> Facts:
    return taken_from(entry, "title", "item", "stage", "version", "date", "was")


def sentence(kept: Facts) -> str:
    words = {"version": kept["version"], "day": _release.day(kept["date"])}
    if kept.get("was", kept["date"]) != kept["date"]:
        return _moved(kept["date"] > kept["was"]) % (words | {"was": _release.day(kept["was"])})
    if kept["asked"]:
        return _("Planned for %(version)s, on %(day)s: you asked for it") % words
    if kept.get("follows"):
        return _("Planned for %(version)s, on %(day)s: you follow it") % words
    return _("Planned for %(version)s, on %(day)s: you wanted it too") % words


def _moved(is_later: bool) -> str:
    if is_later:
        return _("It slips: promised for %(was)s, it now comes on %(day)s, with %(version)s")
    return _("It was promised for %(was)s and now comes on %(day)s, with %(version)s")


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
