"""The team decided about what people reported: they hear what came of it, once."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.forum.moderation.models import Action
from feedback.forum.moderation.presenting import named
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.groups import Group
from feedback.notify.occasions import Facts, Occasion, moderated
from feedback.notify.recipients import Audience


def key(entry: Entry) -> str:
    return f"flags:{entry.data['case']}"


def facts(entry: Entry) -> Facts | None:
    ruling = moderated.ruling_of(entry)
    if ruling is None or ruling.undone_at is not None:
        return None
    thing = named(ruling.case.subject)
    # Whose words are out of sight by now are not repeated to others.
    is_shown = ruling.action in (Action.KEEP, Action.MOVE, Action.WARN, Action.GRANT)
    board = ruling.case.board
    is_shown = is_shown and (board is None or not board.is_closed)
    rule = ruling.rule.title if ruling.rule is not None else ""
    return {
        "title": (thing.title if is_shown else rule) or _("Rules"),
        "kind": thing.kind,
        "is_kept": ruling.action in (Action.KEEP, Action.GRANT),
    }


def recipients(entry: Entry) -> Iterable[Audience]:
    case = entry.data["case"]
    yield Audience(User.objects.filter(flags__case__public_id=case).distinct(), asked=False)


def sentence(kept: Facts) -> str:
    if kept["is_kept"]:
        return _("The team looked at what you reported: it keeps to the rules and stays")
    return _("The team looked at what you reported and did something about it. Thank you")


def url(kept: Facts) -> str:
    return reverse("forum:rules")


OCCASION = Occasion(
    verbs=(Verb.FLAGS_ANSWERED,),
    group=Group.MODERATION,
    key=key,
    facts=facts,
    recipients=recipients,
    sentence=sentence,
    url=url,
)
