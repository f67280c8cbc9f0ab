"""Backups at a place: which stay, and that they arrive."""

import datetime as dt
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from feedback.ops.archive import CannotArchive, places
from feedback.ops.archive.places import newest_of, periods_of, place_of, superfluous
from tests.kernel.bucket_server import Bucket

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


@pytest.mark.parametrize(
    ("words", "why"),
    [(["--keep", "7d"], "add --to"), (["b.tar.gz", "--to", "x"], "not both")],
)
def test_what_does_not_belong_together_is_refused(words: list[str], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        call_command("backup", *words)
