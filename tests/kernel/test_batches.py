"""Ids for queries, a few at a time."""

from feedback.kernel.batches import batches


def test_each_id_comes_once_and_in_order():
    assert list(batches([5, 1, 4, 1, 2, 3], size=2)) == [[1, 2], [3, 4], [5]]
    assert list(batches(iter(()))) == []
