"""The grouping engine: pure numpy, scipy and scikit-learn; no Django.

`Corpus` holds posts, `Grouper` groups them under `Constraints`, `Placer` places one more, `Similar` finds.

Names are loaded when first used: a web process that only shows what was decided never loads scikit-learn.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .align import Difference, Lineage, difference, kept
    from .areas import Areas, FoundArea
    from .asks import Asks
    from .calibrate import Threshold, leave_one_out, threshold_for
    from .constraints import Constraints, Contradiction
    from .corpus import BadCorpus, Corpus, Id, Space
    from .grouper import Group, Grouper
    from .placer import Candidate, Placement, Placer
    from .quality import Quality, pairs_auc, recall_at
    from .reasons import Ground, Near, Reason
    from .similar import Similar
    from .summaries import Quote, Summaries
    from .titles import Keywords
    from .trends import Rises, Sightings, rises

_HOMES = {
    "Areas": "areas",
    "Asks": "asks",
    "BadCorpus": "corpus",
    "Candidate": "placer",
    "Constraints": "constraints",
    "Contradiction": "constraints",
    "Corpus": "corpus",
    "Difference": "align",
    "FoundArea": "areas",
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
    "Rises": "trends",
    "Sightings": "trends",
    "Threshold": "calibrate",
    "difference": "align",
    "kept": "align",
    "leave_one_out": "calibrate",
    "pairs_auc": "quality",
    "recall_at": "quality",
    "rises": "trends",
    "threshold_for": "calibrate",
}

__all__ = [
    "Areas",
    "Asks",
    "BadCorpus",
    "Candidate",
    "Constraints",
    "Contradiction",
    "Corpus",
    "Difference",
    "FoundArea",
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
    "Rises",
    "Sightings",
    "Similar",
    "Space",
    "Summaries",
    "Threshold",
    "difference",
    "kept",
    "leave_one_out",
    "pairs_auc",
    "recall_at",
    "rises",
    "threshold_for",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)
