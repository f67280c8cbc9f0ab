"""From the states of another tool to asks with their stages: a person confirms the map, and what it makes is theirs.

A row with a state that the map names, or with an official answer, becomes a confirmed ask of its own post; rows that were
merged into another belong to its ask, and stay together. It goes through the operations of the desk, as old news.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.asks.answers import answer_ask, decline_ask
from feedback.asks.decisions.pairs import say_together
from feedback.asks.decisions.shape import join_asks, move_posts, start_ask
from feedback.asks.models import Answer, Ask, Bond, Decision, Membership
from feedback.asks.stages import Stage
from feedback.asks.staging import date_stage
from feedback.forum.models import VERSION_LENGTH, Post
from feedback.importing.formats import FileMapping, PostRow, read
from feedback.journal.operations import old_news
from feedback.kernel import text, visible
from feedback.kernel.refusals import Refusal
from feedback.kernel.turns import turn
from feedback.roadmap import operations as roadmap
from feedback.roadmap.elsewhere import date_item, day_of_release
from feedback.roadmap.models import Item
from feedback.roadmap.queries import item_of

#: What no address of a release can hold.
_NO_ADDRESS = re.compile(r"[/\\?#%]+")
#: What a person says for a state that makes no ask.
NO_ASK = "none"
_TOLD = 20
#: Different states that are told, and characters of one.
_MOST_STATES, _STATE_LENGTH = 200, 80


@dataclass
class Decided:
    """What came of the states of a file.

    ``asks`` are new, ``moved`` came to their stage, ``answers`` were given, ``together`` are merged posts bound to the one they
    were merged into. ``left`` were decided about here before and stay as they are; ``unnamed`` counts states that the map
    does not name; ``refused`` are sentences on what could not be done. ``through`` counts the rows that are through, and
    behind all of them the merged posts.
    """

    asks: int = 0
    moved: int = 0
    answers: int = 0
    together: int = 0
    left: int = 0
    unnamed: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)
    through: int = 0

    @classmethod
    def kept(cls, figures: Mapping[str, Any]) -> "Decided":
        """Return what `figures` were made of."""
        return cls(**{**figures, "unnamed": Counter(figures.get("unnamed", {}))})

    def figures(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {**vars(self), "unnamed": dict(self.unnamed)}


class UnknownStage(ValueError):
    """There is no stage of that name; the message is one sentence."""


def stages_from(words: str, usual: Mapping[str, str] | None = None) -> dict[str, Stage | None]:
    """Return the map that "default,Done=shipped,Later=none" names: state, in small letters, to stage, or None for no ask.

    ``usual`` is what "default" stands for. Raises `UnknownStage`.
    """
    found: dict[str, Stage | None] = {}
    for part in filter(None, (part.strip() for part in words.split(","))):
        if part.lower() == "default":
            if not usual:
                raise UnknownStage(
                    _("This file's states have no usual stages: name them, such as %s.")
                    % "Planned=planned,Done=shipped"
                )
            found |= {state: Stage(stage) if stage else None for state, stage in usual.items()}
            continue
        state, mark, name = part.rpartition("=")
        wanted = name.strip().upper().replace("-", "_").replace(" ", "_")
        if not mark or (wanted not in Stage.values and wanted != NO_ASK.upper()):
            stages = ", ".join(stage.lower() for stage in Stage.values)
            raise UnknownStage(
                _("“%(part)s” is no STATE=stage; the stages are %(stages)s, and none.")
                % {"part": part, "stages": stages}
            )
        found[state.strip().lower()] = Stage(wanted) if wanted in Stage.values else None
    return found


@by_manager
def decide_by_states(
    *,
    mapping: FileMapping,
    source: str,
    stages: Mapping[str, Stage | None],
    actor: User,
    now: dt.datetime,
    update: bool = False,
    begins: Decided | None = None,
    on_decided: Callable[[Decided], None] = lambda decided: None,
    on_progress: Callable[[int, int], None] = lambda position, size: None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> Decided:
    """Make asks of the rows of an imported file by their states, in ``actor``'s name; return what came of it.

    What was decided about here since is left, a stage that moved on there too unless ``update``. Each ask is one transaction,
    in which ``on_decided`` hears of all that came of it so far: killed, it goes on when that is where it ``begins``.
    ``on_progress`` hears of bytes read and bytes in all. Nobody is told. Raises `CannotImport`.
    """
    work = _Work(source, stages, actor, now, update, on_decided, begins or Decided())
    skip = work.decided.through
    merged: dict[str, str] = {}
    number = 0
    with old_news(), read(mapping) as rows:
        for number, row in enumerate(rows, 1):
            if isinstance(row, PostRow) and not row.comment_on:
                if is_merged(row):
                    merged[row.external_id] = row.merged_into
                elif number > skip:
                    work.take(row, number)
            work.decided.through = max(skip, number)
            if number % 50 == 0:
                on_progress(rows.position, rows.size)
            if is_stopped():
                return work.decided
        for step, (duplicate, target) in enumerate(_ends(merged), number + 1):
            if step > skip:
                work.bind(duplicate, target, step)
                work.decided.through = step
            if is_stopped():
                return work.decided
    return work.decided


@by_manager
def decide_by_state(
    *,
    row: PostRow,
    source: str,
    stages: Mapping[str, Stage | None],
    actor: User,
    now: dt.datetime,
    begins: Decided,
) -> Decided:
    """Do `decide_by_states` for one row, which came in later than the others of its file."""
    work = _Work(source, stages, actor, now, False, lambda decided: None, begins)
    with old_news():
        if is_merged(row):
            work.bind(row.external_id, row.merged_into, begins.through)
        else:
            work.take(row, begins.through)
    return work.decided


def is_merged(row: PostRow) -> bool:
    """Tell whether a row was merged into another."""
    return bool(row.merged_into) and row.merged_into != row.external_id


def _ends(merged: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the merged rows with the one that they ended in; those that were merged in a circle are left out."""
    for start in merged:
        end, seen = start, {start}
        while end in merged and merged[end] not in seen:
            end = merged[end]
            seen.add(end)
        if end not in merged:
            yield start, end


@dataclass
class _Work:
    source: str
    stages: Mapping[str, Stage | None]
    actor: User
    now: dt.datetime
    update: bool
    on_decided: Callable[[Decided], None]
    decided: Decided

    def take(self, row: PostRow, number: int) -> None:
        """Make an ask of one row, if its state or its answer says so."""
        state = row.state.lower()
        if state and state not in self.stages:
            self._unnamed(visible.cut(text.one_line(row.state), _STATE_LENGTH))
        stage = self.stages.get(state)
        if stage is None and row.answer is None:
            return
        post = self._post(row.external_id)
        if post is not None:
            wanted = stage or Stage.UNDER_REVIEW
            self._in_turn(post, number, lambda: self._decide(post, row, wanted))

    def _unnamed(self, state: str) -> None:
        unnamed = self.decided.unnamed
        if state in unnamed or len(unnamed) < _MOST_STATES:
            unnamed[state] += 1

    def bind(self, duplicate: str, target: str, number: int) -> None:
        """Bind a merged row to the one that it was merged into: one ask, and together from now on."""
        post, into = self._post(duplicate), self._post(target)
        if post is not None and into is not None:
            self._in_turn(post, number, lambda: self._bind(post, into))

    def _in_turn(self, post: Post, number: int, decide: Callable[[], None]) -> None:
        """Do one thing about ``post`` in a transaction of its own; what is refused leaves nothing but a sentence."""
        before = replace(self.decided)
        try:
            with turn():
                decide()
                self.decided.through = number
                self.on_decided(self.decided)
        except Refusal as refusal:
            vars(self.decided).update(vars(before))
            if len(self.decided.refused) < _TOLD:
                self.decided.refused.append(f"{post.title}: {refusal}")

    def _post(self, external_id: str) -> Post | None:
        found = Post.objects.filter(
            source=self.source,
            external_id=external_id,
            state=Post.State.PUBLISHED,
            board__is_grouped=True,
        )
        return found.select_related("board").first()

    def _decide(self, post: Post, row: PostRow, stage: Stage) -> None:
        ask, is_new = self._ask_of(post, stage)
        if ask is None or (ask.medoid_id != post.pk and not is_new):
            self.decided.left += 1  # people have put it where it is
            return
        self.decided.asks += is_new
        answer = _signed(row)
        if answer and stage != Stage.DECLINED:
            self._answer(ask, answer, row)
        if ask.stage == stage:
            return
        if ask.stage != Stage.UNDER_REVIEW and not self.update:
            self.decided.left += 1
            return
        self._bring(ask, post, row, stage, answer)
        self.decided.moved += 1

    def _ask_of(self, post: Post, stage: Stage) -> tuple[Ask | None, bool]:
        """Return the ask of ``post``, made where there is none, and whether it is new; None where people decided otherwise."""
        held = Membership.objects.filter(post=post).select_related("ask").first()
        if (
            held is not None
            and held.ask.is_public
            and (held.is_confirmed or held.ask.stage == stage)
        ):
            return held.ask, False
        if Decision.objects.filter(posts=post).exists():
            return None, False
        if held is not None:  # the machine's guess gives way to what people of the source said
            move_posts(posts=[post], to=None, actor=self.actor, now=self.now)
        return self._start(post), True

    def _start(self, post: Post) -> Ask:
        ask = start_ask(posts=[post], title=post.title, actor=self.actor, now=self.now).ask
        assert ask is not None
        return ask

    def _answer(self, ask: Ask, body: str, row: PostRow) -> None:
        if Answer.objects.filter(ask=ask, body=body).exists():
            return
        given = row.answer.posted_at if row.answer else None
        answer_ask(
            ask=ask, body=body, actor=self.actor, now=self.now, given_at=given or row.decided_on
        )
        self.decided.answers += 1

    def _bring(self, ask: Ask, post: Post, row: PostRow, stage: Stage, answer: str) -> None:
        """Bring ``ask`` to ``stage`` as the desk does: by an item of the roadmap, or by declining it."""
        item = item_of(ask)
        if stage == Stage.DECLINED:
            reason = answer or _("It was declined before it came here; no reason came along.")
            if item is not None:
                roadmap.decline(item=item, reason=reason, actor=self.actor, now=self.now)
            else:
                decline_ask(ask=ask, reason=reason, actor=self.actor, now=self.now)
                if row.decided_on is not None:
                    date_stage(ask=ask, at=row.decided_on)
            return
        if stage == Stage.UNDER_REVIEW and item is None:
            return
        item = item or roadmap.adopt(ask=ask, title=post.title, actor=self.actor, now=self.now)
        if stage == Stage.SHIPPED:
            version, day = _release_of(row, post, item)
            item = roadmap.ship(
                item=item, version=version, release_date=day, actor=self.actor, now=self.now
            )
        elif item.stage != stage:
            item = roadmap.move(item=item, stage=stage, actor=self.actor, now=self.now)
        if row.decided_on is not None:
            date_item(item=item, at=row.decided_on)

    def _bind(self, post: Post, into: Post) -> None:
        said = Bond.objects.filter(post__in=[post, into], other_post__in=[post, into])
        if said.exists():  # standing or undone: people have had their say here
            self.decided.left += 1
            return
        ask, is_new = self._ask_of(into, Stage.UNDER_REVIEW)
        if ask is None:
            self.decided.left += 1
            return
        self.decided.asks += is_new
        held = Membership.objects.filter(post=post).select_related("ask").first()
        if held is None or held.ask_id != ask.pk:
            if held is not None and held.ask.is_public and held.ask.medoid_id == post.pk:
                join_asks(ask=held.ask, into=ask, actor=self.actor, now=self.now)
            else:
                move_posts(posts=[post], to=ask, actor=self.actor, now=self.now)
        say_together(post=post, other=into, actor=self.actor, now=self.now)
        self.decided.together += 1


def _signed(row: PostRow) -> str:
    """Return the official answer with the name of who gave it: here it is given by whoever confirms the import."""
    if row.answer is None:
        return ""
    name = row.answer.author.name
    return f"{row.answer.body}\n\n— {name}" if name else row.answer.body


def _release_of(row: PostRow, post: Post, item: Item) -> tuple[str, dt.date]:
    """Return the version that shipped a row, and its day: the source's, or the month of it.

    What shipped on no day that is known did so earlier than everything here: no train of this week carries it.
    """
    named = visible.cut(_NO_ADDRESS.sub("-", row.shipped_in), VERSION_LENGTH)
    named = named if named.strip(". ") else ""
    if row.decided_on is not None:
        day = row.decided_on.date()
        return named or f"{day:%Y-%m}", day
    version = named or _("Earlier")
    return version, day_of_release(item.product, version) or post.posted_at.date()
