"""What the tests of running a site share."""

import os
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.processes import ROOT


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Read the settings anew: ``read(HEED_LANGUAGE="zh")``."""
    for name in list(os.environ):
        if name.startswith(("HEED_", "DATABASE_URL", "EMAIL_URL")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HEED_DATA_DIR", str(tmp_path))

    def settings(**variables: str) -> dict[str, Any]:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "config" / "settings.py"))

    return settings
