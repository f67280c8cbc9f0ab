"""Who hears of what. A higher room subscribes in its `AppConfig.ready`; the journal never imports it."""

from collections.abc import Callable, Collection, Iterator

from feedback.journal.models import Entry
from feedback.journal.verbs import Verb

#: Does all at once, or yields after each stretch of it.
Handler = Callable[[Entry], Iterator[None] | None]

_handlers: dict[str, Handler] = {}
_verbs: dict[str, frozenset[Verb]] = {}
_of_news_alone: set[str] = set()


def subscribe(
    consumer: str, *, verbs: Collection[str], handler: Handler, news_alone: bool = False
) -> None:
    """Have ``handler(entry)`` called once for every entry with one of ``verbs``.

    The handler runs in the transaction that closes the dispatch, so what it writes to the database happens
    exactly once however often the worker is killed. With ``news_alone`` it does not hear of what happened elsewhere, long ago
    (`operations.old_news`). Names are for ever: they stand in the dispatch rows. Raises
    `ValueError` for a verb that is not in `Verb`.
    """
    _handlers[consumer] = handler
    _verbs[consumer] = frozenset(map(Verb, verbs))
    _of_news_alone.discard(consumer)
    if news_alone:
        _of_news_alone.add(consumer)


def of_verb(verb: str, *, is_news: bool = True) -> list[str]:
    """Return the consumers of ``verb``, sorted by name; of old news without those that hear of news alone."""
    return sorted(
        name
        for name, verbs in _verbs.items()
        if verb in verbs and (is_news or name not in _of_news_alone)
    )


def handler_of(consumer: str) -> Handler | None:
    """Return the handler, or None for a consumer that this installation no longer has."""
    return _handlers.get(consumer)
