"""Files in a bucket: what Django's storage does, over the interface of S3, spoken to a server on loopback."""

import datetime as dt
import threading
from collections.abc import Iterator

import pytest
from django.core.files.base import ContentFile

from feedback.kernel.bucket import BucketStorage
from tests.kernel.bucket_server import Bucket


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    server = Bucket()
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def storage(bucket: Bucket) -> BucketStorage:
    return BucketStorage(
        "files",
        endpoint_url=bucket.address,
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        region_name="eu-central-1",
    )


def test_a_file_goes_in_comes_out_and_goes(storage: BucketStorage, bucket: Bucket) -> None:
    name = storage.save("attachments/a/截图.webp", ContentFile(b"0123456789"))
    assert bucket.objects == {name: b"0123456789"}
    assert storage.exists(name)
    assert storage.size(name) == 10
    assert storage.get_modified_time(name) == dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    with storage.open(name) as file:
        assert file.size == 10
        file.seek(4)
        assert file.read(3) == b"456"
        file.seek(0)
        assert file.read() == b"0123456789"
    storage.delete(name)
    storage.delete(name)
    assert not storage.exists(name)
    assert bucket.unsigned == 0


def test_what_is_not_there_is_told_as_a_disk_tells_it(storage: BucketStorage) -> None:
    with pytest.raises(FileNotFoundError):
        storage.open("attachments/a/none.webp")


def test_a_name_that_is_taken_is_not_written_over(storage: BucketStorage) -> None:
    first = storage.save("a.txt", ContentFile(b"1"))
    second = storage.save("a.txt", ContentFile(b"2"))
    assert first != second
    assert storage.open(first).read() == b"1"


def test_a_folder_is_listed(storage: BucketStorage) -> None:
    for name in ("attachments/a/1.webp", "attachments/a/2.webp", "attachments/b/3.webp"):
        storage.save(name, ContentFile(b"x"))
    assert storage.listdir("attachments") == (["a", "b"], [])
    assert storage.listdir("attachments/a") == ([], ["1.webp", "2.webp"])
    assert storage.listdir("attachments/c") == ([], [])


def test_a_bucket_that_refuses_is_a_disk_that_fails(storage: BucketStorage, bucket: Bucket) -> None:
    bucket.is_broken = True
    for act in (
        lambda: storage.save("a.txt", ContentFile(b"1")),
        lambda: storage.delete("a.txt"),
        lambda: storage.open("a.txt"),
        lambda: storage.listdir("a"),
    ):
        with pytest.raises(OSError, match=r"403|AccessDenied|Forbidden"):
            act()
