"""What is like these words: by meaning and word while the encoder answers, by word when it does not."""

from contextlib import suppress

import pytest

from feedback.asks.answers import decline_ask
from feedback.asks.decisions.confirm import confirm_ask
from feedback.asks.models import Ask, PlacementAttempt
from feedback.encoder.app import EncoderApp
from feedback.encoder.client import EncoderClient, EncoderSlow
from feedback.grouping.models import EncoderModel, Vector
from feedback.grouping.similar.similar import gist, is_repeated, rank, similar
from feedback.grouping.vectors.embedding import embed_pending
from tests.encoder.conftest import served, wait_until_ready

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def address():
    """A running encoder server with the encoder that needs no torch."""
    with served(EncoderApp("hashing")) as url:
        wait_until_ready(EncoderClient(url, "hashing"))
        yield url


@pytest.fixture
def encoder(address, settings):
    settings.ENCODER, settings.ENCODER_URL = "hashing", address


def titles(found):
    return [ask.title for ask in found.asks] + [post.title for post in found.posts]


def test_posts_get_their_vectors_from_the_encoder(encoder, posts, now):
    hashes = {post.content_hash for some in posts.values() for post in some}
    assert embed_pending(now=now) == len(hashes)
    assert embed_pending(now=now) == 0
    assert Vector.objects.count() == len(hashes)
    assert EncoderModel.objects.get().is_current


def test_nothing_is_lost_while_the_encoder_is_down(posts, now, run_jobs):
    run_jobs()
    assert Vector.objects.count() == 0
    assert EncoderModel.objects.count() == 0


def test_a_draft_finds_its_like_by_meaning(encoder, grouped, ann):
    found = similar(title="a dark mode for the night", body="", person=ann)
    assert found.by_meaning
    assert any("dark mode" in title.lower() for title in titles(found))


def test_a_confirmed_ask_stands_before_posts_and_swallows_its_own(
    encoder, grouped, ann, pia, ask_of, now
):
    ask = ask_of(grouped["dark"][0])
    confirm_ask(ask=ask, actor=pia, now=now)
    found = similar(title="Add a dark mode", body="", person=ann)
    assert found.asks[0] == ask
    assert not {post.pk for post in found.posts} & {post.pk for post in grouped["dark"]}


def test_what_is_only_proposed_is_no_ask_to_a_member_but_its_posts_are_there(encoder, grouped, ann):
    found = similar(title="Add a dark mode", body="", person=ann)
    assert found.asks == []
    assert found.posts


def test_without_the_encoder_words_answer(grouped, ann):
    found = similar(title="深色模式", body="", person=ann)
    assert not found.by_meaning
    assert any("深色模式" in title for title in titles(found))


def test_a_declined_ask_comes_with_its_reason(encoder, grouped, client_of, ann, pia, ask_of, now):
    ask = ask_of(grouped["dark"][0])
    confirm_ask(ask=ask, actor=pia, now=now)
    decline_ask(ask=ask, reason="It would cost the battery.", actor=pia, now=now)
    page = client_of(ann).get("/posts/similar/", {"title": "Add a dark mode", "body": ""})
    assert "It would cost the battery." in page.content.decode()


def test_too_little_to_go_on_gives_nothing(encoder, grouped, ann):
    assert titles(similar(title="a", body="", person=ann)) == []


def test_me_too_on_an_ask_counts_the_person_once_and_can_be_taken_back(
    grouped, client_of, ann, pia, ask_of, now
):
    ask = ask_of(grouped["dark"][0])
    confirm_ask(ask=ask, actor=pia, now=now)
    before = ask.people_count
    client = client_of(ann)
    for _ in range(2):
        client.post(f"/asks/{ask.public_id}/vote/", {"want": "1"})
    ask.refresh_from_db()
    assert ask.people_count == before + 1
    client.post(f"/asks/{ask.public_id}/vote/", {"want": "0"})
    ask.refresh_from_db()
    assert ask.people_count == before


def test_the_list_of_asks_shows_only_confirmed_ones(grouped, client_of, pia, ask_of, now):
    ask = ask_of(grouped["dark"][0])
    assert "none confirmed yet" in client_of(None).get("/asks/").content.decode()
    confirm_ask(ask=ask, actor=pia, now=now, title="Dark theme")
    page = client_of(None).get("/asks/").content.decode()
    assert "Dark theme" in page
    assert Ask.objects.filter(state="PROPOSED").exclude(pk=ask.pk).first().title not in page


def test_what_a_row_says_already_is_not_said_again(person, publish, ann, make_ask):
    make_ask(publish(person("P0"), "Something went wrong again"), title="Something go wrong")
    make_ask(
        publish(person("P1"), "Something wrong here"),
        title="Something go wrong .",
        state="PROPOSED",
    )
    for number, title in enumerate(
        ("something go wrong", "keep crash wrong", "Keep crash, wrong !")
    ):
        publish(person(f"Q{number}"), title)
    found = similar(title="something wrong crash", body="", person=ann)
    assert [ask.title for ask in found.asks] == ["Something go wrong"]
    assert len(found.posts) == 1
    assert gist(found.posts[0].title) == {"keep", "crash", "wrong"}


def test_at_most_four_rows_and_none_of_one_s_own(person, publish, ann):
    publish(ann, "Dark mode for the night")
    for number, what in enumerate(("reader", "editor", "player", "calendar", "widget", "watch")):
        publish(person(f"P{number}"), f"Dark mode for {what} {number}{number}")
    found = similar(title="dark mode", body="", person=ann)
    assert len(titles(found)) == 4
    assert ann not in {post.author for post in found.posts}


def test_asks_do_not_crowd_out_a_post_that_says_more_of_it(person, publish, ann, make_ask):
    for number, where in enumerate(("the editor", "settings", "the player", "a call", "backup")):
        make_ask(
            publish(person(f"P{number}"), f"Crash in {where}"), title=f"Crash in {where} {number}"
        )
    publish(person("Q"), "Crash of the camera roll")
    found = similar(title="camera roll crash", body="", person=ann)
    assert [post.title for post in found.posts] == ["Crash of the camera roll"]
    assert len(found.asks) == 3


def test_titles_that_say_the_same():
    assert is_repeated(gist("Something go wrong ."), [gist("something go wrong")])
    assert is_repeated(gist("希望增加深色模式"), [gist("希望增加深色模式！")])
    assert not is_repeated(gist("Dark mode"), [gist("Dark mode for the editor")])
    assert not is_repeated(gist("Dark mode"), [])
    assert is_repeated(gist("???"), [gist("!!!")])


# --- Names, versions, slips, words inside a sentence -------------------------------------------------------
NAMED = {
    "Gboard covers the search box": "the keyboard hides what is typed",
    "Since 14.2.1 the battery is empty by noon": "the update eats the battery",
    "Playback stops on pi-hole networks": "nothing plays at home",
    "希望蓝牙耳机CarPlay模式下不要自动断开": "车里听歌总是断",
    "Subtitles are too small on the television": "cannot read them",
}


@pytest.fixture
def crowded(encoder, embed, person, publish):
    """Posts that name something, among many that are closer in meaning to any question about them."""
    for number, (title, body) in enumerate(NAMED.items()):
        publish(person(f"N{number}"), title, body=body)
    for number in range(30):
        publish(person(f"K{number}"), f"The keyboard is slow when I type a message {number}")
        publish(person(f"B{number}"), f"My phone loses its charge quickly, day {number}")
        publish(person(f"C{number}"), f"车里的音乐播放经常停止，第{number}次")
    embed()


DRAFTS = {
    "the keyboard gboard is slow when I type": "Gboard covers the search box",
    "my phone loses charge since 14.2.1": "Since 14.2.1 the battery is empty by noon",
    "charge gone quickly with 14.2": "Since 14.2.1 the battery is empty by noon",
    "no music behind a pi-hole": "Playback stops on pi-hole networks",
    "车里的音乐 CarPlay 播放经常停止": "希望蓝牙耳机CarPlay模式下不要自动断开",
    "蓝牙耳机": "希望蓝牙耳机CarPlay模式下不要自动断开",
    "subtitels": "Subtitles are too small on the television",
    "the subtiltes are tiny": "Subtitles are too small on the television",
    "televsion text": "Subtitles are too small on the television",
}


@pytest.mark.parametrize("by_meaning", [True, False])
def test_what_is_named_is_found_while_typing(crowded, client_of, ann, settings, by_meaning):
    if not by_meaning:
        settings.ENCODER_URL = settings.OWN_ENCODER_URL = "http://127.0.0.1:9"
    client = client_of(ann)
    for draft, wanted in DRAFTS.items():
        page = client.get("/posts/similar/", {"title": draft, "body": ""}).content.decode()
        assert ("by words only" in page) is not by_meaning, draft
        assert wanted in page, draft


def test_what_says_nothing_is_not_offered_to_who_writes(
    encoder, grouped, embed, ann, bo, publish, now
):
    nice = publish(bo, "nice app crashes never")
    embed()
    assert nice.pk in [pk for pk, _ in rank("app crashes")[0]]
    PlacementAttempt.objects.create(
        post=nice,
        content_hash=nice.content_hash,
        model_key="test",
        boilerplate="praise",
        looked_at=now,
    )
    assert nice.pk not in [pk for pk, _ in rank("app crashes")[0]]


def test_a_slow_encoder_is_asked_for_fewer_at_once_and_posts_are_read(
    encoder, publish, bo, now, monkeypatch
):
    for number in range(40):
        publish(bo, f"Wish number {number}", body="Please.")
    ask, asked = EncoderClient.embed, []

    def slow(self, texts, **how):
        asked.append(len(texts))
        if len(texts) > 8:
            raise EncoderSlow("no answer within 60 s")
        return ask(self, texts, **how)

    monkeypatch.setattr(EncoderClient, "embed", slow)
    monkeypatch.setattr("feedback.grouping.vectors.embedding.judge_of", lambda *_: None)
    for _ in range(8):
        with suppress(EncoderSlow):
            embed_pending(now=now)
    assert max(asked) > 8
    assert Vector.objects.count() == 40
