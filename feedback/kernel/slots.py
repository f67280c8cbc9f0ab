"""Places in a page that a higher room fills.

The forum shows posts but must not import the room that knows their asks. So the forum's page names a slot
("post-ask"), the higher room provides it in `AppConfig.ready`, and the view gathers what every provider has
to say about a whole list of subjects in one call: no import upwards, no query per row, no script needed.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest

Provider = Callable[[HttpRequest, Sequence[Any]], Mapping[int, Any]]

_providers: dict[str, Provider] = {}


def provide(slot: str, provider: Provider) -> None:
    """Register the one room that fills ``slot``; `provider(request, subjects)` maps primary keys to content.

    Raises `ValueError` when another room fills it already.
    """
    if _providers.get(slot, provider) is not provider:
        raise ValueError(f"The slot {slot!r} is filled already, by {_providers[slot]!r}.")
    _providers[slot] = provider


def gather(slot: str, request: HttpRequest, subjects: Sequence[Any]) -> Mapping[int, Any]:
    """Return what fills ``slot`` for each of ``subjects`` by primary key; empty when no room fills it."""
    provider = _providers.get(slot)
    if provider is None or not subjects:
        return {}
    return provider(request, subjects)


def attach(slot: str, request: HttpRequest, subjects: Sequence[Any], *, name: str) -> None:
    """Set attribute ``name`` of every subject to what fills ``slot`` for it, or None."""
    content = gather(slot, request, subjects)
    for subject in subjects:
        setattr(subject, name, content.get(subject.pk))
