"""Reading asks."""

from feedback.insight.queries.asks import (
    asks_visible_to,
    listing,
    live_asks,
    posts_of,
    resolve,
    versions_of,
)
from feedback.insight.queries.coverage import Summary, summary
from feedback.insight.queries.people import people_behind, reach_of
from feedback.insight.queries.trend import Trend, attach_trends, trend_of

__all__ = [
    "Summary",
    "Trend",
    "asks_visible_to",
    "attach_trends",
    "listing",
    "live_asks",
    "people_behind",
    "posts_of",
    "reach_of",
    "resolve",
    "summary",
    "trend_of",
    "versions_of",
]
