"""A release slipped, was skipped, stopped or taken up again: everyone behind its items hears, with the public word."""

from django.utils.translation import gettext as _

from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.groups import Group
from feedback.notify.occasions import Facts, Occasion, _release, taken_from
from feedback.roadmap.stops import Stop


def key(entry: Entry) -> str:
    return f"release:{entry.subject_id}:day:{entry.public_id}"


def facts(entry: Entry) -> Facts:
    kept = taken_from(entry, "version", "product", "stop", "date", "instead")
    return kept | {"title": entry.data["version"], "excerpt": entry.data.get("word", "")}


def sentence(kept: Facts) -> str:
    if kept.get("follows"):
        return _of_a_follower(kept)
    if kept["stop"] == Stop.STOPPED:
        return _("%(version)s is held for now, with what you wait for") % kept
    if kept["stop"] == Stop.SKIPPED:
        if kept.get("instead"):
            return _("%(version)s is skipped. What you wait for is planned for %(instead)s") % kept
        return _("%(version)s is skipped. What you wait for has no new day yet") % kept
    words = {"version": kept["version"], "day": _release.day(kept["date"])}
    return _("%(version)s, with what you wait for, now leaves on %(day)s") % words


def _of_a_follower(kept: Facts) -> str:
    """Return it for who follows the release and waits for nothing of it."""
    if kept["stop"] == Stop.STOPPED:
        return _("%(version)s is held for now") % kept
    if kept["stop"] == Stop.SKIPPED:
        return _("%(version)s is skipped") % kept
    words = {"version": kept["version"], "day": _release.day(kept["date"])}
    return _("%(version)s now leaves on %(day)s") % words


OCCASION = Occasion(
    verbs=(
        Verb.RELEASE_SLIPPED,
        Verb.RELEASE_SKIPPED,
        Verb.RELEASE_STOPPED,
        Verb.RELEASE_RESUMED,
    ),
    group=Group.ROADMAP,
    key=key,
    facts=facts,
    recipients=_release.recipients,
    about=_release.about,
    thread=_release.thread,
    sentence=sentence,
    url=_release.url,
)
