"""What is held, reported or appealed has waited for a day: whoever keeps order there hears, once a day."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.forum.models import Case, Product
from feedback.forum.moderation import waiting
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.kernel import slots
from feedback.notify.groups import Group
from feedback.notify.occasions import Facts, Occasion
from feedback.notify.recipients import Audience


def key(entry: Entry) -> str:
    return f"cases-waited:{entry.at.date().isoformat()}"


def _cases(entry: Entry) -> QuerySet[Case]:
    return waiting.waiting_since(dt.datetime.fromisoformat(entry.data["before"]))


def facts(entry: Entry) -> Facts | None:
    number = _cases(entry).count()
    return {"number": number} if number else None


def recipients(entry: Entry) -> Iterable[Audience]:
    yield Audience(waiting.keeping_order_everywhere(), asked=True)
    yield Audience(waiting.keeping_order_on(_cases(entry)), asked=False)


def sentence(kept: Facts) -> str:
    if not kept.get("asked"):
        return _("Something on a board of yours has waited for a decision for more than a day")
    return ngettext(
        "%(n)d case has waited for a decision for more than a day",
        "%(n)d cases have waited for a decision for more than a day",
        kept["number"],
    ) % {"n": kept["number"]}


def url(kept: Facts) -> str:
    anyone = list(Product.objects.all()[:1])  # one queue holds the cases of all
    return next(iter(slots.gather("case-queue", HttpRequest(), anyone).values()), "/")


def title(kept: Facts) -> str:
    return _("Cases")


def thread(entry: Entry) -> str:
    return "cases:waiting"


OCCASION = Occasion(
    verbs=(Verb.CASES_WAITED,),
    group=Group.MODERATION,
    key=key,
    facts=facts,
    recipients=recipients,
    sentence=sentence,
    url=url,
    title=title,
    thread=thread,
)
