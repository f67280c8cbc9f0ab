"""One look at everything an operator would look at."""

from feedback.ops.doctor.finding import Finding, Level, examine

__all__ = ["Finding", "Level", "examine"]
