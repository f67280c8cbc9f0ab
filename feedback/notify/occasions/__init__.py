"""What people are told of: one file a kind, found by being here.

docs/adr/0017-occasions.md says what to write for a new one. A file that begins with an underscore is no kind; it
holds what several share.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from feedback.journal.models import Entry
from feedback.notify.groups import Group
from feedback.notify.recipients import Audience, Topic

Facts = Mapping[str, Any]

#: Letters of somebody's words that a notice keeps.
EXCERPT_LENGTH = 240


@dataclass(frozen=True)
class Occasion:
    """One kind of thing that people are told of.

    - ``verbs``: the journal entries that raise it. A verb raises one kind.
    - ``group``: the preference it falls under.
    - ``key(entry)``: what it tells of. A person hears of one key once, whichever kind comes first with it.
    - ``facts(entry)``: what the notice keeps, as it is now; None when it is no news (any more). The inbox shows
      ``title``, ``excerpt`` or ``reason`` and the shape of ``stage``, and no ``excerpt`` of a hidden ``comment``.
    - ``recipients(entry)``: who hears. Who stands in two audiences hears as one of the first.
    - ``about(entry)``: what it is about. Who muted any of these does not hear.
    - ``thread(entry)``: what it is folded with in the inbox and in mail programs, as "ask:" and a public id.
    - ``sentence(kept)``: what happened, in the language of whoever reads it now, from the kept facts and whether
      the reader ``asked`` for it, or only ``follows`` it.
    - ``url(kept)``: the address of what it is about.
    - ``title(kept)``: what it is about; the kept ``title``, unless that depends on the reader's language.
    - ``excerpt(kept)``: somebody's words, in the reader's language where they were said in both.
    - ``letter(kept)``: Markdown that a mail carries whole, in the reader's language, with whole addresses.
    - ``stage``: the stage whose shape stands beside it, where the facts name none.
    """

    verbs: tuple[str, ...]
    group: Group
    key: Callable[[Entry], str]
    facts: Callable[[Entry], Facts | None]
    recipients: Callable[[Entry], Iterable[Audience]]
    sentence: Callable[[Facts], str]
    url: Callable[[Facts], str]
    stage: str = ""
    title: Callable[[Facts], str] = lambda kept: str(kept.get("title", ""))
    excerpt: Callable[[Facts], str] = lambda kept: str(
        kept.get("excerpt") or kept.get("reason", "")
    )
    letter: Callable[[Facts], str] = lambda _kept: ""
    about: Callable[[Entry], Iterable[Topic]] = lambda _entry: ()
    thread: Callable[[Entry], str] = lambda _entry: ""


@cache
def kinds() -> Mapping[str, Occasion]:
    """Return every kind by its name, which is its file's; raises `ImproperlyConfigured`."""
    found: dict[str, Occasion] = {}
    for name in sorted(module.name for module in iter_modules(__path__)):
        if name.startswith("_"):
            continue
        occasion = getattr(import_module(f"{__name__}.{name}"), "OCCASION", None)
        if not isinstance(occasion, Occasion):
            raise ImproperlyConfigured(f"notify/occasions/{name}.py defines no OCCASION.")
        found[name] = occasion
    return found


@cache
def by_verb() -> Mapping[str, Occasion]:
    """Return the kind that each verb raises; raises `ImproperlyConfigured`."""
    return claimed(kinds())


def group_of(verb: str) -> Group:
    """Return the group of what ``verb`` raises; of what is told no more, what the team says."""
    occasion = by_verb().get(verb)
    return occasion.group if occasion else Group.ASKS


def claimed(kinds: Mapping[str, Occasion]) -> dict[str, Occasion]:
    """Return which of ``kinds`` each verb raises; raises `ImproperlyConfigured` when two claim the same."""
    claims: dict[str, str] = {}
    for name, occasion in kinds.items():
        for verb in occasion.verbs:
            if verb in claims:
                raise ImproperlyConfigured(f"{claims[verb]} and {name} both claim {verb}.")
            claims[verb] = name
    return {verb: kinds[name] for verb, name in claims.items()}


def taken_from(entry: Entry, *names: str) -> dict[str, Any]:
    """Return these facts of ``entry``'s own data, without those that are empty."""
    return {name: entry.data[name] for name in names if entry.data.get(name)}
