"""What a text may cost whoever reads it."""

import pytest

from feedback.kernel import markdown
from feedback.kernel.recent import Recent
from tests.kernel.test_markdown import steps_of

SHORT_ROWS = "|" + "a|" * 100 + "\n|" + "-|" * 100 + "\n" + "|a\n" * 60


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("|" + "a|" * 256 + "\n|" + "-|" * 256 + "\n" + "|a\n" * 5_000, id="one"),
        pytest.param((SHORT_ROWS + "\n\n") * 34, id="many"),
        pytest.param("".join(f"> {line}\n" for line in SHORT_ROWS.split("\n")) * 30, id="quoted"),
    ],
)
def test_few_signs_do_not_become_many_cells(source):
    markdown._recent.forget()
    steps = steps_of(source)
    html = markdown.render(source)
    assert html.count("<td>") + html.count("<th>") < 2.1 * markdown.CELLS
    assert len(html) < 150_000
    assert steps < 150 * len(source)
    assert html.count("a") > source.count("a") * 0.9, "what is no table is shown as it was typed"


def test_a_table_that_people_write_is_shown_whole():
    rows = "\n".join(f"| {number} | words | more |" for number in range(500))
    assert markdown.render(f"| a | b | c |\n|---|---|---|\n{rows}").count("<td>") == 1_500


def test_a_long_text_is_rendered_once(monkeypatch):
    text = "word **strong** " * 1_200
    first = markdown.render(text)
    monkeypatch.setattr(markdown, "_rendered", lambda *_: "made anew")
    assert markdown.render(text) is first


def test_what_is_kept_takes_so_much_memory_and_no_more():
    recent = Recent(most=100, size=lambda key, value: len(value))
    for number in range(20):
        assert recent.get(number, lambda: "x" * 30) == "x" * 30
    assert recent.taken == 90
    assert recent.get(19, lambda: "made anew") == "x" * 30
    assert recent.get(0, lambda: "made anew") == "made anew"
    assert recent.get("huge", lambda: "x" * 101) == "x" * 101, "shown, and not kept"
    assert recent.taken <= 100
