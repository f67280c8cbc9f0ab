"""However a word is written, it is found: one form for every spelling, alike on both databases."""

import pytest
from django.db import connection, transaction

from feedback.forum.models import Post
from feedback.forum.posts.operations import edit_post
from feedback.forum.search import finding, index, table
from feedback.forum.search.query import read_query
from feedback.kernel import clock

#: Own words; each stands for a kind.
CASES = {
    "v1": ("Wi-Fi only download", "Download only on wi-fi please"),
    "v2": ("E-mail digest", "A weekly e-mail digest"),
    "v3": ("Café theme", "A theme for cafés and naïve readers"),
    "v4": ("開通指紋登錄", "請開通指紋登錄"),
    "v5": ("İstanbul saati", "İstanbul saati yanlış"),
    "v6": ("AT&T plan", "Does it work with AT&T?"),
    "v7": ("A .NET client", "We want a .NET client"),
    "v8": ("The net is slow", "The network is slow in netball halls"),
}


def by_words(query):
    """Return the titles that the search page finds by words, best first."""
    hits, _meant = finding.by_words(finding.Search(read_query(query, names={})))
    titles = Post.objects.in_bulk([hit.pk for hit in hits])
    return [titles[hit.pk].title for hit in hits]


#: What is asked for, and the first that is found.
ASKED = [
    ("wifi", "v1"),
    ("email", "v2"),
    ("cafe", "v3"),
    ("naive", "v3"),
    ("开通指纹", "v4"),
    ("istanbul", "v5"),
    ("AT&T", "v6"),
    (".net", "v7"),
    ("wi fi", "v1"),
    ("WIFI", "v1"),
    ("ｗｉｆｉ", "v1"),
    ("e mail", "v2"),
    ("CAFÉ", "v3"),
    ("naïve", "v3"),
    ("指紋登錄", "v4"),
    ("指纹登录", "v4"),
    ("İSTANBUL", "v5"),
    ("yanlis", "v5"),
    ("at&t", "v6"),
    (".NET", "v7"),
    ("dot net", None),
]


def test_the_public_case(ann, publish):
    for title, body in CASES.values():
        publish(ann, title, body=body)
    found = {query: by_words(query)[:1] for query, _first in ASKED}
    assert found == {query: [CASES[first][0]] if first else [] for query, first in ASKED}


def test_names_with_signs_stand_before_what_only_has_their_letters(ann, publish):
    """On a large board too: what is like it is not in the way."""
    for number in range(40):
        publish(
            ann, f"The net at school is slow {number}", body="T is at the net, and C is a letter"
        )
    names = [
        "AT&T plan",
        "A .NET client",
        "C++ support",
        "C# support",
        "A 5G phone",
        "Node.js wanted",
    ]
    for name in names:
        publish(ann, name)
    for query, name in zip(["AT&T", ".NET", "C++", "c#", "5G", "nodejs"], names, strict=True):
        assert by_words(query)[0] == name


#: A title, and what somebody asks for who means it.
WRITTEN = [
    # joined or not
    ("Pop-up blocker", "popup"),
    ("Popup blocker", "pop-up"),
    ("Popup blocker", "pop up"),
    ("Cannot log in", "login"),
    ("Login fails", "log in"),
    ("Log-in fails", "log in"),
    ("Dark-mode", "dark mode"),
    ("DarkMode", "dark mode"),
    ("darkmode please", "dark mode"),
    ("snake_case names", "snake case"),
    ("iPhone15 gets hot", "iphone 15"),
    ("iPhone 15 gets hot", "iphone15"),
    ("120Hz screen", "120 hz"),
    ("USB-C port", "usbc"),
    ("It doesn’t open", "doesn't"),
    ("It isn't there", "isnt"),
    # accents, width, letters
    ("Ｆｕｌｌ　ｗｉｄｔｈ", "full width"),
    ("Full width", "ｆｕｌｌ"),
    ("Straße gesperrt", "strasse"),
    ("Łódź map", "lodz"),
    ("Smørrebrød", "smorrebrod"),
    ("Việt Nam", "viet nam"),
    ("ISPARTA", "ısparta"),
    ("Ёлка", "елка"),
    ("поддержка тёмной темы", "темная тема"),
    ("می‌خواهم حالت شب", "میخواهم"),
    ("أحمد", "احمد"),
    ("Ελλάδα", "ελλαδα"),
    # forms of a word
    ("The app crashes", "crash"),
    ("One crash", "crashing"),
    ("Batteries die", "battery"),
    ("Dead battery", "batteries"),
    ("Wrong colour", "color"),
    ("My favorite colors", "favourite colour"),
    ("It synchronises badly", "synchronize"),
    # Chinese: traditional and simplified, one character, inside a compound
    ("希望增加夜間模式", "夜间模式"),
    ("希望增加夜间模式", "夜間模式"),
    ("請修復閃退", "闪退"),
    ("後臺播放", "后台播放"),
    ("帳號登錄不了", "账号"),
    ("账号登录不了", "帐号"),
    ("手机很卡", "卡"),
    ("卡顿严重", "卡"),
    ("太慢了", "慢"),
    ("发热", "热"),
    ("手机太热", "热"),
    ("非常耗电", "耗"),
    ("非常耗电", "耗电"),
    ("充电时非常耗电量大", "耗电"),
    ("Ａｐｐ闪退", "app 闪退"),
    # Japanese
    ("ダークモードがほしい", "だーくもーど"),
    ("ダークモードがほしい", "ﾀﾞｰｸﾓｰﾄﾞ"),
    ("ダークモードがほしい", "モード"),
    ("サーバーが遅い", "サーバ"),
    ("サーバが遅い", "サーバー"),
    ("設定が保存されない", "设定"),
    ("図を変える", "圖"),
    # Korean: parts, particles, spaces
    ("다크모드를 추가해 주세요", "다크모드"),
    ("다크모드를 추가해 주세요", "모드"),
    ("다크모드를 추가해 주세요", "다크 모드"),
    ("다크 모드를 추가해 주세요", "다크모드"),
    ("다크모드가 좋아요", "다크모드를"),
    ("앱이 느려요", "앱"),
    # scripts with marks, and without spaces
    ("हिन्दी भाषा जोड़ें", "हिन्दी"),
    ("हिन्दी भाषा जोड़ें", "भाषा"),
    ("ขอภาษาไทยด้วย", "ภาษาไทย"),
    ("ขอภาษาไทยด้วย", "ภาษา"),
    ("தமிழ் மொழி", "தமிழ்"),
    ("עברית בבקשה", "עברית"),
    # versions and names
    ("Since 2.10.3 it is slow", "2.10.3"),
    ("Since v2.10.3 it is slow", "2.10.3"),
    ("Since 2.10.3 it is slow", "v2.10.3"),
    ("Since 2.10.3 it is slow", "2.10"),
    ("版本2.10.3闪退", "2.10.3"),
    ("MIUI14.0.2 卡顿", "miui 14.0.2"),
]


def alone(title, query, publish, author):
    """Return what is found by ``query`` when a post of this title is there beside the others; it is not afterwards."""
    with transaction.atomic():
        publish(author, title)
        found = by_words(query)
        transaction.set_rollback(True)
    return found


def test_it_is_found_however_it_is_written(ann, publish):
    publish(ann, "Something else entirely")
    publish(ann, "毫无关系的另外一件事")
    for title, query in WRITTEN:
        assert alone(title, query, publish, ann) == [title], (title, query)


#: A title, and what somebody asks for who means something else.
NOT_MEANT = [
    ("Since 2.1 it is slow", "2.10.3"),
    ("Since 2.10.30 it is slow", "2.10.3"),
    ("Since 12.10.3 it is slow", "2.10.3"),
    ("Since 2.10.3 it is slow", "2.1"),
    ("C is a letter", "C++"),
    ("The net is slow", ".NET"),
    ("At that time", "AT&T"),
    ("भ और ष", "भाषा"),
    ("ไก่", "กา"),
    ("色深", "深色"),
]


def test_it_is_not_found_by_something_else(ann, publish):
    for title, query in NOT_MEANT:
        assert alone(title, query, publish, ann) == [], (title, query)


def test_the_version_a_post_is_about_finds_it_exactly(ann, publish):
    publish(ann, "Crash at start", product_version="2.10.3")
    publish(ann, "Crash at the end", product_version="2.1")
    assert by_words("crash 2.10.3") == ["Crash at start"]
    assert by_words("2.1") == ["Crash at the end"]


def test_an_exact_version_stands_before_its_series(ann, publish):
    publish(ann, "Broken in 3.2")
    publish(ann, "Broken in 3.2.7")
    assert by_words("3.2") == ["Broken in 3.2", "Broken in 3.2.7"]


def test_another_version_is_found_after_an_edit(ann, publish):
    post = publish(ann, "Crash at start", product_version="2.10.3")
    edit_post(
        post=post,
        editor=ann,
        title=post.title,
        body="",
        product_version="2.11.0",
        now=clock.now(),
    )
    assert by_words("2.10.3") == []
    assert by_words("2.11.0") == ["Crash at start"]


def test_a_character_that_is_a_word_stands_before_one_inside_a_word(ann, publish):
    publish(ann, "信用卡支付")
    publish(ann, "这个应用卡")
    assert by_words("卡") == ["这个应用卡", "信用卡支付"]


# --- Slips --------------------------------------------------------------------------------------------------------
#: What somebody mistypes, and the title that is meant.
SLIPS = [
    ("subtitels", "Subtitles are gone"),
    ("subtitls", "Subtitles are gone"),
    ("notifcations", "Notifications are late"),
    ("recieve", "Cannot receive mail"),
    ("pasword", "Password lost"),
    ("dakr theme", "Dark theme"),
    ("fingerprint unlok", "Fingerprint unlock"),
    ("darktheme", "Dark theme"),
    ("登路", "登录不了"),
    ("登陆", "登录不了"),
    ("闪腿", "更新后闪退"),
    ("夜间魔式", "希望有夜间模式"),
    ("资幕", "没有字幕"),
    ("震动返馈", "震动反馈太弱"),
    ("银航卡", "绑定银行卡"),
    ("denglu", "登录不了"),
    ("shantui", "更新后闪退"),
]


def test_a_slip_finds_what_was_meant(ann, publish):
    for title in sorted({title for _typed, title in SLIPS}):
        publish(ann, title)
    assert {typed: by_words(typed)[0] for typed, _title in SLIPS} == dict(SLIPS)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL needs no list of words")
def test_a_connection_that_has_no_list_of_words_yet_makes_it(ann, publish):
    publish(ann, "Subtitles are gone")
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE temp.forum_words")
    assert table.present(["subtitles", "captions"]) == {"subtitles"}


def test_what_was_typed_stands_before_what_was_perhaps_meant(ann, publish, frozen):
    publish(ann, "Where are the subtitels")
    for number in range(12):
        frozen.shift(3600)
        publish(ann, f"Subtitles gone {number}")
    found = by_words("subtitels")
    assert found[0] == "Where are the subtitels"
    assert len(found) == 13


def test_the_page_says_what_it_took_the_words_for(client_of, ann, publish):
    publish(ann, "登录不了")
    page = client_of(None).get("/search/", {"q": "登路"}).content.decode()
    assert "<mark>登录</mark>不了" in page
    assert "Spelled or sounds nearly so" in page


def test_what_is_indexed_is_what_is_searched(ann, publish):
    """A text finds itself: every word between spaces, by the word alone."""
    words = "Wi-Fi AT&T C++ .NET 5G v2.10.3 café İstanbul 開通 ﾀﾞｰｸ 다크모드 हिन्दी ภาษา it's node.js x_y A/B"
    post = publish(ann, words)
    for word in words.split():
        assert [pk for pk, _ in index.find(word, limit=5)] == [post.pk], word
