"""Decisions teach more than their own pair."""

from collections.abc import Sequence

import numpy as np
import pytest

from feedback.engine import Constraints, Grouper
from feedback.engine.cluster.linkage import average_linkage
from feedback.engine.questions.active_learning import odds_of_same
from feedback.engine.questions.answers import Answer, Meeting, meetings
from feedback.engine.questions.feedback import cut_with_answers, taught_level
from feedback.engine.stats.quality import quality
from tests.engine.boards import board


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


def _answer(meeting: Meeting, same: bool, rows: tuple[int, int] = (0, 1)) -> Answer:
    return Answer((f"p{rows[0]}", f"p{rows[1]}"), rows, meeting, same)


def test_answers_move_the_level_towards_what_they_say_but_not_far() -> None:
    said_apart = [_answer(Meeting(0.30 + 0.002 * i, 5, 5), same=False) for i in range(10)]
    said_same = [_answer(Meeting(0.36 + 0.002 * i, 5, 5), same=True) for i in range(10)]
    level = taught_level(0.28, said_apart + said_same)
    assert 0.31 < level < 0.37
    assert taught_level(0.28, said_apart[:3]) == 0.28
    assert taught_level(0.28, [_answer(Meeting(0.9, 5, 5), same=False)] * 10) < 0.6


def _two_pairs_and_one() -> np.ndarray:
    """0 and 1 meet at .9, 2 and 3 at .8, both pairs at .5, and 4 joins at .3."""
    similarity = np.full((5, 5), 0.3, dtype=np.float32)
    similarity[:4, :4] = 0.5
    similarity[0, 1] = similarity[1, 0] = 0.9
    similarity[2, 3] = similarity[3, 2] = 0.8
    return similarity


def _cut(answers: list[tuple[int, int, bool]], level: float, colours: Sequence[int] = ()) -> str:
    forest = average_linkage(_two_pairs_and_one())
    met = meetings(forest, [(a, b) for a, b, _ in answers])
    labels = cut_with_answers(
        forest,
        level,
        [
            _answer(meeting, same, (a, b))
            for (a, b, same), meeting in zip(answers, met, strict=True)
        ],
        colours=np.array(colours or [-1] * 5),
    )
    return "".join(chr(ord("A") + sorted(set(labels.tolist())).index(label)) for label in labels)


def test_an_answer_sets_its_join_right_for_all_who_meet_there() -> None:
    assert _cut([], 0.6) == "AABBC"
    assert _cut([(0, 2, True)], 0.6) == "AAAAB"
    assert _cut([(1, 3, False)], 0.4) == "AABBC"
    assert _cut([(2, 3, False)], 0.4) in {"AAABC", "AABAC"}
    assert _cut([(0, 2, True), (1, 3, False)], 0.6) == "AABBC"


def test_groups_do_not_join_by_an_answer_where_something_stands_between_them() -> None:
    assert _cut([(0, 2, True)], 0.6, [7, -1, -1, 8, -1]) == "AABBC"
    assert _cut([(0, 2, True)], 0.6, [7, -1, -1, 7, -1]) == "AAAAB"
    assert _cut([(0, 4, True)], 0.7) == "AABBC"


def test_what_answers_say_moves_the_odds() -> None:
    heights = np.array([0.2, 0.4, 0.8])
    before = odds_of_same(heights, 0.4, [])
    assert before[1] == pytest.approx(0.5, abs=0.01)
    assert before[0] < before[1] < before[2]
    after = odds_of_same(heights, 0.4, [_answer(Meeting(0.4, 1, 1), same=True)] * 5)
    assert (after > before).all()


def test_answers_to_the_engines_questions_make_the_rest_of_boards_better() -> None:
    gained = 0.0
    for seed in (0, 1, 4):
        corpus, truth = board(n=400, asks=16, noise=0.95, seed=seed)
        label = dict(zip(corpus.ids, truth, strict=True))
        grouper = Grouper().fit(corpus)
        gained -= quality(truth, grouper.labels_).ari
        together, apart = [], []
        for _ in range(3):
            for question in grouper.questions(8):
                pair = (question.a, question.b)
                assert pair not in together
                assert pair not in apart
                (together if label[question.a] == label[question.b] else apart).append(pair)
            grouper = Grouper().fit(corpus, Constraints(together=together, apart=apart))
        assert len(together) + len(apart) == 24
        gained += quality(truth, grouper.labels_).ari
        keys = grouper.keys_
        assert all(keys[a] == keys[b] for a, b in together)
        assert all(keys[a] != keys[b] for a, b in apart)
    assert gained > 0
