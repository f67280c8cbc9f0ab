"""Files in a bucket with the interface of S3, as Django's storage: Amazon's, MinIO's, Ceph's, a cloud's in China.

Files are handed out by our own views alone, which ask who may see them, so the bucket stays private and no address of it is shown.
"""

import datetime as dt
import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import Storage
from django.utils.deconstruct import deconstructible

#: So much is fetched at once: a picture whole, a video in a few parts.
_AT_ONCE = 4 * 1024 * 1024
_SECONDS = 20


@deconstructible
class BucketStorage(Storage):
    """Keeps files in ``bucket``; what else is given goes to boto3. What goes wrong is an `OSError`."""

    def __init__(self, bucket: str = "", **client: Any) -> None:
        self._bucket, self._given = bucket, client

    @cached_property
    def _client(self) -> Any:
        import boto3  # a package that most sites have no need of
        from botocore.config import Config

        how = Config(
            connect_timeout=_SECONDS,
            read_timeout=_SECONDS,
            retries={"max_attempts": 3, "mode": "standard"},
            s3={"addressing_style": "path" if "endpoint_url" in self._given else "auto"},
            # Others than Amazon do not know the newer checksums.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        return boto3.client("s3", config=how, **self._given)

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        raw = _Remote(self._client, self._bucket, name, self.size(name))
        return File(io.BufferedReader(raw, _AT_ONCE), name)

    def _save(self, name: str, content: File[Any]) -> str:
        content.seek(0)
        with _as_os_error(name):
            self._client.put_object(Bucket=self._bucket, Key=name, Body=content.file or content)
        return name

    def upload(self, source: Path, name: str) -> None:
        """Keep the file ``source``, in parts where it is large."""
        from boto3.exceptions import Boto3Error  # as below

        try:
            with _as_os_error(name):
                self._client.upload_file(str(source), self._bucket, name)
        except Boto3Error as error:
            raise OSError(f"{name}: {error}") from None

    def delete(self, name: str) -> None:
        """Remove a file; one that is not there is no mistake."""
        with _as_os_error(name):
            self._client.delete_object(Bucket=self._bucket, Key=name)

    def exists(self, name: str) -> bool:
        """Return whether there is a file of that name."""
        try:
            self._head(name)
        except FileNotFoundError:
            return False
        return True

    def size(self, name: str) -> int:
        """Return its bytes."""
        return int(self._head(name)["ContentLength"])

    def get_modified_time(self, name: str) -> dt.datetime:
        """Return when it was written."""
        written: dt.datetime = self._head(name)["LastModified"]
        return written

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Return the folders and the files in a folder; none where there is no such folder."""
        prefix = f"{path.strip('/')}/" if path.strip("/") else ""
        folders: list[str] = []
        names: list[str] = []
        with _as_os_error(path):
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._bucket, Prefix=prefix, Delimiter="/"):
                folders += [
                    one["Prefix"][len(prefix) : -1] for one in page.get("CommonPrefixes", ())
                ]
                names += [one["Key"][len(prefix) :] for one in page.get("Contents", ())]
        return folders, [name for name in names if name]

    def _head(self, name: str) -> dict[str, Any]:
        with _as_os_error(name):
            found: dict[str, Any] = self._client.head_object(Bucket=self._bucket, Key=name)
        return found


class _Remote(io.RawIOBase):
    """A file of a bucket that is read where it is read, and not before."""

    def __init__(self, client: Any, bucket: str, name: str, size: int) -> None:
        self._client, self._bucket, self._name = client, bucket, name
        self.size, self._at = size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = max(0, {io.SEEK_SET: 0, io.SEEK_CUR: self._at}.get(whence, self.size) + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        end = min(self.size, self._at + len(buffer))
        if self._at >= end:
            return 0
        part = f"bytes={self._at}-{end - 1}"
        with _as_os_error(self._name):
            got = self._client.get_object(Bucket=self._bucket, Key=self._name, Range=part)
            raw = got["Body"].read()
        buffer[: len(raw)] = raw
        self._at += len(raw)
        return len(raw)


@contextmanager
def _as_os_error(name: str) -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError  # as above

    try:
        yield
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        raise (FileNotFoundError if status == 404 else OSError)(f"{name}: {error}") from None
    except BotoCoreError as error:
        raise OSError(f"{name}: {error}") from None
