"""What a sample is made of, as its `sample.toml` says."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from feedback.sample import choosing


@dataclass(frozen=True)
class Sample:
    """One sample: a product with boards, and either files of posts to import or a place whose story is told again."""

    name: str

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return choosing.DATA / self.name

    @cached_property
    def _said(self) -> Mapping[str, Any]:
        return tomllib.loads((self.folder / "sample.toml").read_text(encoding="utf-8"))

    @property
    def product(self) -> Mapping[str, Any]:
        """The fields of its product."""
        return dict(self._said["product"])

    @property
    def slug(self) -> str:
        """The address of its product."""
        return str(self.product["slug"])

    @property
    def boards(self) -> list[Mapping[str, Any]]:
        """The fields of its boards, in their order."""
        return list(self._said["board"])

    @property
    def files(self) -> list[tuple[Path, str]]:
        """The files to import, each with its board. None for a place."""
        return [(self.folder / one["path"], one["board"]) for one in self._said.get("file", [])]

    @property
    def source(self) -> str:
        """The name under which its people are known: what is written before ":" and "#" in their origin."""
        return f"sample-{self.name}"

    @property
    def is_place(self) -> bool:
        """Whether its people, posts and decisions are told one by one."""
        return not self.files
