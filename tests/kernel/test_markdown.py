"""Markdown from strangers."""

import re
import sys
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.kernel import markdown

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
        assert name in {"href", "title", "class", "start", "rel"}, (tag, name)
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
    ["[", "> ", "*", "`", "a**b", "| a ", "- ", "![", "<", "_a", "[x](", "&", "1. ", "# "],
)
def test_twice_as_much_is_not_much_more_than_twice_the_work(unit):
    markdown.render(unit)  # what is made once is made
    half, whole = unit * (3_000 // len(unit)), unit * (6_000 // len(unit))
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
