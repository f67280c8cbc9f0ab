"""The grouping engine: pure numpy, scipy and scikit-learn; no Django.

`Corpus` holds posts, `Grouper` groups them under `Constraints`, `Placer` places one more, `Similar` finds.
"""

from .align import Difference, Lineage, align, difference, kept
from .boilerplate import boilerplate
from .constraints import Constraints, Contradiction
from .corpus import BadCorpus, Corpus, Id, Space
from .grouper import Group, Grouper
from .neighbours import neighbours
from .placer import Candidate, Placement, Placer
from .quality import Quality, pairs_auc, quality, recall_at
from .reasons import Ground, Near, Reason
from .similar import Similar
from .titles import Keywords

__all__ = [
    "BadCorpus",
    "Candidate",
    "Constraints",
    "Contradiction",
    "Corpus",
    "Difference",
    "Ground",
    "Group",
    "Grouper",
    "Id",
    "Keywords",
    "Lineage",
    "Near",
    "Placement",
    "Placer",
    "Quality",
    "Reason",
    "Similar",
    "Space",
    "align",
    "boilerplate",
    "difference",
    "kept",
    "neighbours",
    "pairs_auc",
    "quality",
    "recall_at",
]
