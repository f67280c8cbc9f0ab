"""One judgement for placing and compose: sure, perhaps, or nothing."""

import numpy as np

from feedback.engine import Corpus, Placer
from feedback.engine.place.judgement import FLOOR, MARGIN, Verdict

VIEWS = [("a", 0, 2), ("b", 2, 4)]


def rows(*pairs: tuple[float, float]) -> np.ndarray:
    """Return vectors of two views, each a unit vector at an angle in degrees."""
    out = np.array(
        [
            [
                np.cos(np.radians(x)),
                np.sin(np.radians(x)),
                np.cos(np.radians(y)),
                np.sin(np.radians(y)),
            ]
            for x, y in pairs
        ]
    )
    return (out / np.sqrt(2)).astype(np.float32)


def placer() -> Placer:
    vectors = rows((0, 0), (5, 5), (90, 90), (95, 95))
    corpus = Corpus([1, 2, 3, 4], vectors, ["dark", "night", "export", "csv"], views=VIEWS)
    return Placer(corpus, {1: "dark", 2: "dark", 3: "export", 4: "export"}, threshold=0.6)


def placed(angle: tuple[float, float]):
    return placer().place(Corpus([9], rows(angle), ["something new"], views=VIEWS))[0]


def test_a_post_that_all_views_put_in_one_group_joins_it() -> None:
    one = placed((2, 2))
    assert one.key == "dark"
    assert one.judgement.verdict is Verdict.SAME
    assert one.judgement.margin > MARGIN


def test_a_view_that_sees_another_group_leaves_it_an_offer() -> None:
    one = placed((0, 60))
    assert one.key is None
    assert one.judgement.verdict is Verdict.LIKE
    assert one.judgement.dissent == ("b",)
    assert one.candidates[0].key == "dark"


def test_between_two_groups_nobody_is_sure() -> None:
    one = placed((46, 46))
    assert one.key is None
    assert one.judgement.verdict is Verdict.LIKE


def test_below_the_floor_nothing_is_said() -> None:
    one = placed((180, 250))
    assert one.candidates[0].score < FLOOR * 0.6
    assert one.judgement.verdict is Verdict.NOTHING
