"""What stood waits, since several people or a checker are against it: its author hears, for they did not see it happen."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.forum.models import Case
from feedback.forum.moderation.by_reports import BY_REPORTS
from feedback.forum.moderation.outside.applying import GROUND
from feedback.forum.moderation.presenting import named
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.groups import Group
from feedback.notify.occasions import Facts, Occasion
from feedback.notify.recipients import Audience


def key(entry: Entry) -> str:
    return f"held:{entry.data['case']}:{entry.pk}"


def _case_of(entry: Entry) -> Case | None:
    found = Case.objects.select_related("post__author", "comment__author")
    return found.filter(public_id=entry.data["case"], person=None).first()


def facts(entry: Entry) -> Facts | None:
    why = next((one for one in (BY_REPORTS, GROUND) if one in entry.data["for"]), None)
    if why is None:
        return None  # they saw it when they sent it
    case = _case_of(entry)
    if case is None or case.closed_at is not None:
        return None
    thing = named(case.subject)
    return {"title": thing.title, "kind": thing.kind, "id": case.subject.public_id, "why": why}


def recipients(entry: Entry) -> Iterable[Audience]:
    case = _case_of(entry)
    if case is not None:
        yield Audience(User.objects.filter(pk=case.author.pk), asked=True)


def sentence(kept: Facts) -> str:
    if kept.get("why") == GROUND:
        if kept["kind"] == "post":
            return _("Your post waits until the team has looked")
        return _("Your comment waits until the team has looked")
    if kept["kind"] == "post":
        return _("Several people reported your post: it waits until the team has looked")
    return _("Several people reported your comment: it waits until the team has looked")


def url(kept: Facts) -> str:
    name = "forum:post-detail" if kept["kind"] == "post" else "forum:comment-detail"
    return reverse(name, args=[kept["id"]])


def thread(entry: Entry) -> str:
    return f"case:{entry.data['case']}"


OCCASION = Occasion(
    verbs=(Verb.HELD,),
    group=Group.MODERATION,
    key=key,
    facts=facts,
    recipients=recipients,
    thread=thread,
    sentence=sentence,
    url=url,
)
