"""Who is behind asks, and what those people have in common that makes a crowd of them."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass

from feedback.accounts.models import IN_TEAM, Invited, Origin, User
from feedback.asks.models import Membership
from feedback.engine.stats.camps import shared
from feedback.forum.models import Post, Vote
from feedback.kernel.batches import batches

#: So many who came by one way are a crowd.
FEWEST = 5
#: So many who came to one ask within an hour are one, where more than half of all who came then came to it.
FEWEST_AT_ONCE = 10
#: So many asks that are wanted by the very same people.
SAME_ASKS = 6
#: Who signed up, or came by an invitation, no longer than this before is thought to have come for the ask.
CAME_FOR_IT = dt.timedelta(days=1)
#: Addresses that anybody can have: they say of nobody where they belong.
ANYBODYS = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "msn.com",
        "yahoo.com",
        "icloud.com",
        "me.com",
        "aol.com",
        "proton.me",
        "protonmail.com",
        "gmx.de",
        "gmx.net",
        "gmx.com",
        "web.de",
        "mail.com",
        "mail.ru",
        "yandex.ru",
        "qq.com",
        "foxmail.com",
        "163.com",
        "126.com",
        "yeah.net",
        "sina.com",
        "sina.cn",
        "sohu.com",
        "aliyun.com",
        "139.com",
        "189.cn",
        "naver.com",
        "hey.com",
        "fastmail.com",
        "zoho.com",
        "tutanota.com",
        "orange.fr",
        "free.fr",
    ]
)

#: People who are read in one query.
_AT_ONCE = 10_000

Moments = dict[int, dict[int, dt.datetime]]


@dataclass(frozen=True)
class Person:
    """What is known of one person that may tie them to others. ``invited_by`` is the id of who did, where that is no one of the team."""

    signed_up_at: dt.datetime | None
    domain: str
    invited_by: int | None
    invited_at: dt.datetime | None = None


def came(ask_ids: Collection[int]) -> Moments:
    """Return of each ask when each person came: authors and voters of its published posts, once each."""
    first: Moments = defaultdict(dict)
    shown = {"post__state": Post.State.PUBLISHED}
    for some in batches(ask_ids):
        wrote = Membership.objects.filter(ask__in=some, **shown).values_list(
            "ask", "post__author", "post__posted_at"
        )
        voted = Vote.objects.filter(post__membership__ask__in=some, **shown).values_list(
            "post__membership__ask", "person", "voted_at"
        )
        for rows in (wrote, voted):
            for ask, person, at in rows.order_by().iterator():
                kept = first[ask].get(person)
                if kept is None or at < kept:
                    first[ask][person] = at
    return dict(first)


def came_to_posts(post_ids: Collection[int]) -> Moments:
    """Return of each post when each person came to want it."""
    first: Moments = defaultdict(dict)
    for some in batches(post_ids):
        votes = Vote.objects.filter(post__in=some).order_by()
        for post, person, at in votes.values_list("post", "person", "voted_at").iterator():
            first[post][person] = at
    return dict(first)


def known(people: Iterable[int]) -> dict[int, Person]:
    """Return what is known of ``people``."""
    wanted = set(people)
    ours = _domains_of_team()
    invited: dict[int, tuple[int, dt.datetime]] = {}
    for some in batches(wanted, _AT_ONCE):
        rows = (
            Invited.objects.filter(person__in=some)
            .exclude(invitation__made_by__in=User.objects.filter(IN_TEAM))
            .values_list("person", "invitation__made_by", "came_at")
        )
        invited.update({person: (host, at) for person, host, at in rows})
    found = {}
    for some in batches(wanted, _AT_ONCE):
        people_now = User.objects.filter(pk__in=some).values_list(
            "pk", "origin", "joined_at", "email", "imported_email"
        )
        for pk, origin, joined_at, email, imported in people_now:
            domain = (email or imported or "").rpartition("@")[2]
            found[pk] = Person(
                signed_up_at=joined_at if origin == Origin.SIGNED_UP else None,
                domain="" if domain in ANYBODYS or domain in ours else domain,
                invited_by=invited[pk][0] if pk in invited else None,
                invited_at=invited[pk][1] if pk in invited else None,
            )
    return found


def _domains_of_team() -> set[str]:
    """Return where the team's addresses are: on a site inside a company they are everybody's."""
    mails = User.objects.filter(IN_TEAM).exclude(email=None).values_list("email", flat=True)
    return {str(mail).rpartition("@")[2] for mail in mails}


def ties_of(moments: Moments, people: Mapping[int, Person]) -> dict[int, dict[int, list[Hashable]]]:
    """Return of each ask what ties each of its people to others of them; pure."""
    wants: dict[int, list[int]] = defaultdict(list)
    all_at: Counter[dt.datetime] = Counter()
    for ask, those in moments.items():
        for person, at in those.items():
            wants[person].append(ask)
            if _moves(people[person]):
                all_at[_hour(at)] += 1
    same = {person: tuple(sorted(asks)) for person, asks in wants.items()}
    return {ask: _ties_of_ask(those, people, same, all_at) for ask, those in moments.items()}


def _ties_of_ask(
    those: Mapping[int, dt.datetime],
    people: Mapping[int, Person],
    same: Mapping[int, tuple[int, ...]],
    all_at: Mapping[dt.datetime, int],
) -> dict[int, list[Hashable]]:
    hosts = {people[person].invited_by for person in those}
    order = sorted(those)
    ties: list[list[Hashable]] = []
    brought: list[list[Hashable]] = []
    at_once: list[list[Hashable]] = []
    for person in order:
        one, at = people[person], those[person]
        ties.append(_ties_of_person(person, one, at, same[person], hosts))
        brought.append([("brought", person)] if person in hosts else [])
        if one.invited_at is not None and _is_near(at, one.invited_at):
            brought[-1].append(("brought", one.invited_by))
        at_once.append([("came", _hour(at))] if _moves(one) else [])
    crowds, bursts = shared(ties, by=FEWEST), shared(at_once, by=FEWEST_AT_ONCE)
    here: Counter[Hashable] = Counter(tie for of in bursts for tie in of)
    return {
        person: [
            *crowds[row],
            *brought[row],
            *(tie for tie in bursts[row] if 2 * here[tie] > all_at[_hour(those[person])]),
        ]
        for row, person in enumerate(order)
    }


def _ties_of_person(
    person: int,
    one: Person,
    at: dt.datetime,
    wants: tuple[int, ...],
    hosts: Collection[int | None],
) -> list[Hashable]:
    """Return what makes a crowd where a few share it."""
    of: list[Hashable] = []
    if one.invited_by is not None:
        of.append(("invited", one.invited_by))
    if person in hosts:
        of.append(("invited", person))
    if one.domain:
        of.append(("domain", one.domain))
    if one.signed_up_at is not None and _is_near(at, one.signed_up_at):
        of.append(("signed up", _hour(one.signed_up_at)))
    if len(wants) >= SAME_ASKS:
        of.append(("wants", wants))
    return of


def _is_near(at: dt.datetime, came: dt.datetime) -> bool:
    """Whether somebody who came to the site at ``came`` came for what they came to at ``at``."""
    return abs(at - came) <= CAME_FOR_IT


def _moves(person: Person) -> bool:
    """Whether the hour in which they came says anything: what is imported has often a day alone."""
    return person.signed_up_at is not None


def _hour(at: dt.datetime) -> dt.datetime:
    return at.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0)
