"""Files that lie in a folder of each test's own, and who sends them."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from feedback.forum.models import Attachment
from tests.pictures import picture, sent


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: Any) -> Path:
    """Where the storage of this test lies."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def old_ann(ann: Any, now: dt.datetime) -> Any:
    """Ann, who has been here a while."""
    ann.joined_at = now - dt.timedelta(days=30)
    ann.save()
    return ann


@pytest.fixture
def up():
    """Send a file as the form does while one writes: ``up(client)``; gives the row."""

    def send(client: Any, raw: bytes | None = None, name: str = "shot.png", **fields: Any) -> Any:
        file = sent(picture() if raw is None else raw, name)
        answer = client.post("/attachments/", {"files": file, **fields}, HTTP_HX_REQUEST="true")
        assert answer.status_code == 200, answer.content.decode()
        return Attachment.objects.get(public_id=answer.json()["id"])

    return send


def on_disk(folder: Path) -> list[str]:
    """Return the files below ``folder``."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file())
