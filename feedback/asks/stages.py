"""The stages of an ask and of a roadmap item, and which may follow which."""

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from feedback.kernel.refusals import Refusal


class Stage(models.TextChoices):
    """Where an ask stands, in the order of the way."""

    UNDER_REVIEW = "UNDER_REVIEW", pgettext_lazy("stage", "Under review")
    PLANNED = "PLANNED", pgettext_lazy("stage", "Planned")
    IN_PROGRESS = "IN_PROGRESS", pgettext_lazy("stage", "In progress")
    BETA = "BETA", pgettext_lazy("stage", "Beta")
    SHIPPED = "SHIPPED", pgettext_lazy("stage", "Shipped")
    DECLINED = "DECLINED", pgettext_lazy("stage", "Declined")


_ALLOWED: dict[Stage, frozenset[Stage]] = {
    Stage.UNDER_REVIEW: frozenset({Stage.PLANNED, Stage.DECLINED}),
    Stage.PLANNED: frozenset(
        {Stage.UNDER_REVIEW, Stage.IN_PROGRESS, Stage.BETA, Stage.SHIPPED, Stage.DECLINED}
    ),
    Stage.IN_PROGRESS: frozenset({Stage.PLANNED, Stage.BETA, Stage.SHIPPED, Stage.DECLINED}),
    Stage.BETA: frozenset({Stage.IN_PROGRESS, Stage.SHIPPED, Stage.DECLINED}),
    Stage.SHIPPED: frozenset({Stage.IN_PROGRESS}),
    Stage.DECLINED: frozenset({Stage.UNDER_REVIEW, Stage.PLANNED}),
}


def after(stage: Stage | str) -> frozenset[Stage]:
    """Return the stages that may follow ``stage``."""
    return _ALLOWED[Stage(stage)]


def check_allowed(present: Stage | str, wanted: Stage | str) -> None:
    """Raise `Refusal` unless ``wanted`` may follow ``present`` on the way of an ask."""
    if Stage(wanted) not in after(present):
        raise Refusal(
            _("An ask that is %(present)s cannot become %(wanted)s.")
            % {
                "present": Stage(present).label.lower(),
                "wanted": Stage(wanted).label.lower(),
            }
        )
