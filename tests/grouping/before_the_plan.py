"""The rules of a run as they stood twice before `feedback.grouping.plan`, kept to be compared with it.

`foresee` is what the trial of another model used, `OldApplying` what a run did, without the database. Both are
as they were, but for the objects they are given.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from types import SimpleNamespace


@dataclass
class Foreseen:
    after: dict
    proposed: dict = field(default_factory=dict)
    titles: dict = field(default_factory=dict)
    heirs: dict = field(default_factory=dict)


def foresee(groups, *, before, confirmed, asks, barred, astray=()):
    groups = list(groups)
    seen = Foreseen(after=dict(before))

    def is_free(pk):
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
    return seen


class OldApplying:
    """``asks`` by key, ``held`` by post as (key, is_confirmed); bonds as they stand."""

    def __init__(self, groups, *, asks, before, confirmed, not_here, apart, together):
        self.groups = groups
        self.asks = dict(asks)
        self.held = {
            pk: SimpleNamespace(post_id=pk, ask=self.asks[key], is_confirmed=pk in confirmed)
            for pk, key in before.items()
        }
        self.not_here = set(not_here)
        self.apart, self.together = defaultdict(set), defaultdict(set)
        for pairs, partners in ((apart, self.apart), (together, self.together)):
            for one, other in pairs:
                partners[one].add(other)
                partners[other].add(one)
        self.created, self.removed, self.moves, self.new, self.gone = {}, set(), {}, set(), {}

    def _may_enter(self, pk, ask):
        if (pk, ask.key) in self.not_here or ask.is_locked:
            return False
        return not any(
            other in self.held and self.held[other].ask.key == ask.key for other in self.apart[pk]
        )

    def _is_free(self, pk):
        held = self.held.get(pk)
        if held is None or not (held.is_confirmed or held.ask.is_locked or held.ask.is_public):
            return True
        return not (held.is_confirmed or held.ask.is_locked) and self._is_out_of_place(pk, held)

    def _is_out_of_place(self, pk, held):
        def is_here(other):
            return other in self.held and self.held[other].ask.key == held.ask.key

        return any(map(is_here, self.apart[pk])) or any(
            other in self.held and not is_here(other) for other in self.together[pk]
        )

    def run(self):
        for group in self.groups:
            free = [int(pk) for pk in group.members if self._is_free(int(pk))]
            ask = self.asks.get(group.key)
            if ask is None or (group.boilerplate and ask.is_nobodys):
                if len(free) < 2 or group.boilerplate:
                    self.removed |= {pk for pk in free if pk in self.held}
                    continue
                ask = SimpleNamespace(key=group.key, is_public=False, is_locked=False)
                self.new.add(group.key)
            for pk in map(int, group.members):
                held = self.held.get(pk)
                if held is None:
                    if self._may_enter(pk, ask):
                        self.created[pk] = ask.key
                elif held.ask.key == ask.key:
                    continue
                elif self._is_free(pk) and self._may_enter(pk, ask):
                    held.ask = ask
                elif not held.is_confirmed and not held.ask.is_locked:
                    self.moves[pk] = ask.key
        after = {pk: held.ask.key for pk, held in self.held.items() if pk not in self.removed}
        after |= self.created
        sizes = Counter(after.values())
        confirmed = {held.ask.key for held in self.held.values() if held.is_confirmed}
        for key, ask in self.asks.items():
            if ask.is_nobodys and sizes[key] < 2 and key not in confirmed:
                self.gone[key] = True
        return {pk: key for pk, key in after.items() if key not in self.gone}
