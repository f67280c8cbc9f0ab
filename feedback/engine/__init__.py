"""The grouping engine: pure numpy, scipy and scikit-learn; no Django.

`Corpus` holds posts, `Grouper` groups them under `Constraints`, `Placer` places one more, `Similar` finds.

Names are loaded when first used: a web process that only shows what was decided never loads scikit-learn.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from feedback.engine.areas.areas import Areas, FoundArea
    from feedback.engine.areas.asks import Asks
    from feedback.engine.data.corpus import BadCorpus, Corpus, Id
    from feedback.engine.data.space import Space
    from feedback.engine.describe.groups import Group
    from feedback.engine.describe.keywords import Keywords
    from feedback.engine.describe.reasons import Ground, Near, Reason
    from feedback.engine.describe.summaries import Quote, Summaries
    from feedback.engine.grouper import Grouper
    from feedback.engine.neighbours.similar import Similar
    from feedback.engine.place.calibration import Threshold, leave_one_out, threshold_for
    from feedback.engine.place.placer import Candidate, Placement, Placer
    from feedback.engine.rules.alignment import Lineage, kept
    from feedback.engine.rules.constraints import Constraints, Contradiction
    from feedback.engine.stats.quality import Quality, recall_at
    from feedback.engine.stats.trends import Rises, Sightings, rises
    from feedback.engine.words.speech import Speech

_HOMES = {
    "Areas": "areas.areas",
    "Asks": "areas.asks",
    "BadCorpus": "data.corpus",
    "Candidate": "place.placer",
    "Constraints": "rules.constraints",
    "Contradiction": "rules.constraints",
    "Corpus": "data.corpus",
    "FoundArea": "areas.areas",
    "Ground": "describe.reasons",
    "Group": "describe.groups",
    "Grouper": "grouper",
    "Id": "data.corpus",
    "Keywords": "describe.keywords",
    "Lineage": "rules.alignment",
    "Near": "describe.reasons",
    "Placement": "place.placer",
    "Placer": "place.placer",
    "Quality": "stats.quality",
    "Quote": "describe.summaries",
    "Reason": "describe.reasons",
    "Similar": "neighbours.similar",
    "Space": "data.space",
    "Speech": "words.speech",
    "Summaries": "describe.summaries",
    "Rises": "stats.trends",
    "Sightings": "stats.trends",
    "Threshold": "place.calibration",
    "kept": "rules.alignment",
    "leave_one_out": "place.calibration",
    "recall_at": "stats.quality",
    "rises": "stats.trends",
    "threshold_for": "place.calibration",
}

__all__ = [
    "Areas",
    "Asks",
    "BadCorpus",
    "Candidate",
    "Constraints",
    "Contradiction",
    "Corpus",
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
    "Speech",
    "Summaries",
    "Threshold",
    "kept",
    "leave_one_out",
    "recall_at",
    "rises",
    "threshold_for",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)
