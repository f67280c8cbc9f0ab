"""Reading asks."""

from feedback.insight.queries.areas import (
    IN_AREAS,
    AreaLink,
    AreaRow,
    area_rows,
    areas_of_asks,
    areas_of_board,
    asks_in,
    live_areas,
    posts_in,
)
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
    "IN_AREAS",
    "AreaLink",
    "AreaRow",
    "Summary",
    "Trend",
    "area_rows",
    "areas_of_asks",
    "areas_of_board",
    "asks_in",
    "asks_visible_to",
    "attach_trends",
    "listing",
    "live_areas",
    "live_asks",
    "people_behind",
    "posts_in",
    "posts_of",
    "reach_of",
    "resolve",
    "summary",
    "trend_of",
    "versions_of",
]
