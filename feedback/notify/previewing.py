"""What everyone behind an ask would read, before it is said: by language, with who would hear and how."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import translation

from feedback.accounts.models import Origin, User
from feedback.asks.models import Ask
from feedback.asks.people import people_behind
from feedback.kernel import text
from feedback.notify.channels.email import queue
from feedback.notify.channels.push.queue import devices_for
from feedback.notify.groups import Pace
from feedback.notify.models import Subscription, Wishes
from feedback.notify.occasions import Occasion
from feedback.notify.occasions._ask import topics_of


@dataclass(frozen=True)
class Preview:
    """What those who read one language would be told.

    ``here``: they read their inbox on the site; ``by_mail`` and ``by_push``: of these, those whom that reaches too; ``unclaimed``:
    imported authors, who hear once they claim their words. ``undecided``: of all these, those who leave the language to
    their browser, counted with the language of the site.
    """

    language: str
    name: str
    sentence: str
    title: str
    title_language: str
    excerpt: str
    people: int
    here: int
    by_mail: int
    by_push: int
    unclaimed: int
    undecided: int


def previews(
    *, ask: Ask, occasion: Occasion, facts: Mapping[str, Any], actor: User, followers: bool = True
) -> list[Preview]:
    """Return what each language's readers would be told of ``ask`` by ``occasion`` with these ``facts``."""
    people = _who_would_hear(ask, actor, followers=followers)
    return [
        _preview(ask, occasion, {"title": ask.title, "asked": True, **facts}, people, language)
        for language, _name in settings.LANGUAGES
    ]


def _who_would_hear(ask: Ask, actor: User, *, followers: bool) -> QuerySet[User]:
    """Return those whom `fan_out.tell` would put a notice for."""
    subscribed = Q(pk__in=())
    for about, pk in topics_of([ask]):
        subscribed |= Q(about=about, about_id=pk)
    said = Subscription.objects.filter(subscribed)
    wanted = Q(pk__in=people_behind([ask.pk]).values("pk"))
    if followers:
        wanted |= Q(pk__in=said.filter(is_muted=False).values("person"))
    muted = said.filter(is_muted=True).values("person")
    people = User.objects.filter(wanted, is_active=True).exclude(origin=Origin.ANONYMOUS)
    return people.exclude(pk__in=muted).exclude(pk=actor.pk)


def _preview(
    ask: Ask, occasion: Occasion, facts: Mapping[str, Any], people: QuerySet[User], language: str
) -> Preview:
    is_the_site_s = language == settings.LANGUAGE_CODE
    theirs = people.filter(language__in=[language, ""] if is_the_site_s else [language])
    counts = theirs.aggregate(
        people=Count("pk"),
        here=Count("pk", filter=Q(origin=Origin.SIGNED_UP)),
        unclaimed=Count("pk", filter=Q(origin=Origin.IMPORTED)),
        undecided=Count("pk", filter=Q(language="")),
    )
    by_mail = 0
    if queue.is_on():
        unwanted = Wishes.objects.filter(**{f"mail__{occasion.group}": Pace.NEVER})
        by_mail = queue.reachable(theirs).exclude(pk__in=unwanted.values("person")).count()
    by_push = devices_for(theirs, occasion.group).values("person").distinct().count()
    with translation.override(language):
        title = occasion.title(facts)
        return Preview(
            language=language,
            name=translation.get_language_info(language)["name_local"],
            sentence=occasion.sentence(facts),
            title=title,
            title_language=text.language_of(title),
            excerpt=occasion.excerpt(facts),
            by_mail=by_mail,
            by_push=by_push,
            **counts,
        )
