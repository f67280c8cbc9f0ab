"""Properties that hold for every board and every set of decisions."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.engine import Constraints, Contradiction, Grouper, kept
from tests.engine.boards import board

CORPUS, TRUTH = board()
ALONE = Grouper().fit(CORPUS).keys_
_posts = st.sampled_from(list(CORPUS.ids))
_pairs = st.lists(st.tuples(_posts, _posts).filter(lambda pair: pair[0] != pair[1]), max_size=12)
_keys = st.sampled_from([*sorted(set(ALONE.values()))[:4], "made-by-hand"])


@st.composite
def decisions(draw: st.DrawFn) -> Constraints:
    return Constraints(
        together=draw(_pairs),
        apart=draw(_pairs),
        pinned=draw(st.dictionaries(_posts, _keys, max_size=4)),
        excluded=draw(st.lists(st.tuples(_posts, _keys), max_size=3)),
        locked=draw(st.sets(_keys, max_size=1)),
    )


@settings(max_examples=60, deadline=None)
@given(decisions())
def test_every_decision_is_held_or_reported_as_a_contradiction(given_: Constraints) -> None:
    if given_.contradiction(ALONE) is not None:
        with pytest.raises(Contradiction):
            Grouper().fit(CORPUS, given_, ALONE)
        return
    keys = Grouper().fit(CORPUS, given_, ALONE).keys_
    assert all(keys[a] == keys[b] for a, b in given_.together)
    assert all(keys[a] != keys[b] for a, b in given_.apart)
    assert all(keys[i] == key for i, key in given_.pinned.items())
    assert all(keys[i] != key for i, key in given_.excluded)
    moved_by_people = given_.mentioned()
    for key in given_.locked:
        assert {i for i in keys if ALONE[i] == key} - moved_by_people <= {
            i for i in keys if keys[i] == key
        }
        assert {i for i in keys if keys[i] == key} - {
            i for i in keys if ALONE[i] == key
        } <= moved_by_people


@settings(max_examples=25, deadline=None)
@given(decisions(), st.permutations(range(len(CORPUS))))
def test_the_order_of_the_posts_changes_nothing(given_: Constraints, order: list[int]) -> None:
    if given_.contradiction(ALONE) is not None:
        return
    straight = Grouper().fit(CORPUS, given_, ALONE)
    shuffled = Grouper().fit(CORPUS.take(order), given_, ALONE)
    assert straight.keys_ == shuffled.keys_
    assert [group.title for group in straight.groups_] == [
        group.title for group in shuffled.groups_
    ]


@settings(max_examples=40, deadline=None)
@given(decisions())
def test_taking_the_decisions_back_restores_what_the_machine_would_say(given_: Constraints) -> None:
    if given_.contradiction() is not None:
        return
    Grouper().fit(CORPUS, given_)
    assert Grouper().fit(CORPUS).keys_ == ALONE


def test_a_decision_taken_back_lets_its_posts_return_home() -> None:
    a, b = (
        CORPUS.ids[0],
        next(i for i, ask in zip(CORPUS.ids, TRUTH, strict=True) if ask != TRUTH[0]),
    )
    bound = Grouper().fit(CORPUS, Constraints(together=[(a, b)]), ALONE).keys_
    assert bound[a] == bound[b]
    freed = Grouper().fit(CORPUS, Constraints(released=[a, b]), bound).keys_
    assert freed == ALONE


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_board_that_grows_by_a_twentieth_keeps_its_groups(seed: int) -> None:
    grown, _ = board(n=300, asks=12, seed=seed)
    small = grown.take(range(285))
    before = Grouper().fit(small).keys_
    after = Grouper().fit(grown, previous=before).keys_
    assert kept(before, after) >= 0.99


def test_a_contradiction_names_the_chain_of_decisions() -> None:
    given_ = Constraints(together=[("a", "b"), ("b", "c")], apart=[("a", "c")])
    with pytest.raises(Contradiction) as caught:
        given_.resolve()
    assert caught.value.chain == ("a together with b", "b together with c", "a apart from c")


def test_two_homes_for_one_chain_of_posts_are_a_contradiction() -> None:
    given_ = Constraints(together=[("a", "b")], pinned={"a": "X", "b": "Y"})
    found = given_.contradiction()
    assert found is not None
    assert "a belongs to X" in found.chain
    assert "b belongs to Y" in found.chain


def test_apart_posts_stay_apart_although_their_words_are_the_same() -> None:
    corpus, _ = board(n=30)
    texts = ["the same words"] * 3 + list(corpus.texts[3:])
    same = type(corpus)(corpus.ids, corpus.vectors[[0, 0, 0, *range(3, 30)]], texts)
    a, b, c = same.ids[:3]
    keys = Grouper().fit(same).keys_
    assert keys[a] == keys[b] == keys[c]
    keys = Grouper().fit(same, Constraints(apart=[(a, b)])).keys_
    assert keys[a] != keys[b]
