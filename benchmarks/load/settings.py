"""The settings of the site, on a database that notes how long each transaction holds SQLite's writer."""

from config.settings import *  # noqa: F403
from config.settings import DATABASES

if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["ENGINE"] = "benchmarks.load.sqlite"
