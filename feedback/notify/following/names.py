"""What is followed, by the names it has now."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Model

from feedback.accounts.models import User
from feedback.asks.models import Area, Ask
from feedback.forum.models import Board, Post, Product
from feedback.notify.following.subjects import SUBJECTS
from feedback.notify.groups import About
from feedback.notify.models import Subscription
from feedback.roadmap.models import Item, Release

_MODELS: dict[str, type[Model]] = {
    About.POST: Post,
    About.ASK: Ask,
    About.ITEM: Item,
    About.BOARD: Board,
    About.AREA: Area,
    About.PERSON: User,
    About.RELEASE: Release,
    About.BRIEF: Product,
}


@dataclass(frozen=True)
class Followed:
    """One thing that somebody follows or mutes."""

    about: str
    kind: str
    key: str
    name: str
    page: str
    is_muted: bool


def named(subscriptions: Iterable[Subscription]) -> list[Followed]:
    """Return ``subscriptions`` with names and pages; without those whose thing is gone, or part of another now."""
    subscriptions = list(subscriptions)
    wanted: defaultdict[str, list[int]] = defaultdict(list)
    for one in subscriptions:
        wanted[one.about].append(one.about_id)
    rows = {about: _MODELS[about]._default_manager.in_bulk(pks) for about, pks in wanted.items()}
    found = []
    for one in subscriptions:
        row = rows[one.about].get(one.about_id)
        is_part = isinstance(row, Item) and row.joined_into_id is not None
        if row is not None and not is_part:
            subject = SUBJECTS[About(one.about)]
            found.append(
                Followed(
                    one.about,
                    one.get_about_display(),
                    subject.key(row),
                    str(row),
                    subject.page(row),
                    one.is_muted,
                )
            )
    return found
