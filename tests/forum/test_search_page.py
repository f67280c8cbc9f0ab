"""The search page: one list with its reasons, filters in the address and in the box, and what to do when nothing is found."""

import datetime as dt
import re

import pytest

from feedback.forum.boards.operations import make_board
from feedback.forum.comments.operations import comment
from feedback.forum.posts.operations import edit_post, hide_post, withdraw_post
from feedback.forum.search.query import read_query
from feedback.kernel import clock
from feedback.roadmap import operations as roadmap

NAMES = {"board": ("board", "版块"), "by": ("by", "作者")}


@pytest.fixture
def search(client_of):
    """Search as a visitor, or as ``person``: gives the response."""

    def ask(query="", *, person=None, **filters):
        return client_of(person).get("/search/", {"q": query} | filters, follow=True)

    return ask


def titles(response):
    """Return what stands in the list, asks and items too, without the marks."""
    page = response.content.decode()
    found = page.partition('<div id="found"')[2].partition("</main>")[0]
    names = re.findall(r'(?:row__title)">\s*<a [^>]*>(.*?)</a>', found, re.S)
    return [re.sub(r"</?mark>", "", name) for name in names]


def reasons(response):
    return re.findall(r'class="why[^"]*">([^<]+)<', response.content.decode())


# --- One list ------------------------------------------------------------------------------------------------------
def test_asks_items_releases_and_posts_are_one_list(search, ann, bo, pia, publish, make_ask, now):
    ask = make_ask(publish(ann, "Export as CSV"), publish(bo, "CSV export"), title="CSV export")
    roadmap.adopt(ask=ask, actor=pia, now=now, title="Export to CSV files")
    other = roadmap.adopt(ask=make_ask(publish(bo, "Faster")), actor=pia, now=now, title="Fast")
    roadmap.ship(item=other, version="1.4.0", actor=pia, now=now, text="CSV opens twice as fast.")
    found = titles(search("csv"))
    assert set(found) == {"CSV export", "Export to CSV files", "Export as CSV", "1.4.0"}
    assert found[0] == "CSV export", "the ask leads"
    assert titles(search("1.4.0"))[0] == "1.4.0"


def test_each_hit_says_why_and_has_its_words_marked(search, ann, publish):
    publish(ann, "Dark mode")
    publish(ann, "Please", body="I wish for a dark mode at night.")
    publish(ann, "夜间模式")
    page = search("dark mode")
    assert titles(page) == ["Dark mode", "Please", "夜间模式"]
    assert reasons(page) == [
        "Your words in the title",
        "Your words in the text",
        "By another name",
    ]
    html = page.content.decode()
    assert "<mark>Dark mode</mark>" in html
    assert "<mark>dark mode</mark>" in html
    assert "<mark>夜间模式</mark>" in html


@pytest.mark.parametrize(
    ("title", "query", "marked"),
    [
        ("The app crashes daily", "crash", "The app <mark>crashes</mark> daily"),
        ("Only on Wi-Fi", "wifi", "Only on <mark>Wi-Fi</mark>"),
        ("Café theme", "cafe", "<mark>Café</mark> theme"),
        ("İstanbul saati", "istanbul", "<mark>İstanbul</mark> saati"),
        ("請開通指紋登錄", "开通", "請<mark>開通</mark>指紋登錄"),
        ("ﾀﾞｰｸﾓｰﾄﾞ希望", "ダークモード", "<mark>ﾀﾞｰｸﾓｰﾄﾞ</mark>希望"),
        ("다크모드를 주세요", "다크모드", "<mark>다크모드</mark>를 주세요"),
        ("手机卡顿", "卡", "手机<mark>卡</mark>顿"),
        ("Does AT&T work", "at&t", "Does <mark>AT&amp;T</mark> work"),
        ("A <b>bold</b> cafe", "bold", "A &lt;b&gt;<mark>bold</mark>&lt;/b&gt; cafe"),
        ("हिन्दी भाषा", "भाषा", "हिन्दी <mark>भाषा</mark>"),
    ],
)
def test_the_words_are_marked_as_they_were_written(search, ann, publish, title, query, marked):
    publish(ann, title)
    assert marked in search(query).content.decode()


def test_the_excerpt_shows_where_the_words_stand(search, ann, publish):
    publish(
        ann,
        "A report",
        body="Nothing to see here. " * 60 + "Then the *subtitles* vanish. " + "x " * 300,
    )
    page = search("subtitles").content.decode()
    assert "<mark>subtitles</mark> vanish." in page


def test_the_box_stands_once_on_every_page_and_keeps_the_product(client_of, notes, notes_board):
    client = client_of(None)
    for address in ("/", "/search/", "/search/?q=dark", "/asks/"):
        assert client.get(address).content.decode().count('role="search"') == 1, address
    page = client.get("/search/?q=dark&product=notes").content.decode()
    assert '<input type="hidden" name="product" value="notes">' in page


def test_pages_go_on_and_end(search, ann, publish, frozen):
    for number in range(20):
        frozen.shift(3600)
        publish(ann, f"Dark mode {number}")
    first, second = titles(search("dark mode")), titles(search("dark mode", page="2"))
    assert (len(first), len(second)) == (15, 5)
    assert not set(first) & set(second)
    assert search("dark mode", page="999").status_code == 200
    assert search("dark mode", page="x").status_code == 404


# --- What must not be found ----------------------------------------------------------------------------------------
def test_what_was_taken_away_is_found_by_nobody(search, ann, mo, publish, now):
    hidden, withdrawn = publish(ann, "Secret words one"), publish(ann, "Secret words two")
    hide_post(post=hidden, moderator=mo, now=now)
    withdraw_post(post=withdrawn, author=ann, now=now)
    for person in (None, ann, mo):
        for query in ("secret words", "secret", "sekret words", '"secret words"', "by:Ann"):
            assert titles(search(query, person=person)) == [], (person, query)


def test_an_ask_that_is_only_proposed_is_for_the_team(search, ann, pia, publish, make_ask):
    make_ask(publish(ann, "So many spots"), title="Fewer commercials", state="PROPOSED")
    assert "Fewer commercials" not in titles(search("spots"))
    assert "Fewer commercials" in titles(search("spots", person=pia))


def test_internal_words_are_not_searched(search, ann, pia, publish, now):
    post = publish(ann, "A post")
    comment(post=post, author=pia, body="confidential words", is_internal=True, now=now)
    assert titles(search("confidential")) == []


# --- Filters -------------------------------------------------------------------------------------------------------
@pytest.fixture
def shelf(ann, bo, pia, publish, board, make_ask, now, frozen):
    """Posts about crashes that differ in everything a search may be narrowed by."""
    bugs = make_board(slug="bugs", name="Bugs", name_zh="问题", now=now)
    publish(ann, "Crash one", kind="BUG", board=bugs, product_version="2.10.3")
    frozen.shift(86_400 * 40)
    answered = publish(bo, "Crash two", kind="SUGGESTION")
    comment(post=answered, author=pia, body="We look.", is_official=True, now=clock.now())
    publish(ann, "闪退三", kind="BUG", product_version="2.1")
    planned = make_ask(publish(bo, "Crash four"), title="Crash in four")
    roadmap.adopt(ask=planned, actor=pia, now=clock.now(), title="Four is mended")
    return now


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        ({"board": "bugs"}, {"Crash one"}),
        ({"kind": "BUG"}, {"Crash one", "闪退三"}),
        ({"lang": "zh"}, {"闪退三"}),
        ({"version": "2.10.3"}, {"Crash one"}),
        ({"version": "v2.10.3"}, {"Crash one"}),
        ({"version": "2.1"}, {"闪退三"}),
        ({"by": "Ann"}, {"Crash one", "闪退三"}),
        ({"by": "ann"}, {"Crash one", "闪退三"}),
        ({"answered": "yes"}, {"Crash two"}),
        ({"answered": "no"}, {"Crash one", "闪退三", "Crash four", "Crash in four"}),
        ({"ask": "yes"}, {"Crash four", "Crash in four"}),
        ({"ask": "no"}, {"Crash one", "Crash two", "闪退三"}),
        ({"stage": "PLANNED"}, {"Crash four", "Crash in four"}),
        ({"stage": "SHIPPED"}, set()),
        ({"kind": "BUG", "by": "Bo"}, set()),
    ],
)
def test_filters_in_the_address(search, shelf, filters, wanted):
    response = search("crash", **filters)
    assert set(titles(response)) - {"Four is mended"} == wanted
    assert response.content.decode().count('class="chip"') == len(filters)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("crash board:bugs", {"Crash one"}),
        ("crash board:Bugs", {"Crash one"}),
        ("版块：问题 闪退", {"Crash one"}),
        ("kind:bug crash", {"Crash one", "闪退三"}),
        ("crash by:Bo", {"Crash two", "Crash four"}),
        ('crash by:"Bo"', {"Crash two", "Crash four"}),
        ("作者:Bo 闪退", {"Crash two", "Crash four"}),
        ("stage:planned crash", {"Crash four", "Crash in four"}),
        ("crash version:2.10.3", {"Crash one"}),
        ("crash -four", {"Crash one", "Crash two"}),
        ("crash -four -one", {"Crash two"}),
        ('"crash one"', {"Crash one"}),
        ('"one crash"', set()),
        ("“crash two”", {"Crash two"}),
        ('crash -"crash two" by:Bo', {"Crash four"}),
        ("lang:zh", {"闪退三"}),
        ("by:Ann -one", {"闪退三"}),
    ],
)
def test_operators_in_the_box(search, shelf, query, wanted):
    assert set(titles(search(query))) - {"Four is mended"} == wanted


def test_dates_are_days_months_or_years_and_both_ends_count(search, ann, publish, frozen):
    days = {}
    for number in range(3):
        days[number] = clock.now().date()
        publish(ann, f"Crash {number}")
        frozen.shift(86_400 * 40)
    first, middle, last = (day.isoformat() for day in days.values())
    assert titles(search("crash", before=first)) == ["Crash 0"]
    assert titles(search("crash", after=last)) == ["Crash 2"]
    assert titles(search("crash", after=middle, before=middle)) == ["Crash 1"]
    assert titles(search(f"crash after:{middle[:7]} before:{middle[:7]}")) == ["Crash 1"]
    assert len(titles(search(f"crash after:{days[0].year}"))) == 3
    next_year = (days[2] + dt.timedelta(days=800)).year
    assert titles(search("crash", after=str(next_year))) == []


def test_a_signed_in_reader_may_search_their_own(search, ann, bo, publish):
    publish(ann, "Crash one")
    publish(bo, "Crash two")
    assert titles(search("crash by:me", person=ann)) == ["Crash one"]
    assert "Nobody here is called" in search("crash by:me").content.decode()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("crash board:nowhere", "narrows nothing"),
        ("crash kind:nonsense", "Known are: Suggestion, Bug, Question, Praise."),
        ("crash after:soon", "It wants a day, a month or a year"),
        ("crash before:2026-02-31", "It wants a day, a month or a year"),
        ("crash by:Nobody", "Nobody here is called “Nobody”"),
        ("crash answered:perhaps", "narrows nothing"),
        ("crash stage:gone", "narrows nothing"),
    ],
)
def test_a_filter_that_is_not_understood_says_so_and_loses_nothing(
    search, ann, publish, query, said
):
    publish(ann, "Crash one")
    response = search(query)
    assert said in response.content.decode()
    assert titles(response) == ["Crash one"]


@pytest.mark.django_db
def test_what_is_not_set_is_not_in_the_address(client_of):
    response = client_of(None).get("/search/?q=dark&board=&kind=BUG&by=")
    assert response["Location"] == "/search/?q=dark&kind=BUG"


@pytest.mark.parametrize("query", ["error: 5", "http://a.example/b", "12:30", "C:\\Users", "a:b"])
def test_a_colon_that_is_no_filter_is_words(search, ann, publish, query):
    publish(ann, f"It says {query} here")
    assert len(titles(search(query))) == 1


@pytest.mark.parametrize(
    "query",
    [
        "-",
        "--",
        '"',
        '""',
        "“”",
        "board:",
        "by:",
        "-board:bugs",
        ':"',
        "after:9999999",
        "a" * 5_000,
        "\u2060",
        '-"',
        "🙂",
        "by:me",
    ],
)
def test_nothing_that_is_typed_breaks_the_page(search, ann, publish, query):
    publish(ann, "Dark mode")
    assert search(query).status_code == 200
    assert search("dark", after=query, by=query, board=query).status_code == 200


def test_quotes_after_a_colon_that_is_no_filter_are_a_phrase():
    query = read_query('error:"not found" board:"My board"', names=NAMES)
    assert query.filters == {"board": "My board"}
    assert query.phrases == (("not", "found"),)
    assert query.words == "error: not found"


@pytest.mark.parametrize("query", ["after:0001-01-01", "before:9999-12-31", "after:1969"])
def test_a_day_that_no_calendar_goes_beyond_is_not_understood(search, ann, query, settings):
    settings.TIME_ZONE = "Asia/Shanghai"
    page = search(query)
    assert page.status_code == 200
    assert "narrows nothing" in page.content.decode()


def test_the_box_is_read(ann):
    query = read_query('“dark mode” board:"My board" 作者：Ann -light wi-fi', names=NAMES)
    assert query.words == "dark mode wi-fi"
    assert query.phrases == (("dark", "mode"),)
    assert [term.word for term in query.without] == ["light"]
    assert query.filters["by"] == "Ann"


# --- Nothing found -------------------------------------------------------------------------------------------------
def test_where_nothing_has_all_of_the_words_what_is_near_comes_with_a_way_to_write(
    search, ann, publish
):
    publish(ann, "Dark mode please")
    page = search("dark submarine").content.decode()
    assert "Nothing has all of these words" in page
    assert "/posts/new/?title=dark%20submarine" in page
    assert "<mark>Dark</mark>" in page


def test_where_nothing_is_found_one_may_write_it(search, ann, publish):
    publish(ann, "Dark mode")
    page = search("submarine board:suggestions").content.decode()
    assert "Nothing found" in page
    assert 'href="/posts/new/?title=submarine"' in page


def test_what_the_filters_hide_is_offered(search, ann, publish):
    publish(ann, "Dark mode")
    page = search("dark", kind="BUG").content.decode()
    assert "There is something without the filters" in page
    assert 'href="?q=dark"' in page
    assert (
        "There is something without the filters" not in search("zebra", kind="BUG").content.decode()
    )


# --- Other names ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("夜间模式", "Night mode please"),
        ("深色模式", "Please add a dark theme"),
        ("dark mode", "希望有夜间模式"),
        ("闪退", "It crashes at start"),
        ("crash", "一打开就闪退"),
        ("字幕", "Subtitles are gone"),
        ("subtitles", "没有字幕"),
        ("字幕", "No captions in Spanish"),
        ("耗电", "Drains my battery"),
        ("无法登录", "Cannot log in any more"),
        ("登录不上", "login fails"),
        ("投屏", "Chromecast button is missing"),
        ("画中画", "Picture-in-picture on iPad"),
        ("通知", "No notifications today"),
        ("蓝牙", "Bluetooth headset"),
        ("夜間模式", "Night mode please"),
        ("dark mode", "Add a night theme"),
    ],
)
def test_another_name_finds_it_without_the_encoder(search, ann, publish, query, title):
    publish(ann, title)
    publish(ann, "Something else entirely")
    publish(ann, "别的事情")
    assert titles(search(query)) == [title]


def test_a_name_of_several_words_is_not_found_apart(search, ann, publish):
    publish(ann, "The picture is gone, put it in another picture")
    assert titles(search("画中画")) == []


# --- What changes --------------------------------------------------------------------------------------------------
def test_a_renamed_ask_is_found_at_once(search, ann, pia, publish, make_ask, now):
    from feedback.asks.decisions.confirm import rename_ask

    ask = make_ask(publish(ann, "So many spots"), title="Fewer hats")
    assert titles(search("hats")) == ["Fewer hats"]
    rename_ask(ask=ask, title="No umbrellas", actor=pia, now=now)
    assert titles(search("hats")) == []
    assert titles(search("umbrella")) == ["No umbrellas"]


def test_an_item_is_found_by_its_new_words_at_once(search, pia, item, now):
    assert "A dark theme" in titles(search("theme"))
    roadmap.edit_item(item=item, title="A night sky", summary="Stars.", actor=pia, now=now)
    assert "A night sky" in titles(search("stars"))


def test_an_edited_post_changes_its_row(search, ann, publish):
    post = publish(ann, "Dark mode")
    edit_post(post=post, editor=ann, title="Bright mode", body="", now=clock.now())
    assert titles(search("dark")) == []
    assert titles(search("bright")) == ["Bright mode"]
