"""Finding posts by their words, alike on both databases."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.forum.models import Post
from feedback.forum.posts.operations import edit_post, hide_post, show_post, withdraw_post
from feedback.forum.search import index
from feedback.kernel import clock

SENTENCE = "希望系统增加深色模式,晚上看着刺眼"


def found(query, mode="all"):
    pks = [pk for pk, _score in index.find(query, limit=20, mode=mode)]
    titles = Post.objects.in_bulk(pks)
    return [titles[pk].title for pk in pks]


def test_words_inside_a_chinese_sentence_are_found(ann, publish):
    publish(ann, SENTENCE)
    publish(ann, "弹幕太多了")
    for query in (
        "深色模式",
        "深色",
        "模式",
        "希望系统",
        "晚上看着",
        "系统增加",
        "色模",
        "加深",
        "眼",
        "晚",
        "刺眼 深色",
        "深色 晚上",
    ):
        assert found(query) == [SENTENCE], query


def test_words_that_are_not_in_a_chinese_sentence_are_not_found(ann, publish):
    publish(ann, SENTENCE)
    for query in ("浅色", "色深", "夜间模式"):
        assert found(query) == [], query


@pytest.mark.parametrize(
    ("title", "query"),
    [
        ("Add dark mode", "dark mode"),
        ("Add dark mode", "DARK"),
        ("Works with pi-hole", "pi-hole"),
        ("Works with pi-hole", "pi-h"),
        ("Works with pi-hole", "hole"),
        ("It doesn't open", "doesn't"),
        ("It doesn’t open", "doesnt"),
        ("Since 14.0.2 it crashes", "14.0.2"),
        ("Since 14.0.2 it crashes", "14.0"),
        ("Since 14.0.2 it crashes", "crashing"),
        ("Since 14.0.2 it crashes", "crash"),
        ("希望支持 Android Auto 导航", "android"),
        ("希望支持Android Auto导航", "android 导航"),
        ("小米14Pro发热", "14pro"),
        ("小米14Pro发热", "发热"),
        ("Full width works", "full"),
        ("Café im Menü", "café"),
        ("Поддержка тёмной темы", "тёмной"),
    ],
)
def test_names_versions_and_hyphens_are_found(ann, publish, title, query):
    publish(ann, title)
    publish(ann, "Something else entirely")
    assert found(query) == [title]


def test_a_long_sentence_finds_the_post_with_some_of_its_words(ann, publish):
    publish(ann, "Add dark mode")
    publish(ann, "A button is gone")
    assert found("please add dark mode night") == []
    assert found("please add dark mode night", mode="any") == ["Add dark mode"]


def test_a_word_in_the_title_weighs_more_than_in_the_body(ann, publish):
    publish(ann, "Something", body="about captions, somewhere in the middle of it")
    publish(ann, "Captions", body="they are wrong, and there is more to say about it here")
    assert found("captions") == ["Captions", "Something"]


def test_no_query_breaks_the_search(ann, publish):
    publish(ann, "Dark mode")
    strange = '" OR 1 --', "a:*", "\\", "👍", "-", "^", "NEAR(", "title:"
    for query in ("", "   ", "'", '"', "*", "()", *strange):
        index.find(query, limit=5, mode="all")
        index.find(query, limit=5, mode="any")


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_any_text_at_all_may_be_asked_for(db, text):
    index.find(text, limit=3, mode="any")
    index.find(text, limit=3, mode="all")


@settings(max_examples=40)
@given(
    st.text(alphabet="深色模式系统晚上看着刺眼的用不能视频弹幕", min_size=2, max_size=14), st.data()
)
def test_every_part_of_a_chinese_title_finds_it(ann, publish, frozen, title, data):
    frozen.shift(3600)
    start = data.draw(st.integers(0, len(title) - 1))
    stop = data.draw(st.integers(start + 1, len(title)))
    post = publish(ann, title)
    assert post.pk in {pk for pk, _ in index.find(title[start:stop], limit=10_000)}


def test_an_edited_post_is_found_by_its_new_words_alone(ann, publish):
    post = publish(ann, "Dark mode")
    edit_post(post=post, editor=ann, title="Night theme", body="", now=clock.now())
    assert found("dark") == []
    assert found("night") == ["Night theme"]


def test_hidden_and_withdrawn_posts_are_not_found(ann, mo, publish, now):
    hidden, withdrawn = publish(ann, "Dark one"), publish(ann, "Dark two")
    hide_post(post=hidden, moderator=mo, now=now)
    withdraw_post(post=withdrawn, author=ann, now=now)
    assert found("dark") == []
    show_post(post=hidden, moderator=mo, now=now)
    assert found("dark") == ["Dark one"]


def test_missing_rows_are_indexed_in_batches(ann, publish):
    for number in range(5):
        publish(ann, f"Dark mode {number}")
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM forum_post_search")
    Post.objects.update(indexed_as="")
    assert found("dark") == []
    assert [index.index_pending(2) for _ in range(4)] == [2, 2, 1, 0]
    assert len(found("dark")) == 5


def test_another_tokeniser_has_every_row_made_again(ann, publish, monkeypatch):
    publish(ann, "Dark mode")
    assert index.index_pending(10) == 0
    monkeypatch.setattr(index.words, "CUT_VERSION", "another")
    assert index.index_pending(10) == 1
    assert index.index_pending(10) == 0
    assert found("dark") == ["Dark mode"]


def test_the_search_page_finds_and_says_when_it_found_only_some(client_of, ann, publish):
    publish(ann, SENTENCE, body="eyes hurt")
    client = client_of(None)
    assert SENTENCE in client.get("/search/", {"q": "深色模式"}).content.decode()
    some = client.get("/search/", {"q": "深色模式 wallpaper"}).content.decode()
    assert SENTENCE in some
    assert "Nothing has all of these words" in some
    assert b"Nothing found" in client.get("/search/", {"q": "submarine"}).content
    assert client.get("/search/").status_code == 200
    assert client.get("/search/", {"q": "x" * 5000}).status_code == 200


def test_a_body_of_one_endless_word_is_posted_all_the_same(ann, publish):
    publish(ann, "Key", body="x" * 20_000)
    publish(ann, "Long", body="深色模式" * 5_000)
    assert found("深色") == ["Long"]


# --- Any of the words, the telling ones ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("subtitels", "Subtitles are gone"),
        ("subtiles", "Subtitles are gone"),
        ("subbtitles", "Subtitles are gone"),
        ("captoins here", "Captions in Spanish"),
        ("kaptions", None),  # the first letter is taken to be right
        ("spnsh", None),  # too far away
    ],
)
def test_a_slip_finds_the_word_that_was_meant(ann, publish, typed, title):
    publish(ann, "Subtitles are gone")
    publish(ann, "Captions in Spanish")
    assert found(typed) == []
    assert found(typed, mode="any") == ([title] if title else [])


def test_a_slip_that_somebody_made_before_still_finds_the_word(ann, publish, frozen):
    publish(ann, "Where are the subtitels")
    for number in range(12):
        frozen.shift(3600)
        publish(ann, f"Subtitles gone {number}")
    assert len(found("subtitels", mode="any")) == 13


def test_of_many_words_the_rare_ones_decide(ann, publish, frozen, monkeypatch):
    monkeypatch.setattr(index, "_LOOKED_AT", 4)
    for number in range(12):
        frozen.shift(3600)
        publish(ann, f"The video stops {number}")
    publish(ann, "A video on CarPlay")
    assert found("video stops carplay", mode="any") == ["A video on CarPlay"]
    assert len(found("video stops carplay", mode="all")) == 0


def test_a_word_that_all_use_finds_the_newest(ann, publish, frozen, monkeypatch):
    monkeypatch.setattr(index, "_LOOKED_AT", 4)
    for number in range(12):
        frozen.shift(3600)
        publish(ann, f"Video {number}")
    some = found("video", mode="any")
    assert "Video 11" in some
    assert "Video 0" not in some
    assert len(found("video", mode="all")) == 12


def test_a_word_written_a_moment_ago_is_known(ann, publish):
    assert found("carplay", mode="any") == []
    publish(ann, "CarPlay")
    assert found("carplay", mode="any") == ["CarPlay"]


def test_common_words_are_counted_once(ann, publish, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(index, "_COMMON", 2)
    index.forget()
    for number in range(3):
        publish(ann, f"Video {number}")
    assert len(found("video", mode="any")) == 3
    with django_assert_max_num_queries(4):
        assert len(found("video", mode="any")) == 3
    index.forget()
