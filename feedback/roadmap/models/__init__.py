"""Roadmap items, releases, their train and the changelog."""

from feedback.roadmap.models.changelog import Category, ChangelogLine
from feedback.roadmap.models.items import Item, ItemAsk
from feedback.roadmap.models.releases import KnownProblem, Release, ReleaseLink, StopDay
from feedback.roadmap.models.trains import Train, Weekday

__all__ = [
    "Category",
    "ChangelogLine",
    "Item",
    "ItemAsk",
    "KnownProblem",
    "Release",
    "ReleaseLink",
    "StopDay",
    "Train",
    "Weekday",
]
