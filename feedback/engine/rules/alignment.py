"""Identity over time: which new group carries which old key, and where the others came from."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedback.engine.data.corpus import Id, Key


@dataclass(frozen=True)
class Lineage:
    """Where a group comes from: the old group it broke away from, the old groups that went into it."""

    split_from: Key | None = None
    joined_from: tuple[Key, ...] = ()


def fresh_key(first: Id, taken: set[Key]) -> Key:
    """Return a key for a new group, made of its ``first`` post: the same posts always get the same key."""
    salt = 0
    while True:
        seed = f"{type(first).__name__}:{first}:{salt}".encode()
        key = "g-" + hashlib.blake2b(seed, digest_size=6).hexdigest()
        if key not in taken:
            return key
        salt += 1


def align(
    groups: Sequence[Sequence[Id]],
    previous: Mapping[Id, Key] | None = None,
    *,
    forced: Mapping[int, Key] | None = None,
    refused: Mapping[int, set[Key]] | None = None,
) -> tuple[list[Key], list[Lineage]]:
    """Name ``groups`` (ids in id order): keys of ``previous`` go to the group that holds most of their posts.

    ``forced`` names groups whose key a person fixed, ``refused`` the keys a group must not carry. Every old
    key is given at most once, largest overlap first. Returns the keys and the lineage of each group.
    """
    previous = previous or {}
    forced = dict(forced or {})
    refused = refused or {}
    overlap: dict[tuple[int, Key], int] = {}
    came: list[Counter[Key]] = []
    old_sizes = Counter(previous.values())
    for number, ids in enumerate(groups):
        counts = Counter(previous[i] for i in ids if i in previous)
        came.append(counts)
        for key, count in counts.items():
            overlap[number, key] = count
    keys: dict[int, Key] = dict(forced)
    used = set(forced.values())
    for (number, key), _ in sorted(
        overlap.items(),
        key=lambda item: (-item[1], -len(groups[item[0][0]]), item[0][1], item[0][0]),
    ):
        if number in keys or key in used or key in refused.get(number, ()):
            continue
        keys[number] = key
        used.add(key)
    taken = used | set(old_sizes) | {key for keys_ in refused.values() for key in keys_}
    for number, ids in enumerate(groups):
        if number not in keys:
            keys[number] = fresh_key(ids[0], taken)
            taken.add(keys[number])
    lineage = []
    for number in range(len(groups)):
        split = None
        joined = []
        if came[number]:
            main, most = max(came[number].items(), key=lambda item: (item[1], item[0]))
            if (
                keys[number] not in old_sizes
                and 2 * most >= sum(came[number].values())
                and main in used
            ):
                split = main
            joined = sorted(
                key
                for key, count in came[number].items()
                if key != keys[number] and key not in used and 2 * count > old_sizes[key]
            )
        lineage.append(Lineage(split, tuple(joined)))
    return [keys[number] for number in range(len(groups))], lineage


def kept(before: Mapping[Id, Key], after: Mapping[Id, Key]) -> float:
    """Return the share of the posts of ``before`` that are in the group of the same key in ``after``."""
    both = [i for i in before if i in after]
    return sum(before[i] == after[i] for i in both) / len(both) if both else 1.0
