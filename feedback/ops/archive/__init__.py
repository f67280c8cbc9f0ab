"""Backups: one file that holds a site, and the way back."""

from feedback.ops.archive.manifest import CannotArchive, Manifest
from feedback.ops.archive.reading import Restored, restore
from feedback.ops.archive.writing import write

__all__ = ["CannotArchive", "Manifest", "Restored", "restore", "write"]
