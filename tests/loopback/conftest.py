"""A site that serves from one machine, as `make serve` starts it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from feedback.ops.preconditions import free_port
from tests.loopback.machines import SITE, drop_database, make_database, url_of
from tests.loopback.test_serve import Served
from tests.migrated import migrated_folder


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A site that serves, on the kind of database that the suite runs on."""
    folder, more = tmp_path / "data", {}
    is_on_postgres = settings.TEST_DATABASE == "postgres"
    if is_on_postgres:
        make_database(SITE)
        more = {"DATABASE_URL": url_of(SITE)}
    else:
        shutil.copytree(migrated_folder(), folder)
    site = Served(folder, free_port(), "--sample", "none", **more)
    yield site
    site.kill()
    if is_on_postgres:
        drop_database(SITE)
