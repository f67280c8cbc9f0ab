"""Style sheets that are made of others: on a served site each is one file, so that a page asks for one instead of a dozen.

A sheet names its parts by ``@import url("part.css");``. Where static files are gathered, the words of the parts stand in the
place of their names; where nothing is gathered (`runserver`, tests), the tag ``style_sheet`` links each part.
"""

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

#: What names a part, and perhaps the medium that it is for.
PART = re.compile(r'@import url\("(?P<part>[^"]+)"\)(?: (?P<medium>[a-z]+))?;')


def parts_of(name: str, words: str) -> list[tuple[str, str]]:
    """Return the sheets that ``words``, the sheet ``name``, is made of: by name, each with its medium, "" for every one."""
    return [(_beside(name, found["part"]), found["medium"] or "") for found in PART.finditer(words)]


class JoinedStyleSheets(CompressedManifestStaticFilesStorage):
    """Static files by the hash of what they hold, with each sheet that is made of others joined to one."""

    def post_process(
        self, paths: dict[str, tuple[Storage, str]], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        """Join, then do what the storage does. The parts stay files of their own. Raises `KeyError` for a part that is not there."""
        if not dry_run:
            for name in [one for one in paths if one.endswith(".css")]:
                words = _words_of(paths, name)
                if PART.search(words):
                    self._join(paths, name, words)
        yield from super().post_process(paths, dry_run, **options)

    def _join(self, paths: dict[str, tuple[Storage, str]], name: str, words: str) -> None:
        def joined(found: re.Match[str]) -> str:
            part = _words_of(paths, _beside(name, found["part"]))
            return f"@media {found['medium']} {{\n{part}}}" if found["medium"] else part

        self.delete(name)
        self._save(name, ContentFile(PART.sub(joined, words).encode()))
        paths[name] = (self, name)


def _beside(name: str, part: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), part))


def _words_of(paths: dict[str, tuple[Storage, str]], name: str) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        words: bytes = file.read()
    return words.decode()
