"""What people decided about grouping, closed under transitivity and checked for contradictions.

Decisions bind every run. They come in five shapes: two posts belong *together*, two posts stand *apart*, a
post is *pinned* to a group, a post is *excluded* from a group (its author contests), and a group is *locked*
(its members stay exactly as they are).
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from feedback.engine.data.corpus import Id, Key, id_order


class Contradiction(ValueError):
    """Decisions that cannot all hold. ``chain`` lists them in the order in which they meet."""

    def __init__(self, chain: list[str]) -> None:
        self.chain = tuple(chain)
        super().__init__("These decisions contradict each other: " + "; ".join(chain) + ".")


@dataclass(frozen=True)
class Constraints:
    """Decisions as given. ``resolve`` closes them for one board.

    ``released`` names posts whose decision was taken back since the previous run: they, and the groups they
    were in, are judged afresh instead of being held where the decision had put them.
    """

    together: Iterable[tuple[Id, Id]] = ()
    apart: Iterable[tuple[Id, Id]] = ()
    pinned: Mapping[Id, Key] = field(default_factory=dict)
    excluded: Iterable[tuple[Id, Key]] = ()
    locked: Iterable[Key] = ()
    released: Collection[Id] = ()

    def __post_init__(self) -> None:
        for name in ("together", "apart", "excluded"):
            object.__setattr__(self, name, tuple(tuple(pair) for pair in getattr(self, name)))
        object.__setattr__(self, "pinned", dict(self.pinned))
        object.__setattr__(self, "locked", frozenset(self.locked))
        object.__setattr__(self, "released", frozenset(self.released))

    def __bool__(self) -> bool:
        return bool(self.together or self.apart or self.pinned or self.excluded or self.locked)

    def mentioned(self) -> set[Id]:
        """Return every post id that a decision names."""
        ids: set[Id] = set(self.pinned)
        for a, b in (*self.together, *self.apart):
            ids.update((a, b))
        ids.update(i for i, _ in self.excluded)
        return ids

    def resolve(self, previous: Mapping[Id, Key] | None = None) -> "Resolved":
        """Close the decisions under transitivity, with the members of locked groups from ``previous``.

        Raises Contradiction, naming the chain of decisions, when they cannot all hold.
        """
        return _resolve(self, previous or {})

    def contradiction(self, previous: Mapping[Id, Key] | None = None) -> Contradiction | None:
        """Return the first contradiction, or None: for asking before a decision is taken."""
        try:
            self.resolve(previous)
        except Contradiction as found:
            return found
        return None


@dataclass(frozen=True)
class Resolved:
    """Decisions after closing: ``component`` of a post (absent: none), and what holds for components.

    ``key`` is the group a component must be in, ``forbidden`` the groups it must not be in, ``apart`` the
    pairs of components that must not share a group, ``locked`` the frozen groups.
    """

    component: dict[Id, int]
    members: dict[int, list[Id]]
    key: dict[int, Key]
    forbidden: dict[int, set[Key]]
    apart: set[tuple[int, int]]
    locked: frozenset[Key]

    def says_of(self, a: Id, b: Id) -> bool | None:
        """Return whether two posts belong together, or None when no decision follows for them."""
        one, other = self.component.get(a), self.component.get(b)
        if one is None or other is None:
            return None
        if one == other:
            return True
        return False if (min(one, other), max(one, other)) in self.apart else None


Node = tuple[str, Id]


class _Links:
    """An undirected graph of decisions, which finds the chain between two of its ends."""

    def __init__(self) -> None:
        self.edges: dict[Node, dict[Node, str]] = defaultdict(dict)

    def add(self, a: Node, b: Node, why: str) -> None:
        self.edges[a].setdefault(b, why)
        self.edges[b].setdefault(a, why)

    def chain(self, start: Node, goal: Node) -> list[str]:
        came: dict[Node, tuple[Node, str] | None] = {start: None}
        queue = deque([start])
        while queue and goal not in came:
            here = queue.popleft()
            for there, why in self.edges[here].items():
                if there not in came:
                    came[there] = (here, why)
                    queue.append(there)
        steps: list[str] = []
        step = came.get(goal)
        while step is not None:
            steps.append(step[1])
            step = came[step[0]]
        return steps[::-1]


def _post(i: Id) -> Node:
    return ("post", i)


def _group(key: Key) -> Node:
    return ("group", key)


def _resolve(given: Constraints, previous: Mapping[Id, Key]) -> Resolved:
    links = _Links()
    for a, b in given.together:
        links.add(_post(a), _post(b), f"{a} together with {b}")
    for i, key in given.pinned.items():
        links.add(_post(i), _group(key), f"{i} belongs to {key}")
    locked = frozenset(given.locked)
    for i, key in previous.items():
        # A person who put a post elsewhere has said more than the lock, which only binds the machine.
        if key in locked and i not in given.pinned and (i, key) not in set(given.excluded):
            links.add(_post(i), _group(key), f"{i} is in the locked {key}")
    for i in sorted(given.mentioned(), key=lambda i: (isinstance(i, str), i)):
        links.edges.setdefault(_post(i), {})

    component: dict[Id, int] = {}
    members: dict[int, list[Id]] = {}
    key_of: dict[int, Key] = {}
    posts = [node[1] for node in links.edges if node[0] == "post"]
    for start in (posts[r] for r in id_order(posts)):
        if start in component:
            continue
        number = len(members)
        members[number] = []
        seen: set[Node] = {_post(start)}
        stack: list[Node] = [_post(start)]
        while stack:
            node = stack.pop()
            kind, name = node
            if kind == "post":
                component[name] = number
                members[number].append(name)
            elif key_of.setdefault(number, str(name)) != name:
                raise Contradiction(links.chain(_group(key_of[number]), node))
            for there in links.edges[node]:
                if there not in seen:
                    seen.add(there)
                    stack.append(there)
        members[number] = [members[number][r] for r in id_order(members[number])]

    forbidden: dict[int, set[Key]] = defaultdict(set)
    for i, key in given.excluded:
        number = component[i]
        if key_of.get(number) == key:
            raise Contradiction([*links.chain(_post(i), _group(key)), f"{i} is not in {key}"])
        forbidden[number].add(key)
    apart: set[tuple[int, int]] = set()
    for a, b in given.apart:
        left, right = component[a], component[b]
        if left == right:
            raise Contradiction([*links.chain(_post(a), _post(b)), f"{a} apart from {b}"])
        apart.add((min(left, right), max(left, right)))
    return Resolved(component, members, key_of, dict(forbidden), apart, locked)
