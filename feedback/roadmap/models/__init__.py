"""Roadmap items, releases, their train, the changelog and reports."""

from feedback.roadmap.models.changelog import Category, ChangelogLine
from feedback.roadmap.models.columns import Column
from feedback.roadmap.models.items import Confidence, Item, ItemAsk
from feedback.roadmap.models.lineage import Reshaping
from feedback.roadmap.models.releases import KnownProblem, Release, ReleaseLink, StopDay
from feedback.roadmap.models.reports import Cell, Report, ReportEntry, ReportResponse
from feedback.roadmap.models.rings import Invitation, Ring
from feedback.roadmap.models.trains import Train, Weekday

__all__ = [
    "Category",
    "Cell",
    "ChangelogLine",
    "Column",
    "Confidence",
    "Invitation",
    "Item",
    "ItemAsk",
    "KnownProblem",
    "Release",
    "ReleaseLink",
    "Report",
    "ReportEntry",
    "ReportResponse",
    "Reshaping",
    "Ring",
    "StopDay",
    "Train",
    "Weekday",
]
