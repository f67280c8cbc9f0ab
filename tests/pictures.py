"""Pictures and files that tests send: good ones, and those that should do no harm."""

import io
import struct
import zlib
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def picture(form: str = "PNG", size: tuple[int, int] = (800, 600), **options: Any) -> bytes:
    """Return a picture with two halves of different colours, so that it shows how it is turned."""
    image = Image.new("RGB", size, "#ff6a13")
    image.paste("#1e1b16", (0, 0, size[0] // 2, size[1]))
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def photo(orientation: int = 6) -> bytes:
    """Return a JPEG as a phone takes it: lying on its side, with the place where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825)[2] = (48.0, 51.0, 29.6)
    return picture("JPEG", (640, 480), exif=exif)


def moving(frames: int = 3, size: tuple[int, int] = (60, 40)) -> bytes:
    """Return a moving GIF."""
    images = [Image.new("P", size, number + 1) for number in range(frames)]
    for number, image in enumerate(images):
        image.putpalette(
            [value for n in range(256) for value in (n * 40 % 256, number * 50 % 256, n % 256)]
        )
    file = io.BytesIO()
    images[0].save(file, "GIF", save_all=True, append_images=images[1:], duration=80)
    return file.getvalue()


def flood(width: int = 50_000, height: int = 50_000) -> bytes:
    """Return a PNG of a few bytes that says it has this many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 5_000))
        + chunk(b"IEND", b"")
    )


def sent(raw: bytes, name: str = "picture.png") -> SimpleUploadedFile:
    """Return a file as a form sends it."""
    return SimpleUploadedFile(name, raw)
