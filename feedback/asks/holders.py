"""What higher rooms hold on to: an ask they hold is not dismissed, hidden again or moved past them.

The roadmap is above this room and may not be imported here. It registers its check in ``AppConfig.ready``; the
operations that would take an ask out of its hands call `refuse` inside their transaction.
"""

from collections.abc import Callable

from feedback.asks.models import Ask

#: Raises `Refusal` when its room holds on to the ask.
Check = Callable[[Ask], None]

_checks: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """Have ``check`` asked before an ask is taken from under its room. Call in ``AppConfig.ready``."""
    _checks[name] = check


def refuse(ask: Ask) -> None:
    """Raise `Refusal`, with what to do instead, when another room holds on to ``ask``."""
    for check in _checks.values():
        check(ask)
