"""How many of people's decisions a grouping made without them agrees with.

What a person confirmed says two things: these posts belong together, and not to another ask. So a confirmed post is
right when its group is the one that stands for its ask, where a group stands for one ask alone: the one it shares
most confirmed posts with (`align`). Putting everything into one group, or each post into its own, earns nothing.
"""

from collections.abc import Sequence

from feedback.engine.data.corpus import Id, Key
from feedback.engine.rules.alignment import align
from feedback.engine.rules.constraints import Constraints

#: What a decision says, in a form that two groupings can be compared by.
Said = tuple[str, Id, Id]


def right_by_itself(
    groups: Sequence[Sequence[Id]], decisions: Constraints
) -> tuple[dict[Said, bool], dict[Id, Key | None]]:
    """Return whether ``groups`` (ids in id order), made without decisions, say what each decision says.

    Decisions about posts that are in no group are left out, and so are pairs that confirmed posts say already.
    Also returns the ask that the group of each confirmed post stands for (None: for none).
    """
    number_of = {i: number for number, ids in enumerate(groups) for i in ids}
    pinned = {i: key for i, key in decisions.pinned.items() if i in number_of}
    known = set(pinned.values())
    keys, _ = align(groups, pinned)
    stands_for = {i: keys[number_of[i]] if keys[number_of[i]] in known else None for i in pinned}
    right: dict[Said, bool] = {("PIN", i, key): stands_for[i] == key for i, key in pinned.items()}
    for a, b in decisions.together:
        if a in number_of and b in number_of and (a not in pinned or pinned[a] != pinned.get(b)):
            right["TOGETHER", *_pair(a, b)] = number_of[a] == number_of[b]
    for a, b in decisions.apart:
        if a in number_of and b in number_of:
            right["APART", *_pair(a, b)] = number_of[a] != number_of[b]
    for i, key in decisions.excluded:
        # Said of a post that is confirmed elsewhere, it is said already.
        if i in number_of and i not in pinned and key in known:
            right["NOT_HERE", i, key] = keys[number_of[i]] != key
    return right, stands_for


def _pair(a: Id, b: Id) -> tuple[Id, Id]:
    return (a, b) if (str(type(a)), a) <= (str(type(b)), b) else (b, a)
