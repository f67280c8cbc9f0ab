""" "The same request?": choosing what to ask people, taking their answers, and learning from them."""

import datetime as dt
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.asks import standing
from feedback.asks.decisions.pairs import say_apart, say_together
from feedback.asks.decisions.undo import undo
from feedback.asks.locking import hold_grouping
from feedback.asks.models import OPEN, Membership
from feedback.forum.models import Post, Product
from feedback.forum.products.queries import within
from feedback.grouping.models import Question, Run
from feedback.grouping.runs.request import request_run
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.kernel import text
from feedback.kernel.refusals import Refusal
from feedback.kernel.turns import turn

if TYPE_CHECKING:
    from feedback.engine import Grouper
    from feedback.engine.rules.constraints import Resolved

logger = logging.getLogger(__name__)

Verdict = Literal["same", "different", "unsure"]

#: Questions that wait for an answer at most, and how many more the engine is asked for: some are settled,
#: skipped, or nobody could tell the two posts apart.
MOST_OPEN = 20
_ASKED_OF_ENGINE = 3 * MOST_OPEN
#: Questions about the same two asks: one answer changes what the next would teach.
MOST_A_PAIR = 2
#: Two posts with this share of their words in common are no question.
SAME_WORDS = 0.8
#: Answers after which the board is grouped anew.
ENOUGH_ANSWERS = 5

State = Question.State


def open_questions(product: Product | None = None) -> QuerySet[Question]:
    """Return the questions that wait for an answer, of one product or of all; what teaches most first."""
    return (
        Question.objects.filter(
            within(product, "run__product"),
            state=State.OPEN,
            post__state=Post.State.PUBLISHED,
            other_post__state=Post.State.PUBLISHED,
        )
        .select_related("post__author", "post__board", "other_post__author", "other_post__board")
        .order_by("-weight", "id")
    )


# --- Choosing ------------------------------------------------------------------------------------------
def worth_asking(grouper: "Grouper") -> list[tuple[int, int, float]]:
    """Return the pairs of posts, by primary key, that a fitted ``grouper`` would learn most from, with weights.

    It belongs outside the transaction that applies the grouping, for it takes about as long as the grouping.
    """
    return [
        (int(one.a), int(one.b), float(one.weight)) for one in grouper.questions(_ASKED_OF_ENGINE)
    ]


@dataclass(frozen=True)
class _Pair:
    post: Post
    other: Post
    asks: tuple[int, ...]
    people: int
    weight: float

    @property
    def fingerprint(self) -> str:
        return ":".join(sorted([self.post.public_id, self.other.public_id]))


def store_questions(pairs: Sequence[tuple[int, int, float]], *, run: Run, now: dt.datetime) -> None:
    """Keep the questions that teach most, weighed by the people they touch; close those of the run before.

    Never one that is decided, that somebody has answered or could not tell, or whose posts say the same in the
    same words. Call it after the grouping was applied. Lock contract: chosen outside any transaction and stored in one under
    `hold_grouping`; chosen anew when somebody decided meanwhile, and given up for this run when it happens three times.
    """
    for _attempt in range(3):
        mark = standing.watermark()
        ranked = _ranked(pairs, run.product)
        with turn():
            hold_grouping()
            if standing.watermark() == mark:
                _store(ranked, run=run, now=now)
                return
    logger.warning("Questions were not chosen after run %s: people kept deciding.", run.pk)


def _store(ranked: Sequence["_Pair"], *, run: Run, now: dt.datetime) -> None:
    wanted = {one.fingerprint: one for one in ranked}
    known = {
        one.fingerprint: one
        for one in Question.objects.filter(fingerprint__in=wanted).select_related("decision")
    }
    keep: list[int] = []
    made: list[Question] = []
    for fingerprint, pair in wanted.items():
        if len(keep) + len(made) == MOST_OPEN:
            break
        question, weight = known.get(fingerprint), round(pair.weight, 4)
        if question is None:
            question = Question(fingerprint=fingerprint, post=pair.post, other_post=pair.other)
            made.append(question)
        elif question.state in (State.OPEN, State.STALE) or _is_taken_back(question):
            keep.append(question.pk)
        else:
            continue
        is_waiting = question.state == State.OPEN and question.pk is not None
        if is_waiting and (question.weight, question.people_count) == (weight, pair.people):
            continue  # it is asked already, just so
        question.state = State.OPEN
        question.weight = weight
        question.people_count = pair.people
        question.run, question.asked_at = run, now
        question.answered_by = question.answered_at = question.decision = None
        if question.pk is not None:
            question.save()
    before = Question.objects.filter(run__product=run.product, state=State.OPEN)
    before.exclude(pk__in=keep).update(state=State.STALE)
    Question.objects.bulk_create(made)


def _is_taken_back(question: Question) -> bool:
    return question.decision is not None and question.decision.undone_at is not None


def _ranked(pairs: Sequence[tuple[int, int, float]], product: Product) -> list[_Pair]:
    """Return the pairs that may be asked, best first."""
    decided = standing.everywhere(product).resolve()
    ids = {pk for a, b, _weight in pairs for pk in (a, b)}
    posts = Post.objects.filter(state=Post.State.PUBLISHED).in_bulk(ids)
    homes = {
        membership.post_id: membership.ask
        for membership in Membership.objects.filter(post__in=ids).select_related("ask")
        if membership.ask.state in OPEN
    }
    found = []
    for a, b, weight in pairs:
        one, other = posts.get(a), posts.get(b)
        touched = {homes[pk] for pk in (a, b) if pk in homes}
        if one is None or other is None or not touched:
            continue
        if _settled(decided, a, b) or _same_words(one, other):
            continue
        alone = [post for post in (one, other) if post.pk not in homes]
        people = sum(ask.people_count for ask in touched)
        people += sum(max(1, post.vote_count) for post in alone)
        post_count = sum(ask.post_count for ask in touched) + len(alone)
        # The engine weighs by posts. Weighing by people once more would double what is large already, and ask
        # about large asks alone; what counts is how many people stand behind a post here.
        weight *= (people / max(post_count, 1)) ** 0.5
        asks = tuple(sorted(ask.pk for ask in touched))
        found.append(_Pair(one, other, asks, people, weight))
    found.sort(key=lambda one: (-one.weight, one.fingerprint))
    asked: Counter[tuple[int, ...]] = Counter()
    kept = []
    for pair in found:
        asked[pair.asks] += 1
        if asked[pair.asks] <= MOST_A_PAIR:
            kept.append(pair)
    return kept


def _same_words(one: Post, other: Post) -> bool:
    mine, theirs = (
        set(text.tokens(text.text_of(post.title, post.body)[:2000])) for post in (one, other)
    )
    return len(mine & theirs) >= SAME_WORDS * len(mine | theirs)


def _settled(decided: "Resolved", post: int, other: int) -> bool:
    """Tell whether decisions say already whether these two posts belong together."""
    a, b = decided.component.get(post), decided.component.get(other)
    if a is None or b is None:
        return False
    if a == b or (min(a, b), max(a, b)) in decided.apart:
        return True
    one, two = decided.key.get(a), decided.key.get(b)
    if one is not None and two is not None:
        return True
    return one in decided.forbidden.get(b, ()) or two in decided.forbidden.get(a, ())


# --- Answering -----------------------------------------------------------------------------------------
@by_manager
def answer_question(
    *, question: Question, verdict: Verdict, actor: User, now: dt.datetime
) -> Question:
    """Take a person's word: a decision that binds, or nothing when they cannot tell.

    What it settles is not asked any more. After `ENOUGH_ANSWERS`, or when no question is left, a run is asked for
    so that the rest of the board learns. Raises `Refusal` when somebody was faster, or with the chain of
    decisions that the answer contradicts.
    """
    answered = _answer(question=question, verdict=verdict, actor=actor, now=now)
    product = question.run.product
    if is_time_to_learn(product):
        request_run(product=product, now=now, requested_by=actor)
    return answered


@transaction.atomic
def _answer(*, question: Question, verdict: Verdict, actor: User, now: dt.datetime) -> Question:
    hold_grouping()
    Question.objects.select_for_update().get(pk=question.pk)
    question = Question.objects.select_related("post", "other_post").get(pk=question.pk)
    if question.state == State.ANSWERED:
        raise Refusal(_("Somebody has answered this question already."))
    if verdict == "unsure":
        question.state = State.SKIPPED
    else:
        say = say_together if verdict == "same" else say_apart
        question.decision = say(post=question.post, other=question.other_post, actor=actor, now=now)
        question.state = State.ANSWERED
    question.answered_by, question.answered_at = actor, now
    question.save(update_fields=["state", "decision", "answered_by", "answered_at"])
    close_settled(question.run.product)
    return question


def close_settled(product: Product) -> None:
    """Close the open questions about ``product`` that decisions have answered meanwhile."""
    waiting = list(Question.objects.filter(run__product=product, state=State.OPEN))
    if waiting:
        decided = standing.everywhere(product).resolve()
        done = [one.pk for one in waiting if _settled(decided, one.post_id, one.other_post_id)]
        Question.objects.filter(pk__in=done).update(state=State.STALE)


@by_manager
@transaction.atomic
def take_back(*, question: Question, actor: User, now: dt.datetime) -> Question:
    """Ask the question again, as if it had not been answered. Raises what undoing its decision raises."""
    hold_grouping()
    question = Question.objects.select_related("decision").get(pk=question.pk)
    if question.state not in (State.ANSWERED, State.SKIPPED):
        raise Refusal(_("This question is open."))
    if question.decision is not None and question.decision.undone_at is None:
        undo(decision=question.decision, actor=actor, now=now)
    question.state = State.OPEN
    question.decision = question.answered_by = question.answered_at = None
    question.save(update_fields=["state", "decision", "answered_by", "answered_at"])
    return question


# --- Learning ------------------------------------------------------------------------------------------
def learned_until(product: Product) -> int:
    """Return the id of the last decision that the last run of ``product`` knew."""
    entry = _last_finished(product)
    return int(entry.data.get("decision", 0)) if entry is not None else 0


def _last_finished(product: Product) -> Entry | None:
    runs = Run.objects.filter(product=product).values("pk")
    told = Entry.objects.filter(verb=Verb.RUN_FINISHED, subject_id__in=runs)
    return told.order_by("-id").first()


def answers_between(product: Product, after: int, until: int | None = None) -> int:
    """Return how many standing answers about ``product`` came after the decision ``after``, up to ``until``."""
    answered = Question.objects.filter(
        run__product=product,
        state=State.ANSWERED,
        decision__gt=after,
        decision__undone_at__isnull=True,
    )
    return answered.filter(Q(decision__lte=until) if until is not None else Q()).count()


def is_time_to_learn(product: Product) -> bool:
    """Whether enough answers about ``product`` wait to be learned from and no run is under way that will."""
    if Run.objects.filter(
        product=product, state__in=[Run.State.WAITING, Run.State.RUNNING]
    ).exists():
        return False
    waiting = answers_between(product, learned_until(product))
    return waiting >= ENOUGH_ANSWERS or (waiting > 0 and not open_questions(product).exists())


@dataclass(frozen=True)
class Learned:
    """What the last run made of answers: posts that found an ask, and posts that went to another."""

    answers: int
    found: int
    moved: int


def learned_last(product: Product) -> Learned | None:
    """Return what came of the answers that the last run was the first to know; None when there were none."""
    entry = _last_finished(product)
    if entry is None or not entry.data.get("answers"):
        return None
    return Learned(
        int(entry.data["answers"]), int(entry.data.get("found", 0)), int(entry.data.get("moved", 0))
    )
