"""A file on its way in: written to disk as it arrives, and no further than it may be large."""

import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from feedback.importing.imports import folder

#: Generic to the type checker alone.
if TYPE_CHECKING:
    Uploaded = UploadedFile[Any]
else:
    Uploaded = UploadedFile


class ArrivedFile(Uploaded):
    """A file that has arrived whole, at ``path``."""

    def __init__(self, path: Path, name: str, size: int) -> None:
        super().__init__(file=None, name=name, size=size)
        self.path = path

    def close(self) -> None:
        """Nothing is open."""


class Arriving(FileUploadHandler):
    """Writes the one file of a form into the folder of imports. ``is_too_large``: it was given up."""

    def __init__(self) -> None:
        super().__init__()
        self.is_too_large = False
        self._path: Path | None = None
        self._out: BinaryIO | None = None
        self._size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._size += len(raw_data)
        if self._size > settings.IMPORT_BYTES:
            self.is_too_large = True
            self._drop()
            # What is left is read and forgotten, so that the person gets an answer and not a broken line.
            raise StopUpload(connection_reset=False)
        if self._out is None:
            self._path = folder.folder() / f"{uuid.uuid4().hex}.part"
            self._out = self._path.open("wb")
        self._out.write(raw_data)

    def file_complete(self, file_size: int) -> Uploaded:
        if self._out is None or self._path is None:  # it is empty
            self._path = folder.folder() / f"{uuid.uuid4().hex}.part"
            self._path.touch()
        else:
            self._out.close()
        arrived = ArrivedFile(self._path, self.file_name or "", file_size)
        self._out, self._path, self._size = None, None, 0
        return arrived

    def upload_interrupted(self) -> None:
        self._drop()

    def _drop(self) -> None:
        if self._out is not None and self._path is not None:
            self._out.close()
            self._path.unlink(missing_ok=True)
        self._out, self._path = None, None
