"""The team decided about somebody's words or about them: they hear what, why and by which rule."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language

from feedback.accounts.models import User
from feedback.forum.models import Ruling
from feedback.forum.moderation import presenting
from feedback.forum.moderation.models import Action
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.groups import Group
from feedback.notify.occasions import Facts, Occasion
from feedback.notify.recipients import Audience


def key(entry: Entry) -> str:
    return f"ruling:{entry.data['ruling']}:{entry.pk}"


def ruling_of(entry: Entry) -> Ruling | None:
    """Return the ruling that ``entry`` tells of, with what it is about."""
    found = Ruling.objects.select_related(
        "rule", "case__post__author", "case__comment__author", "case__person"
    )
    return found.filter(public_id=entry.data["ruling"]).first()


def facts(entry: Entry) -> Facts | None:
    ruling = ruling_of(entry)
    if ruling is None or ruling.undone_at is not None:
        return None
    if ruling.action == Action.GRANT:
        return None  # what is taken back is told of by itself
    if ruling.action == Action.KEEP and "posted_at" not in ruling.before:
        return None  # they need not know that somebody reported it
    return kept_of(ruling) | {"reason": ruling.word}


def kept_of(ruling: Ruling) -> dict[str, Any]:
    """Return what a notice keeps of ``ruling``; of what was removed no word."""
    thing = presenting.named(ruling.case.subject)
    kept: dict[str, Any] = {
        "ruling": ruling.public_id,
        "action": ruling.action,
        "kind": thing.kind,
        "days": presenting.days_of(ruling),
        "title": thing.title,
    }
    if ruling.rule is not None:
        kept |= {"rule": ruling.rule.name, "rule_zh": ruling.rule.name_zh}
        if ruling.action == Action.REMOVE or thing.kind == "person":
            kept["title"] = ruling.rule.name
    return kept


def recipients(entry: Entry) -> Iterable[Audience]:
    ruling = ruling_of(entry)
    if ruling is not None:
        yield Audience(User.objects.filter(pk=ruling.case.author.pk), asked=True)


def sentence(kept: Facts) -> str:
    said = presenting.told_author(kept["action"], kept["days"], kept["kind"])
    rule = kept.get("rule", "")
    if rule and (get_language() or "").startswith("zh"):
        rule = kept.get("rule_zh") or rule
    return f"{said} · {rule}" if rule else said


def url(kept: Facts) -> str:
    return reverse("forum:ruling", args=[kept["ruling"]])


def thread(entry: Entry) -> str:
    return f"case:{entry.data['case']}"


OCCASION = Occasion(
    verbs=(Verb.MODERATED,),
    group=Group.MODERATION,
    key=key,
    facts=facts,
    recipients=recipients,
    thread=thread,
    sentence=sentence,
    url=url,
)
