"""Badges: what a person has for what came of what they did. Each is a function of their outcomes alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Counts = Mapping[str, int]


@dataclass(frozen=True)
class Badge:
    """What whoever has so many outcomes of a kind gets. Of one ``line`` a person has the highest alone.

    ``key`` stands in `User.mark`, for ever.
    """

    key: str
    line: str
    kind: str
    least: int
    sign: str
    name: str | Promise
    why: str | Promise
    #: Whether it is rare enough to stand beside a name; all stand on a person's page.
    is_mark: bool = False

    def is_earned(self, counts: Counts) -> bool:
        """Whether whoever has these outcomes has it."""
        return counts.get(self.kind, 0) >= self.least


#: From the one that says most to the one that says least: the first stands beside a name.
BADGES = (
    Badge("shipped-10", "shipped", "shipped", 10, "train", _("Ten shipped"), _("Ten asks of yours shipped."), is_mark=True),
    Badge("answers-10", "answers", "answers", 10, "lamp", _("Guiding light"), _("You answered the questions of ten people."), is_mark=True),
    Badge("shipped-3", "shipped", "shipped", 3, "train", _("Three shipped"), _("Three asks of yours shipped."), is_mark=True),
    Badge("shipped-1", "shipped", "shipped", 1, "train", _("Shipped"), _("An ask of yours shipped.")),
    Badge("answers-1", "answers", "answers", 1, "answer", _("Helping hand"), _("You answered somebody's question.")),
    Badge("betas-3", "betas", "betas", 3, "ring", _("Regular of the ring"), _("You tried three releases before everyone."), is_mark=True),
    Badge("betas-1", "betas", "betas", 1, "ring", _("Ring tester"), _("You tried a release before everyone.")),
    Badge("corrections-1", "corrections", "corrections", 1, "compass", _("Sharp eye"), _("You set a grouping right.")),
    Badge("reports-3", "reports", "reports", 3, "shield", _("Keeper of the peace"), _("Three reports of yours were right.")),
    Badge("asks-1", "asks", "asks", 1, "seedling", _("Taken up"), _("The team took up an ask of yours.")),
)  # fmt: skip
BY_KEY = {one.key: one for one in BADGES}


def badges_of(counts: Counts) -> list[Badge]:
    """Return the badges that these outcomes earn, what says most first, of each line the highest."""
    found: dict[str, Badge] = {}
    for badge in BADGES:
        if badge.is_earned(counts):
            found.setdefault(badge.line, badge)
    return list(found.values())
