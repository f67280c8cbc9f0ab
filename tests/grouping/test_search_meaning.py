"""Searching by meaning: beneath words, with a floor, and later where the encoder is late."""

import numpy as np
import pytest

from feedback.asks.models import PlacementAttempt
from feedback.forum.models import Post
from feedback.grouping.models import EncoderModel, Vector
from feedback.grouping.similar import near, similar
from feedback.grouping.vectors.encoders import EncoderDown

pytestmark = pytest.mark.django_db
WIDTH = 8


class Encoder:
    """Says what it was told that words mean; ``calls`` are the words it was asked for."""

    def __init__(self):
        self.means, self.calls, self.is_down = {}, [], False

    def embed(self, texts, *, view=None, timeout=None):
        self.calls += texts
        if self.is_down:
            raise EncoderDown("no answer")
        return np.stack([self.means.get(text, unit(7)) for text in texts])


def unit(direction, *, towards=None, cosine=1.0):
    vector = np.zeros(WIDTH, dtype=np.float32)
    vector[direction] = cosine
    if towards is not None:
        vector[towards] = np.sqrt(1 - cosine**2)
    return vector


@pytest.fixture
def encoder(monkeypatch, now):
    EncoderModel.objects.create(
        model_key="test", dims=WIDTH, views=[["use", 0, WIDTH]], is_current=True, first_seen_at=now
    )
    made = Encoder()
    monkeypatch.setattr(similar, "client_of", lambda model: made)
    return made


@pytest.fixture
def mean(encoder):
    """Give a post its vector: ``mean(post, unit(0))``."""

    def give(post, vector):
        Vector.objects.create(content_hash=post.content_hash, model_key="test", embedding=vector)

    return give


def search(client, words, **more):
    return client.get("/search/", {"q": words} | more).content.decode()


def at(page, *titles):
    """Return the titles in the order in which they stand in ``page``, those that do."""
    return sorted((one for one in titles if one in page), key=page.index)


def test_what_is_near_stands_beneath_what_has_the_words(client, ann, publish, encoder, mean):
    words = publish(ann, "A quiet evening")
    close = publish(ann, "Silence after work")
    mean(words, unit(1))
    mean(close, unit(0, towards=2, cosine=0.9))
    encoder.means["evening"] = unit(0)
    page = search(client, "evening")
    assert at(page, "Silence after work", "<mark>evening</mark>") == [
        "<mark>evening</mark>",
        "Silence after work",
    ]
    assert "Near in meaning" in page


@pytest.mark.parametrize(
    ("title", "cosine", "is_shown"),
    [
        ("Silence", near.FLOOR + 0.02, True),
        ("Silence", near.FLOOR - 0.02, False),
        ("安静", near.FLOOR_ACROSS + 0.02, True),
        ("安静", near.FLOOR_ACROSS - 0.02, False),
    ],
)
def test_beneath_the_floor_nothing_is_said(
    client, ann, publish, encoder, mean, title, cosine, is_shown
):
    mean(publish(ann, title), unit(0, towards=3, cosine=cosine))
    encoder.means["evening"] = unit(0)
    assert (title in search(client, "evening")) == is_shown


def test_a_late_encoder_holds_nobody_up_and_the_page_looks_again(
    client, ann, publish, encoder, mean
):
    publish(ann, "A quiet evening")
    mean(publish(ann, "Silence after work"), unit(0))
    encoder.means["evening"] = unit(0)
    encoder.is_down = True
    page = search(client, "evening")
    assert "evening</mark>" in page
    assert "Silence" not in page
    assert 'hx-get="?q=evening&amp;again=1"' in page
    encoder.is_down = False
    part = client.get("/search/?q=evening&again=1", headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith('<div id="found"')
    assert "Silence after work" in part
    assert "again=1" not in part


def test_an_encoder_that_stays_away_is_said_once_and_not_asked_for_ever(
    client, ann, publish, encoder
):
    publish(ann, "A quiet evening")
    encoder.is_down = True
    page = search(client, "evening", again="1")
    assert "Compared by words only for now" in page
    assert "hx-trigger" not in page


def test_a_site_without_vectors_says_nothing_of_them(client, ann, publish):
    publish(ann, "A quiet evening")
    page = search(client, "evening")
    assert "again=1" not in page
    assert "words only" not in page


def test_the_vector_of_a_query_is_kept(client, ann, publish, encoder, mean):
    mean(publish(ann, "Silence"), unit(0))
    for _ in range(3):
        search(client, "evening")
    assert encoder.calls == ["evening"]


def test_traditional_characters_are_read_as_simplified_ones(client, ann, publish, encoder):
    publish(ann, "Silence")
    search(client, "安靜的夜晚")
    assert encoder.calls == ["安静的夜晚"]


def test_what_is_quoted_is_meant_to_the_letter(client, ann, publish, encoder, mean):
    mean(publish(ann, "Silence"), unit(0))
    for words in ('"evening"', "evening -morning"):
        assert "Silence" not in search(client, words)
    assert encoder.calls == []


def test_meaning_keeps_to_the_filters(client, ann, bo, publish, encoder, mean):
    mean(publish(ann, "Silence of Ann"), unit(0))
    mean(publish(bo, "Silence of Bo"), unit(0, towards=1, cosine=0.9))
    encoder.means["evening"] = unit(0)
    page = search(client, "evening", by="Bo")
    assert "Silence of Bo" in page
    assert "Silence of Ann" not in page


def test_what_says_only_that_it_is_good_or_bad_is_near_nothing(
    client, ann, publish, encoder, mean, now
):
    post = publish(ann, "So good")
    mean(post, unit(0))
    PlacementAttempt.objects.create(
        post=post,
        content_hash=post.content_hash,
        model_key="test",
        boilerplate="praise",
        looked_at=now,
    )
    encoder.means["evening"] = unit(0)
    assert "So good" not in search(client, "evening")


def test_hidden_posts_are_near_nothing(client, ann, mo, publish, encoder, mean, now):
    from feedback.forum.posts.operations import hide_post

    post = publish(ann, "Silence")
    mean(post, unit(0))
    hide_post(post=post, moderator=mo, now=now)
    encoder.means["evening"] = unit(0)
    assert "Silence" not in search(client, "evening")


def test_some_of_the_words_and_meaning_are_one_list(client, ann, publish, encoder, mean):
    both = publish(ann, "Evening silence")
    word, close = publish(ann, "Evening news"), publish(ann, "Hush")
    mean(both, unit(0, towards=1, cosine=0.8))
    mean(word, unit(2))
    mean(close, unit(0, towards=1, cosine=0.7))
    encoder.means["quiet evening"] = unit(0)
    page = search(client, "quiet evening")
    order = at(page, "silence</a>", "Hush</a>", "news</a>")
    assert order == ["silence</a>", "Hush</a>", "news</a>"]


def test_the_ask_of_two_near_posts_is_near(client, ann, bo, publish, make_ask, encoder, mean):
    posts = [publish(ann, "Silence"), publish(bo, "Hush")]
    for post in posts:
        mean(post, unit(0))
    make_ask(*posts, title="Less noise")
    encoder.means["evening"] = unit(0)
    assert "Less noise" in search(client, "evening")


def test_a_large_product_is_not_read_at_each_search(
    client, ann, publish, encoder, mean, product, monkeypatch, django_assert_max_num_queries
):
    """Boards count their posts: nobody fetches the hashes of thousands to learn that there are thousands."""
    mean(publish(ann, "Silence"), unit(0))
    monkeypatch.setattr(similar, "SMALL", 0)
    meaning = similar.meaning_of("evening")
    with django_assert_max_num_queries(2):
        meaning.nearest(10, product)
    assert Post.objects.count() == 1
