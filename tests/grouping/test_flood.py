"""What says nearly the same, by vectors: of posts, and of the meanings that were kept of what was said."""

from dataclasses import dataclass

import numpy as np
import pytest

from feedback.grouping.similar import flood


@dataclass
class Meaning:
    """Words that lie at ``angle``, in degrees, and posts at a cosine."""

    angle: float

    @property
    def query(self):
        turn = np.radians(self.angle)
        return np.array([np.cos(turn), np.sin(turn)], dtype=np.float32)

    def nearest(self, count, product):
        return {"near": 0.95, "far": 0.92}


@pytest.fixture
def at(monkeypatch, board):
    """Return what is alike to words at an angle: ``at(10, kept)``."""

    def alike(angle, kept=()):
        monkeypatch.setattr(flood, "meaning_of", lambda words: Meaning(angle))
        return flood.nearly_the_same("Cheap hats", board, kept)

    return alike


def test_kept_meanings_and_posts_each_from_a_cosine_on(at):
    kept = [at(angle).meaning for angle in (0, 27, 30, 90)]
    found = at(0, kept)
    assert list(found.said) == [0, 1]
    assert list(found.posts) == ["near"]


def test_what_another_model_meant_is_not_compared(at):
    kept = [np.ones(3, dtype="<f2").tobytes(), at(0).meaning]
    assert list(at(0, kept).said) == [1]


def test_nothing_while_nobody_knows_what_words_mean(monkeypatch, board):
    monkeypatch.setattr(flood, "meaning_of", lambda words: None)
    found = flood.nearly_the_same("Cheap hats", board, [b"ab"])
    assert not found.posts and not found.said and not found.meaning
