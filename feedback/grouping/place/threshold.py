"""From which mean similarity a new post joins an ask."""

from collections.abc import Callable

from feedback.grouping.models import Run

#: Returns the threshold that people's judgements ask for, of the run's model; None where there is none.
Calibrated = Callable[[Run], float | None]

_calibrated: list[Calibrated] = []


def calibrate_with(calibrated: Calibrated) -> None:
    """Have ``calibrated`` asked first. The room that measures is above this one and says so when it starts."""
    _calibrated[:] = [calibrated]


def placing_threshold(run: Run) -> float:
    """Return from which mean cosine a new post joins an ask: the calibrated one, or else the run's own."""
    for calibrated in _calibrated:
        threshold = calibrated(run)
        if threshold is not None:
            return threshold
    return run.threshold if run.threshold is not None else 1.0
