"""What doctor says of attached files, and that a backup has them all."""

import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from feedback.forum.attachments.operations import upload
from feedback.forum.attachments.reading import read
from feedback.kernel import clock
from feedback.ops import archive
from feedback.ops.archive.restore import unpack
from feedback.ops.doctor.files import attached_files, storage
from feedback.ops.doctor.finding import Level
from tests.pictures import picture, sent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def one(ann: Any, folder: Path) -> Any:
    return upload(person=ann, read=read(sent(picture())), now=clock.now())


def test_a_folder_that_can_be_used_is_well(folder: Path) -> None:
    assert (storage().level, storage().words) == (Level.PASS, f"files lie in {folder}")
    assert not list(folder.iterdir())


def test_a_storage_that_cannot_be_used_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given: Any, **named: Any) -> str:
        raise OSError("Permission denied")

    monkeypatch.setattr("django.core.files.storage.FileSystemStorage._save", refuse)
    assert storage().level is Level.FAIL
    assert "Permission denied" in storage().words


def test_a_file_that_is_missing_is_told(one: Any) -> None:
    assert (attached_files().level, attached_files().words) == (
        Level.PASS,
        "all 2 that were looked for are there",
    )
    default_storage.delete(one.stored)
    assert attached_files().level is Level.FAIL
    assert f"1 of 2 are missing, {one.stored} first" in attached_files().words


def test_a_backup_has_the_files_and_not_what_is_drawn_again(
    one: Any, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "cards" / "a").mkdir(parents=True)
    (folder / "cards" / "a" / "drawn.png").write_bytes(b"drawn")
    monkeypatch.setattr("feedback.ops.archive.backup._copy_sqlite", lambda path: path.touch())
    monkeypatch.setattr("feedback.ops.archive.postgres.dump", lambda path: path.touch())
    target = tmp_path / "b.tar.gz"
    archive.write(target, now=clock.now())
    with tarfile.open(target) as packed:
        facts = json.load(packed.extractfile("manifest.json"))  # type: ignore[arg-type]
    held = {name for name in facts["files"] if name.startswith("media/")}
    assert held == {f"media/{one.stored}", f"media/{one.stored_small}"}
    unpack(target, tmp_path / "again")
    again = (tmp_path / "again" / "media" / one.stored).read_bytes()
    assert again == (folder / one.stored).read_bytes()
