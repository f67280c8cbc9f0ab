"""Names for what a page shows, so that equal parts of pages are drawn once."""

import hashlib

from django.utils.translation import get_language


def drawn_as(*shown: object) -> str:
    """Return a name for ``shown`` in the reader's language: the same as long as nothing that is shown has changed."""
    return hashlib.blake2b(repr([get_language(), *shown]).encode(), digest_size=16).hexdigest()
