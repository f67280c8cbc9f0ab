"""Who hears of what. A higher room subscribes in its `AppConfig.ready`; the journal never imports it."""

from collections.abc import Callable, Collection

from feedback.journal.models import Entry
from feedback.journal.verbs import Verb

Handler = Callable[[Entry], None]

_handlers: dict[str, Handler] = {}
_verbs: dict[str, frozenset[Verb]] = {}


def subscribe(consumer: str, *, verbs: Collection[str], handler: Handler) -> None:
    """Have ``handler(entry)`` called once for every entry with one of ``verbs``.

    The handler runs in the transaction that closes the dispatch, so what it writes to the database happens
    exactly once however often the worker is killed. Names are for ever: they stand in the dispatch rows. Raises
    `ValueError` for a verb that is not in `Verb`.
    """
    _handlers[consumer] = handler
    _verbs[consumer] = frozenset(map(Verb, verbs))


def of_verb(verb: str) -> list[str]:
    """Return the consumers of ``verb``, sorted by name."""
    return sorted(name for name, verbs in _verbs.items() if verb in verbs)


def handler_of(consumer: str) -> Handler | None:
    """Return the handler, or None for a consumer that this installation no longer has."""
    return _handlers.get(consumer)
