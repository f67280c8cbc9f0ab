"""The grouping engine: pure numpy, scipy and scikit-learn; no Django.

`Corpus` holds posts, `Grouper` groups them under `Constraints`, `Placer` places one more, `Similar` finds.

Names are loaded when first used: a web process that only shows what was decided never loads scikit-learn.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .align import Difference, Lineage, difference, kept
    from .constraints import Constraints, Contradiction
    from .corpus import BadCorpus, Corpus, Id, Space
    from .grouper import Group, Grouper
    from .placer import Candidate, Placement, Placer
    from .quality import Quality, pairs_auc, recall_at
    from .reasons import Ground, Near, Reason
    from .similar import Similar
    from .summaries import Quote, Summaries
    from .titles import Keywords

_HOMES = {
    "BadCorpus": "corpus",
    "Candidate": "placer",
    "Constraints": "constraints",
    "Contradiction": "constraints",
    "Corpus": "corpus",
    "Difference": "align",
    "Ground": "reasons",
    "Group": "grouper",
    "Grouper": "grouper",
    "Id": "corpus",
    "Keywords": "titles",
    "Lineage": "align",
    "Near": "reasons",
    "Placement": "placer",
    "Placer": "placer",
    "Quality": "quality",
    "Quote": "summaries",
    "Reason": "reasons",
    "Similar": "similar",
    "Space": "corpus",
    "Summaries": "summaries",
    "difference": "align",
    "kept": "align",
    "pairs_auc": "quality",
    "recall_at": "quality",
}

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
    "Quote",
    "Reason",
    "Similar",
    "Space",
    "Summaries",
    "difference",
    "kept",
    "pairs_auc",
    "recall_at",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)
