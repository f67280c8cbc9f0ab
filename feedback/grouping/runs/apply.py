"""Writing what a run found of asks and the posts in them, a step at a time.

A step is planned anew from what stands when it is written, so what people decided meanwhile holds. It leaves every ask
that it touches as an ask may be: complete, counted, with its proposal, or given up with a link that leads on.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from feedback.asks import standing
from feedback.asks.counts import recount
from feedback.asks.models import Ask, Membership, Proposal
from feedback.asks.proposals.regressions import propose_regressions
from feedback.asks.proposals.said_same import propose_said_same
from feedback.forum.models import Post
from feedback.forum.queries import grouped_posts
from feedback.grouping.board import as_planned
from feedback.grouping.models import Run
from feedback.grouping.plan import FEWEST, part_of_plan
from feedback.grouping.runs.explain import as_kept, posts_named
from feedback.grouping.runs.findings import moved_meanwhile, still_said
from feedback.grouping.runs.propose import close_proposals
from feedback.kernel.batches import batches

_WRITTEN = ["ask", "source", "score", "reason", "model_key", "run_id"]


@dataclass(frozen=True)
class _Some:
    """Posts of one group: what `part_of_plan` minds of it, and ``data``, the whole of what was found."""

    key: str
    members: list[int]
    boilerplate: bool
    data: Mapping[str, Any]


@dataclass(frozen=True)
class _Mark:
    """What stood when a step was read: decisions, the posts it names that are there, their asks, and its own asks."""

    decisions: tuple[int, int]
    posts: frozenset[int]
    homes: frozenset[tuple[int, int]]
    asks: frozenset[tuple[int, str]]


class AsksStep:
    """A step of `Differences`: asks, the posts in them, what they say of themselves, and those that are given up.

    Making one reads and plans, outside any transaction; `write` then only writes, unless something was decided or placed
    in between. Posts that were spoken of since the run began stay as those decisions left them.
    """

    def __init__(self, data: Mapping[str, Any], *, run: Run) -> None:
        self.data, self.run, self.given_up = data, run, data["given_up"]
        groups = data["groups"]
        self.named = {
            pk for one in groups for pk in [*(row[0] for row in one["posts"]), *one["out"]]
        }
        self.keys = {one["ask"] for one in groups} | self.given_up.keys()
        self.keys |= set(self.given_up.values())
        self.touched: set[int] = set()
        self._read()

    def write(self, *, now: dt.datetime) -> None:
        """Write it. Lock contract: call in a transaction under `hold_grouping`."""
        self.now = now
        if self._mark() != self.mark:
            self._read()
        started = self._describe()
        self._place()
        self._give_up()
        recount(self.touched)
        propose_regressions([(self.asks[key], pk) for pk, key in self.plan.entering], now=self.now)
        self._propose(started)
        placed = [pk for pk, _key in [*self.plan.entering, *self.plan.moving]]
        propose_said_same(placed, now=self.now)

    def _read(self) -> None:
        self.mark = self._mark()
        groups, there = self.data["groups"], self.mark.posts
        stands = standing.about(self.named)
        keys = self.keys | set(stands.homes.values())
        known = Ask.objects.filter(public_id__in=keys).in_bulk(field_name="public_id")
        self.asks = {key: ask for key, ask in known.items() if ask.is_live}
        self.planned = as_planned(self.asks)
        some = [
            _Some(
                one["ask"],
                [pk for pk in [*(row[0] for row in one["posts"]), *one["out"]] if pk in there],
                one["boilerplate"],
                one,
            )
            for one in groups
            # An ask that people joined into another meanwhile takes nobody in; the next run sees it.
            if one["ask"] in self.asks or not (one["is_there"] or one["ask"] in known)
        ]
        self.plan = part_of_plan(
            some,
            asks=self.planned,
            standing=stands,
            as_decided=moved_meanwhile(self.run),
        )
        self.found = {row[0]: row for one in some for row in one.data["posts"]}
        self.held = {row.post_id: row for row in Membership.objects.filter(post__in=stands.homes)}
        self.tells = self._tells(some)

    def _mark(self) -> _Mark:
        """Return what the step depends on: another when somebody decides, or a post is placed, moved or gone."""
        posts = grouped_posts(self.run.product).filter(pk__in=self.named)
        homes = Membership.objects.filter(post__in=self.named)
        asks = Ask.objects.filter(public_id__in=self.keys)
        return _Mark(
            standing.watermark(),
            frozenset(posts.values_list("pk", flat=True)),
            frozenset(homes.values_list("post", "ask")),
            frozenset(asks.values_list("pk", "state")),
        )

    def _describe(self) -> list[Ask]:
        """Start the new asks; have those that are carried on say what they are about now. Return the new ones."""
        changed = []
        for key, one in self.plan.carried_on.items():
            ask = self.asks[key]
            says = one.data["says"]
            fields = still_said(ask, says) if says else {}
            fields |= self.tells.get(key, {})
            if any(getattr(ask, name) != value for name, value in fields.items()):
                for name, value in fields.items():
                    setattr(ask, name, value)
                changed.append(ask)
        Ask.objects.bulk_update(
            changed,
            [
                "title",
                "titles",
                "keywords",
                "medoid",
                "asking",
                "summary",
                "summary_from",
                "facets",
            ],
        )
        started = [
            Ask(
                public_id=key,
                product=self.run.product,
                created_at=self.now,
                **one.data["says"],
                **self.tells.get(key, {}),
            )
            for key, one in self.plan.new.items()
        ]
        for ask in Ask.objects.bulk_create(started):
            self.asks[ask.public_id] = ask
            self.touched.add(ask.pk)
        self.touched.update(ask.pk for ask in changed)
        return started

    def _tells(self, some: Sequence[_Some]) -> dict[str, dict[str, Any]]:
        """Return, by ask, what it tells of itself with the posts that are, or will be, in it."""
        named = {pk for one in some if (told := one.data["tells"]) for pk in posts_named(told)}
        mine = {pk for one in some for pk in one.members}
        shown = Membership.objects.filter(post__state=Post.State.PUBLISHED)
        homes = {
            pk: key
            for ids in batches(named - mine)
            for pk, key in shown.filter(post__in=ids).values_list("post", "ask__public_id")
        } | {pk: key for pk, key in self.plan.after.items() if pk in mine}
        found = {}
        for one in some:
            if told := one.data["tells"]:
                inside = {pk for pk in posts_named(told) if homes.get(pk) == one.key}
                ask = self.asks.get(one.key)
                found[one.key] = as_kept(told, inside, is_locked=ask is not None and ask.is_locked)
        return found

    def _place(self) -> None:
        """Bring the memberships to what the plan says."""
        plan, found, held = self.plan, self.found, self.held
        written = []
        for pk, key in [*plan.entering, *plan.moving]:
            row = held.get(pk) or Membership(post_id=pk, placed_at=self.now)
            if row.pk is not None:
                self.touched.add(row.ask_id)
            row.ask = self.asks[key]
            self.touched.add(row.ask_id)
            written.append(self._seen(row, found[pk]))
        written += [
            self._seen(held[pk], found[pk])
            for pk in plan.staying
            if pk in found and held[pk].source == Ask.Source.MACHINE
        ]
        leaving = [pk for pk in plan.leaving if pk in held]
        self.touched.update(held[pk].ask_id for pk in leaving)
        Membership.objects.filter(post__in=leaving).delete()
        # Written over by post in one statement: a CASE for every row and column takes many times as long.
        Membership.objects.bulk_create(
            written, update_conflicts=True, unique_fields=["post"], update_fields=_WRITTEN
        )

    def _seen(self, row: Membership, found: tuple[int, float, dict[str, Any]]) -> Membership:
        row.source = Ask.Source.MACHINE
        _pk, row.score, row.reason = found
        row.model_key = self.run.model_key
        row.run_id = self.run.pk
        return row

    def _give_up(self) -> None:
        """Close the asks that hold too little now; their links lead to where most of their posts went."""
        wanted = [self.asks[key] for key in self.given_up if self._is_nobodys(key)]
        held = {
            pk: (posts, confirmed)
            for pk, posts, confirmed in Membership.objects.filter(ask__in=wanted)
            .values_list("ask")
            .annotate(posts=Count("pk"), confirmed=Count("pk", filter=Q(is_confirmed=True)))
        }
        for ask in wanted:
            posts, confirmed = held.get(ask.pk, (0, 0))
            if posts >= FEWEST or confirmed:
                continue
            into = self.asks.get(self.given_up[ask.public_id])
            Membership.objects.filter(ask=ask).delete()
            ask.state = Ask.State.RETIRED if into is None else Ask.State.JOINED
            ask.joined_into = into
            ask.save(update_fields=["state", "joined_into"])
            close_proposals(Q(ask=ask) | Q(other_ask=ask), now=self.now)
            self.touched.add(ask.pk)

    def _is_nobodys(self, key: str) -> bool:
        return key in self.planned and self.planned[key].is_nobodys

    def _propose(self, started: Sequence[Ask]) -> None:
        """Propose the new asks, with their people, to the team."""
        counted = Ask.objects.filter(pk__in=[ask.pk for ask in started])
        Proposal.objects.bulk_create(
            Proposal(
                kind=Proposal.Kind.NEW_ASK,
                fingerprint=f"new:{public_id}",
                ask_id=pk,
                people_count=people,
                run_id=self.run.pk,
                proposed_at=self.now,
            )
            for pk, public_id, people in counted.order_by("pk").values_list(
                "pk", "public_id", "people_count"
            )
        )


def write_opposites(data: Mapping[str, Any], *, run: Run, now: dt.datetime) -> None:
    """Have asks that want the reverse of each other know it, and those that no longer do forget it."""
    keys = {key for pair in data["asks"] for key in pair if key}
    asks = Ask.objects.there().filter(public_id__in=keys).in_bulk(field_name="public_id")
    changed = []
    for key, other in data["asks"]:
        ask, against = asks.get(key), asks.get(other)
        if ask is not None and ask.opposite_id != (against.pk if against else None):
            ask.opposite = against
            changed.append(ask)
    Ask.objects.bulk_update(changed, ["opposite"])
