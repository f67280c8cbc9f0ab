"""The team gave an honour: whoever received it hears, once, however often it is given and taken back."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.honours.models import Holder, Honour
from feedback.honours.shown import wishes
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.groups import Group
from feedback.notify.occasions import Facts, Occasion, taken_from
from feedback.notify.recipients import Audience


def key(entry: Entry) -> str:
    return f"honour:{entry.subject_id}"


def facts(entry: Entry) -> Facts | None:
    """Nothing where honours are not shown, or it is no longer there."""
    honour = Honour.objects.filter(pk=entry.subject_id).first()
    if honour is None or not wishes().shows_levels:
        return None
    named = {"honour": honour.public_id, "title": honour.name, "title_zh": honour.name_zh}
    said = taken_from(entry, "word")
    return named | ({"excerpt": said["word"]} if said else {})


def recipients(entry: Entry) -> Iterable[Audience]:
    held = Holder.objects.filter(honour=entry.subject_id, given_at=entry.at, taken_at=None)
    yield Audience(User.objects.filter(pk__in=held.values("person")), asked=False)


def title(kept: Facts) -> str:
    in_chinese = (get_language() or "").startswith("zh")
    return str((in_chinese and kept.get("title_zh")) or kept["title"])


def sentence(kept: Facts) -> str:
    return _("The team honours you. Thank you")


def url(kept: Facts) -> str:
    return reverse("honours:honour-detail", args=[kept["honour"]])


OCCASION = Occasion(
    verbs=(Verb.HONOUR_GIVEN,),
    group=Group.HONOURS,
    key=key,
    facts=facts,
    recipients=recipients,
    sentence=sentence,
    url=url,
    title=title,
)
