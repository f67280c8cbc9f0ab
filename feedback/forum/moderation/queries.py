"""Reading cases: what waits, what is known of it, what was decided."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet

from feedback.accounts.models import Role, User
from feedback.accounts.permissions import is_moderator
from feedback.forum.models import Board, Case, Comment, Flag, Hiding, Post, Ruling
from feedback.forum.moderation.models import Action, Reason
from feedback.forum.rights.reading import Person, boards_kept_by, keeps_order_on

SITE_LANGUAGE = settings.LANGUAGE_CODE

#: How much worse one reason is than another, of equally many people.
SERIOUSNESS: dict[str, float] = {
    Reason.ILLEGAL: 8,
    Reason.PERSONAL: 6,
    Reason.ABUSE: 4,
    Reason.SPAM: 2,
    Reason.OFF_TOPIC: 1,
    Reason.OTHER: 1,
}
#: What nobody reported: it waits unseen, or its author appealed.
_HELD, _APPEALED = 2.0, 4.0
#: A case that waits so long weighs twice as much as a new one.
_AGES = dt.timedelta(hours=12)

REPORTED, HELD, APPEALS = "reported", "held", "appeals"


def of_author(person: User, through: str = "case__") -> Q:
    """Return the condition that a case is about ``person`` or what they wrote."""
    return (
        Q(**{f"{through}post__author": person})
        | Q(**{f"{through}comment__author": person})
        | Q(**{f"{through}person": person})
    )


def restrictions_of(person: User) -> tuple[dt.datetime | None, dt.datetime | None]:
    """Return until when ``person`` is muted and until when suspended, by all rulings that stand."""
    standing = Ruling.objects.filter(of_author(person), undone_at=None)
    until = standing.aggregate(
        muted=Max("until", filter=Q(action=Action.MUTE)),
        suspended=Max("until", filter=Q(action__in=[Action.SUSPEND, Action.BAN])),
    )
    return until["muted"], until["suspended"]


def others_of_the_team(person: User) -> bool:
    """Whether there is anybody beside ``person`` who keeps order on the whole site."""
    team = User.objects.filter(is_active=True).exclude(role__in=[Role.MEMBER, Role.ANALYST])
    return team.exclude(pk=person.pk).exists()


def within_reach_of(person: Person) -> QuerySet[Case]:
    """Return the cases that ``person`` may know of: all for who keeps order on the whole site or reads with the team's analysts,
    else those of posts and comments on the boards where they do. None is about a person: that is the whole site's.
    """
    cases = Case.objects.all()
    if is_moderator(person) or (isinstance(person, User) and person.role == Role.ANALYST):
        return cases
    kept = Board.objects.filter(boards_kept_by(person)).values("pk")
    return cases.filter(Q(post__board__in=kept) | Q(comment__post__board__in=kept))


def may_decide_in(person: Person, case: Case) -> bool:
    """Whether ``person`` keeps order where ``case`` comes from."""
    if is_moderator(person):
        return True
    post = case.post or (case.comment.post if case.comment is not None else None)
    return post is not None and keeps_order_on(person, post.board)


def open_cases(kind: str = "", *, reader: Person) -> QuerySet[Case]:
    """Return what waits and ``reader`` may know of; ``kind`` narrows it."""
    waiting = within_reach_of(reader).filter(closed_at=None)
    match kind:
        case "reported":
            waiting = waiting.filter(flags__isnull=False).distinct()
        case "held":
            waiting = waiting.exclude(held_for=[])
        case "appeals":
            waiting = waiting.filter(appeals__isnull=False).distinct()
    return waiting


def in_order(kind: str = "", *, reader: Person, now: dt.datetime) -> list[int]:
    """Return the keys of what waits and ``reader`` may know of: people who reported times the worst reason times age, the weightiest first."""
    cases = open_cases(kind, reader=reader)
    waiting = dict(cases.values_list("pk", "opened_at"))
    found = Case.objects.filter(pk__in=waiting) if kind else cases
    people: dict[int, int] = {}
    worst: dict[int, float] = {}
    for pk, reason in found.filter(flags__isnull=False).values_list("pk", "flags__reason"):
        people[pk] = people.get(pk, 0) + 1
        worst[pk] = max(worst.get(pk, 0), SERIOUSNESS.get(reason, 1))
    for pk in found.filter(appeals__isnull=False).values_list("pk", flat=True):
        worst[pk] = max(worst.get(pk, 0), _APPEALED)

    def weight(pk: int) -> float:
        age = 1 + (now - waiting[pk]) / _AGES
        return max(people.get(pk, 0), 1) * worst.get(pk, _HELD) * age

    return sorted(waiting, key=lambda pk: (-weight(pk), pk))


def number_waiting(reader: Person) -> int:
    """Return how many cases wait that ``reader`` may know of."""
    return open_cases(reader=reader).count()


def with_subjects(pks: Collection[int]) -> dict[int, Case]:
    """Return these cases by key, each with what it is about, who wrote that, and its reports."""
    cases = Case.objects.filter(pk__in=pks).select_related(
        "post__author",
        "post__board__product",
        "comment__author",
        "comment__post__author",
        "comment__post__board__product",
        "comment__reply_to__author",
        "person",
    )
    return {one.pk: one for one in cases.prefetch_related("flags__person", "appeals")}


@dataclass(frozen=True)
class Past:
    """What a person has done here, and what the team decided about it: rulings ``upheld`` and those ``taken_back``."""

    posts: int
    comments: int
    upheld: int
    kept: int
    taken_back: int
    latest: list[Ruling] = field(default_factory=list)


def past_of(person: User, *, reader: Person) -> Past:
    """Return what is known of ``person``; of the decisions those that ``reader`` may know of."""
    rulings = Ruling.objects.filter(of_author(person))
    against = ~Q(action__in=[Action.KEEP, Action.GRANT, Action.DENY])
    known = rulings.filter(against)
    if not is_moderator(reader):
        known = known.filter(case__in=within_reach_of(reader))
    counted = rulings.aggregate(
        upheld=Count("pk", filter=against & Q(undone_at=None)),
        kept=Count("pk", filter=Q(action=Action.KEEP, undone_at=None)),
        taken_back=Count("pk", filter=against & Q(undone_at__isnull=False)),
    )
    return Past(
        posts=Post.objects.filter(author=person).count(),
        comments=Comment.objects.filter(author=person, is_internal=False).count(),
        latest=list(known.select_related("rule", "actor").order_by("-pk")[:5]),
        **counted,
    )


def like(case: Case, *, reader: Person, limit: int = 5) -> list[Ruling]:
    """Return what was decided last in cases that ``reader`` may know of and that were reported or held for the same as ``case``."""
    reasons = Flag.objects.filter(case=case).values("reason")
    same = Q(case__flags__reason__in=reasons)
    if case.held_for and not case.flags.exists():
        same = Q(case__pk__in=_held_alike(case))
    found = Ruling.objects.filter(same, undone_at=None).exclude(case=case)
    found = found.exclude(action__in=[Action.GRANT, Action.DENY])
    if not is_moderator(reader):
        found = found.filter(case__in=within_reach_of(reader))
    return list(found.select_related("rule", "actor", "case").distinct().order_by("-pk")[:limit])


def _held_alike(case: Case) -> list[int]:
    """Return the cases among the last that were held for one of the same grounds; no database searches in a list alike."""
    held = Case.objects.filter(closed_at__isnull=False).exclude(held_for=[]).order_by("-pk")
    wanted = set(case.held_for)
    return [pk for pk, grounds in held.values_list("pk", "held_for")[:200] if wanted & set(grounds)]


def hidden_by(posts: Iterable[int] = (), comments: Iterable[int] = ()) -> dict[str, Ruling]:
    """Return what hides each of these posts and comments ("post:7"): the last ruling that stands."""
    found = Hiding.objects.filter(
        Q(post__in=list(posts)) | Q(comment__in=list(comments)), ruling__undone_at=None
    )
    return {
        f"post:{one.post_id}" if one.post_id else f"comment:{one.comment_id}": one.ruling
        for one in found.select_related("ruling__rule").order_by("pk")
    }


def held(posts: Iterable[int] = (), comments: Iterable[int] = ()) -> dict[str, Case]:
    """Return the open cases in which these posts and comments are held ("post:7")."""
    found = Case.objects.filter(
        Q(post__in=list(posts)) | Q(comment__in=list(comments)), closed_at=None
    ).exclude(held_for=[])
    return {
        f"post:{one.post_id}" if one.post_id else f"comment:{one.comment_id}": one for one in found
    }


def public_log() -> QuerySet[Ruling]:
    """Return what the team did, newest first, for everybody: whoever shows it names nobody."""
    done = Ruling.objects.exclude(action__in=[Action.KEEP, Action.GRANT, Action.DENY])
    return done.select_related("rule", "case__post__board", "case__comment__post__board").order_by(
        "-pk"
    )


def own_ruling(person: User) -> Ruling | None:
    """Return the last decision of ``person`` that may still be taken back."""
    mine = Ruling.objects.filter(actor=person, undone_at=None).exclude(action=Action.GRANT)
    return mine.order_by("-pk").first()
