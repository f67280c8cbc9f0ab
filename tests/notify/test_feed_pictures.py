"""What a feed lists comes with the picture that other sites show of its page, and with none that not everybody may see."""

import re
from html import unescape

import pytest
from django.conf import settings

from feedback.forum.cards import keeping
from feedback.forum.comments.operations import comment
from feedback.roadmap import operations as roadmap

pytestmark = pytest.mark.django_db


def pictures_in(client, address):
    content = client.get(address).content.decode()
    found = re.findall(r'<media:content [^>]*?url="([^"]+)"', content)
    return [unescape(one).removeprefix(settings.BASE_URL) for one in found]


@pytest.mark.parametrize("as_rss", ["", "&format=rss"])
def test_what_a_feed_lists_comes_with_the_picture_of_its_page(
    client, item, dark_mode, publish, ann, pia, now, as_rss
):
    roadmap.ship(item=item, version="1.4.0", actor=pia, now=now)
    pages = {
        "/feeds/posts/": f"/posts/{dark_mode.medoid.public_id}/",
        f"/feeds/asks/{dark_mode.public_id}/": f"/roadmap/{item.public_id}/",
        "/changelog/feed/": "/releases/1.4.0/",
    }
    for address, page in pages.items():
        asked = f"{address}?language=zh-hans{as_rss}"
        assert f"{page}picture.png?language=zh-hans" in pictures_in(client, asked), address


def test_comments_have_none(client, publish, ann, bo, now):
    post = publish(ann, "Louder")
    comment(post=post, author=bo, body="Yes", now=now)
    assert pictures_in(client, f"/feeds/posts/{post.public_id}/") == []


def test_a_picture_speaks_the_language_of_its_feed(client, publish, ann, monkeypatch):
    said = []
    monkeypatch.setattr(keeping, "drawn", lambda card: said.append(card) or b"PNG")
    monkeypatch.setattr(keeping, "kept", lambda card: None)
    post = publish(ann, "Louder")
    for language in ("en", "zh-hans"):
        client.get(f"/posts/{post.public_id}/picture.png?language={language}")
    assert said[0].headline != said[1].headline
