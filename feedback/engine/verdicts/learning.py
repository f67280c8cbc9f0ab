"""Learning from what people removed and what they let stand."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from feedback.engine.verdicts.features import SIZE, Case, places, values

#: With fewer verdicts of a kind there is nothing to learn from.
FEWEST_REMOVED, FEWEST_STOOD = 20, 100
#: Of what stood at most this share would have waited, and of what was removed at least that would have.
WRONGLY, USEFUL = 0.005, 0.2
_FOLDS = 5


@dataclass(frozen=True)
class Learned:
    """What was learned. ``weights``: (SIZE + 1,), the bias last; a score of ``threshold`` or more is held.

    ``caught`` is the share of what was removed that would have been held, by a model that had not seen it.
    """

    weights: npt.NDArray[np.float32]
    threshold: float
    caught: float


def learn(removed: Sequence[Case], stood: Sequence[Case], *, seed: int = 0) -> Learned | None:
    """Return what tells ``removed`` from ``stood``; None where there is too little, or nothing tells them apart.

    The threshold is set by scores of models that have not seen the text: of what stood no more than `WRONGLY` lies at or above it.
    """
    if len(removed) < FEWEST_REMOVED or len(stood) < FEWEST_STOOD:
        return None
    rows = _matrix([*removed, *stood])
    labels = np.array([1] * len(removed) + [0] * len(stood))
    model = LogisticRegression(C=4.0, class_weight="balanced", solver="liblinear")
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=seed)
    unseen = cross_val_predict(model, rows, labels, cv=folds, method="decision_function")
    threshold = _threshold(unseen[labels == 0])
    caught = float((unseen[labels == 1] >= threshold).mean())
    if caught < USEFUL:
        return None
    model.fit(rows, labels)
    weights = np.append(model.coef_[0], model.intercept_).astype(np.float32)
    return Learned(weights, threshold, caught)


def _threshold(stood: npt.NDArray[np.float64]) -> float:
    """Return a score that at most `WRONGLY` of ``stood`` reach, and never less than 0."""
    allowed = int(len(stood) * WRONGLY)
    return max(0.0, float(np.nextafter(np.sort(stood)[len(stood) - 1 - allowed], np.inf)))


def _matrix(cases: Sequence[Case]) -> csr_matrix:
    where = [places(text, circumstances) for text, circumstances in cases]
    ends = np.cumsum([0, *map(len, where)])
    data = np.concatenate([values(one) for one in where])
    return csr_matrix((data, np.concatenate(where), ends), shape=(len(cases), SIZE))
