"""Backups at a place: which stay, that they arrive, that the newest comes back, and that no live site is overwritten."""

import datetime as dt
import shutil
import stat
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from feedback.ops.archive import CannotArchive, places, postgres
from feedback.ops.archive.places import newest_of, periods_of, place_of, superfluous
from tests.kernel.bucket_server import Bucket
from tests.processes import on_sqlite

DAY = dt.timedelta(days=1)
NOW = dt.datetime(2026, 3, 31, 3, tzinfo=dt.UTC)


def daily(number: int) -> list[str]:
    return [places.name_at(NOW - DAY * back) for back in range(number)]


def test_the_newest_of_so_many_days_weeks_and_months_stay() -> None:
    names = daily(400)
    gone = superfluous(names, periods_of("7d,4w,12m"))
    stay = [name for name in names if name not in gone]
    assert stay[:7] == names[:7]
    assert [name[5:15] for name in stay[7:]] == [
        "2026-03-22",
        "2026-03-15",
        "2026-02-28",
        "2026-01-31",
        "2025-12-31",
        "2025-11-30",
        "2025-10-31",
        "2025-09-30",
        "2025-08-31",
        "2025-07-31",
        "2025-06-30",
        "2025-05-31",
        "2025-04-30",
    ]


def test_of_a_day_with_several_the_last_stays() -> None:
    names = [places.name_at(NOW + dt.timedelta(hours=hour)) for hour in range(5)]
    assert superfluous(names, {"d": 3}) == names[:4]


def test_nothing_goes_only_because_none_was_made() -> None:
    names = [places.name_at(NOW - DAY * 100 * n) for n in range(5)]
    assert superfluous(names, {"d": 5}) == []


def test_what_is_no_backup_of_heed_stays() -> None:
    other = ["notes.txt", "heed-before-upgrade.tar.gz", "heed-2026-99-99-000000.tar.gz"]
    assert superfluous([*other, *daily(3)], {"d": 1}) == sorted(daily(3)[1:])


@pytest.mark.parametrize("words", ["", "7", "d", "0d", "7d;4w", "7y", "-1d"])
def test_a_rotation_that_says_nothing_is_refused(words: str) -> None:
    with pytest.raises(CannotArchive, match="7d,4w,12m"):
        periods_of(words)


def test_a_place_without_a_backup_is_said(tmp_path: Path) -> None:
    with pytest.raises(CannotArchive, match="no backup"):
        newest_of(place_of(str(tmp_path)))
    with pytest.raises(CannotArchive, match="cannot be read"):
        newest_of(place_of(str(tmp_path / "missing")))
    with pytest.raises(CannotArchive, match="names no bucket"):
        place_of("s3://")


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    pytest.importorskip("boto3")
    with Bucket() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def test_a_bucket_keeps_them(bucket: Bucket, settings: Any, tmp_path: Path) -> None:
    settings.FILES_BUCKET = {
        "bucket": "another",
        "endpoint_url": bucket.address,
        "region_name": "auto",
        "aws_access_key_id": "key",
        "aws_secret_access_key": "hush",
    }
    made, back = tmp_path / "made", tmp_path / "back"
    made.write_bytes(b"a backup")
    place = place_of("s3://files/of/heed/")
    old, new = daily(2)[::-1]
    for name in (old, new):
        place.put(made, name)
    assert sorted(bucket.objects) == [f"of/heed/{old}", f"of/heed/{new}"]
    assert newest_of(place) == new
    place.fetch(new, back)
    assert back.read_bytes() == b"a backup"
    place.remove(old)
    assert place.names() == [new]
    bucket.is_broken = True
    with pytest.raises(OSError, match="heed"):
        place.put(made, new)


@pytest.fixture
def site(_migrated: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(_migrated, tmp_path / "data"))


@on_sqlite
def test_the_command_keeps_rotates_and_the_drill_restores_the_newest(
    site: Path, manage: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    place = tmp_path / "backups"
    place.mkdir()
    old = place / "heed-2020-01-01-000000.tar.gz"
    old.write_text("old")
    (place / "mine.txt").write_text("mine")
    done = manage("backup", "--to", str(place), "--keep", "1d")
    assert done.returncode == 0, done.stderr
    assert "1 older backups removed" in done.stdout
    assert (place / "mine.txt").exists()
    (made,) = place.glob("*.tar.gz")
    assert made != old
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert not list(site.glob(".heed-backup*"))

    said = manage("doctor", "--drill", str(place)).stdout
    assert f"PASS  backup        {made.name} came back: 0 posts and" in said
    assert not list(site.glob(".heed-drill*"))

    made.write_bytes(made.read_bytes()[:-200])
    done = manage("doctor", "--drill", str(place))
    assert done.returncode == 1
    assert "FAIL  backup" in done.stdout


@pytest.mark.parametrize(
    ("words", "why"),
    [(["--keep", "7d"], "add --to"), (["b.tar.gz", "--to", "x"], "not both")],
)
def test_what_does_not_belong_together_is_refused(words: list[str], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        call_command("backup", *words)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_others_are_on_is_not_restored() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL knows who is on it.")
    postgres.refuse_beside_others()
    there, leave = threading.Event(), threading.Event()

    def stay() -> None:
        with connections["default"].cursor() as cursor:
            cursor.execute("SET application_name = 'heed web'")
        there.set()
        leave.wait(30)
        connections["default"].close()

    other = threading.Thread(target=stay)
    other.start()
    there.wait(30)
    try:
        with pytest.raises(CannotArchive, match=r"in use by heed web from .* \(process \d+\)"):
            postgres.refuse_beside_others()
    finally:
        leave.set()
        other.join()
    postgres.refuse_beside_others()
