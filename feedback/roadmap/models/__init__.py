"""Roadmap items, releases and the changelog."""

from feedback.roadmap.models.changelog import ChangelogLine
from feedback.roadmap.models.items import Item, ItemAsk
from feedback.roadmap.models.releases import Release

__all__ = ["ChangelogLine", "Item", "ItemAsk", "Release"]
