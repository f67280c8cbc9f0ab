"""What decisions teach beyond their own pair: the level, and whole groups that belong together.

A person who says that two posts ask for the same thing has looked at two groups, of which the posts were examples. So
an answer is read at the join where the two posts meet in the machine's own tree: that join was right or wrong. A wrong
join is not made, so the group falls into the two sides that the tree knows; groups whose examples belong together
become one, unless another decision stands between them. Answers near the level also move it, weighted by the posts
they touch and held by the level the views agree on.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from feedback.engine.cluster.bundled import BundledProblem, PreparedPosts
from feedback.engine.cluster.clustering import forests
from feedback.engine.cluster.constraint_repair import repair_constraints
from feedback.engine.cluster.linkage import Forest
from feedback.engine.cluster.prune import prune
from feedback.engine.data.corpus import Doubles, Id, Ints, Key
from feedback.engine.questions.answers import Answer, answers_in, judging_whole_joins
from feedback.engine.rules.constraints import Constraints
from feedback.engine.rules.contraction import Bundles, bundle

#: How strongly the level found without decisions holds (against the share of answers that another gets right),
#: in squared steps of this factor (a logarithm); and how far it may move.
HOLD = 2.0
STEP = 0.4
LOWEST_SHARE, HIGHEST_SHARE = 0.5, 1.8
#: Fewer answers say nothing about the level.
FEWEST_ANSWERS = 8
#: Below this share of the level two groups are too far apart to become one by a single pair of posts.
NEAR_SHARE = 0.5


def cluster_with_feedback(
    prepared: PreparedPosts,
    bundles: Bundles,
    constraints: Constraints,
    previous: Mapping[Id, Key],
    *,
    level: float | None,
    anchor: float,
) -> tuple[Ints, float, Doubles]:
    """Return a label per post, the level and how fine each post is cut: the machine's own tree, set right where decisions judge its joins.

    ``bundles`` are those of ``constraints``, which all hold at the end.
    """
    unpaired = replace(constraints, together=(), apart=())
    bare = bundle(prepared.posts, unpaired.resolve(previous), previous)
    bundled = BundledProblem.of(prepared, bare, previous, constraints.released)
    plain, forest, levels = forests(bundled.problem, level=level, anchor=anchor)
    found_level, fineness = levels.level, bundled.fineness_of_posts(levels.fineness)
    answers = answers_in(plain, bundled, constraints)
    whole = judging_whole_joins(plain, answers, bundled.problem.means)
    if level is None and 2 * len(whole) >= len(answers):
        # Where most decisions put stray posts right, the others were not asked for either: all of them
        # contradict the level, and none was sought where it would have agreed.
        found_level = taught_level(found_level, whole)
    judged = {one.posts for one in whole}
    rest = replace(
        constraints,
        together=[pair for pair in constraints.together if pair not in judged],
        apart=[pair for pair in constraints.apart if pair not in judged],
    )
    if rest.together or rest.apart:
        # What judges its own posts alone binds them before the tree is grown.
        bare = bundle(prepared.posts, rest.resolve(previous), previous)
        bundled = BundledProblem.of(prepared, bare, previous, constraints.released, fineness)
        _, forest, _ = forests(bundled.problem, level=found_level, anchor=anchor)
    answers = [one for one in answers_in(forest, bundled, constraints) if one.posts in judged]
    problem = bundled.problem
    found = cut_with_answers(
        forest,
        found_level,
        judging_whole_joins(forest, answers, problem.means),
        colours=problem.colours,
        apart=problem.apart,
    )
    labels = bundled.labels_of_posts(prune(found, problem))
    return repair_constraints(labels, bundles, prepared.vectors), found_level, fineness


def taught_level(level: float, answers: Sequence[Answer]) -> float:
    """Return the level that ``answers`` make of ``level``."""
    useful = [one for one in answers if np.isfinite(one.meeting.height)]
    if len(useful) < FEWEST_ANSWERS:
        return level
    heights = np.array([one.meeting.height for one in useful])
    same = np.array([one.same for one in useful])
    weight = np.array([float(one.meeting.left * one.meeting.right) ** 0.25 for one in useful])
    highest = max(level, min(level * HIGHEST_SHARE, 0.98))
    grid: Doubles = np.geomspace(level * LOWEST_SHARE, highest, 80)
    wrong = np.array([(weight * ((heights >= at) != same)).sum() / weight.sum() for at in grid])
    cost = wrong + HOLD * (np.log(grid / level) / STEP) ** 2
    return float(grid[int(np.argmin(cost))])


def cut_with_answers(
    forest: Forest,
    level: float,
    answers: Sequence[Answer],
    *,
    colours: Ints,
    apart: Sequence[tuple[int, int]] = (),
) -> Ints:
    """Return a label (m,) per row: ``forest`` cut at ``level``, with the joins that ``answers`` judge set right.

    Groups stay apart where ``colours`` (m,; -1: none), an answer or ``apart`` says so; opposite answers to one join
    cancel out.
    """
    count = int(np.searchsorted(-forest.heights, -level, side="right"))
    votes: dict[int, int] = defaultdict(int)
    for answer in answers:
        if answer.meeting.join >= 0:
            votes[answer.meeting.join] += 1 if answer.same else -1
    made = np.ones(count, dtype=bool)
    made[[join for join, vote in votes.items() if vote < 0 and join < count]] = False
    pairs = forest.joins[:count][made]
    graph = csr_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(forest.m,) * 2)
    labels: Ints = connected_components(graph, directed=False)[1].astype(np.int64)

    top = np.arange(int(labels.max()) + 1)

    def group(row: int) -> int:
        label = int(labels[row])
        while top[label] != label:
            label = int(top[label])
        return label

    enemies: dict[int, set[int]] = defaultdict(set)
    for a, b in (*apart, *(answer.rows for answer in answers if not answer.same)):
        one, other = group(a), group(b)
        if one != other:
            enemies[one].add(other)
            enemies[other].add(one)
    held: dict[int, set[int]] = defaultdict(set)
    for row in np.flatnonzero(colours >= 0).tolist():
        held[group(row)].add(int(colours[row]))
    for answer in answers:
        one, other = sorted(group(row) for row in answer.rows)
        if (
            not answer.same
            or one == other
            or answer.meeting.height < NEAR_SHARE * level
            or other in enemies[one]
            or len(held[one] | held[other]) > 1
        ):
            continue
        top[other] = one
        held[one] |= held[other]
        for third in enemies[other]:
            enemies[third].discard(other)
            enemies[third].add(one)
            enemies[one].add(third)
    return np.array([group(row) for row in range(forest.m)], dtype=np.int64)
