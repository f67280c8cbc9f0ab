"""Turning what the engine found into memberships and proposals, all at once."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from feedback.asks.counts import recount
from feedback.asks.models import Ask, Bond, Decision, Membership, Proposal
from feedback.asks.proposals.regressions import propose_regressions
from feedback.asks.titles import tidy
from feedback.forum.models import Post
from feedback.grouping.models import EncoderModel, Run
from feedback.grouping.reasons import reason_json

if TYPE_CHECKING:
    from feedback.engine import Corpus, Grouper

#: Two asks this near (as a share of the joining threshold) are shown to a person as perhaps one.
NEARLY = 0.92
MOST_JOIN_PROPOSALS = 40
#: Rows whose vectors are read at a time, and asks that are compared with all others at a time.
_ROWS_READ = 8_192
_ASKS_COMPARED = 512


def apply_grouping(
    grouper: "Grouper",
    *,
    corpus: "Corpus",
    run: Run,
    model: EncoderModel,
    now: dt.datetime,
    decided_after: int,
) -> "Applied":
    """Write the run's result; returns what became of it.

    What a person confirmed or locked stays. In public asks the machine adds posts, and only proposes to move
    one. Asks that nobody confirmed follow the machine freely and keep their identity. Posts that a decision with
    an id above ``decided_after`` names stay as that decision left them. Lock contract: call in one transaction
    under `hold_grouping`.
    """
    applied = _Applying(grouper, corpus=corpus, run=run, model=model, now=now)
    applied.respect(decided_after)
    applied.place()
    applied.retire()
    recount(applied.touched)
    applied.propose()
    groups = [group for group in grouper.groups_ if len(group) > 1 and not group.boilerplate]
    return Applied(
        counts={
            "post_count": len(corpus),
            "group_count": len(groups),
            "alone_count": len(corpus) - sum(len(group) for group in groups),
            "new_ask_count": len(applied.new),
        },
        homes=applied.homes,
        found=applied.found,
        moved=applied.moved,
    )


@dataclass(frozen=True)
class Applied:
    """What became of a run: its counts, the ask each of the engine's groups is, and which way posts went.

    ``found`` are posts that were there at the run before and have an ask only now, ``moved`` those that went from
    one to another.
    """

    counts: dict[str, int]
    homes: dict[str, Ask]
    found: int
    moved: int


class _Applying:
    """The state of one application."""

    def __init__(
        self,
        grouper: "Grouper",
        *,
        corpus: "Corpus",
        run: Run,
        model: EncoderModel,
        now: dt.datetime,
    ) -> None:
        self.grouper, self.corpus, self.run, self.model, self.now = grouper, corpus, run, model, now
        self.asks = {ask.public_id: ask for ask in Ask.objects.all()}
        self.held = {m.post_id: m for m in Membership.objects.select_related("ask")}
        self.public_ids = dict(
            Post.objects.filter(state=Post.State.PUBLISHED).values_list("pk", "public_id")
        )
        self.new: list[Ask] = []
        self.touched: set[int] = set()
        self.moves: list[tuple[int, Ask, Ask]] = []
        self.homes: dict[str, Ask] = {}
        self.found = self.moved = 0
        last = Run.objects.filter(state=Run.State.DONE).order_by("-id").first()
        self.arrived_since = (
            set(Post.objects.filter(arrived_at__gt=last.started_at).values_list("pk", flat=True))
            if last is not None and last.started_at is not None
            else set(self.public_ids)
        )

    def respect(self, decided_after: int) -> None:
        """Read what stands now: a person may have decided while the engine was computing."""
        late = Decision.objects.filter(
            Q(pk__gt=decided_after) | Q(undone_at__gte=self.run.started_at or self.now)
        )
        self.as_decided = set(late.values_list("posts", flat=True))
        self.not_here: set[tuple[int, int]] = set()
        self.apart: dict[int, set[int]] = defaultdict(set)
        self.together: dict[int, set[int]] = defaultdict(set)
        self.decided_asks = set(
            Decision.objects.filter(ask__isnull=False).values_list("ask", flat=True)
        )
        for bond in Bond.objects.filter(decision__undone_at__isnull=True):
            if bond.kind == Bond.Kind.NOT_HERE and bond.ask_id is not None:
                self.not_here.add((bond.post_id, bond.ask_id))
            elif bond.kind == Bond.Kind.APART and bond.other_post_id is not None:
                self.apart[bond.post_id].add(bond.other_post_id)
                self.apart[bond.other_post_id].add(bond.post_id)
            elif bond.kind == Bond.Kind.TOGETHER and bond.other_post_id is not None:
                self.together[bond.post_id].add(bond.other_post_id)
                self.together[bond.other_post_id].add(bond.post_id)

    def _may_enter(self, pk: int, ask: Ask) -> bool:
        """Whether no standing decision keeps the post out of ``ask``."""
        if pk in self.as_decided or (pk, ask.pk) in self.not_here or ask.is_locked:
            return False
        return not any(
            other in self.held and self.held[other].ask_id == ask.pk for other in self.apart[pk]
        )

    def place(self) -> None:
        """Bring the memberships to what the engine found, within what people decided."""
        create: list[Membership] = []
        update: list[Membership] = []
        remove: list[int] = []
        for group in self.grouper.groups_:
            free = [int(pk) for pk in group.members if self._is_free(int(pk))]
            ask = self._ask_of(group.key)
            if ask is None or (group.boilerplate and self._is_nobodys(ask)):
                if len(free) < 2 or group.boilerplate:
                    remove += [pk for pk in free if pk in self.held]
                    continue
                ask = self._start(group.title, list(group.keywords), int(group.medoid))
            else:
                self._retitle(ask, group.title, list(group.keywords), int(group.medoid))
            self.homes[group.key] = ask
            for pk in map(int, group.members):
                held = self.held.get(pk)
                if held is None:
                    if self._may_enter(pk, ask):
                        self.found += pk not in self.arrived_since
                        create.append(self._membership(Membership(post_id=pk), ask))
                elif held.ask_id == ask.pk:
                    if held.source == Ask.Source.MACHINE and self._has_news(held):
                        update.append(self._membership(held, ask))
                elif self._is_free(pk) and self._may_enter(pk, ask):
                    self.touched.add(held.ask_id)
                    self.moved += pk not in self.arrived_since
                    update.append(self._membership(held, ask))
                elif not held.is_confirmed and not held.ask.is_locked:
                    self.moves.append((pk, held.ask, ask))
        self.touched |= {self.held[pk].ask_id for pk in remove}
        for start in range(0, len(remove), 500):
            Membership.objects.filter(post__in=remove[start : start + 500]).delete()
        # Written over by post in one statement a batch: a CASE for every row and column takes many times as long.
        Membership.objects.bulk_create(
            [*create, *update],
            update_conflicts=True,
            unique_fields=["post"],
            update_fields=["ask", "score", "reason", "model_key", "run_id"],
            batch_size=500,
        )
        propose_regressions([(row.ask, row.post_id) for row in create], now=self.now)

    def _is_free(self, pk: int) -> bool:
        """Whether the machine may move this post by itself."""
        held = self.held.get(pk)
        if pk in self.as_decided:
            return False
        if held is None or not (held.is_confirmed or held.ask.is_locked or held.ask.is_public):
            return True
        return not (held.is_confirmed or held.ask.is_locked) and self._is_out_of_place(pk, held)

    def _is_out_of_place(self, pk: int, held: Membership) -> bool:
        """Whether a person's word about this very post says that it stands in the wrong ask, public or not."""

        def is_here(other: int) -> bool:
            return other in self.held and self.held[other].ask_id == held.ask_id

        return any(map(is_here, self.apart[pk])) or any(
            other in self.held and not is_here(other) for other in self.together[pk]
        )

    def _is_nobodys(self, ask: Ask) -> bool:
        """Whether the machine proposed ``ask`` and nobody ever decided anything about it."""
        return ask.state == Ask.State.PROPOSED and ask.pk not in self.decided_asks

    def _ask_of(self, key: str) -> Ask | None:
        ask = self.asks.get(key)
        return ask if ask is not None and ask.is_live else None

    def _start(self, title: str, keywords: list[str], medoid: int) -> Ask:
        ask = Ask.objects.create(
            title=tidy(title), keywords=keywords, medoid_id=medoid, created_at=self.now
        )
        self.new.append(ask)
        self.touched.add(ask.pk)
        return ask

    def _retitle(self, ask: Ask, title: str, keywords: list[str], medoid: int) -> None:
        """Keep keywords current, and the title too while nobody has seen it in public."""
        self.touched.add(ask.pk)
        ask.keywords = keywords
        if ask.state == Ask.State.PROPOSED and ask.title_source == Ask.Source.MACHINE:
            ask.title, ask.medoid_id = tidy(title), medoid
        ask.save(update_fields=["title", "keywords", "medoid"])

    def _membership(self, membership: Membership, ask: Ask) -> Membership:
        pk = membership.post_id
        row = self._row[pk]
        membership.ask = ask
        membership.source = Ask.Source.MACHINE
        membership.score = round(float(self.grouper.scores_[row]), 4)
        membership.reason = reason_json(self.grouper.reasons_[pk], self.public_ids)
        membership.model_key = self.model.model_key
        membership.run_id = self.run.pk
        membership.placed_at = membership.placed_at or self.now
        self.touched.add(ask.pk)
        return membership

    def _has_news(self, held: Membership) -> bool:
        """Whether the run sees a post that stays in its ask in another light than the membership says."""
        score = round(float(self.grouper.scores_[self._row[held.post_id]]), 4)
        if (score, self.model.model_key) != (held.score, held.model_key):
            return True
        return bool(
            reason_json(self.grouper.reasons_[held.post_id], self.public_ids) != held.reason
        )

    @property
    def _row(self) -> dict[int, int]:
        if not hasattr(self, "_rows"):
            self._rows = {int(pk): at for at, pk in enumerate(self.corpus.ids)}
        return self._rows

    def retire(self) -> None:
        """Close proposed asks that hold fewer than two posts now; their links lead to where most went.

        One that a person has ever decided about stays: its link may be known.
        """
        counts: dict[int, int] = defaultdict(int)
        confirmed: set[int] = set()
        for ask_id, is_confirmed in Membership.objects.values_list("ask", "is_confirmed"):
            counts[ask_id] += 1
            if is_confirmed:
                confirmed.add(ask_id)
        heirs = {
            key: group.key
            for group in self.grouper.groups_
            for key in group.lineage.joined_from
            if key != group.key
        }
        for ask in Ask.objects.filter(state=Ask.State.PROPOSED, decisions__isnull=True):
            if counts[ask.pk] >= 2 or ask.pk in confirmed:
                continue
            Membership.objects.filter(ask=ask).delete()
            heir = self._ask_of(heirs.get(ask.public_id, ""))
            ask.state = Ask.State.JOINED if heir is not None else Ask.State.RETIRED
            ask.joined_into = heir
            ask.save(update_fields=["state", "joined_into"])
            self.touched.add(ask.pk)

    def propose(self) -> None:
        """Write the proposals, and close those that no longer hold."""
        open_asks = list(Ask.objects.filter(state=Ask.State.PROPOSED))
        known = set(
            Proposal.objects.filter(kind=Proposal.Kind.NEW_ASK).values_list("ask", flat=True)
        )
        Proposal.objects.bulk_create(
            [
                Proposal(
                    kind=Proposal.Kind.NEW_ASK,
                    fingerprint=f"new:{ask.public_id}",
                    ask=ask,
                    people_count=ask.people_count,
                    run_id=self.run.pk,
                    proposed_at=self.now,
                )
                for ask in open_asks
                if ask.pk not in known
            ],
            batch_size=500,
        )
        Proposal.objects.filter(kind=Proposal.Kind.NEW_ASK, state=Proposal.State.STALE).filter(
            ask__state=Ask.State.PROPOSED
        ).update(state=Proposal.State.OPEN, decided_by=None, decided_at=None)
        gone = [Ask.State.JOINED, Ask.State.RETIRED]
        Proposal.objects.filter(
            Q(ask__state__in=gone) | Q(other_ask__state__in=gone), state=Proposal.State.OPEN
        ).update(state=Proposal.State.STALE, decided_at=self.now)
        for pk, origin, target in self.moves:
            self._propose(
                Proposal.Kind.MOVE,
                f"move:{self.public_ids[pk]}:{origin.public_id}:{target.public_id}",
                ask=origin,
                other_ask=target,
                post_id=pk,
                people_count=1,
            )
        self._propose_joins()

    def _propose_joins(self) -> None:
        """Propose to join asks that stand nearly as close as the posts of one ask do."""
        rows: dict[int, list[int]] = defaultdict(list)
        for pk, ask_id in Membership.objects.values_list("post", "ask"):
            if pk in self._row:
                rows[ask_id].append(self._row[pk])
        asks = [
            ask
            for ask in Ask.objects.filter(state__in=[Ask.State.PUBLIC, Ask.State.PROPOSED])
            if len(rows[ask.pk]) > 1
        ]
        if len(asks) < 2:
            return
        ranked = _nearest_pairs(
            self._means([rows[ask.pk] for ask in asks]),
            floor=NEARLY * float(self.grouper.threshold_),
            count=MOST_JOIN_PROPOSALS,
        )
        for score, a, b in ranked:
            first, second = asks[a], asks[b]
            if (second.is_public, second.people_count, -second.pk) > (
                first.is_public,
                first.people_count,
                -first.pk,
            ):
                first, second = second, first
            self._propose(
                Proposal.Kind.JOIN,
                "join:" + ":".join(sorted([first.public_id, second.public_id])),
                ask=first,
                other_ask=second,
                people_count=first.people_count + second.people_count,
                evidence={"similarity": round(score, 3)},
            )

    def _means(self, groups: list[list[int]]) -> NDArray[np.float32]:
        """Return the mean vector (d,) of each group of rows, reading so many rows at a time."""
        flat = np.concatenate([np.asarray(rows, dtype=np.int64) for rows in groups])
        owner = np.repeat(np.arange(len(groups)), [len(rows) for rows in groups])
        sums = np.zeros((len(groups), self.corpus.vectors.shape[1]), dtype=np.float32)
        for start in range(0, len(flat), _ROWS_READ):
            some = flat[start : start + _ROWS_READ]
            vectors = self.grouper.space_.transform(
                self.corpus.vectors[some], [self.corpus.languages[row] for row in some]
            )
            np.add.at(sums, owner[start : start + _ROWS_READ], vectors)
        counts = np.array([len(rows) for rows in groups], dtype=np.float32)
        return sums / counts[:, None]

    def _propose(self, kind: Proposal.Kind, fingerprint: str, **values: object) -> None:
        proposal, made = Proposal.objects.get_or_create(
            fingerprint=fingerprint,
            defaults={"kind": kind, "run_id": self.run.pk, "proposed_at": self.now, **values},
        )
        if not made and proposal.state == Proposal.State.STALE:
            Proposal.objects.filter(pk=proposal.pk).update(
                state=Proposal.State.OPEN, decided_by=None, decided_at=None
            )


def _nearest_pairs(
    means: NDArray[np.float32], *, floor: float, count: int
) -> list[tuple[float, int, int]]:
    """Return up to ``count`` pairs (likeness, a, b) of rows of ``means`` that are at least ``floor`` alike.

    A slice of the square at a time: that of ten thousand asks weighs 400 MB.
    """
    best: list[tuple[float, int, int]] = []
    for start in range(0, len(means), _ASKS_COMPARED):
        likeness = means[start : start + _ASKS_COMPARED] @ means[start:].T
        found = np.argwhere(np.triu(likeness, k=1) >= floor)
        best += [(float(likeness[a, b]), start + int(a), start + int(b)) for a, b in found]
        best = sorted(best, reverse=True)[:count]
    return best
