"""Whom a ring invites: the people behind the asks that its release answers, most involved first."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from feedback.accounts.models import Origin, Role, User
from feedback.asks.people import people_behind
from feedback.asks.stages import Stage
from feedback.forum.models import Comment, Post, Vote
from feedback.kernel.batches import batches
from feedback.roadmap.models import Invitation, ItemAsk, Release
from feedback.roadmap.queries import followed

#: What somebody did for an ask, and how much it says of them.
_WROTE, _ANSWERED, _WANTED = 3, 2, 1
#: Who follows a release, what it brings or the asks behind that: a higher room knows.
Followers = Callable[[Release, Collection[int]], QuerySet[User]]

_followers: list[Followers] = []


def also(followers: Followers) -> None:
    """Have ``followers`` of a release and of its asks (primary keys) invited too. Call it in ``AppConfig.ready``."""
    if followers not in _followers:
        _followers.append(followers)


@dataclass(frozen=True)
class Behind:
    """How many people are behind what a release brings: all of them, who can be invited still, and who cannot be reached.

    ``unclaimed`` came with an import and cannot sign in before they claim their words; ``nameless`` are known to nobody.
    """

    people: int
    to_invite: int
    unclaimed: int
    nameless: int

    @property
    def unreachable(self) -> int:
        """How many would have to be reached in another way."""
        return self.unclaimed + self.nameless


def asks_of(release: Release) -> set[int]:
    """Return the asks that ``release`` answers, by what they have become."""
    items = release.items.exclude(stage=Stage.DECLINED)
    linked = ItemAsk.objects.filter(item__in=items.values("pk")).values_list("ask", flat=True)
    return set(followed(list(linked)).values())


def behind(release: Release) -> Behind:
    """Return the counts of the people behind ``release``; each person is counted once."""
    people = _people(release, asks_of(release))
    counted = people.aggregate(
        people=Count("pk", distinct=True),
        unclaimed=Count("pk", filter=Q(origin=Origin.IMPORTED), distinct=True),
        nameless=Count("pk", filter=Q(origin=Origin.ANONYMOUS), distinct=True),
    )
    return Behind(to_invite=_to_invite(release, people).distinct().count(), **counted)


def candidates(release: Release, *, most: int | None = None) -> list[int]:
    """Return whom to invite into the ring of ``release`` (primary keys), most involved first, ``most`` at most.

    Those behind its asks, and who follows it or them; without the team, which reads every board, whoever was invited, and who
    cannot sign in.
    """
    asks = asks_of(release)
    wanted = _to_invite(release, _people(release, asks))
    involved = _involved(asks)
    pks = set(wanted.values_list("pk", flat=True))
    return sorted(pks, key=lambda pk: (-involved[pk], pk))[:most]


def _people(release: Release, asks: Collection[int]) -> QuerySet[User]:
    any_of = Q(pk__in=people_behind(asks).values("pk"))
    for provider in _followers:
        any_of |= Q(pk__in=provider(release, asks).values("pk"))
    return User.objects.filter(any_of)


def _to_invite(release: Release, people: QuerySet[User]) -> QuerySet[User]:
    invited = Invitation.objects.filter(ring__release=release).values("person")
    can_sign_in = people.filter(origin=Origin.SIGNED_UP, is_active=True, role=Role.MEMBER)
    return can_sign_in.exclude(pk__in=invited)


def _involved(asks: Collection[int]) -> Counter[int]:
    """Return by person what they did for these asks."""
    involved: Counter[int] = Counter()
    for some in batches(asks):
        posts = Post.objects.filter(membership__ask__in=some, state=Post.State.PUBLISHED)
        shown = Comment.objects.filter(post__in=posts, is_hidden=False, is_internal=False)
        votes = Vote.objects.filter(post__in=posts)
        for weight, who, rows in (
            (_WROTE, "author", posts),
            (_ANSWERED, "author", shown),
            (_WANTED, "person", votes),
        ):
            counted = rows.order_by().values(who).annotate(n=Count("pk", distinct=True))
            for pk, number in counted.values_list(who, "n"):
                involved[pk] += weight * number
    return involved
