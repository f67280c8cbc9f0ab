"""What else ends when somebody signs out in a browser: each room says what it keeps for that browser."""

from collections.abc import Callable

from django.http import HttpRequest

Step = Callable[[HttpRequest], None]

_steps: list[Step] = []


def also(step: Step) -> None:
    """Have ``step`` done before a person's session ends. Called in `AppConfig.ready`."""
    if step not in _steps:
        _steps.append(step)


def end(request: HttpRequest) -> None:
    """End what this browser has of whoever is signed in."""
    for step in _steps:
        step(request)
