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
_styles: dict[str, str] = {}


def provide(slot: str, provider: Provider, *, style: str = "") -> None:
    """Register the one room that fills ``slot``; `provider(request, subjects)` maps primary keys to content.

    ``style`` is the style sheet, a static file of that room, that its content needs on a page. Raises `ValueError`
    when another room fills the slot already.
    """
    if _providers.get(slot, provider) is not provider:
        raise ValueError(f"The slot {slot!r} is filled already, by {_providers[slot]!r}.")
    _providers[slot] = provider
    _styles[slot] = style


def gather(slot: str, request: HttpRequest, subjects: Sequence[Any]) -> Mapping[int, Any]:
    """Return what fills ``slot`` for each of ``subjects`` by primary key; empty when no room fills it."""
    provider = _providers.get(slot)
    if provider is None or not subjects:
        return {}
    return provider(request, subjects)


def style_of(slot: str) -> str:
    """Return the style sheet that what fills ``slot`` needs, "" when it needs none or no room fills it."""
    return _styles.get(slot, "")
