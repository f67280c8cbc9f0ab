"""Domains of e-mail addresses, as somebody lists them."""

import re

_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


def read_domains(listed: str) -> list[str]:
    """Return the domains of a list with commas, in small letters, without an @; raises `ValueError` for what is none."""
    found = [one.strip().lower().lstrip("@") for one in listed.split(",") if one.strip()]
    if not all(map(_DOMAIN.fullmatch, found)):
        raise ValueError(listed)
    return found
