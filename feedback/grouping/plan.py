"""What a run would do to the asks, foreseen without doing it.

The same rules as `operations.applying`: what people confirmed or locked stays, public asks only gain posts and a
move out of one is proposed unless a person's word about that very post says so, everything else follows the machine. A
test switches models and holds that what was foreseen is what happens.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feedback.engine import Group


@dataclass(frozen=True)
class AskNow:
    """An ask as far as it matters here. ``is_kept`` says that a person has decided about it."""

    key: str
    is_public: bool
    is_locked: bool
    is_dismissed: bool
    is_kept: bool

    @property
    def is_nobodys(self) -> bool:
        """Whether the machine proposed it and nobody ever decided anything about it."""
        return not (self.is_public or self.is_dismissed or self.is_kept)


@dataclass
class Foreseen:
    """``after`` is the ask of each post (its key; None: none), ``proposed`` where a person would be asked to move
    one to, ``titles`` the asks that would be new, ``heirs`` those that would go, with the ask they go into ("":
    none), ``split_from`` the ask that a new one breaks away from."""

    after: dict[int, str | None]
    proposed: dict[int, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    heirs: dict[str, str] = field(default_factory=dict)
    split_from: dict[str, str] = field(default_factory=dict)


def foresee(
    groups: "Iterable[Group]",
    *,
    before: Mapping[int, str],
    confirmed: Collection[int],
    asks: Mapping[str, AskNow],
    barred: Collection[tuple[int, str]],
    astray: Collection[int] = (),
) -> Foreseen:
    """Return what applying ``groups`` would change.

    ``before`` is the ask each post is in, ``asks`` the live ones by key, ``confirmed`` the posts a person put or
    confirmed where they are, ``barred`` the (post, ask) pairs that a person ruled out, ``astray`` the posts of which a
    person's word says that they stand in the wrong ask.
    """
    groups = list(groups)
    seen = Foreseen(after=dict(before))

    def is_free(pk: int) -> bool:
        ask = asks.get(before.get(pk, ""))
        if ask is None:
            return True
        return not (pk in confirmed or ask.is_locked or (ask.is_public and pk not in astray))

    for group in groups:
        members = [int(pk) for pk in group.members]
        ask = asks.get(group.key)
        if ask is None or (group.boilerplate and ask.is_nobodys):
            free = [pk for pk in members if is_free(pk)]
            if len(free) < 2 or group.boilerplate:
                seen.after.update(dict.fromkeys(free))
                continue
            seen.titles[group.key] = group.title
            if group.lineage.split_from:
                seen.split_from[group.key] = group.lineage.split_from
        for pk in members:
            here = before.get(pk)
            if here == group.key:
                continue
            may_enter = (pk, group.key) not in barred and not (ask is not None and ask.is_locked)
            if here is None or is_free(pk):
                if may_enter:
                    seen.after[pk] = group.key
            elif pk not in confirmed and not asks[here].is_locked:
                seen.proposed[pk] = group.key
    _retire(seen, groups, confirmed=confirmed, asks=asks)
    return seen


def _retire(
    seen: Foreseen,
    groups: "Iterable[Group]",
    *,
    confirmed: Collection[int],
    asks: Mapping[str, AskNow],
) -> None:
    """Close proposed asks that would hold fewer than two posts, but for those a person decided about."""
    sizes = Counter(key for key in seen.after.values() if key is not None)
    held = {seen.after[pk] for pk in confirmed if pk in seen.after}
    heirs = {key: one.key for one in groups for key in one.lineage.joined_from if key != one.key}
    for key, ask in asks.items():
        if not ask.is_nobodys or sizes[key] >= 2 or key in held:
            continue
        heir = heirs.get(key, "")
        seen.heirs[key] = heir if heir in asks or heir in seen.titles else ""
    for pk, home in list(seen.after.items()):
        if home in seen.heirs:
            seen.after[pk] = None
