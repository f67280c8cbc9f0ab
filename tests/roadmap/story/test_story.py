"""Your idea shipped: each author's own page and picture."""

import datetime as dt
from io import BytesIO

import pytest
from django.conf import settings
from PIL import Image

from feedback.asks.models import Membership
from feedback.kernel.identity import Identity
from feedback.kernel.pictures.drawing import Card, Place, _font, draw, wrapped
from feedback.roadmap import operations


@pytest.fixture
def shipped(item, pia, now):
    operations.ship(item=item, version="1.4.0", text="Dark at last.", actor=pia, now=now)
    return item


def test_an_author_reads_what_became_of_their_idea(client_of, shipped, ann, bo):
    own = f"/shipped/{shipped.public_id}/{ann.public_id}/"
    member = client_of(ann)
    assert member.get(f"/shipped/{shipped.public_id}/")["Location"] == own
    page = member.get(own).content.decode()
    assert "Your idea shipped" in page
    assert "1 more person wanted it" in page
    assert f'content="{settings.BASE_URL}{own}picture.png?v=' in page
    assert "Ann asked, and it shipped" in client_of(None).get(own).content.decode()
    voter = client_of(bo).get(f"/shipped/{shipped.public_id}/")
    assert voter["Location"] == f"/roadmap/{shipped.public_id}/"


def test_who_is_counted_has_their_page_to_themselves(client_of, shipped, ann):
    ann.credit = "COUNTED"
    ann.save()
    own = f"/shipped/{shipped.public_id}/{ann.public_id}/"
    for address in (own, f"{own}picture.png"):
        assert client_of(None).get(address).status_code == 404
        assert client_of(ann).get(address).status_code == 200
    assert "counted, not named" in client_of(ann).get(own).content.decode()


def test_no_story_is_told_of_what_has_not_shipped(client_of, item, ann, bo):
    address = f"/shipped/{item.public_id}/{ann.public_id}/"
    assert client_of(ann).get(address).status_code == 404
    assert (
        client_of(bo).get(f"/shipped/{item.public_id}/")["Location"]
        == f"/roadmap/{item.public_id}/"
    )


def test_a_long_word_goes_on_in_the_next_line():
    font = _font(60, 800)
    lines = wrapped("x" * 60, font, width=1032, most=3)
    assert len(lines) > 1
    assert "".join(lines) == "x" * 60


@pytest.mark.parametrize(
    "late", [{"now": dt.datetime(2026, 3, 7, 9, 0, tzinfo=dt.UTC)}, {"kind": "PRAISE"}]
)
def test_what_came_later_and_what_praises_did_not_ask_for_it(
    client_of, item, dark_mode, publish, mo, pia, now, late
):
    post = publish(mo, "Dark mode", **late)
    Membership.objects.create(post=post, ask=dark_mode, source="MACHINE", placed_at=now)
    operations.ship(item=item, version="1.4.0", actor=pia, now=now)
    address = f"/shipped/{item.public_id}/{mo.public_id}/"
    assert client_of(mo).get(address).status_code == 404


def test_the_picture_is_one_in_both_languages(client, shipped, ann):
    address = f"/shipped/{shipped.public_id}/{ann.public_id}/picture.png"
    seen = set()
    for language in ("en", "zh-hans"):
        response = client.get(address, headers={"accept-language": language})
        assert response["Content-Type"] == "image/png"
        assert Image.open(BytesIO(response.content)).size == (1200, 630)
        seen.add(response.content)
    assert len(seen) == 2


def test_chinese_is_drawn_and_not_as_empty_boxes():
    font = _font(40, 400)
    drawn = {bytes(font.getmask(sign)) for sign in "深色模式"}
    assert len(drawn) == 4


@pytest.mark.parametrize(
    "words",
    ["深色模式" * 40, "dark mode " * 60, "x" * 500, "see " + "x" * 500, "！" * 90, "", "🎉 done"],
)
def test_any_words_fit_the_picture(words):
    font = _font(60, 800)
    lines = wrapped(words, font, width=1032, most=3)
    assert len(lines) <= 3
    assert all(font.getlength(line) <= 1032 for line in lines)
    card = Card(headline=words, title=words, lines=(words,), place=Place(words[:20], 1, 5))
    assert draw(card, site=Identity(name="Heed")).startswith(b"\x89PNG")


def test_a_line_is_broken_between_words_and_before_no_comma():
    font = _font(32, 400)
    lines = wrapped("希望能全文搜索，标题和内容都要，" * 6, font, width=400, most=20)
    assert not any(line[0] in "，。" for line in lines)
    assert wrapped("one two", font, width=70, most=3) == ["one", "two"]
