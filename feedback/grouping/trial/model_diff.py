"""What would change for people if another model came into force: figures, and the asks that change most."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from feedback.asks.models import Ask
from feedback.asks.stages import Stage
from feedback.asks.standing import Standing
from feedback.forum.models import Post
from feedback.grouping.board import as_planned, asks_there
from feedback.grouping.plan import plan_of

if TYPE_CHECKING:
    from feedback.engine import Group
    from feedback.engine.data.corpus import Id
    from feedback.engine.rules.agreement import Said

#: Asks that are listed, and posts of each.
ASKS_LISTED = 40
POSTS_LISTED = 4

#: What happens to a post: by itself MOVES, ENTERS, LEAVES; OFFERED: a person would be asked to move it;
#: OTHERWISE: a person confirmed it where it is, there it stays, and the model alone would say something else.
MOVES, ENTERS, LEAVES, OFFERED, OTHERWISE = "MOVES", "ENTERS", "LEAVES", "OFFERED", "OTHERWISE"


@dataclass(frozen=True)
class Witness:
    """What a model says without knowing any decision: which of them it gets right, and the ask that the group of
    each confirmed post stands for (None: none)."""

    right: "Mapping[Said, bool]"
    stands_for: "Mapping[Id, str | None]"


@dataclass(frozen=True)
class Change:
    """What happens to one post. ``origin`` and ``target`` are keys of asks, "" for none."""

    pk: int
    origin: str
    target: str
    how: str


class Difference:
    """The difference between how posts are grouped now and what ``groups``, of another model, would make of them.

    ``groups_today`` are those of the model in force, found in the same moment: part of what would change would change
    at its next run anyway, and the two are compared as two runs, not a run with what stands.
    ``languages`` names the posts that take part, ``placed`` those a person put where they are; ``today`` and ``tomorrow`` are the two models' own words, None
    where nobody has decided anything.
    """

    def __init__(
        self,
        *,
        groups: "Sequence[Group]",
        groups_today: "Sequence[Group]",
        languages: Mapping[int, str],
        standing: Standing,
        placed: Collection[int],
        today: Witness | None,
        tomorrow: Witness | None,
        decided: int,
        seconds: float,
    ) -> None:
        self.languages, self.confirmed, self.placed = languages, standing.confirmed, placed
        self.today, self.tomorrow = today, tomorrow
        self.decided, self.seconds = decided, seconds
        self.asks = asks_there()
        asks = as_planned(self.asks)
        self.plan = plan_of(groups, asks=asks, standing=standing)
        anyway = plan_of(groups_today, asks=asks, standing=standing).after
        self.titles = {key: group.title for key, group in self.plan.new.items()}
        self.split_from = {
            key: group.lineage.split_from
            for key, group in self.plan.new.items()
            if group.lineage.split_from
        }
        self.now = {pk: self._seen(standing.homes.get(pk)) for pk in languages}
        self.anyway = {pk: self._seen(anyway.get(pk)) for pk in languages}
        self.then = {pk: self._seen(self.plan.after.get(pk)) for pk in languages}

    def _seen(self, key: str | None) -> str:
        """Return the ask as people see it: what was said to be none is none."""
        ask = self.asks.get(key or "")
        return "" if key is None or (ask and ask.state == Ask.State.DISMISSED) else key

    @cached_property
    def all_changes(self) -> list[Change]:
        """Every post to which something happens, in the order of their ids."""
        found = []
        for pk in sorted(self.languages):
            origin, target = self.now[pk], self.then[pk]
            if origin != target:
                how = MOVES if origin and target else ENTERS if target else LEAVES
                found.append(Change(pk, origin, target, how))
            elif pk in self.plan.offered:
                found.append(Change(pk, origin, self._seen(self.plan.offered[pk]), OFFERED))
            elif self.tomorrow is not None and pk in self.confirmed and origin:
                said = self.tomorrow.stands_for.get(pk, origin)
                if said != origin:
                    found.append(Change(pk, origin, said or "", OTHERWISE))
        return found

    # --- In numbers ----------------------------------------------------------------------------------
    def figures(self) -> dict[str, Any]:
        """Return the figures as JSON; the names are those of the page."""
        counts = Counter(change.how for change in self.all_changes)
        homed = [pk for pk, key in self.now.items() if key]
        now, then = self._sizes(self.anyway), self._sizes(self.then)
        named = {change.target for change in self.all_changes} | set(then)
        return {
            "posts": len(self.languages),
            "moved": counts[MOVES],
            "entered": counts[ENTERS],
            "left": counts[LEAVES],
            "offered": counts[OFFERED],
            "anyway": sum(self.anyway[pk] != key for pk, key in self.now.items()),
            "otherwise": counts[OTHERWISE],
            "kept": sum(self.then[pk] == self.now[pk] for pk in homed) / len(homed)
            if homed
            else 1.0,
            "asks_now": len(now),
            "asks_then": len(then),
            "new": len(self.titles),
            "gone": len(self.plan.heirs),
            "joined": sum(bool(heir) for heir in self.plan.heirs.values()),
            "split": len(self.split_from),
            "alone_now": self._alone(self.anyway),
            "alone_then": self._alone(self.then),
            "both_languages_now": self._both_languages(self.anyway),
            "both_languages_then": self._both_languages(self.then),
            "languages": self._by_language(),
            "decided": self._decided_asks(),
            "agreement": self._agreement(),
            "titles": {k: t for k, t in sorted(self.titles.items()) if k in named},
            "basis": {"decided": self.decided},
            "seconds": round(self.seconds, 1),
        }

    @staticmethod
    def _sizes(homes: Mapping[int, str]) -> Counter[str]:
        return Counter(key for key in homes.values() if key)

    def _alone(self, homes: Mapping[int, str], language: str = "") -> float:
        of_it = [pk for pk in self.languages if not language or self.languages[pk] == language]
        return sum(not homes[pk] for pk in of_it) / len(of_it) if of_it else 0.0

    def _both_languages(self, homes: Mapping[int, str]) -> int:
        spoken: dict[str, set[str]] = defaultdict(set)
        for pk, key in homes.items():
            if key:
                spoken[key].add(self.languages[pk])
        return sum(len(languages) > 1 for languages in spoken.values())

    def _by_language(self) -> dict[str, dict[str, float]]:
        own = Counter(
            self.languages[change.pk]
            for change in self.all_changes
            if change.how in (MOVES, ENTERS, LEAVES)
        )
        return {
            language: {
                "posts": count,
                "changed": own[language],
                "alone_now": self._alone(self.anyway, language),
                "alone_then": self._alone(self.then, language),
            }
            for language, count in sorted(Counter(self.languages.values()).items())
        }

    def _decided_asks(self) -> dict[str, int]:
        """Return how many confirmed asks there are, and to how many of them what would happen."""
        public = {key: ask for key, ask in self.asks.items() if ask.is_public}
        gaining = {c.target for c in self.all_changes if c.how in (MOVES, ENTERS)} & set(public)
        offered = {c.origin for c in self.all_changes if c.how == OFFERED}
        otherwise = {c.origin for c in self.all_changes if c.how == OTHERWISE} & set(public)
        touched = gaining | offered
        return {
            "asks": len(public),
            "touched": len(touched),
            "gaining": len(gaining),
            "offered": len(offered),
            "otherwise": len(otherwise),
            "answered": sum(public[key].is_answered for key in touched),
            "adopted": sum(
                public[key].stage in (Stage.PLANNED, Stage.IN_PROGRESS, Stage.BETA)
                for key in touched
            ),
            "shipped": sum(public[key].stage == Stage.SHIPPED for key in touched),
        }

    def _agreement(self) -> dict[str, Any]:
        """Return how many decisions each model would have made by itself; empty when there are none.

        By kind, as [decisions, right today, right tomorrow], for each kind leans its own way: what was CONFIRMED as
        proposed favours the model that proposed it, what was CORRECTED the other, what was ANSWERED neither. An ask
        that was confirmed is one decision, right by the share of its posts, however many they are.
        """
        if self.today is None or self.tomorrow is None:
            return {}
        kinds: dict[str, list[float]] = defaultdict(lambda: [0, 0.0, 0.0])
        asks: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
        for said in sorted(self.today.right.keys() & self.tomorrow.right.keys(), key=str):
            kind, pk, other = said
            both = self.today.right[said], self.tomorrow.right[said]
            if kind == "PIN" and pk not in self.placed:
                asks[str(other)].append(both)
                continue
            row = kinds["ANSWERED" if kind in ("TOGETHER", "APART") else "CORRECTED"]
            for at, value in enumerate((1, *both)):
                row[at] += value
        for of_it in asks.values():
            row = kinds["CONFIRMED"]
            row[0] += 1
            row[1] += sum(today for today, _ in of_it) / len(of_it)
            row[2] += sum(tomorrow for _, tomorrow in of_it) / len(of_it)
        if not kinds:
            return {}
        total = [sum(row[at] for row in kinds.values()) for at in range(3)]
        return {
            "decisions": total[0],
            "today": round(total[1], 3),
            "tomorrow": round(total[2], 3),
            "kinds": {
                kind: [row[0], round(row[1], 3), round(row[2], 3)]
                for kind, row in sorted(kinds.items())
            },
        }

    # --- By ask ----------------------------------------------------------------------------------------
    def changes(self) -> list[dict[str, Any]]:
        """Return the asks that change as JSON: confirmed ones first, then those with most posts concerned.

        Each post to which something happens is listed once, with the ask of its two that matters more; of those that
        stay because a person confirmed them an ask has the number.
        """
        now, then = self._sizes(self.now), self._sizes(self.then)
        listed: dict[str, list[Change]] = defaultdict(list)
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for change in self.all_changes:
            ends = [key for key in (change.origin, change.target) if key]
            if change.how == OTHERWISE:
                counts[change.origin]["otherwise"] += 1
                continue
            listed[max(ends, key=self._weight)].append(change)
            if change.target and change.how in (MOVES, ENTERS):
                counts[change.target]["comes"] += 1
            if change.origin and change.how in (MOVES, LEAVES):
                counts[change.origin]["goes"] += 1
            if change.how == OFFERED:
                counts[change.origin]["offered"] += 1
        keys = sorted(
            {*listed, *self.plan.heirs},
            key=lambda key: (-self._is_public(key), -sum(counts[key].values()), key),
        )[:ASKS_LISTED]
        public = self._public_ids(listed[key] for key in keys)
        return [
            {
                "ask": key if key in self.asks else "",
                "key": key,
                "fate": self._fate(key),
                "other": self.plan.heirs.get(key) or self.split_from.get(key, ""),
                "now": now[key],
                "then": then[key],
                **{name: counts[key][name] for name in ("comes", "goes", "offered", "otherwise")},
                "posts": [
                    {
                        "post": public[change.pk],
                        "from": change.origin,
                        "to": change.target,
                        "how": change.how,
                    }
                    for change in listed[key][:POSTS_LISTED]
                    if change.pk in public
                ],
                "more": max(0, len(listed[key]) - POSTS_LISTED),
            }
            for key in keys
        ]

    def _weight(self, key: str) -> tuple[bool, int, str]:
        ask = self.asks.get(key)
        return (self._is_public(key), ask.people_count if ask else 0, key)

    def _is_public(self, key: str) -> bool:
        ask = self.asks.get(key)
        return ask is not None and ask.is_public

    def _fate(self, key: str) -> str:
        if key in self.plan.heirs:
            return "JOINED" if self.plan.heirs[key] else "GONE"
        if key in self.titles:
            return "SPLIT" if key in self.split_from else "NEW"
        return "CHANGED"

    @staticmethod
    def _public_ids(listed: Any) -> dict[int, str]:
        wanted = [change.pk for changes in listed for change in changes[:POSTS_LISTED]]
        return {post.pk: post.public_id for post in Post.objects.filter(pk__in=wanted)}
