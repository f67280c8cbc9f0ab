"""The exports that are known: one file a tool, found by being here, each with its `FORMATS`.

A file that begins with an underscore is no tool; it holds what several share. `KnownFormat` says what stands in one.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from feedback.importing.formats import KnownFormat


@cache
def formats() -> tuple[KnownFormat, ...]:
    """Return all known formats, by the names of their tools."""
    found: list[KnownFormat] = []
    for name in sorted(module.name for module in iter_modules(__path__)):
        if not name.startswith("_"):
            found += import_module(f"{__name__}.{name}").FORMATS
    return tuple(found)
