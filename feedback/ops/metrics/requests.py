"""How many requests were answered and how long that took, of all processes of the web together.

prometheus_client decides as it is loaded whether processes share their figures: `folder.prepare` comes before.
"""

from prometheus_client import CollectorRegistry, Counter, Histogram

#: What this process has counted, where it is the only one.
OWN = CollectorRegistry()
_answered = Counter(
    "heed_requests",
    "Requests that were answered, by method, page and status.",
    ["method", "route", "status"],
    registry=OWN,
)
_seconds = Histogram(
    "heed_request_seconds",
    "Seconds from the head of a request to the last byte of its answer, by page.",
    ["route"],
    buckets=(0.025, 0.1, 0.3, 1, 3, 10, 30),
    registry=OWN,
)


def count(*, method: str, route: str, status: int, seconds: float) -> None:
    """Count one request."""
    _answered.labels(method, route, str(status)).inc()
    _seconds.labels(route).observe(seconds)
