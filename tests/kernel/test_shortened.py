"""The beginning of a long text: cut where a block ends, everything that stood open closed."""

import re
from html.parser import HTMLParser

import pytest

from feedback.kernel import markdown

VOID = {"br", "hr", "img"}


class Balance(HTMLParser):
    """Finds whether every element that is opened is closed, in its order."""

    def __init__(self):
        super().__init__()
        self.open, self.is_well = [], True

    def handle_starttag(self, tag, attributes):
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        self.is_well = self.is_well and bool(self.open) and self.open.pop() == tag


def is_balanced(html):
    read = Balance()
    read.feed(html)
    return read.is_well and not read.open


def words_of(html):
    return re.sub(r"<[^>]*>|\s", "", html)


LONG = {
    "paragraphs": "Words that go on.\n\n" * 300,
    "list": "- an item\n" * 600,
    "items of items": "- an item\n  - below it\n" * 400,
    "numbered": "1. an item\n" * 600,
    "quotation": "> said so\n>\n" * 500,
    "table": "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 500,
    "links": "[a](b) " * 800,
    "strong": "**a** " * 800,
    "headings": "# A\n\n" * 700,
    "code": "```\ncode\n```\n\n" * 300,
    "quoted lists": "> - one\n> - two\n>\n> words\n>\n" * 200,
}


@pytest.mark.parametrize("source", LONG.values(), ids=LONG)
def test_a_long_text_is_cut_where_it_can_be_and_closed(source):
    whole = markdown.render(source)
    short = markdown.render_up_to(2_000, source)
    assert short.is_cut
    assert len(short.html) < 6_000 < len(whole)
    assert is_balanced(short.html), short.html[-200:]
    assert is_balanced(whole)


@pytest.mark.parametrize("source", LONG.values(), ids=LONG)
def test_it_is_the_beginning_of_the_whole(source):
    whole = words_of(markdown.render(source))
    assert whole.startswith(words_of(markdown.render_up_to(2_000, source).html))


@pytest.mark.parametrize(
    "source", ["", "Words.", "Words. " * 200, "- one\n- two\n", "| a |\n|---|\n| 1 |"]
)
def test_what_is_short_enough_is_whole(source):
    found = markdown.render_up_to(2_000, source)
    assert not found.is_cut
    assert found.html == markdown.render(source)


def test_a_text_that_ends_where_it_would_be_cut_is_whole():
    one = "Words " * 100
    found = markdown.render_up_to(500, one)
    assert not found.is_cut
    assert found.html == markdown.render(one)


def test_nothing_is_cut_where_nobody_asks_for_it():
    assert not markdown.render_up_to(0, LONG["links"]).is_cut
