"""Whatever stands in the rows of a known file: its format makes columns of it or leaves it out, and never fails."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.importing import sources
from feedback.importing.formats import KnownFormat
from feedback.importing.formats.columns.fields import Field
from feedback.importing.formats.known import MADE, recognised
from feedback.importing.formats.rows import Row
from feedback.importing.sources._html import words_of
from feedback.importing.sources._values import path_of

FORMATS = sources.formats()
SHAPED = [known for known in FORMATS if known.shape or known.addresses]
_NAMES = st.sampled_from(
    [
        "id",
        "name",
        "login",
        "body",
        "text",
        "created_at",
        "author",
        "user",
        "member",
        "content",
        "message",
        "url",
        "type",
        "public",
        "raw",
        "cooked",
    ]
)
_ATOMS = st.none() | st.booleans() | st.integers() | st.text(max_size=30) | st.floats()
_WORDS = st.sampled_from(
    ["<p>a</p>", "http://[", "https://h.example/o/r/issues/1", "1;2;3", "<![if", "&#0;", "closed"]
)
ANYTHING = st.recursive(
    _ATOMS | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=4),
    max_leaves=8,
)


def names_of(known: KnownFormat) -> list[str]:
    columns = [
        name
        for wanted in known.columns.values()
        for name in ((wanted,) if isinstance(wanted, str) else wanted)
    ]
    more = ["comments", "replies", "post_stream.posts", "answers", "tags", "labels", "html_url", "Comment", "Comment 2"]  # fmt: skip
    return [name for name in (*known.needs, *columns, *more) if not name.startswith(MADE)]


@pytest.mark.parametrize("known", SHAPED, ids=lambda known: known.key)
@settings(max_examples=10)
@given(data=st.data())
def test_no_row_breaks_a_format(known: KnownFormat, data: Any) -> None:
    names = st.sampled_from(names_of(known))
    values = data.draw(st.dictionaries(names, ANYTHING, max_size=8))
    made = known.shape(values) if known.shape else {}
    assert made is None or all(name.startswith(MADE) for name in made)
    if known.addresses and made is not None:
        assert all(path.startswith("/") for path in known.addresses(values))


@given(st.text() | _WORDS)
def test_any_piece_of_html_is_read(html: str) -> None:
    assert "<p>" not in words_of(f"<p>{html}</p>") or "&lt;p" in html


@given(st.text() | _WORDS)
def test_any_address_has_a_path_or_none(url: str) -> None:
    assert len(path_of(url)) <= 1


def test_html_keeps_paragraphs_lists_and_smileys() -> None:
    assert words_of("<p>One<br>two</p><p>three</p>") == "One\ntwo\n\nthree"
    assert words_of("<ul><li>a</li><li>b &amp; c</li></ul>") == "- a\n\n- b & c"
    assert words_of('great<img alt="[笑]">') == "great[笑]"
    assert words_of("<style>p {}</style><div>seen</div>") == "seen"
    assert words_of("if a < b and c > d") == "if a < b and c > d"


def test_formats_are_told_apart_by_what_they_need() -> None:
    for known in FORMATS:
        row = Row(1, dict.fromkeys(known.needs))
        found = recognised([row], FORMATS)
        assert found is not None
        assert found.key == known.key or set(known.needs) < set(found.needs)
    assert (
        recognised([Row(1, dict.fromkeys(["id", "title", "body", "created_at"]))], FORMATS) is None
    )


def test_what_a_format_maps_it_can_say() -> None:
    for known in FORMATS:
        assert {Field.TITLE, Field.BODY} & (set(known.columns) | set(known.judged)), known.key
        assert all(state == state.lower() for state in known.states), known.key
        assert not set(known.drops) & set(known.needs) or known.keeps is None
