"""Decisions teach more than their own pair."""

import numpy as np
import pytest

from feedback.insight.engine import Constraints, Grouper
from feedback.insight.engine.learning import Meeting, joined_groups, meetings, taught_level
from feedback.insight.engine.linkage import average_linkage
from feedback.insight.engine.quality import quality

from .boards import board


def test_two_rows_meet_where_their_groups_join() -> None:
    similarity = np.array(
        [[1, 0.9, 0.5, 0.1], [0.9, 1, 0.5, 0.1], [0.5, 0.5, 1, 0.1], [0.1, 0.1, 0.1, 1]],
        dtype=np.float32,
    )
    forest = average_linkage(similarity)
    near, middle, far = meetings(forest, [(0, 1), (2, 1), (3, 0)])
    assert near.height == pytest.approx(0.9)
    assert (middle.height, {middle.left, middle.right}) == (pytest.approx(0.5), {1, 2})
    assert (far.height, {far.left, far.right}) == (pytest.approx(0.1), {1, 3})


def test_answers_move_the_level_towards_what_they_say_but_not_far() -> None:
    said_apart = [(Meeting(0.30 + 0.002 * i, 5, 5), False) for i in range(10)]
    said_same = [(Meeting(0.36 + 0.002 * i, 5, 5), True) for i in range(10)]
    level = taught_level(0.28, said_apart + said_same)
    assert 0.31 < level < 0.37
    assert taught_level(0.28, said_apart[:3]) == 0.28
    assert taught_level(0.28, [(Meeting(0.9, 5, 5), False)] * 10) < 0.6


def test_groups_whose_faces_belong_together_become_one_unless_a_decision_forbids() -> None:
    plain = np.array([0, 0, 0, 1, 1, 1])
    labels = np.array([0, 0, 2, 2, 1, 1])
    joined = joined_groups(labels, plain, [(2, 3)], colours={}, apart=[])
    assert len(set(joined[[0, 1, 4, 5]])) == 1
    for forbidden in (
        joined_groups(labels, plain, [(2, 3)], colours={}, apart=[(0, 4)]),
        joined_groups(labels, plain, [(2, 3)], colours={0: "a", 4: "b"}, apart=[]),
        joined_groups(labels, plain, [(2, 3)], colours={}, apart=[], closed=[5]),
    ):
        assert forbidden[0] != forbidden[4]


def test_answers_to_the_engines_questions_make_the_rest_of_the_board_better() -> None:
    corpus, truth = board(n=400, asks=16, noise=0.85, seed=4)
    label = dict(zip(corpus.ids, truth, strict=True))
    grouper = Grouper().fit(corpus)
    before = quality(truth, grouper.labels_).ari
    together, apart = [], []
    for _ in range(3):
        for question in grouper.questions(8):
            pair = (question.a, question.b)
            assert pair not in together
            assert pair not in apart
            (together if label[question.a] == label[question.b] else apart).append(pair)
        grouper = Grouper().fit(corpus, Constraints(together=together, apart=apart))
    assert len(together) + len(apart) == 24
    assert quality(truth, grouper.labels_).ari >= before
    keys = grouper.keys_
    assert all(keys[a] == keys[b] for a, b in together)
    assert all(keys[a] != keys[b] for a, b in apart)
