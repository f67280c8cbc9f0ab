"""Vectors in memory and in a file: the same answers, whatever happened to the file."""

import numpy as np
import pytest
from django.conf import settings as configured

from feedback.grouping.models import EncoderModel, Vector
from feedback.grouping.similar import matrix
from feedback.grouping.similar.matrix import VectorMatrix
from feedback.kernel import clock

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        configured.TEST_DATABASE == "postgres", reason="PostgreSQL keeps the vectors itself"
    ),
]


@pytest.fixture(autouse=True)
def small(settings, tmp_path, monkeypatch):
    """A board of two hundred texts is large."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(matrix, "IN_A_FILE_FROM", 100)
    monkeypatch.setattr(matrix, "READ_AT_ONCE", 1_000_000)


@pytest.fixture
def model():
    return EncoderModel.objects.create(
        model_key="test",
        dims=24,
        views=[["use", 4, 20]],
        is_current=True,
        first_seen_at=clock.now(),
    )


def add(model, start, stop):
    """Store vectors, of which `expected` knows the truth."""
    for number in range(start, stop):
        Vector.objects.create(
            content_hash=f"{number:032x}", model_key=model.model_key, embedding=row_of(number)
        )


def row_of(number):
    return np.random.default_rng(number).normal(size=24).astype(np.float32)


def expected(query, count):
    """The cosine of every text."""
    rows = np.stack([row_of(number)[4:20] for number in range(count)])
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)) @ query


def unit(seed):
    query = np.random.default_rng(seed).normal(size=16).astype(np.float32)
    return query / np.linalg.norm(query)


def opened(model):
    held = VectorMatrix(model, ("use", 4, 20))
    assert held.refresh()
    return held


def same(held, count):
    for seed in range(5):
        query = unit(1_000 + seed)
        scores = expected(query, count)
        found = held.nearest(query, 10)
        # Half precision may swap neighbours that are equally near.
        assert [score for _, score in found] == pytest.approx(np.sort(scores)[:-11:-1], abs=0.002)
        for name, score in found:
            assert scores[int(name, 16)] == pytest.approx(score, abs=0.002)
        known = held.cosines([f"{number:032x}" for number in (0, count - 1, count + 9)], query)
        assert set(known) == {f"{0:032x}", f"{count - 1:032x}"}
        assert known[f"{0:032x}"] == pytest.approx(scores[0], abs=0.002)


def files(tmp_path):
    return sorted(path.name for path in (tmp_path / "vectors").glob("*.matrix"))


def test_a_small_board_needs_no_file(model, tmp_path):
    add(model, 0, 50)
    same(opened(model), 50)
    assert not (tmp_path / "vectors").exists()


def test_no_vectors_at_all(model):
    assert opened(model).nearest(unit(0), 5) == []


def test_a_second_process_maps_the_file_of_the_first(model, tmp_path, monkeypatch):
    add(model, 0, 200)
    same(opened(model), 200)
    assert len(files(tmp_path)) == 1

    def read_again(*args):
        raise AssertionError("The vectors were read from the database again.")

    monkeypatch.setattr(VectorMatrix, "_read_all", read_again)
    second = opened(model)
    same(second, 200)
    assert isinstance(second._held.rows.base, np.memmap)


def test_what_came_later_is_known_and_a_grown_board_gets_a_new_file(model, tmp_path):
    add(model, 0, 200)
    held = opened(model)
    add(model, 200, 260)
    assert held.refresh()
    same(held, 260)
    assert len(held._held.late_rows) == 60
    add(model, 260, 320)
    assert held.refresh()
    same(held, 320)
    assert len(held._held.late_rows) == 0


@pytest.mark.parametrize("harm", ["cut", "empty", "other", "noise"])
def test_a_damaged_file_is_made_anew(model, tmp_path, harm):
    add(model, 0, 200)
    opened(model)
    path = next((tmp_path / "vectors").glob("*.matrix"))
    whole = path.read_bytes()
    path.unlink()
    path.write_bytes(
        {
            "cut": whole[: len(whole) // 2],
            "empty": b"",
            "other": whole.replace(b'"identity": "', b'"identity": "x', 1)[: len(whole)],
            "noise": b"\x93" * len(whole),
        }[harm]
    )
    same(opened(model), 200)
    assert path.read_bytes() == whole


def test_the_file_of_a_database_that_was_replaced_is_not_used(model):
    add(model, 0, 200)
    opened(model)
    last = Vector.objects.latest("pk")
    Vector.objects.filter(pk=last.pk).update(content_hash="f" * 32)
    found = opened(model).nearest(unit(0), 200)
    assert "f" * 32 in {name for name, _ in found}


def test_without_a_folder_to_write_to_it_works_all_the_same(model, tmp_path, monkeypatch):
    add(model, 0, 200)

    def full(*args, **kwargs):
        raise OSError("No space left on device")

    monkeypatch.setattr(matrix, "_write", full)
    same(opened(model), 200)
