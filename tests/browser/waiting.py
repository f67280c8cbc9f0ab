"""Waiting for what a page comes to."""

from typing import Any


def until(page: Any, what: str) -> None:
    """Wait up to half a minute until the expression ``what`` is true.

    Asked from outside: a page under a strict policy may not evaluate it by itself, as Playwright's own waiting has it.
    """
    for _ in range(300):
        if page.evaluate(what):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"Never came: {what}")
