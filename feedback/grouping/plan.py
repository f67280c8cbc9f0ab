"""What a run would do to the asks: groups and what stands in, a plan out. Pure, and the only place of these rules.

What a person confirmed or locked stays. Public asks only gain posts; to take one out of them is proposed, unless a
person's word about that very post says that it is in the wrong ask. Asks that nobody confirmed follow the machine and
keep their identity. `apply` writes a plan, the trial of another model shows one.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from feedback.asks.standing import Standing

if TYPE_CHECKING:
    from feedback.engine import Group
    from feedback.engine.data.corpus import Id

#: Fewer posts than this are no ask.
FEWEST = 2


class SomeOfAGroup(Protocol):
    """A group, or some of its posts."""

    @property
    def key(self) -> str: ...
    @property
    def members(self) -> "Sequence[Id]": ...
    @property
    def boilerplate(self) -> bool: ...


G = TypeVar("G", bound=SomeOfAGroup)


@dataclass(frozen=True)
class AskNow:
    """An ask as far as a run minds it. ``is_kept`` says that a person has decided about it."""

    key: str
    is_public: bool
    is_dismissed: bool
    is_kept: bool

    @property
    def is_nobodys(self) -> bool:
        """Whether the machine proposed it and nobody ever decided anything about it."""
        return not (self.is_public or self.is_dismissed or self.is_kept)


@dataclass
class Plan(Generic[G]):
    """What a run would do. Asks are named by key: the public id, or for a new one the group's.

    ``new`` are the groups that become asks, ``carried_on`` those that are asks already. ``entering`` and ``moving``
    are (post, ask), ``leaving`` posts that would be in no ask, ``staying`` those that stay in the ask of their group.
    ``offered`` is where a person would be asked to move a post. ``heirs`` are the asks that would be dissolved, with
    the one that most of their posts went to ("": none).
    """

    after: dict[int, str]
    new: dict[str, G] = field(default_factory=dict)
    carried_on: dict[str, G] = field(default_factory=dict)
    entering: list[tuple[int, str]] = field(default_factory=list)
    moving: list[tuple[int, str]] = field(default_factory=list)
    leaving: list[int] = field(default_factory=list)
    staying: list[int] = field(default_factory=list)
    offered: dict[int, str] = field(default_factory=dict)
    heirs: dict[str, str] = field(default_factory=dict)


def plan_of(
    groups: "Sequence[Group]",
    *,
    asks: Mapping[str, AskNow],
    standing: Standing,
    as_decided: Collection[int] = (),
) -> "Plan[Group]":
    """Return what applying ``groups`` to ``asks``, the ones posts may belong to, would change.

    Posts in ``as_decided`` were spoken of while the groups were computed and stay as they are.
    """
    planner = _Planner["Group"](asks, standing, frozenset(as_decided))
    planner.place_all(groups)
    planner.dissolve(groups)
    return planner.plan


def part_of_plan(
    groups: Sequence[G],
    *,
    asks: Mapping[str, AskNow],
    standing: Standing,
    as_decided: Collection[int] = (),
) -> Plan[G]:
    """Return what some of the groups, or some posts of them, would change in the asks that they touch.

    No ask is given up: what is left of one in the end only the whole plan knows.
    """
    planner = _Planner[G](asks, standing, frozenset(as_decided))
    planner.place_all(groups)
    return planner.plan


class _Planner(Generic[G]):
    def __init__(
        self, asks: Mapping[str, AskNow], standing: Standing, as_decided: frozenset[int]
    ) -> None:
        self.asks, self.standing, self.as_decided = asks, standing, as_decided
        self.plan = Plan[G](after=dict(standing.homes))
        #: Where the posts are that have been in an ask before. One that comes in only now says nothing against where
        #: its partner is, in whatever order the groups are taken up.
        self.settled = dict(standing.homes)

    def place_all(self, groups: Sequence[G]) -> None:
        for group in groups:
            self._place(group)

    def _place(self, group: G) -> None:
        """Take up one group: as an ask that is there, as a new one, or as none."""
        members = [int(pk) for pk in group.members]
        ask = self.asks.get(group.key)
        if ask is not None and not (group.boilerplate and ask.is_nobodys):
            self.plan.carried_on[group.key] = group
            for pk in members:
                self._bring(pk, group.key)
            return
        free = [pk for pk in members if self._is_free(pk)]
        if group.boilerplate:
            self._take_out(free)
            return
        entering = [pk for pk in free if not self._is_kept_out(pk, group.key)]
        if len(entering) < FEWEST:
            self._take_out(free)
            return
        self.plan.new[group.key] = group
        for pk in members:
            self._bring(pk, group.key)

    def dissolve(self, groups: "Sequence[Group]") -> None:
        """Give up proposed asks that would hold too few posts, but for those a person decided about."""
        plan = self.plan
        sizes = Counter(plan.after.values())
        confirmed = {plan.after[pk] for pk in self.standing.confirmed if pk in plan.after}
        for key, ask in self.asks.items():
            if ask.is_nobodys and sizes[key] < FEWEST and key not in confirmed:
                plan.heirs[key] = ""
        for group in groups:
            for key in group.lineage.joined_from:
                is_there = group.key in plan.carried_on or group.key in plan.new
                if key in plan.heirs and is_there and group.key not in plan.heirs:
                    plan.heirs[key] = group.key
        stranded = {pk for pk, home in plan.after.items() if home in plan.heirs}
        if stranded:
            plan.entering = [one for one in plan.entering if one[0] not in stranded]
            plan.moving = [one for one in plan.moving if one[0] not in stranded]
            plan.staying = [pk for pk in plan.staying if pk not in stranded]
            self._take_out(stranded)

    def _bring(self, pk: int, key: str) -> None:
        """Bring a post into the ask of its group, as far as people's decisions allow."""
        plan, here = self.plan, self.plan.after.get(pk)
        if here == key:
            plan.staying.append(pk)
        elif self._is_free(pk):
            if not self._is_kept_out(pk, key):
                (plan.entering if here is None else plan.moving).append((pk, key))
                plan.after[pk] = key
                if here is not None:
                    self.settled[pk] = key
        elif here is not None and not (
            self.standing.is_held(pk, here) or self._is_kept_out(pk, key)
        ):
            plan.offered[pk] = key

    def _take_out(self, posts: Collection[int]) -> None:
        for pk in posts:
            self.settled.pop(pk, None)
            if self.plan.after.pop(pk, None) is not None and pk in self.standing.homes:
                self.plan.leaving.append(pk)

    def _is_free(self, pk: int) -> bool:
        """Whether the machine may move this post by itself."""
        if pk in self.as_decided:
            return False
        here = self.plan.after.get(pk)
        if here is None:
            return True
        if self.standing.is_held(pk, here):
            return False
        ask = self.asks.get(here)
        is_public = ask is not None and ask.is_public
        return not is_public or self.standing.is_out_of_place(pk, self.settled)

    def _is_kept_out(self, pk: int, key: str) -> bool:
        return self.standing.keeps_out(pk, key, self.plan.after)
