"""Faces: a picture that somebody chose, or one that is drawn and theirs alone."""

import datetime as dt
import io
import os
import re

import pytest
from PIL import Image

from feedback.accounts.faces.operations import sweep
from feedback.ui.templatetags.faces import face
from tests.pictures import flood, photo, picture, sent

pytestmark = pytest.mark.django_db

CHANGE = "/settings/face/"


@pytest.fixture(autouse=True)
def files(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def chosen(client_of, ann):
    """Ann, who chose a picture."""
    assert client_of(ann).post(CHANGE, {"face": sent(photo())}).status_code == 302
    ann.refresh_from_db()
    return ann


def test_a_picture_becomes_a_square_without_what_the_phone_wrote(client_of, chosen, publish):
    got = client_of(None).get(chosen.face_address)
    raw = b"".join(got.streaming_content)
    assert (got["Content-Type"], got["Content-Security-Policy"]) == (
        "image/webp",
        "default-src 'none'; sandbox",
    )
    assert got["Cache-Control"] == "public, max-age=86400, immutable"
    assert Image.open(io.BytesIO(raw)).size == (192, 192)
    assert b"SecretPhone" not in raw
    post = publish(chosen)
    for page in (f"/posts/{post.public_id}/", f"/people/{chosen.public_id}/"):
        assert f'src="{chosen.face_address}"' in client_of(None).get(page).content.decode()
    assert chosen.face_address in client_of(chosen).get("/").content.decode()


def test_another_picture_has_another_address_and_the_old_one_is_gone(client_of, chosen, files):
    before = chosen.face_address
    client_of(chosen).post(CHANGE, {"face": sent(picture())})
    chosen.refresh_from_db()
    assert chosen.face_address != before
    assert client_of(None).get(before).status_code == 404
    assert client_of(None).get(chosen.face_address).status_code == 200
    # The file of the one before goes when it is old, and not the one that is shown.
    now = dt.datetime.now(tz=dt.UTC)
    for path in files.rglob("*.webp"):
        os.utime(path, (now.timestamp(), now.timestamp()))
    assert sweep(chosen.public_id[0], now=now) == 0
    assert sweep(chosen.public_id[0], now=now + dt.timedelta(days=3)) == 1
    assert len([*files.rglob("*.webp")]) == 1


def test_one_takes_it_away_and_is_drawn_again(client_of, chosen):
    address = chosen.face_address
    client_of(chosen).post(CHANGE, {"remove": "1"})
    assert client_of(None).get(address).status_code == 404
    page = client_of(chosen).get("/settings/").content.decode()
    assert '<svg class="face face--large' in page


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"<svg/>", "no picture that we can read"),
        (flood(), "too many pixels"),
        (picture()[:-300], "damaged"),
        (b"", "Choose a picture first|no picture"),
    ],
)
def test_what_is_no_picture_is_refused(client_of, ann, raw, sentence):
    answer = client_of(ann).post(CHANGE, {"face": sent(raw)}, follow=True)
    assert re.search(sentence, answer.content.decode())
    ann.refresh_from_db()
    assert ann.face == ""


def test_who_is_gone_shows_no_face(client_of, chosen):
    chosen.is_active = False
    chosen.save()
    assert client_of(None).get(chosen.face_address).status_code == 404


def test_a_drawn_face_is_the_same_each_time_and_nobody_elses(ann, bo):
    assert face(ann) == face(ann) != face(bo)
    ann.display_name = "<b>"
    assert "<b>" not in face(ann)
    assert "&lt;" in face(ann)


def test_ten_a_day_are_enough_for_who_is_new(client_of, ann):
    client = client_of(ann)
    outcomes = [client.post(CHANGE, {"face": sent(picture(size=(40, 40)))}) for _ in range(11)]
    assert [answer.status_code for answer in outcomes] == [302] * 10 + [429]
