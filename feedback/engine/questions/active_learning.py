"""What to ask people: the joins of the tree that are in doubt and decide about many posts (active learning)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from feedback.engine.cluster.bundled import BundledProblem, PreparedPosts
from feedback.engine.cluster.clustering import forests
from feedback.engine.cluster.linkage import Forest
from feedback.engine.data.corpus import Doubles, Id, Ints
from feedback.engine.describe.titles import medoid
from feedback.engine.questions.answers import Answer, answers_in, sides_of
from feedback.engine.questions.feedback import NEAR_SHARE
from feedback.engine.rules.constraints import Constraints
from feedback.engine.rules.contraction import bundle

#: How fast the odds that two sides are the same change with the likeness they join at, and how far the likeness at
#: which they are even may lie from the level (logarithms); the share of answers that say nothing of it.
DOUBT = 0.4
STRAY = 0.4
CHANCE = 0.05


@dataclass(frozen=True)
class Question:
    """ "The same request?" of two posts, each the middle of its group. ``weight`` says how much an answer teaches."""

    a: Id
    b: Id
    weight: float


def questions_about(
    prepared: PreparedPosts,
    constraints: Constraints,
    *,
    level: float,
    fineness: Doubles,
    count: int,
) -> list[Question]:
    """Return up to ``count`` questions, best first, none that ``constraints`` answer.

    The board is cut at ``level``, each post by its ``fineness`` (n,).
    """
    bare = bundle(prepared.posts, Constraints().resolve(), {})
    bundled = BundledProblem.of(prepared, bare, fineness=fineness)
    problem = bundled.problem
    forest, _, _ = forests(problem, level=level, anchor=0.0)
    answers = answers_in(forest, bundled, constraints)
    decided = constraints.resolve()
    asked: list[Question] = []
    known = {frozenset(pair) for pair in (*constraints.together, *constraints.apart)}
    wanted = 4 * count + 2 * len(known)
    for left, right, weight in joins_in_doubt(forest, level, wanted, problem.sizes, answers):
        a, b = (
            bundled.first_post(int(side[medoid(problem.means[side])])) for side in (left, right)
        )
        if frozenset((a, b)) in known or decided.says_of(a, b) is not None:
            continue
        known.add(frozenset((a, b)))
        asked.append(Question(a, b, round(weight, 4)))
        if len(asked) == count:
            break
    return asked


def odds_of_same(heights: Doubles, level: float, answers: Sequence[Answer]) -> Doubles:
    """Return the probability (j,) that the sides of joins at ``heights`` are the same, as ``answers`` have been.

    A logistic curve over the logarithm of the height; where it is even is not known but learned, from a prior
    around ``level`` (Bayes over a grid).
    """
    even = np.linspace(-1.2, 1.2, 49)
    belief = -0.5 * (even / STRAY) ** 2
    for one in answers:
        if np.isfinite(one.meeting.height):
            at = np.log(max(one.meeting.height, 1e-3) / level)
            chance = 1.0 / (1.0 + np.exp(-(at - even) / DOUBT))
            belief += np.log((1 - 2 * CHANCE) * (chance if one.same else 1.0 - chance) + CHANCE)
    weight = np.exp(belief - belief.max())
    weight /= weight.sum()
    at = np.log(np.maximum(heights, 1e-3) / level)
    found: Doubles = np.zeros(len(heights))
    for middle, share in zip(even, weight, strict=True):
        found += share / (1.0 + np.exp(-(at - middle) / DOUBT))
    return found


def joins_in_doubt(
    forest: Forest,
    level: float,
    count: int,
    sizes: Ints,
    answers: Sequence[Answer] = (),
) -> list[tuple[Ints, Ints, float]]:
    """Return the ``count`` joins it pays most to ask about: (rows of one side, rows of the other, weight).

    A join weighs the pairs of posts it decides, times the probability that what is done now is wrong.
    """
    same = odds_of_same(forest.heights, level, answers)
    wrong = np.where(forest.heights >= level, 1.0 - same, same)
    wrong[forest.heights < NEAR_SHARE * level] = 0.0
    totals = sizes.astype(np.float64)
    pairs = np.empty(len(forest.joins))
    # The first row of a join names what it makes, so a side is all that is joined to its row so far.
    for at, (a, b) in enumerate(forest.joins.tolist()):
        pairs[at] = totals[a] * totals[b]
        totals[a] += totals[b]
    weight = wrong * pairs
    order = [int(at) for at in np.argsort(-weight, kind="stable")[:count] if weight[at] > 0]
    sides = sides_of(forest, order)
    return [(*sides[at], float(weight[at])) for at in order]
