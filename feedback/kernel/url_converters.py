"""Parts of an address, checked before anything is looked up.

PostgreSQL refuses a NUL in a text, so an address that may hold one must not reach a query.
"""

from functools import cache

from django.urls import register_converter

from feedback.kernel.public_ids import LENGTH


class PublicId:
    """``<public_id:…>``: what has the form of an identifier of `new_public_id`; anything else is no address."""

    regex = f"[0-9a-z]{{{LENGTH}}}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Version:
    """``<version:…>``: the name of a release, any words without a slash."""

    regex = r"[^/\x00]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


@cache
def register() -> None:
    """Make the two known to `django.urls.path`; every list of addresses that uses them says so itself."""
    register_converter(PublicId, "public_id")
    register_converter(Version, "version")
