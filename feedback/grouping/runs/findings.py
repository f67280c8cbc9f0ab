"""What a run found that differs from what stands, cut into pieces that are kept and then written one by one."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from feedback.asks import standing
from feedback.asks.models import Ask, Membership
from feedback.asks.titles import tidy
from feedback.forum.models import Post, Product
from feedback.grouping.board import as_planned, asks_there
from feedback.grouping.models import EncoderModel, Finding, Run
from feedback.grouping.plan import plan_of
from feedback.grouping.reasons import is_as_like, reason_json, says_the_same
from feedback.grouping.runs.explain import Explained, as_kept, posts_named, tells_of
from feedback.grouping.runs.marks import differing_marks
from feedback.grouping.runs.propose import (
    Wanted,
    differing,
    new_asks,
    offers_of,
    sizes_of,
    wanted_of,
)
from feedback.grouping.runs.split import known_splits, two_groups, wanted_split
from feedback.kernel.batches import batches
from feedback.kernel.public_ids import new_public_id

if TYPE_CHECKING:
    from feedback.engine import Corpus, Group, Grouper

Piece = tuple[Finding.Kind, dict[str, Any]]

#: Posts that are written in one transaction, and what an ask counts as.
PIECE, AN_ASK = 60, 3
_OPPOSITES = 100


@dataclass(frozen=True, eq=False)
class Found:
    """What the engine made of the posts of a product, and what it would learn most from (see `worth_asking`)."""

    grouper: "Grouper"
    corpus: "Corpus"
    explained: Explained
    teaching: Sequence[tuple[int, int, float]]


@dataclass
class _Some:
    """Posts of one group that something happens to: those that are or come in its ask, and those that leave theirs."""

    group: "Group"
    posts: list[int]
    out: list[int]
    is_last: bool = True

    def __len__(self) -> int:
        return AN_ASK + len(self.posts) + len(self.out)


@dataclass
class _Step:
    """What is written in one transaction. ``given_up`` names asks that hold too little from then on, with their heirs."""

    some: list[_Some] = field(default_factory=list)
    given_up: dict[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return sum(map(len, self.some))


class Differences:
    """How ``found`` differs from what stands, as a run of ``model`` sees it. Reads, and writes nothing.

    ``counts`` are what the run says of itself.
    """

    def __init__(self, found: Found, *, run: Run, model: EncoderModel) -> None:
        self.found, self.run, self.model = found, run, model
        self.grouper = found.grouper
        self.asks = asks_there(run.product)
        self.stands = standing.everywhere(run.product)
        self.plan = plan_of(
            self.grouper.groups_,
            asks=as_planned(self.asks),
            standing=self.stands,
            as_decided=moved_meanwhile(run),
        )
        #: New asks have their public id from the beginning: what was written is known again, whoever goes on.
        self.names = {key: new_public_id() for key in self.plan.new}
        self.public_ids = dict(
            Post.objects.filter(board__product=run.product, state=Post.State.PUBLISHED).values_list(
                "pk", "public_id"
            )
        )
        self.row = {int(pk): at for at, pk in enumerate(found.corpus.ids)}
        groups = [one for one in self.grouper.groups_ if len(one) > 1 and not one.boilerplate]
        arrived = _arrived_since_last_run(run.product)
        self.counts = {
            "post_count": len(found.corpus),
            "group_count": len(groups),
            "alone_count": len(found.corpus) - sum(map(len, groups)),
            "new_ask_count": len(self.plan.new),
            "found_count": sum(pk not in arrived for pk, _key in self.plan.entering),
            "moved_count": sum(pk not in arrived for pk, _key in self.plan.moving),
        }

    def name(self, key: str) -> str:
        """Return the public id of the ask that a group becomes, or is."""
        return self.names.get(key, key)

    def pieces(self) -> Iterator[Piece]:
        """Yield what is to be written, in the order in which it is; nothing of what is as it should be."""
        kinds = Finding.Kind
        for step in self._steps():
            piece = self._piece(step)
            if piece["groups"] or piece["given_up"]:
                yield kinds.ASKS, piece
        changed = list(self._opposites())
        for start in range(0, len(changed), _OPPOSITES):
            yield kinds.OPPOSITES, {"asks": changed[start : start + _OPPOSITES]}
        for piece in self._proposals():
            yield kinds.PROPOSALS, piece
        idle = self.found.explained.idle
        for piece in differing_marks(idle, self.row, run=self.run, model=self.model):
            yield kinds.MARKS, piece
        yield kinds.QUESTIONS, {"pairs": [list(pair) for pair in self.found.teaching]}

    # --- Asks and the posts in them ------------------------------------------------------------------------------
    def _steps(self) -> list[_Step]:
        """Cut the plan into steps, each of which leaves asks as they may be, in the order of the groups."""
        steps = [_Step()]
        for some in self._touched():
            if steps[-1].some and len(steps[-1]) + len(some) > PIECE:
                steps.append(_Step())
            steps[-1].some.append(some)
        last: dict[str, int] = {}
        for number, step in enumerate(steps):
            for some in step.some:
                last[self.name(some.group.key)] = number
                for pk in some.posts + some.out:
                    if pk in self.stands.homes:
                        last[self.stands.homes[pk]] = number
        # An ask is given up with the last of its posts, and when the one that its link leads to is there.
        later: list[str] = []
        for key, heir in self.plan.heirs.items():
            at = max(last.get(key, -1), last.get(self.name(heir), -1))
            if at < 0:
                later.append(key)
            else:
                steps[at].given_up[key] = self.name(heir)
        for start in range(0, len(later), PIECE):
            heirs = {key: self.name(self.plan.heirs[key]) for key in later[start : start + PIECE]}
            steps.append(_Step(given_up=heirs))
        return steps

    def _touched(self) -> Iterator[_Some]:
        """Yield the groups of which something is to be written, large ones in parts."""
        coming: dict[str, list[int]] = defaultdict(list)
        for pk, key in self.plan.entering + self.plan.moving:
            coming[key].append(pk)
        going: dict[str, list[int]] = defaultdict(list)
        for pk in self.plan.leaving:
            going[self.grouper.keys_.get(pk, "")].append(pk)
        staying = self._staying(set(coming) | self._left_by_some())
        for group in self.grouper.groups_:
            posts = coming.get(group.key, []) + staying.get(group.key, [])
            out = going.get(group.key, [])
            if not posts and not out and not self._says_more(group):
                continue
            # What people said of two posts is judged in one step, whatever its size.
            posts.sort(key=lambda pk: (pk not in self.stands.bound, pk))
            parts = max(1, -(-len(posts) // PIECE))
            size = -(-len(posts) // parts) or 1
            for number in range(parts):
                yield _Some(
                    group,
                    posts[number * size : (number + 1) * size],
                    out if number == 0 else [],
                    is_last=number == parts - 1,
                )

    def _left_by_some(self) -> set[str]:
        homes = self.stands.homes
        return {homes[pk] for pk in [pk for pk, _ in self.plan.moving] + self.plan.leaving}

    def _staying(self, changed: set[str]) -> dict[str, list[int]]:
        """Return, by ask, the posts that stay in it and may be there for another reason: it changed, or their likeness did."""
        held = Membership.objects.filter(ask__product=self.run.product, source=Ask.Source.MACHINE)
        known = {
            pk: (score, model_key)
            for pk, score, model_key in held.values_list("post", "score", "model_key")
        }
        found: dict[str, list[int]] = defaultdict(list)
        for pk in self.plan.staying:
            if pk not in known:
                continue
            score, model_key = known[pk]
            key = self.stands.homes[pk]
            same = model_key == self.model.model_key and is_as_like(score, self._score(pk))
            if key in changed or not same:
                found[key].append(pk)
        return found

    def _score(self, pk: int) -> float:
        return round(float(self.grouper.scores_[self.row[pk]]), 4)

    def _says_more(self, group: "Group") -> bool:
        return bool(self._says(group) or self._tells(group))

    def _says(self, group: "Group") -> dict[str, Any] | None:
        """Return what the machine calls the ask of ``group``, by field; None where it is called so already, or by a person."""
        said = {
            "title": tidy(group.title),
            "titles": {language: tidy(title) for language, title in group.titles.items()},
            "keywords": list(group.keywords),
            "medoid_id": int(group.medoid),
            "asking": group.asking,
        }
        ask = self.asks.get(group.key)
        if group.key in self.plan.carried_on and ask is not None:
            said = still_said(ask, said)
            return said if any(getattr(ask, name) != said[name] for name in said) else None
        return said if group.key in self.plan.new else None

    def _tells(self, group: "Group") -> dict[str, Any] | None:
        """Return what the ask of ``group`` tells of itself; None where it does already."""
        if group.key not in self.plan.carried_on and group.key not in self.plan.new:
            return None
        tells = tells_of(self.found.explained, group.key, self.public_ids)
        ask = self.asks.get(group.key)
        if ask is None:
            return tells
        inside = {pk for pk in posts_named(tells) if self.plan.after.get(pk) == group.key}
        fields = as_kept(tells, inside, is_locked=ask.is_locked)
        return tells if any(getattr(ask, name) != fields[name] for name in fields) else None

    def _piece(self, step: _Step) -> dict[str, Any]:
        staying = {pk for some in step.some for pk in some.posts} & self.stands.homes.keys()
        before = {
            row.post_id: row
            for ids in batches(staying)
            for row in Membership.objects.filter(post__in=ids)
        }
        groups = []
        for some in step.some:
            group = some.group
            posts = []
            for pk in some.posts:
                reason = reason_json(self.grouper.reasons_[pk], self.public_ids)
                stays = self.stands.homes.get(pk) == self.plan.after.get(pk)
                if not stays or self._has_news(before[pk], reason):
                    posts.append([pk, self._score(pk), reason])
            says = self._says(group)
            tells = self._tells(group) if some.is_last else None
            if posts or some.out or says or tells:
                groups.append(
                    {
                        "ask": self.name(group.key),
                        "is_there": group.key in self.asks,
                        "boilerplate": group.boilerplate,
                        "posts": posts,
                        "out": some.out,
                        "says": says,
                        "tells": tells,
                    }
                )
        return {"groups": groups, "given_up": step.given_up}

    def _has_news(self, held: Membership, reason: dict[str, Any]) -> bool:
        """Whether the run sees a post that stays in its ask in another light than the membership says."""
        return (
            held.model_key != self.model.model_key
            or not is_as_like(held.score, self._score(held.post_id))
            or not says_the_same(held.reason, reason)
        )

    # --- What follows from it ------------------------------------------------------------------------------------
    def _opposites(self) -> Iterator[tuple[str, str]]:
        """Yield the asks whose opposite is another one than they know, with it ("": none)."""
        living = self.plan.carried_on.keys() | self.plan.new.keys()
        against = {
            self.name(key): self.name(other)
            for pair in self.grouper.opposites_
            if living.issuperset(pair)
            for key, other in (pair, pair[::-1])
        }
        by_pk = {ask.pk: key for key, ask in self.asks.items()}
        for key in living:
            ask, name = self.asks.get(key), self.name(key)
            now = by_pk.get(ask.opposite_id or 0, "") if ask is not None else ""
            if now != against.get(name, ""):
                yield name, against.get(name, "")

    def _proposals(self) -> Iterator[dict[str, Any]]:
        offers = [
            (pk, self.name(origin), self.name(target))
            for pk, origin, target in offers_of(
                self.plan, self.grouper, self.found.corpus, self.stands
            )
        ]
        wanted = [
            *new_asks(self.run.product, self.plan.heirs),
            *wanted_of(offers, sizes=sizes_of(self.plan, self.names), public_ids=self.public_ids),
            *self._splits(),
        ]
        return differing(wanted, self.run.product)

    def _splits(self) -> Iterator[Wanted]:
        """Yield the proposals to split public asks that the run carries on and nobody has locked."""
        product = self.run.product
        known = known_splits(product)
        by_person = Membership.objects.filter(ask__product=product, source=Ask.Source.PERSON)
        placed = set(by_person.values_list("post", flat=True))
        for key, facets in sorted(self.found.explained.facets.items()):
            ask = self.asks.get(key)
            if key not in self.plan.carried_on or ask is None or not ask.is_public or ask.is_locked:
                continue
            inside = {pk for pk, home in self.plan.after.items() if home == key}
            found = two_groups(
                facets,
                inside,
                medoid=ask.medoid_id,
                together=self.stands.together,
                placed=placed,
            )
            if found is not None:
                title, posts = found
                names = sorted(self.public_ids[pk] for pk in posts if pk in self.public_ids)
                yield wanted_split(key, tidy(title), names, known.get(key, []))


def still_said(ask: Ask, said: dict[str, Any]) -> dict[str, Any]:
    """Return what of ``said`` the machine may still say of ``ask``: a title only while nobody has decided about it."""
    if ask.state != Ask.State.PROPOSED or ask.title_source != Ask.Source.MACHINE:
        return {"keywords": said["keywords"]}
    return said


def moved_meanwhile(run: Run) -> set[int]:
    """Return the posts of decisions that ``run`` did not know when it began: they stay as those left them."""
    return standing.moved_since(
        (run.known_decision, 0), undone_since=run.started_at or run.requested_at
    )


def _arrived_since_last_run(product: Product) -> set[int]:
    last = Run.objects.last_done(product)
    posts = Post.objects.filter(board__product=product)
    if last is not None and last.started_at is not None:
        posts = posts.filter(arrived_at__gt=last.started_at)
    return set(posts.values_list("pk", flat=True))
