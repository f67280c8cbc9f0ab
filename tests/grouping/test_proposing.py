"""What a draft seems to be, and where it belongs; and what is said while the encoder is still on its way."""

import re

import pytest

from feedback.encoder.app import EncoderApp
from feedback.encoder.client import EncoderClient
from feedback.forum.models import Board
from feedback.grouping.vectors.embedding import embed_pending
from tests.encoder.conftest import served, wait_until_ready

pytestmark = pytest.mark.django_db

PROPOSAL, SIMILAR = "/posts/proposal/", "/posts/similar/"


@pytest.fixture(scope="module")
def address():
    """A running encoder server that knows what sentences mean, and loads within a second or two."""
    with served(EncoderApp("use")) as url:
        wait_until_ready(EncoderClient(url, "use"))
        yield url


@pytest.fixture
def encoder(address, settings):
    settings.ENCODER, settings.ENCODER_URL = "use", address


@pytest.fixture
def reader(client_of, ann, board):
    return client_of(ann)


def proposed(client, title, body="", **more):
    answer = client.post(PROPOSAL, {"title": title, "body": body, **more})
    assert answer.status_code == 200
    return answer.json()


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("The app crashes when I open it", "BUG"),
        ("一打开就闪退", "BUG"),
        ("Notifications arrive twice", "BUG"),
        ("更新以后声音没了", "BUG"),
        ("How do I change my email address?", "QUESTION"),
        ("怎么关闭自动续费？", "QUESTION"),
        ("Best app ever, thank you!", "PRAISE"),
        ("非常好用，五星好评", "PRAISE"),
        ("Let me sort my notes by date", "SUGGESTION"),
        ("希望增加深色模式", "SUGGESTION"),
        ("hm", ""),
        ("the the the and", ""),
    ],
)
def test_the_kind_is_proposed_from_the_words(encoder, reader, words, kind):
    found = proposed(reader, words)
    assert found["kind"] == kind
    assert bool(found["kind_said"]) is bool(kind)


def test_a_proposal_is_a_sentence_in_the_readers_language(encoder, client_of, person, board):
    li = person("Li", language="zh-hans")
    assert "问题" in proposed(client_of(li), "一打开就闪退")["kind_said"]


def test_nothing_is_proposed_while_the_encoder_is_away(reader):
    assert proposed(reader, "The app crashes at once")["kind"] == ""


def test_a_visitor_is_helped_too_and_not_without_end(encoder, client_of, board):
    visitor = client_of(None)
    assert proposed(visitor, "The app crashes at once")["kind"] == "BUG"
    codes = {visitor.post(PROPOSAL, {"title": "x"}).status_code for _ in range(120)}
    assert codes == {200, 429}


@pytest.fixture
def settled(encoder, publish, ann, bo, product, now):
    """Two boards: on one they speak of sound, on the other of prices."""
    prices = Board.objects.create(product=product, slug="prices", name="Prices")
    for number, words in enumerate(
        ["The sound is too quiet", "Sound too low on my phone", "I hear no sound at all", "Sound volume is low",
         "Make the sound louder"]
    ):  # fmt: skip
        publish(ann, words, body=f"Note {number}")
    for number, words in enumerate(
        ["The price is too high", "Monthly price too expensive", "Lower the price for students", "Price per year is high",
         "Too expensive for me"]
    ):  # fmt: skip
        publish(bo, words, body=f"Note {number}", board=prices)
    embed_pending(now=now)


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("the price is too high, too expensive", "prices"),
        ("the sound is too low, I hear nothing", "suggestions"),
        ("zebra", ""),
    ],
)
def test_the_board_is_proposed_where_posts_like_it_stand(settled, client_of, mo, words, slug):
    found = proposed(client_of(mo), words)
    assert found["board"] == slug
    assert bool(found["board_said"]) is bool(slug)


def test_a_board_that_takes_no_posts_is_not_proposed(settled, client_of, mo):
    Board.objects.filter(slug="prices").update(posters="TEAM")
    assert proposed(client_of(mo), "the price is too high, too expensive")["board"] == "prices"
    mo.role = "MEMBER"
    mo.save()
    assert proposed(client_of(mo), "the price is too high, too expensive")["board"] == ""


def test_imported_posts_tell_no_board(settled, client_of, mo):
    from feedback.forum.models import Post

    Post.objects.filter(board__slug="prices").update(source="elsewhere")
    assert proposed(client_of(mo), "the price is too high, too expensive")["board"] == ""


# --- Before the encoder is there ----------------------------------------------------------------------------------
def again(page):
    """Return where and when the page looks again, or None."""
    found = re.search(r'hx-post="([^"]+)" hx-trigger="load delay:(\d+)s"', page)
    return found and (found.group(1), int(found.group(2)))


def test_what_was_compared_by_words_alone_is_looked_at_again(
    reader, publish, bo, address, settings
):
    publish(bo, "Dark mode at night, please")
    page = reader.post(SIMILAR, {"title": "dark mode"}).content.decode()
    assert "Dark mode at night" in page
    assert "Compared by words only so far" in page
    where, seconds = again(page)
    assert (where, seconds) == (f"{SIMILAR}?again=1", 1)


def test_nothing_found_by_words_is_looked_at_again_too(reader, publish, bo):
    publish(bo, "Dark mode at night, please")
    page = reader.post(SIMILAR, {"title": "gloomy colours"}).content.decode()
    assert "Is it one of these?" not in page
    assert again(page) == (f"{SIMILAR}?again=1", 1)


def test_it_is_looked_at_less_and_less_often_and_then_no_more(reader, publish, bo):
    publish(bo, "Dark mode at night, please")
    where, waited = SIMILAR, []
    for _ in range(20):
        page = reader.post(where, {"title": "dark mode"}).content.decode()
        if again(page) is None:
            break
        where, seconds = again(page)
        waited.append(seconds)
    assert waited == sorted(waited)
    assert (waited[0], len(waited)) == (1, 10)
    assert 30 <= sum(waited) <= 60
    assert "Compared by words only for now." in page
    assert "Dark mode at night" in page


def test_once_the_encoder_is_there_meaning_is_compared_and_nothing_more_said(
    encoder, reader, publish, bo, now
):
    publish(bo, "Dark mode at night, please")
    embed_pending(now=now)
    page = reader.post(f"{SIMILAR}?again=3", {"title": "dark mode"}).content.decode()
    assert "Dark mode at night" in page
    assert "by words only" not in page
    assert again(page) is None


@pytest.mark.parametrize("number", ["-1", "x", "9" * 40, "²", "1.5"])
def test_a_number_that_no_page_gave_does_no_harm(reader, publish, bo, number):
    publish(bo, "Dark mode at night, please")
    answer = reader.post(f"{SIMILAR}?again={number}", {"title": "dark mode"})
    assert answer.status_code == 200
