"""How good a grouping is, against labels: ARI, AMI, B-cubed, recall@k, share alone, pairs."""

from collections.abc import Hashable, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from scipy.sparse import coo_matrix
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from feedback.engine.data.corpus import Ints


@dataclass(frozen=True)
class Quality:
    """Agreement of a grouping with the truth; ``alone_in_company`` is the share of posts that the grouping
    leaves alone although the truth gives them company."""

    ari: float
    ami: float
    b_cubed_precision: float
    b_cubed_recall: float
    b_cubed: float
    groups: int
    true_groups: int
    alone_in_company: float

    def as_dict(self) -> dict[str, float]:
        return {name: round(value, 4) for name, value in asdict(self).items()}


def _codes(labels: Sequence[Hashable] | Ints) -> Ints:
    seen: dict[Hashable, int] = {}
    return np.array([seen.setdefault(label, len(seen)) for label in labels], dtype=np.int64)


def quality(truth: Sequence[Hashable] | Ints, found: Sequence[Hashable] | Ints) -> Quality:
    """Compare ``found`` with ``truth``, a label per post. A post alone counts as a group of its own.

    ARI: Hubert and Arabie 1985. AMI: Vinh, Epps and Bailey 2010. B-cubed: Bagga and Baldwin 1998.
    """
    true, got = _codes(truth), _codes(found)
    n = len(true)
    cells = coo_matrix((np.ones(n), (true, got))).tocsr().tocoo()
    true_sizes, got_sizes = np.bincount(true), np.bincount(got)
    precision = float((cells.data**2 / got_sizes[cells.col]).sum() / n)
    recall = float((cells.data**2 / true_sizes[cells.row]).sum() / n)
    company = true_sizes[true] > 1
    alone = float((got_sizes[got][company] == 1).mean()) if company.any() else 0.0
    return Quality(
        ari=float(adjusted_rand_score(true, got)),
        ami=float(adjusted_mutual_info_score(true, got)),
        b_cubed_precision=precision,
        b_cubed_recall=recall,
        b_cubed=2 * precision * recall / (precision + recall),
        groups=len(got_sizes),
        true_groups=len(true_sizes),
        alone_in_company=alone,
    )


def recall_at(truth: Sequence[Hashable], nearest: Ints, k: int = 10) -> float:
    """Return the mean share of a post's true company (at most ``k``) among its first ``k`` ``nearest`` rows."""
    true = _codes(truth)
    sizes = np.bincount(true)
    shares = []
    for row, others in enumerate(nearest[:, :k]):
        company = sizes[true[row]] - 1
        if company:
            hits = sum(true[other] == true[row] for other in others if other >= 0)
            shares.append(hits / min(k, company))
    return float(np.mean(shares)) if shares else 0.0
