"""Writing a plan: memberships, new asks, and asks that are dissolved."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from feedback.asks import standing
from feedback.asks.counts import recount
from feedback.asks.models import Ask, Membership
from feedback.asks.proposals.regressions import propose_regressions
from feedback.asks.titles import tidy
from feedback.forum.models import Post, Product
from feedback.grouping.board import as_planned, asks_there
from feedback.grouping.models import EncoderModel, Run
from feedback.grouping.plan import Plan, plan_of
from feedback.grouping.reasons import reason_json
from feedback.grouping.runs.propose import Offer, propose

if TYPE_CHECKING:
    from feedback.engine import Corpus, Group, Grouper
    from feedback.engine.data.corpus import Floats

_WRITTEN = ["ask", "source", "score", "reason", "model_key", "run_id"]
_BATCH = 500
#: How much more like another ask than like its own a post must be for a person to be asked: in the mean cosine
#: similarity, and in that to the nearest post.
IN_MEAN, IN_NEAREST = 0.05, 0.1


@dataclass
class Applied:
    """What became of a run.

    ``homes`` is the ask of each of the engine's groups, by the group's key. Of the posts that were there at the run
    before, ``found`` have an ask only now and ``moved`` went from one to another.
    """

    homes: dict[str, Ask] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    found: int = 0
    moved: int = 0


def apply_grouping(
    grouper: "Grouper",
    *,
    corpus: "Corpus",
    run: Run,
    model: EncoderModel,
    now: dt.datetime,
    decided_after: tuple[int, int],
) -> Applied:
    """Write what the groups of ``grouper`` come to under everything that stands now; return what became of it.

    Posts that a decision made after the watermark ``decided_after`` names stay as that decision left them. Lock
    contract: call in one transaction under `hold_grouping`.
    """
    asks = asks_there(run.product)
    stands = standing.everywhere(run.product)
    plan = plan_of(
        grouper.groups_,
        asks=as_planned(asks),
        standing=stands,
        as_decided=standing.moved_since(decided_after, undone_since=run.started_at or now),
    )
    written = _Writer(
        grouper, corpus=corpus, run=run, model=model, now=now, asks=asks, stands=stands
    )
    written.write(plan)
    groups = [group for group in grouper.groups_ if len(group) > 1 and not group.boilerplate]
    arrived = _arrived_since_last_run(run.product)
    return Applied(
        homes=written.homes,
        counts={
            "post_count": len(corpus),
            "group_count": len(groups),
            "alone_count": len(corpus) - sum(len(group) for group in groups),
            "new_ask_count": len(plan.new),
        },
        found=sum(pk not in arrived for pk, _key in plan.entering),
        moved=sum(pk not in arrived for pk, _key in plan.moving),
    )


def _arrived_since_last_run(product: Product) -> set[int]:
    last = Run.objects.last_done(product)
    posts = Post.objects.filter(board__product=product)
    if last is not None and last.started_at is not None:
        posts = posts.filter(arrived_at__gt=last.started_at)
    return set(posts.values_list("pk", flat=True))


class _Writer:
    def __init__(
        self,
        grouper: "Grouper",
        *,
        corpus: "Corpus",
        run: Run,
        model: EncoderModel,
        now: dt.datetime,
        asks: dict[str, Ask],
        stands: standing.Standing,
    ) -> None:
        self.standing = stands
        self.grouper, self.corpus, self.run, self.model, self.now = grouper, corpus, run, model, now
        self.asks, self.homes = asks, dict[str, Ask]()
        self.touched: set[int] = set()
        self.row = {int(pk): at for at, pk in enumerate(corpus.ids)}
        self.public_ids = dict(
            Post.objects.filter(board__product=run.product, state=Post.State.PUBLISHED).values_list(
                "pk", "public_id"
            )
        )

    def write(self, plan: Plan) -> None:
        self._name(plan)
        entered = self._place(plan)
        self._dissolve(plan)
        recount(self.touched)
        propose_regressions(entered, now=self.now)
        propose(offered=self._offers(plan), run=self.run, now=self.now)

    def _offers(self, plan: Plan) -> list[Offer]:
        """Return the moves that a person is asked about: where people said so of the group, or it is plain to see."""
        inside: dict[str, list[int]] = defaultdict(list)
        for pk, key in plan.after.items():
            if pk in self.row:
                inside[key].append(self.row[pk])
        said = {pk for pair in self.standing.together for pk in pair}
        groups = plan.carried_on | plan.new
        targets = set(plan.offered.values())
        by_word = {key for key in targets if not said.isdisjoint(groups[key].members)}
        # Each ask once, however many posts are offered.
        vectors = {
            key: self._vectors(inside[key])
            for key in targets - by_word | {plan.after[pk] for pk in plan.offered}
        }
        return [
            Offer(self.public_ids[pk], pk, self.asks[plan.after[pk]], self.homes[key])
            for pk, key in plan.offered.items()
            if key in by_word
            or _is_clearly_nearer(
                inside[plan.after[pk]].index(self.row[pk]), vectors[plan.after[pk]], vectors[key]
            )
        ]

    def _vectors(self, rows: list[int]) -> "Floats":
        """Return the vectors (n, d) of ``rows`` as the run compared them."""
        return self.grouper.space_.transform(
            self.corpus.vectors[rows], [self.corpus.languages[row] for row in rows]
        )

    def _name(self, plan: Plan) -> None:
        """Start the new asks; keep keywords current, and titles too while nobody has decided about them."""
        changed = []
        for key, group in plan.carried_on.items():
            ask = self.asks[key]
            said = self._said_of(group)
            if ask.state != Ask.State.PROPOSED or ask.title_source != Ask.Source.MACHINE:
                said = {"keywords": said["keywords"]}
            if any(getattr(ask, name) != value for name, value in said.items()):
                for name, value in said.items():
                    setattr(ask, name, value)
                changed.append(ask)
            self._know(key, ask)
        Ask.objects.bulk_update(
            changed, ["title", "titles", "keywords", "medoid"], batch_size=_BATCH
        )
        started = [
            Ask(product=self.run.product, created_at=self.now, **self._said_of(group))
            for group in plan.new.values()
        ]
        for key, ask in zip(
            plan.new, Ask.objects.bulk_create(started, batch_size=_BATCH), strict=True
        ):
            self._know(key, ask)
        self._set_against(self.grouper.opposites_)

    @staticmethod
    def _said_of(group: "Group") -> dict[str, Any]:
        """Return what the machine says of an ask, by field."""
        return {
            "title": tidy(group.title),
            "titles": {language: tidy(title) for language, title in group.titles.items()},
            "keywords": list(group.keywords),
            "medoid_id": int(group.medoid),
        }

    def _set_against(self, opposites: Iterable[tuple[str, str]]) -> None:
        """Have asks that want the reverse of each other know it, and those that no longer do forget it."""
        against = {
            self.homes[key].pk: self.homes[other].pk
            for pair in opposites
            if pair[0] in self.homes and pair[1] in self.homes
            for key, other in (pair, pair[::-1])
        }
        changed = [ask for ask in self.homes.values() if ask.opposite_id != against.get(ask.pk)]
        for ask in changed:
            ask.opposite_id = against.get(ask.pk)
        Ask.objects.bulk_update(changed, ["opposite"], batch_size=_BATCH)

    def _know(self, key: str, ask: Ask) -> None:
        self.homes[key] = ask
        self.touched.add(ask.pk)

    def _place(self, plan: Plan) -> list[tuple[Ask, int]]:
        """Bring the memberships to what the plan says; return the posts that had no ask, with theirs now."""
        concerned = [pk for pk, _key in plan.moving] + plan.staying + plan.leaving
        held = self._held(concerned)
        entering = [
            self._membership(Membership(post_id=pk, placed_at=self.now), self.homes[key])
            for pk, key in plan.entering
        ]
        moving = []
        for pk, key in plan.moving:
            self.touched.add(held[pk].ask_id)
            moving.append(self._membership(held[pk], self.homes[key]))
        staying = [
            self._membership(held[pk], held[pk].ask)
            for pk in plan.staying
            if held[pk].source == Ask.Source.MACHINE and self._has_news(held[pk])
        ]
        leaving = sorted(pk for pk in plan.leaving if pk in held)
        self.touched.update(held[pk].ask_id for pk in leaving)
        for start in range(0, len(leaving), _BATCH):
            Membership.objects.filter(post__in=leaving[start : start + _BATCH]).delete()
        # Written over by post in one statement a batch: a CASE for every row and column takes many times as long.
        Membership.objects.bulk_create(
            [*entering, *moving, *staying],
            update_conflicts=True,
            unique_fields=["post"],
            update_fields=_WRITTEN,
            batch_size=_BATCH,
        )
        return [(row.ask, row.post_id) for row in entering]

    @staticmethod
    def _held(posts: Iterable[int]) -> dict[int, Membership]:
        wanted = set(posts)
        rows = Membership.objects.select_related("ask")
        return {row.post_id: row for row in rows.iterator() if row.post_id in wanted}

    def _membership(self, membership: Membership, ask: Ask) -> Membership:
        pk = membership.post_id
        membership.ask = ask
        membership.source = Ask.Source.MACHINE
        membership.score = round(float(self.grouper.scores_[self.row[pk]]), 4)
        membership.reason = reason_json(self.grouper.reasons_[pk], self.public_ids)
        membership.model_key = self.model.model_key
        membership.run_id = self.run.pk
        self.touched.add(ask.pk)
        return membership

    def _has_news(self, held: Membership) -> bool:
        """Whether the run sees a post that stays in its ask in another light than the membership says."""
        score = round(float(self.grouper.scores_[self.row[held.post_id]]), 4)
        if (score, self.model.model_key) != (held.score, held.model_key):
            return True
        return bool(
            reason_json(self.grouper.reasons_[held.post_id], self.public_ids) != held.reason
        )

    def _dissolve(self, plan: Plan) -> None:
        """Close the asks that are given up; their links lead to where most of their posts went."""
        for key, heir in plan.heirs.items():
            ask, into = self.asks[key], self.homes.get(heir)
            ask.state = Ask.State.RETIRED if into is None else Ask.State.JOINED
            ask.joined_into = into
            ask.save(update_fields=["state", "joined_into"])
            self.touched.add(ask.pk)


def _is_clearly_nearer(at: int, own: "Floats", others: "Floats") -> bool:
    """Whether row ``at`` of ``own`` (n, d) is more like ``others`` (m, d) than like the rest, in the mean and the nearest."""
    if len(own) < 2 or not len(others):
        return False
    mine, theirs = np.delete(own @ own[at], at), others @ own[at]
    return bool(theirs.mean() - mine.mean() >= IN_MEAN and theirs.max() - mine.max() >= IN_NEAREST)
