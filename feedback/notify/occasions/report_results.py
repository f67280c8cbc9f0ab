"""The report on a release is closed: whoever filled it in hears what everybody says, and who gets the popcorn."""

from django.utils.translation import gettext as _

from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.groups import Group
from feedback.notify.occasions import Facts, Occasion, _release, _report, taken_from


def key(entry: Entry) -> str:
    return f"report-results:{entry.data['product']}:{entry.data['version']}"


def facts(entry: Entry) -> Facts | None:
    found = _report.facts(entry)
    if found is None:
        return None
    award = {"award": entry.data["title"]} if entry.data.get("title") else {}
    return {**found, **taken_from(entry, "people"), **award}


def sentence(kept: Facts) -> str:
    if kept.get("award"):
        return _("The report on %(version)s is in. The popcorn goes to “%(award)s”") % kept
    return _("The report on %(version)s is in") % kept


def url(kept: Facts) -> str:
    return str(kept["results"])


OCCASION = Occasion(
    verbs=(Verb.REPORT_CLOSED,),
    group=Group.REPORTS,
    key=key,
    facts=facts,
    recipients=_report.those_who_said,
    about=_report.about,
    thread=_release.thread,
    sentence=sentence,
    url=url,
)
