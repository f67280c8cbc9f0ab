"""A day passed in silence: who knows that their words or their appeal wait hears once that they still do."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.forum.models import Case
from feedback.forum.moderation.presenting import named
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.groups import Group
from feedback.notify.occasions import Facts, Occasion
from feedback.notify.recipients import Audience


def key(entry: Entry) -> str:
    return f"waited:{entry.data['case']}"


def _case_of(entry: Entry) -> Case | None:
    found = Case.objects.select_related("post__author", "comment__author", "person")
    return found.filter(public_id=entry.data["case"], closed_at=None).first()


def facts(entry: Entry) -> Facts | None:
    case = _case_of(entry)
    if case is None:
        return None  # somebody has decided meanwhile
    thing = named(case.subject)
    return {
        "title": thing.title,
        "kind": thing.kind,
        "id": case.subject.public_id,
        "ruling": entry.data["ruling"],
    }


def recipients(entry: Entry) -> Iterable[Audience]:
    case = _case_of(entry)
    if case is not None:
        yield Audience(User.objects.filter(pk=case.author.pk), asked=True)


def sentence(kept: Facts) -> str:
    if kept["ruling"]:
        return _("Your appeal still waits: nobody of the team has decided yet")
    if kept["kind"] == "post":
        return _("Your post still waits: nobody of the team has decided yet")
    return _("Your comment still waits: nobody of the team has decided yet")


def url(kept: Facts) -> str:
    if kept["ruling"]:
        return reverse("forum:ruling", args=[kept["ruling"]])
    name = "forum:post-detail" if kept["kind"] == "post" else "forum:comment-detail"
    return reverse(name, args=[kept["id"]])


def thread(entry: Entry) -> str:
    return f"case:{entry.data['case']}"


OCCASION = Occasion(
    verbs=(Verb.CASE_WAITED,),
    group=Group.MODERATION,
    key=key,
    facts=facts,
    recipients=recipients,
    thread=thread,
    sentence=sentence,
    url=url,
)
