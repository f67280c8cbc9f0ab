"""A video keeps its picture and its sound, and nothing that the camera wrote beside them."""

import io

import pytest

from feedback.forum.models import Attachment
from feedback.kernel.videos.editing import DamagedVideoError, Editing
from feedback.kernel.videos.mp4 import strip_mp4
from feedback.kernel.videos.webm import strip_webm
from tests.pictures import sent
from tests.videos import PLACE, box, element, kept, mp4, webm, words

pytestmark = pytest.mark.django_db

MADE = {
    "clip.mp4": mp4(),
    "plain.mp4": mp4(places=False),
    "fragments.mp4": mp4(fragments=True, places=False),
    "clip.webm": webm(),
    "live.webm": webm(live=True),
}


@pytest.fixture
def mine(client_of, old_ann):
    return client_of(old_ann)


@pytest.mark.parametrize("in_a_file", [False, True], ids=["in memory", "in a file"])
@pytest.mark.parametrize("name", MADE)
def test_nothing_of_the_camera_is_kept_and_every_picture_is(mine, up, settings, name, in_a_file):
    if in_a_file:
        settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    raw = MADE[name]
    assert PLACE in raw
    got = kept(mine.get(up(mine, raw, name).address))
    assert len(got) == len(raw)
    for secret in (PLACE, b"SecretPhone", b"+52.5200", b"\xe2\x7f\x07\x00"):
        assert secret not in got
    assert got.index(b"picture!" * 20) == raw.index(b"picture!" * 20)
    assert (b"sound" * 4 in got) == (b"sound" * 4 in raw)


def test_when_it_was_recorded_goes_too(mine, up):
    date = words(3_800_000_000)
    raw = mp4()
    assert date in raw
    assert date not in kept(mine.get(up(mine, raw, "a.mp4").address))
    raw = webm()
    assert b"\x44\x61\x01\0\0\0\0\0\0\x08" in raw
    assert b"\x44\x61\x01\0\0\0\0\0\0\x08" not in kept(mine.get(up(mine, raw, "a.webm").address))


@pytest.mark.parametrize(
    "raw",
    [
        mp4()[:-3],
        mp4(more=b"\0\0\0\x04free"),
        mp4(more=box(b"free", b"x")[:-1]),
        mp4(more=b"\0\0\0\x01free" + b"\xff" * 8),
        mp4(more=b"\0\0\0"),
        box(b"ftyp", b"isom", words(0), b"isom") + b"\0" * 100,
        box(b"ftyp", b"isom", words(0), b"isom") + box(b"moov", box(b"trak")),
        webm()[:-3],
        webm(live=True)[:-3],
        webm(more=b"\0\0"),
        webm(more=b"\xec\xff"),
        webm(more=b"\x10"),
        element(0x1A45DFA3, element(0x4282, b"webm")) + b"\0" * 100,
        element(0x1A45DFA3, element(0x4282, b"webm")) + element(0x18538067),
    ],
)
def test_a_video_that_is_damaged_is_refused_with_a_sentence(mine, raw, files):
    answer = mine.post("/attachments/", {"files": sent(raw, "a.mp4")}, HTTP_HX_REQUEST="true")
    assert answer.status_code == 422
    assert "a.mp4: This video is damaged" in answer.content.decode()
    assert not Attachment.objects.exists() and not files.exists()


@pytest.mark.parametrize("raw", [mp4(fragments=True), webm(kind=17), webm(kind=33)])
def test_what_else_cannot_be_taken_out_is_refused_with_a_sentence(mine, raw):
    answer = mine.post("/attachments/", {"files": sent(raw, "a.mp4")}, HTTP_HX_REQUEST="true")
    assert answer.status_code == 422
    assert "carries more than picture and sound" in answer.content.decode()


@pytest.mark.parametrize("raw", [mp4(), webm(), webm(live=True)])
def test_a_video_cut_or_changed_anywhere_is_refused_or_kept_and_never_an_error(raw):
    strip = strip_mp4 if raw[4:8] == b"ftyp" else strip_webm
    whole = [raw[:end] for end in range(0, len(raw), 3)]
    whole += [raw[:at] + b"\xff" + raw[at + 1 :] for at in range(len(raw))]
    whole += [raw[:at] + b"\0" + raw[at + 1 :] for at in range(len(raw))]
    refused = 0
    for one in whole:
        editing = Editing(file := io.BytesIO(one), len(one))
        try:
            strip(editing)
        except DamagedVideoError:
            refused += 1
        except Exception as why:
            assert type(why).__name__ == "MoreThanPlayedError", why
        else:
            editing.write()
            assert len(file.getvalue()) == len(one)
    assert refused > 100


def test_a_video_of_a_million_pieces_is_not_read_for_ever():
    raw = mp4(more=box(b"free") * 400_000)
    with pytest.raises(DamagedVideoError):
        strip_mp4(Editing(io.BytesIO(raw), len(raw)))


def test_a_track_that_points_all_over_the_file_is_refused():
    """What is written over is never more than the file is long."""
    raw = mp4().replace(words(0, 0, 2, len(PLACE), len(PLACE)), words(0, 0, 2, 700, 700))
    with pytest.raises(DamagedVideoError):
        strip_mp4(Editing(io.BytesIO(raw), len(raw)))
