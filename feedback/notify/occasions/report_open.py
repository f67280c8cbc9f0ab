"""The report on a release opened: those who asked for what shipped hear, and those who use the product."""

from django.utils.translation import gettext as _

from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.groups import Group
from feedback.notify.occasions import Facts, Occasion, _release, _report


def key(entry: Entry) -> str:
    return f"report:{entry.data['product']}:{entry.data['version']}"


def sentence(kept: Facts) -> str:
    if kept["asked"]:
        return _("How was it? You asked for something in %(version)s: say it in four cells") % kept
    return _("How was it? Say how %(version)s turned out, in four cells") % kept


def url(kept: Facts) -> str:
    return str(kept["report"])


OCCASION = Occasion(
    verbs=(Verb.REPORT_OPENED,),
    group=Group.REPORTS,
    key=key,
    facts=_report.facts,
    recipients=_report.those_concerned,
    about=_report.about,
    thread=_release.thread,
    sentence=sentence,
    url=url,
)
