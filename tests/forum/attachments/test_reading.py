"""What a file is, its bytes say. What may do harm is refused with a sentence that says what to do."""

import pytest

from feedback.forum.models import Attachment
from tests.pictures import flood, photo, picture, sent
from tests.videos import kept, mp4, webm

pytestmark = pytest.mark.django_db

MP4, WEBM = mp4(), webm()


@pytest.fixture
def mine(client_of, old_ann):
    return client_of(old_ann)


@pytest.mark.parametrize(
    ("raw", "name", "sentence"),
    [
        (b"", "shot.png", "This file is empty"),
        (
            b"<?xml version='1.0'?><svg onload='alert(1)'/>",
            "shot.png",
            "An SVG may carry a program",
        ),
        (b"\x1f\x8b\x08 zipped", "shot.svgz", "An SVG may carry a program"),
        (b"<html><script>alert(1)</script>", "shot.png", "This kind of file is not taken"),
        (b"MZ\x90\0 a program", "shot.jpg", "This kind of file is not taken"),
        (b"PK\x03\x04 an archive", "log.zip", "This kind of file is not taken"),
        (b"MZ\x90\0 a program", "shot.log", "This file is no text"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "IMG_1.HEIC", "This is a HEIC or AVIF photo"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "clip.mov", "This video is no MP4"),
        (flood(), "shot.png", "too many pixels"),
        (picture()[:-300], "shot.png", "damaged"),
    ],
)
def test_what_is_refused_says_what_to_do(mine, raw, name, sentence, files):
    answer = mine.post("/attachments/", {"files": sent(raw, name)}, HTTP_HX_REQUEST="true")
    assert answer.status_code == 422
    assert answer.content.decode().startswith(f"{name}: ")
    assert sentence in answer.content.decode()
    assert not Attachment.objects.exists()
    assert not files.exists()


def test_a_picture_with_a_wrong_ending_is_a_picture(mine, up):
    one = up(mine, photo(), "notes.txt")
    assert (one.kind, one.width, one.height) == ("IMAGE", 480, 640)
    assert b"SecretPhone" not in b"".join(mine.get(one.address).streaming_content)


def test_a_picture_is_handed_out_as_nothing_else(mine, up):
    """A GIF that is a script as well comes out as a picture alone."""
    one = up(mine, picture("GIF") + b"=1;alert(document.domain)", "shot.js.gif")
    got = mine.get(one.address)
    assert got["Content-Type"] == "image/webp"
    assert got["X-Content-Type-Options"] == "nosniff"
    assert got["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert got["Content-Disposition"] == f'inline; filename="{one.public_id}.webp"'
    assert b"alert" not in b"".join(got.streaming_content)


@pytest.mark.parametrize(
    "raw",
    [
        "启动失败\n".encode(),
        "启动失败\n".encode("gb18030"),
        "启动失败\n".encode("utf-16"),
        b"\xef\xbb\xbf" + "启动失败\n".encode(),
    ],
)
def test_a_log_is_text_to_be_saved_and_never_a_page(mine, up, raw):
    one = up(mine, raw, "崩溃 <b>.log")
    got = mine.get(one.address)
    assert got["Content-Type"] == "text/plain; charset=utf-8"
    assert got["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert b"".join(got.streaming_content).decode() == "启动失败\n"


def test_the_colours_of_a_terminal_are_left_out_of_a_log(mine, up):
    one = up(mine, b"\x1b[31mERROR\x1b[0m <script>alert(1)</script>\n", "a.log")
    got = mine.get(one.address)
    assert b"".join(got.streaming_content) == b"ERROR <script>alert(1)</script>\n"
    assert got["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize(
    ("raw", "name", "kind"), [(MP4, "clip.mp4", "video/mp4"), (WEBM, "clip.bin", "video/webm")]
)
def test_a_video_is_handed_out_in_parts(mine, up, raw, name, kind):
    one = up(mine, raw, name)
    whole = mine.get(one.address)
    assert (whole["Content-Type"], whole["Accept-Ranges"]) == (kind, "bytes")
    raw = kept(whole)
    assert len(raw) == one.size
    part = mine.get(one.address, headers={"range": "bytes=4-11"})
    assert (part.status_code, part["Content-Length"]) == (206, "8")
    assert part["Content-Range"] == f"bytes 4-11/{len(raw)}"
    assert b"".join(part.streaming_content) == raw[4:12]
    end = mine.get(one.address, headers={"range": "bytes=-5"})
    assert b"".join(end.streaming_content) == raw[-5:]
    assert mine.get(one.address, headers={"range": "bytes=9999-"}).status_code == 416
    odd = mine.get(one.address, headers={"range": "bytes=0-1,3-4"})
    assert (odd.status_code, b"".join(odd.streaming_content)) == (200, raw)
    assert mine.get(one.small_address).status_code == 404


def test_a_site_may_take_no_videos(mine, settings):
    settings.VIDEO_BYTES = 0
    answer = mine.post("/attachments/", {"files": sent(MP4, "a.mp4")}, HTTP_HX_REQUEST="true")
    assert "No videos are taken here" in answer.content.decode()


def test_what_is_too_large_is_left_out_while_it_arrives_and_the_words_stay(mine, board, settings):
    settings.UPLOAD_BYTES = 100_000
    words = {"title": "It stops", "body": "At night.", "kind": "BUG", "board": "suggestions"}
    files = [sent(b"fine", "a.log"), sent(b"\0" * 200_000, "large.mp4"), sent(b"fine too", "b.log")]
    answer = mine.post("/posts/new/", {**words, "attaching": "1", "files": files})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "large.mp4: This file is too large" in page
    assert "At night." in page
    assert sorted(one.name for one in Attachment.objects.all()) == ["a.log", "b.log"]
    alone = mine.post(
        "/attachments/", {"files": sent(b"\0" * 200_000, "a.mp4")}, HTTP_HX_REQUEST="true"
    )
    assert alone.status_code == 422


def test_a_disk_that_takes_nothing_is_told(mine, monkeypatch):
    def full(*given, **named):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("django.core.files.storage.FileSystemStorage._save", full)
    answer = mine.post("/attachments/", {"files": sent(picture())}, HTTP_HX_REQUEST="true")
    assert answer.status_code == 409
    assert "could not be stored just now" in answer.content.decode()
    one = Attachment.objects.get()
    assert not one.is_stored
    assert mine.get(one.address).status_code == 404
