"""What happens to asks: confirmed, renamed, joined, split, answered, declined, taken up again."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.asks.models import Answer, Ask
from feedback.asks.queries import resolve
from feedback.asks.stages import Stage
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.kernel import markdown
from feedback.kernel.identity import at_home
from feedback.kernel.visible import cut
from feedback.notify.happenings import (
    EXCERPT_LENGTH,
    LINE_LENGTH,
    Group,
    Happening,
    Kind,
)


def _public(**of: Any) -> Ask | None:
    """Return the ask if it is confirmed and stands by itself."""
    return Ask.objects.public().filter(**of).select_related("product").first()


def written(ask: Ask) -> dict[str, Any]:
    """Return what a program is sent of ``ask``, which is public."""
    return {
        "id": ask.public_id,
        "title": ask.title,
        "stage": ask.stage,
        "people": ask.people_count,
        "posts": ask.post_count,
        "url": at_home(reverse("asks:ask-detail", args=[ask.public_id])),
    }


def _happening(ask: Ask, line: str, *, excerpt: str = "", **more: Any) -> Happening:
    return Happening(
        product=ask.product,
        title=ask.title_here,
        line=line,
        path=reverse("asks:ask-detail", args=[ask.public_id]),
        data=lambda: {"product": ask.product.slug, "ask": written(ask), **more},
        excerpt=cut(excerpt, LINE_LENGTH),
    )


def confirmed(entry: Entry) -> Happening | None:
    ask = _public(pk=entry.subject_id)
    if ask is None:
        return None
    line = ngettext(
        "A new ask, of %(people)d person", "A new ask, of %(people)d people", ask.people_count
    )
    return _happening(ask, line % {"people": ask.people_count})


def renamed(entry: Entry) -> Happening | None:
    ask = _public(pk=entry.subject_id)
    return None if ask is None else _happening(ask, _("An ask has a new name"))


def joined(entry: Entry) -> Happening | None:
    """Of an ask that nobody had confirmed nothing is told: its title was never public."""
    gone = Ask.objects.filter(pk=entry.subject_id, confirmed_at__isnull=False).first()
    if gone is None or gone.state != Ask.State.JOINED:
        return None
    into = _public(pk=resolve(gone).pk)
    if into is None:
        return None
    was = {"id": gone.public_id, "title": gone.title}
    line = _("“%(title)s” was joined into it: both want the same")
    return _happening(into, line % {"title": gone.title_here}, joined=was)


def split(entry: Entry) -> Happening | None:
    ask, new = _public(pk=entry.subject_id), _public(public_id=entry.data["new"])
    if ask is None or new is None:
        return None
    line = _("An ask of its own now, split from “%(title)s”") % {"title": ask.title_here}
    return _happening(new, line, split_from=written(ask))


def answered(entry: Entry) -> Happening | None:
    answers = Answer.objects.standing().filter(public_id=entry.data["answer"])
    answer = answers.select_related("ask").first()
    ask = _public(pk=resolve(answer.ask).pk) if answer else None
    if answer is None or ask is None:
        return None
    said = {
        "text": markdown.plain(answer.body, length=EXCERPT_LENGTH),
        "answered_at": answer.answered_at.isoformat(),
    }
    words = markdown.plain(answer.body, length=LINE_LENGTH)
    return _happening(ask, _("The team answered an ask"), excerpt=words, answer=said)


def declined(entry: Entry) -> Happening | None:
    ask = _public(pk=entry.subject_id, stage=Stage.DECLINED)
    if ask is None:
        return None
    reason = ask.decline_reason
    return _happening(ask, _("Will not be done, and why"), excerpt=reason, reason=reason)


def reopened(entry: Entry) -> Happening | None:
    ask = _public(pk=entry.subject_id)
    return None if ask is None else _happening(ask, _("Under review again"))


KINDS: Mapping[Verb, Kind] = {
    Verb.ASK_CONFIRMED: Kind("ask.confirmed", Group.ASKS, confirmed),
    Verb.ASK_RENAMED: Kind("ask.renamed", Group.ASKS, renamed),
    Verb.ASK_JOINED: Kind("ask.joined", Group.ASKS, joined),
    Verb.ASK_SPLIT: Kind("ask.split", Group.ASKS, split),
    Verb.ASK_ANSWERED: Kind("ask.answered", Group.ANSWERS, answered),
    Verb.ASK_DECLINED: Kind("ask.declined", Group.ANSWERS, declined),
    Verb.ASK_REOPENED: Kind("ask.reopened", Group.ANSWERS, reopened),
}
