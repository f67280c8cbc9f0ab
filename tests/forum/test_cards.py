"""What other sites show of ours: words and a drawn picture, that say no more than a visitor reads."""

import io
import re

import pytest
from django.conf import settings
from PIL import Image

from feedback.accounts import limits
from feedback.forum.cards import cards, keeping
from feedback.forum.models import Post
from feedback.forum.votes.operations import vote
from feedback.kernel.pictures.drawing import Card, Place
from feedback.roadmap import operations as roadmap

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def drawn(monkeypatch):
    """The cards that were drawn, without waiting for the pen."""
    said = []

    def draw(card, *, site):
        said.append(card)
        return b"\x89PNG of " + card.key.encode()

    monkeypatch.setattr(keeping, "draw", draw)
    return said


def said(page, name):
    found = re.search(f'<meta property="og:{name}" content="([^"]*)">', page)
    return found[1].replace("&amp;", "&") if found else None


def picture_on(client, address):
    page = client.get(address).content.decode()
    return said(page, "image").removeprefix(settings.BASE_URL)


def test_every_public_page_says_what_it_is(client, item, dark_mode, pia, now, drawn):
    roadmap.ship(item=item, version="1.4.0", text="Dark at last.", actor=pia, now=now)
    post = dark_mode.medoid
    pages = [
        f"/posts/{post.public_id}/",
        f"/asks/{dark_mode.public_id}/",
        f"/roadmap/{item.public_id}/",
        "/releases/1.4.0/",
        "/boards/suggestions/",
    ]
    for address in pages:
        page = client.get(address).content.decode()
        assert said(page, "url") == settings.BASE_URL + address
        assert said(page, "title")
        assert said(page, "image:alt")
        assert 'name="twitter:card" content="summary_large_image"' in page
        got = client.get(said(page, "image"))
        assert (got.status_code, got["Content-Type"]) == (200, "image/png")
        assert got["Cache-Control"] == "public, max-age=86400"
    assert [card.title for card in drawn] == [
        "Dark mode, please",
        "Dark mode, please",
        "A dark theme",
        "1.4.0",
        "Suggestions",
    ]
    assert drawn[1].lines == ("2 people want it · 1 post",)
    assert drawn[1].place == Place("Shipped", 5, 5)


def test_a_picture_is_drawn_once_and_anew_when_anything_of_it_changes(
    client, publish, ann, bo, now, drawn
):
    post = publish(ann)
    address = f"/posts/{post.public_id}/"
    first = picture_on(client, address)
    assert client.get(first).content == client.get(first).content
    assert len(drawn) == 1
    vote(post=post, person=bo, now=now)
    second = picture_on(client, address)
    assert second != first
    client.get(second)
    assert [card.lines for card in drawn] == [("1 person wants it",), ("2 people want it",)]
    # Who kept the old address gets what is true now, and asks again soon.
    old = client.get(first)
    assert old.content == client.get(second).content
    assert old["Cache-Control"] == "public, max-age=600"
    assert len(drawn) == 2


def test_each_language_has_its_own(client, publish, ann, drawn):
    address = f"/posts/{publish(ann).public_id}/picture.png"
    for language in ("en", "zh-hans"):
        client.get(address, headers={"accept-language": language})
    assert drawn[0] != drawn[1]


@pytest.mark.parametrize("state", ["HIDDEN", "HELD", "WITHDRAWN", "REMOVED"])
def test_what_a_visitor_may_not_read_has_no_card_whoever_asks(
    client_of, publish, ann, mo, state, drawn
):
    post = publish(ann)
    Post.objects.filter(pk=post.pk).update(state=state)
    for person in (None, ann, mo):
        assert client_of(person).get(f"/posts/{post.public_id}/picture.png").status_code == 404
    page = client_of(mo).get(f"/posts/{post.public_id}/").content.decode()
    assert said(page, "image") is None
    assert drawn == []


def test_a_proposed_ask_has_no_card_and_no_post_tells_of_it(
    client_of, publish, make_ask, ann, pia, drawn
):
    post = publish(ann)
    ask = make_ask(post, state="PROPOSED")
    assert client_of(pia).get(f"/asks/{ask.public_id}/picture.png").status_code == 404
    assert said(client_of(pia).get(f"/asks/{ask.public_id}/").content.decode(), "image") is None
    client_of(pia).get(f"/posts/{post.public_id}/picture.png")
    assert drawn[0].place.word == "Under review"


def test_who_has_many_drawn_waits(client, publish, ann, drawn, monkeypatch):
    monkeypatch.setattr(cards, "_DRAWN", limits.Rate("card", 2, cards._DRAWN.per))
    addresses = [
        f"/posts/{publish(ann, f'Wish {number}').public_id}/picture.png" for number in range(3)
    ]
    assert [client.get(one).status_code for one in addresses] == [200, 200, 429]
    # What is drawn already costs nothing.
    assert client.get(addresses[0]).status_code == 200


@pytest.mark.parametrize(
    "card",
    [
        Card(
            "Suggestions · Bug", "It stops at night", ("12 people want it",), Place("Planned", 2, 5)
        ),
        Card(
            "建议 · 建议",
            "希望增加深色模式" * 12,
            ("1,204 人同求 · 214 个帖子",),
            Place("开发中", 3, 5),
        ),
        Card("x" * 300, "🎉 " * 90, (), Place("Declined", 2, 2)),
        Card("", "", ()),
    ],
)
def test_any_card_is_drawn(card):
    image = Image.open(io.BytesIO(keeping.drawn(card)))
    assert image.size == (1200, 630)
