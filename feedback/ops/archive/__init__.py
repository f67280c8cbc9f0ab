"""Backups: one file that holds a site, and the way back."""

from feedback.ops.archive.backup import write
from feedback.ops.archive.drill import Drilled, drill
from feedback.ops.archive.manifest import CannotArchive, Manifest
from feedback.ops.archive.restore import Restored, restore

__all__ = ["CannotArchive", "Drilled", "Manifest", "Restored", "drill", "restore", "write"]
