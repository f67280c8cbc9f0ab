"""Pictures from strangers: read within limits, written anew, nothing kept but what they show."""

import io

import pytest
from PIL import Image, ImageCms

from feedback.kernel.pictures import reading
from feedback.kernel.pictures.reading import read_picture, read_square
from feedback.kernel.refusals import Refusal
from tests.pictures import flood, moving, photo, picture


def read(raw):
    return read_picture(io.BytesIO(raw))


def opened(written):
    image = Image.open(io.BytesIO(written.raw))
    image.load()
    assert (image.format, image.size) == ("WEBP", (written.width, written.height))
    return image


def is_orange(colour):
    return colour[0] > 200 and colour[2] < 80


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_each_kind_becomes_two_pictures_of_ours(form):
    found = read(picture(form, (2000, 1000)))
    whole, small = opened(found.whole), opened(found.small)
    assert (whole.size, small.size) == ((1600, 800), (400, 300))
    assert is_orange(whole.convert("RGB").getpixel((1500, 400)))


def test_what_a_phone_wrote_beside_is_gone_and_the_picture_is_upright():
    raw = photo()
    assert b"SecretPhone" in raw
    found = read(raw)
    for written in (found.whole, found.small):
        assert b"SecretPhone" not in written.raw
        assert b"EXIF" not in written.raw
        assert not opened(written).getexif()
    whole = opened(found.whole).convert("RGB")
    assert whole.size == (480, 640)
    # Its left half was dark: turned clockwise that is the upper one.
    assert not is_orange(whole.getpixel((240, 40)))
    assert is_orange(whole.getpixel((240, 600)))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_turn_is_known(orientation):
    size = opened(read(photo(orientation)).whole).size
    assert size == ((480, 640) if orientation >= 5 else (640, 480))


def test_words_beside_a_picture_and_its_profile_are_gone():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    found = read(picture("JPEG", icc_profile=profile, comment=b"hidden words"))
    assert b"ICCP" not in found.whole.raw
    assert b"hidden words" not in found.whole.raw


@pytest.mark.parametrize(
    ("raw", "tail"),
    [
        (picture("JPEG"), b"PK\x03\x04 an archive behind it"),
        (picture("GIF"), b"*/=1;alert(document.domain)//"),
        (picture("PNG"), b"<script>alert(1)</script>"),
    ],
)
def test_nothing_of_what_stands_behind_a_picture_is_kept(raw, tail):
    found = read(raw + tail)
    for written in (found.whole, found.small):
        assert tail[:12] not in written.raw
        assert b"script" not in written.raw


@pytest.mark.parametrize("raw", [flood(), flood(9_000, 9_000), flood(12_000, 12_000)])
def test_a_flood_of_pixels_is_refused_before_it_is_read(raw):
    with pytest.raises(Refusal, match="too many pixels"):
        read(raw)


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (picture("PNG")[:-200], "damaged"),
        (picture("JPEG")[:600], "damaged"),
        (picture("PNG")[:20], "no picture that we can read|damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 500, "no picture that we can read|damaged"),
        (b"\xff\xd8\xff" + b"\0" * 500, "no picture that we can read|damaged"),
        (b"GIF89a" + b"\xff" * 60, "no picture that we can read|damaged|pixels"),
        (b"%PDF-1.7", "no picture that we can read"),
        (b"", "no picture that we can read"),
    ],
)
def test_what_is_no_whole_picture_is_refused_with_a_sentence(raw, sentence):
    with pytest.raises(Refusal, match=sentence):
        read(raw)


def test_a_moving_picture_moves_on_and_a_long_one_stands():
    whole = opened(read(moving(3)).whole)
    assert (whole.is_animated, whole.n_frames) == (True, 3)
    assert not opened(read(moving(3)).small).is_animated
    assert not opened(read(moving(reading._FRAMES + 1)).whole).is_animated


def test_what_shines_through_still_does():
    image = Image.new("RGBA", (50, 50), (255, 0, 0, 0))
    file = io.BytesIO()
    image.save(file, "PNG")
    assert opened(read(file.getvalue()).whole).convert("RGBA").getpixel((5, 5))[3] == 0


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "CMYK"])
def test_every_way_to_write_a_colour_is_read(mode):
    image = Image.new(mode, (40, 30))
    file = io.BytesIO()
    image.save(file, "JPEG" if mode == "CMYK" else "PNG")
    assert opened(read(file.getvalue()).whole).size == (40, 30)


def test_a_tiny_picture_stays_tiny_and_a_tall_one_is_cut_at_its_foot():
    assert opened(read(picture("PNG", (20, 30))).small).size == (20, 30)
    tall = Image.new("RGB", (1000, 5000), "#1e1b16")
    tall.paste("#ff6a13", (0, 0, 1000, 800))
    file = io.BytesIO()
    tall.save(file, "PNG")
    found = read(file.getvalue())
    assert is_orange(opened(found.small).convert("RGB").getpixel((200, 250)))
    assert found.whole.height == 5000


def test_a_face_is_the_square_in_the_middle():
    square = read_square(io.BytesIO(picture("PNG", (900, 300))), side=192)
    assert opened(square).size == (192, 192)
