"""Markdown from strangers."""

import re
import sys
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.kernel import markdown
from feedback.kernel.text import text_of

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](javascript:alert(1))",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    "<javascript:alert(1)>",
    '[x](https://example.org "onmouseover=alert(1)" onclick=alert(1))',
    '[x](https://example.org/"onmouseover="alert(1))',
    "<iframe src=https://example.org></iframe>",
    "<svg/onload=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<style>body{display:none}</style>",
    '<p style="position:fixed;inset:0">cover</p>',
    "<!--><script>alert(1)</script>-->",
    "`<script>alert(1)</script>`",
    '```"><script>alert(1)</script>\ncode\n```',
    "```js onload=alert(1)\ncode\n```",
    "<math><mi//xlink:href='data:x,<script>alert(4)</script>'>",
    "[a]: javascript:alert(1)\n\n[a]",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<form action=https://evil.example><input name=password></form>",
    "<base href=https://evil.example>",
    "<meta http-equiv=refresh content=0>",
]


class Reader(HTMLParser):
    """Collects what a browser would make of the page."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *pair) for pair in attrs]


def read(source):
    reader = Reader()
    reader.feed(str(markdown.render(source)))
    return reader


def assert_harmless(source):
    page = read(source)
    assert set(page.tags) <= markdown._TAGS
    for tag, name, value in page.attributes:
        assert name in {"href", "title", "class", "start", "rel", "dir"}, (tag, name)
        if name == "href":
            assert re.match(r"(https?:|mailto:|[^:]*$)", value or ""), value


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_becomes_words(attack):
    assert_harmless(attack)


@given(st.text(max_size=400))
def test_anything_at_all_is_harmless(source):
    assert_harmless(source)


@given(st.lists(st.sampled_from(ATTACKS), min_size=2, max_size=4).map("".join))
def test_attacks_in_a_row_are_harmless(source):
    assert_harmless(source)


def test_what_markdown_is_for():
    page = str(
        markdown.render("# Big\n\n**bold** ~~gone~~ [there](https://example.org)\n\n- one\n")
    )
    assert "<h3>Big</h3>" in page
    assert "<strong>bold</strong> <s>gone</s>" in page
    assert 'href="https://example.org"' in page
    assert 'rel="nofollow ugc noopener"' in page
    assert "<li>one</li>" in page


def test_a_page_keeps_its_own_headings():
    assert not {"h1", "h2"} & set(read("# a\n## b\n### c\n#### d\n##### e\n###### f").tags)


def test_a_picture_from_elsewhere_is_not_loaded():
    assert "img" not in read("![cat](https://example.org/cat.png)").tags


def steps_of(source):
    """Return how many calls rendering makes: work that is the same on every machine."""
    count = 0

    def note(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        markdown.render(source)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "unit",
    [
        "[",
        "> ",
        "*",
        "`",
        "a**b",
        "| a ",
        "- ",
        "![",
        "<",
        "_a",
        "[x](",
        "&",
        "1. ",
        "# ",
        "://",
        "http://",
        "www.",
        "https://a.b/",
        "https://a(",
        "https://a.b/c)",
        "见https://a.b。",
        "**（",
        "）**后",
        "www.a.",
        "https://" + "a." * 99,
    ],
)
def test_twice_as_much_is_not_much_more_than_twice_the_work(unit):
    markdown.render(unit)  # what is made once is made
    half, whole = unit * (1_500 // len(unit)), unit * (3_000 // len(unit))
    assert steps_of(whole) < 2.5 * steps_of(half) + 2_000


def test_a_table_as_long_as_a_post_may_be_takes_steps_in_line_with_its_length():
    def table(columns):
        return "| a " * columns + "\n" + "|---" * columns

    markdown.render(table(2))
    assert steps_of(table(1_000)) < 2.5 * steps_of(table(500)) + 2_000


def test_the_first_words_as_one_line():
    assert markdown.plain("a\n\nb  c") == "a b c"
    assert markdown.plain("word " * 100, length=10) == "word word…"
    assert len(markdown.plain("x" * 500, length=50)) == 50


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("**nothing** happens", "nothing happens"),
        ("# Steps\n\n1. open\n2. *close*", "Steps open close"),
        ("- one\n- two", "one two"),
        ("see [the guide](https://example.org/x_y) now", "see the guide now"),
        ("```python\ncrash()\n```", "crash()"),
        ("> said `x` and ~~y~~", "said x and y"),
        ("2 * 3 * 4 is snake_case_name", "2 * 3 * 4 is snake_case_name"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("**深色**模式", "深色模式"),
        ("first\nsecond", "first second"),
        ("| a | b |\n|---|---|\n| c | d |", "a b c d"),
        ("an open ** mark", "an open ** mark"),
    ],
)
def test_marks_are_left_out_of_the_first_words(source, line):
    assert markdown.plain(source) == line


# --- Bare addresses ------------------------------------------------------------------------------------------------
def links_of(source):
    return [value for tag, name, value in read(source).attributes if (tag, name) == ("a", "href")]


@pytest.mark.parametrize(
    ("source", "address"),
    [
        (
            "See https://example.org/guide_(old)/a_b for the steps.",
            "https://example.org/guide_(old)/a_b",
        ),
        ("(see https://example.org/a).", "https://example.org/a"),
        ("[https://example.org/a]", "https://example.org/a"),
        ("Is it https://example.org/a?", "https://example.org/a"),
        ("https://example.org/?q=a&b=c#d!", "https://example.org/?q=a&b=c#d"),
        ('"https://example.org/a"', "https://example.org/a"),
        ("'https://example.org/a'", "https://example.org/a"),
        ("https://example.org/a, and more", "https://example.org/a"),
        ("https://example.org/*a*b_c_", "https://example.org/*a*b_c"),
        ("https://example.org/__init__.py", "https://example.org/__init__.py"),
        ("HTTP://localhost:8000/a", "HTTP://localhost:8000/a"),
        ("http://[2001:db8::1]:80/a", "http://[2001:db8::1]:80/a"),
        (
            "https://web.archive.org/web/2020/https://a.example/b",
            "https://web.archive.org/web/2020/https://a.example/b",
        ),
        ("**https://example.org/a**", "https://example.org/a"),
        ("*https://example.org/a*.", "https://example.org/a"),
        ("~~https://example.org/a~~", "https://example.org/a"),
        ("- https://example.org/a\n", "https://example.org/a"),
        ("| a |\n|---|\n| https://example.org/a |", "https://example.org/a"),
        ("www.example.org/a.", "http://www.example.org/a"),
        ("见https://example.com/a。", "https://example.com/a"),
        ("见 https://example.com/a，再说", "https://example.com/a"),
        ("（https://example.com/a）后面", "https://example.com/a"),
        ("《https://example.com/a》", "https://example.com/a"),
        ("“https://example.com/a”", "https://example.com/a"),
        ("「https://example.com/a」を見て", "https://example.com/a"),
        ("链接：https://example.com/a！", "https://example.com/a"),
        ("请看https://example.com/a谢谢", "https://example.com/a"),
        ("请看https://example.com谢谢", "https://example.com"),
        ("https://example.com/a를 보세요", "https://example.com/a"),
        ("https://example.com/aを見て", "https://example.com/a"),
        ("**https://example.com/a**后面", "https://example.com/a"),
        ("见www.example.com。", "http://www.example.com"),
        ("https://example.com:8443/a：好", "https://example.com:8443/a"),
        (
            "https://zh.wikipedia.org/wiki/蓝牙，",
            "https://zh.wikipedia.org/wiki/%E8%93%9D%E7%89%99",
        ),
        ("https://example.com/?q=深色&n=1。", "https://example.com/?q=%E6%B7%B1%E8%89%B2&n=1"),
        ("https://fr.wikipedia.org/wiki/Café.", "https://fr.wikipedia.org/wiki/Caf%C3%A9"),
        ("https://例子.中国/。", "https://xn--fsqu00a.xn--fiqs8s/"),
        ("انظر https://example.com/a، شكرا", "https://example.com/a"),
        ("https://example.com/a😀", "https://example.com/a"),
    ],
)
def test_a_bare_address_is_a_link_and_ends_where_it_ends(source, address):
    assert links_of(source) == [address]


@pytest.mark.parametrize(
    "source",
    ["main.rs", "README.md", "me@example.org", "//example.org", "ftp://example.org", "https://", "http://.", "www.", "www.a",
     "xhttps://example.org", "`https://example.org`", "```\nhttps://example.org\n```", "https://me:secret@example.org/",
     "https://good.example@evil.example/", "javascript://example.org/%0aalert(1)"],
)  # fmt: skip
def test_what_is_no_address_stays_words(source):
    assert links_of(source) == []


def test_two_addresses_without_a_space_are_two():
    assert links_of("https://a.example/x和https://b.example/y。") == [
        "https://a.example/x",
        "https://b.example/y",
    ]
    assert links_of("https://a.example/x、https://b.example/y") == [
        "https://a.example/x",
        "https://b.example/y",
    ]


def test_what_is_a_link_already_is_one_link():
    assert links_of("[https://a.example](https://b.example)") == ["https://b.example"]
    assert links_of("<https://a.example/x>") == ["https://a.example/x"]


def test_an_address_does_not_turn_words_around():
    assert "\u202e" not in markdown.render(
        "https://example.org/%E2%80%AEcod.exe &#8238;x &#x202e;y"
    )


@given(
    st.text(alphabet=" a.:/w后。（）*_()~`h", max_size=40).map(lambda text: f"https://a.b/{text}")
)
def test_whatever_follows_no_word_is_lost(source):
    line = markdown.plain(source, length=500)
    assert [letter for letter in line if letter.isalnum()] == [
        letter for letter in source if letter.isalnum()
    ]


# --- Emphasis beside scripts without spaces ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("请看**重点（必读）**这一条。", "请看<strong>重点（必读）</strong>这一条。"),
        ('**"文字"**后', '<strong>"文字"</strong>后'),
        ("你说**“好”**吗", "你说<strong>“好”</strong>吗"),
        ("**重点：**后面", "<strong>重点：</strong>后面"),
        ("前**（注）**后", "前<strong>（注）</strong>后"),
        ("*斜体。*后面", "<em>斜体。</em>后面"),
        ("***都要！***后面", "<em><strong>都要！</strong></em>后面"),
        ("~~（删）~~后面", "<s>（删）</s>后面"),
        ("これは**「重要」**です", "これは<strong>「重要」</strong>です"),
        ("**.NET**は", "<strong>.NET</strong>は"),
        ("이 **용어(This term)**를 강조", "이 <strong>용어(This term)</strong>를 강조"),
        ("第1**（一）**2条", "第1<strong>（一）</strong>2条"),
        ("用**`code`**吧", "用<strong><code>code</code></strong>吧"),
        ("葛\U000e0100**（城）**市", "葛\U000e0100<strong>（城）</strong>市"),
        ("2 * 3 * 4 and **a**b", "2 * 3 * 4 and <strong>a</strong>b"),
        ('a**"b"**c', 'a**"b"**c'),
        ("snake_case_中_文", "snake_case_中_文"),
    ],
)
def test_bold_is_bold_beside_every_script(source, html):
    assert str(markdown.render(source)) == f"<p>{html}</p>\n"


# --- Direction --------------------------------------------------------------------------------------------------------
def test_each_block_finds_its_own_direction():
    page = str(markdown.render("שלום\n\nhello\n\n# كيف\n\n- אחת\n- two\n\n> ציטוט\n\n`x`"))
    assert re.findall(r'<(\w+) dir="auto">', page) == ["p", "p", "h3", "ul", "blockquote", "p"]
    # What lies in a list or a quotation must not have one, or the outer block would not see its words.
    assert page.count("dir=") == 6


def test_an_address_is_read_from_left_to_right_in_a_text_that_is_not():
    page = str(markdown.render("ראו https://example.org/a?b=c כאן"))
    assert '<a href="https://example.org/a?b=c" dir="ltr"' in page


def test_a_text_from_left_to_right_says_nothing_of_it():
    assert "dir=" not in markdown.render("hello\n\n- 你好")


def test_an_indent_is_no_code_and_a_list_may_have_another_inside():
    assert "<pre>" not in markdown.render("    four spaces, as many write")
    assert markdown.render("- a\n  - b").count("<ul>") == 2


def test_the_first_words_do_not_end_inside_a_character():
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert markdown.plain(family * 30, length=5) == family * 4 + "…"


# --- Pictures of a text's own ---------------------------------------------------------------------------------
OWN = "28djszd4jq8"


def pictures(**fields):
    said = {"address": f"/attachments/{OWN}/", "width": 800, "height": 600, "alt": ""} | fields
    return {OWN: markdown.PictureInText(**said)}


def test_a_text_shows_the_pictures_it_is_given_and_no_others():
    source = f"Before ![a lamp](attachment:{OWN}) after ![b](attachment:23456789abc)"
    shown = str(markdown.render(source, pictures=pictures()))
    assert shown.count("<img") == 1
    assert f'<a href="/attachments/{OWN}/" data-gallery=""' in shown
    assert 'alt="a lamp"' in shown
    assert "attachment:" not in shown
    # The same words without the picture, right after: what is kept is kept for what was shown.
    assert "<img" not in markdown.render(source)


def test_what_its_owner_said_of_a_picture_comes_first_and_some_words_always():
    source = f"![]( attachment:{OWN})![](attachment:{OWN})"
    assert 'alt="Theirs"' in markdown.render(source, pictures=pictures(alt="Theirs"))
    assert 'alt="Picture without a description"' in markdown.render(source, pictures=pictures())


@pytest.mark.parametrize(
    "address", ["https://example.org/a.png", "//example.org/a", r"/\example.org"]
)
def test_no_picture_of_another_site_is_ever_loaded(address):
    shown = markdown.render(f"![x](attachment:{OWN})", pictures=pictures(address=address))
    assert "src=" not in shown


@pytest.mark.parametrize("words", ['" onerror="alert(1)', "<script>alert(1)</script>", "](x)"])
def test_words_of_a_picture_are_words(words):
    reader = Reader()
    reader.feed(str(markdown.render(f"![{words}](attachment:{OWN})", pictures=pictures(alt=words))))
    assert {*reader.tags} <= {"p", "a", "img"}
    assert not [name for _tag, name, _value in reader.attributes if name.startswith("on")]


def test_a_list_and_a_search_read_the_words_of_a_picture_and_not_its_name():
    source = f"It stops ![the lamp is red](attachment:{OWN}) at night"
    assert markdown.plain(source) == "It stops the lamp is red at night"
    assert text_of("", source) == "It stops the lamp is red at night"
