"""What Prometheus reads."""

import os
from collections.abc import Callable

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector

from feedback.ops.metrics import folder, requests
from feedback.ops.metrics.state import State

CONTENT_TYPE = CONTENT_TYPE_LATEST
#: Adds what all processes have counted. The package says nothing of its types.
_of_all_processes: Callable[[CollectorRegistry], object] = MultiProcessCollector


def exposed() -> bytes:
    """Return all figures in Prometheus's text format: of the requests of all processes of this web, and of the site."""
    site = CollectorRegistry()
    site.register(State())
    if os.environ.get(folder.VARIABLE):
        counted = CollectorRegistry()
        _of_all_processes(counted)
    else:
        counted = requests.OWN
    return generate_latest(counted) + generate_latest(site)
