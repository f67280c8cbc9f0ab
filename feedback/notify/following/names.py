"""What is followed, by the names it has now."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from feedback.accounts.models import User
from feedback.notify.following.subjects import SUBJECTS
from feedback.notify.groups import About
from feedback.notify.models import Subscription
from feedback.roadmap.models import Item


@dataclass(frozen=True)
class Followed:
    """One thing that somebody follows or mutes. Of what they may not know of any more there is no name and no page."""

    subscription: int
    kind: str
    is_muted: bool
    name: str = ""
    page: str = ""


def named(subscriptions: Iterable[Subscription], *, reader: User) -> list[Followed]:
    """Return ``subscriptions`` with the names and pages of what ``reader`` may know of; without what is part of another now."""
    subscriptions = list(subscriptions)
    wanted: defaultdict[str, list[int]] = defaultdict(list)
    for one in subscriptions:
        wanted[one.about].append(one.about_id)
    known = {
        about: SUBJECTS[About(about)].known_to(reader).in_bulk(pks) for about, pks in wanted.items()
    }
    found = []
    for one in subscriptions:
        row = known[one.about].get(one.about_id)
        if isinstance(row, Item) and row.joined_into_id is not None:
            continue
        what = (str(row), SUBJECTS[About(one.about)].page(row)) if row is not None else ()
        found.append(Followed(one.pk, one.get_about_display(), one.is_muted, *what))
    return found
