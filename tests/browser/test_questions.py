"""Answering questions with single keys, on a wide screen and on a phone."""

import pytest

from feedback.asks.models import Decision
from feedback.grouping.models import Question, Run


@pytest.fixture
def asked(world, publish, ann, bo, make_ask, now):
    """Four questions between asks of two posts each."""
    Question.objects.all().delete()
    titles = ["Larger type in lists", "Print the invoice", "Sort by date", "Log in with a passkey"]
    faces = []
    for title in titles:
        face = publish(ann, title, body=f"{title}, please. I look for it every single day.")
        make_ask(face, publish(bo, f"{title}, too"))
        faces.append(face)
    pairs = [(0, 1), (1, 2), (2, 3), (0, 3)]
    return [
        Question.objects.create(
            post=faces[one],
            other_post=faces[other],
            fingerprint=f"{one}:{other}",
            weight=9 - one,
            people_count=4,
            run=Run.objects.get(),
            asked_at=now,
        )
        for one, other in pairs
    ]


@pytest.mark.parametrize("width", [1280, 390])
def test_a_few_questions_with_single_keys(walk, asked, pia, width):
    desk = walk(width=width)
    desk.sign_in(pia)
    page = desk.go("/desk/")
    if not page.locator("details.desk-fold[open]").count():
        page.click(".desk-fold__line")
    page.get_by_role("link", name="Answer a few").click()
    page.get_by_role("heading", name="The same request?").wait_for()
    desk.look(f"questions-1-first-{width}")

    def at():
        return page.locator("[data-question]").get_attribute("data-question")

    # Same, not the same, cannot tell: each key leads to the next question.
    first = at()
    page.keyboard.press("y")
    page.locator("text=You said of the last two: the same.").wait_for()
    assert at() != first
    second = at()
    page.keyboard.press("n")
    page.locator("text=You said of the last two: not the same.").wait_for()
    assert [one.kind for one in Decision.objects.order_by("-id")[:2]] == ["APART", "TOGETHER"]

    # The last answer is taken back, and its question is there again.
    page.keyboard.press("u")
    page.locator(f'[data-question="{second}"]').wait_for()
    assert Decision.objects.order_by("-id").first().undone_at is not None
    page.keyboard.press("s")
    page.locator("text=You could not tell the last one.").wait_for()
    desk.look(f"questions-2-answered-{width}")

    # The help names the keys.
    page.keyboard.press("?")
    page.get_by_role("dialog").get_by_text("Take the last answer back").wait_for()
    page.keyboard.press("Escape")

    # When none is left, the board is grouped with the answers.
    for _left in range(3):
        if not page.locator("[data-question]").count():
            break
        here = at()
        page.keyboard.press("n")
        page.wait_for_function(
            "here => document.querySelector('[data-question]')?.dataset.question !== here", arg=here
        )
    page.get_by_role("heading", name="All answered").wait_for()
    assert Run.objects.filter(state="WAITING").exists()
    desk.look(f"questions-3-done-{width}")
    assert desk.complaints == []
