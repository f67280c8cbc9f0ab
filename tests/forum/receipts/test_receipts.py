"""The receipt says what was done with a post, by whom of the team, and what was promised; and never what was not done."""

import datetime as dt
import re

import pytest

from feedback.asks.answers import answer_ask
from feedback.asks.decisions.confirm import confirm_ask
from feedback.asks.decisions.contest import contest
from feedback.asks.decisions.rehouse import move_post_to
from feedback.asks.models import Ask, Membership
from feedback.forum.boards.operations import make_board
from feedback.forum.comments.operations import accept_answer, comment
from feedback.journal.operations import old_news
from feedback.kernel import clock
from feedback.roadmap import operations as roadmap
from feedback.roadmap.train import operations as train
from feedback.roadmap.train.leaving import leave

pytestmark = pytest.mark.django_db


@pytest.fixture
def receipt(client_of):
    """Read the receipt of a post as ``reader`` does: its words alone."""

    def read(post, reader=None):
        page = client_of(reader).get(f"/posts/{post.public_id}/").content.decode()
        (found,) = re.findall(r'<section class="receipt".*?</section>', page, re.S)
        return " ".join(re.sub(r"<[^>]+>", " ", found).split())

    return read


def test_reading_is_not_taking_up(receipt, publish, ann, mo, pia):
    post = publish(ann)
    for reader in (mo, pia, ann, None):
        assert "Taken up Not yet" in receipt(post, reader)


def test_an_official_answer_takes_it_up_and_the_first_one_counts(
    receipt, publish, ann, mo, pia, frozen
):
    post = publish(ann)
    comment(post=post, author=mo, body="We look.", is_official=True, now=clock.now())
    frozen.shift(dt.timedelta(days=2))
    comment(post=post, author=pia, body="In May.", is_official=True, now=clock.now())
    said = receipt(post)
    assert "Taken up 6 March 2026 · Mo" in said
    assert "Pia" not in said


def test_a_plain_answer_of_the_team_takes_it_up_and_one_of_a_member_does_not(
    receipt, publish, ann, bo, mo
):
    post = publish(ann)
    comment(post=post, author=bo, body="Me too.", now=clock.now())
    assert "Taken up Not yet" in receipt(post)
    comment(post=post, author=mo, body="We can reproduce it.", now=clock.now())
    assert "Taken up 6 March 2026 · Mo" in receipt(post)


def test_what_asks_for_nothing_and_what_is_answered_does_not_wait(receipt, publish, ann, bo):
    assert "Taken up" not in receipt(publish(ann, "Thank you", kind="PRAISE"))
    question = publish(ann, "How do I export?", kind="QUESTION")
    assert "Taken up Not yet" in receipt(question)
    said = comment(post=question, author=bo, body="Under File.", now=clock.now())
    accept_answer(post=question, comment=said, actor=ann, now=clock.now())
    assert "Taken up" not in receipt(question)


def test_an_internal_note_is_the_teams_own(receipt, publish, ann, mo):
    post = publish(ann)
    comment(post=post, author=mo, body="A duplicate?", is_internal=True, now=clock.now())
    assert "Taken up Not yet" in receipt(post) and "Mo" not in receipt(post)


def test_moving_it_to_another_board_takes_it_up(receipt, publish, ann, pia, product, now):
    post = publish(ann)
    bugs = make_board(slug="bugs", name="Bugs", product=product, now=now)
    move_post_to(post=post, to=bugs, actor=pia, now=now)
    assert "Pia" in receipt(post)


def test_to_confirm_its_ask_takes_it_up_and_to_contest_does_not(
    receipt, publish, make_ask, ann, bo, pia, now
):
    first, second = publish(ann, "Dark"), publish(bo, "Night")
    ask = make_ask(first, second, title="Dark mode")
    contest(post=second, author=bo, now=now)
    assert "Taken up Not yet" in receipt(second)
    Ask.objects.filter(pk=ask.pk).update(state=Ask.State.PROPOSED)
    confirm_ask(ask=Ask.objects.get(pk=ask.pk), actor=pia, now=now)
    said = receipt(first)
    assert "Pia" in said
    assert "Part of Dark mode · since" in said


def test_what_was_done_before_it_came_was_not_done_about_it(
    receipt, publish, dark_mode, bo, pia, mo, now, frozen
):
    answer_ask(ask=dark_mode, body="Soon.", actor=pia, now=now)
    frozen.shift(3600)
    late = publish(bo, "Dark too")
    Membership.objects.create(
        post=late, ask=dark_mode, source="MACHINE", model_key="test", placed_at=clock.now()
    )
    assert "Taken up Not yet" in receipt(late)
    assert "Pia" in receipt(dark_mode.medoid)
    frozen.shift(3600)
    roadmap.adopt(ask=dark_mode, title="Dark", actor=pia, now=clock.now())
    assert "Pia" in receipt(late)


def test_what_was_decided_elsewhere_was_not_taken_up_here(receipt, dark_mode, pia, now):
    with old_news():
        answer_ask(ask=dark_mode, body="In 2019.", actor=pia, now=now)
    assert "Pia" not in receipt(dark_mode.medoid)


def test_an_ask_that_nobody_confirmed_stands_on_the_teams_receipt_alone(
    receipt, publish, make_ask, ann, pia
):
    post = publish(ann)
    make_ask(post, title="Something proposed", state="PROPOSED")
    assert "Something proposed" not in receipt(post)
    assert "Something proposed" in receipt(post, pia)


# --- What was promised ------------------------------------------------------------------------------------------
@pytest.fixture
def promised(item, pia, now):
    """The item of the dark mode, promised for a week from now with 1.4."""
    return roadmap.edit_item(
        item=item,
        title=item.title,
        summary="",
        version="1.4",
        release_date=now.date() + dt.timedelta(days=7),
        actor=pia,
        now=now,
    )


def test_a_promise_stands_there_with_its_day(receipt, dark_mode, promised):
    said = receipt(dark_mode.medoid)
    assert "Promised For 13 March 2026, with 1.4" in said
    assert "lipped" not in said


def test_a_slip_is_said_from_when_to_when_and_why(receipt, dark_mode, promised, pia, now):
    later = promised.release.release_date + dt.timedelta(days=7)
    train.slip(release=promised.release, release_date=later, word="A crash.", actor=pia, now=now)
    said = receipt(dark_mode.medoid)
    assert "Slipped from 13 March 2026 to 20 March 2026: 7 days later." in said
    assert "A crash." in said


def test_what_moved_to_a_later_version_slipped_too(receipt, dark_mode, promised, pia, now):
    roadmap.edit_item(
        item=promised,
        title=promised.title,
        summary="",
        version="1.5",
        release_date=now.date() + dt.timedelta(days=21),
        actor=pia,
        now=now,
    )
    said = receipt(dark_mode.medoid)
    assert "with 1.5" in said and "14 days later" in said


def test_a_day_that_is_taken_back_is_not_forgotten(receipt, dark_mode, promised, pia, now):
    roadmap.edit_item(item=promised, title=promised.title, summary="", actor=pia, now=now)
    said = receipt(dark_mode.medoid)
    assert "No day at present" in said and "Promised first for" in said


def test_a_day_that_passes_in_silence_is_said(receipt, dark_mode, promised, frozen):
    frozen.shift(dt.timedelta(days=9))
    assert "and is not out yet" in receipt(dark_mode.medoid)


def test_a_release_that_is_held_has_no_day(receipt, dark_mode, promised, pia, now):
    train.stop(release=promised.release, word="It crashes.", actor=pia, now=now)
    said = receipt(dark_mode.medoid)
    assert "1.4 is held for now" in said and "Promised first for" in said and "It crashes." in said


def test_what_shipped_late_says_how_late(receipt, dark_mode, promised, pia, frozen):
    frozen.shift(dt.timedelta(days=10))
    now = clock.now()
    roadmap.move(item=promised, stage="BETA", actor=pia, now=now)
    leave(release=promised.release, actor=pia, now=now)
    said = receipt(dark_mode.medoid)
    assert "Shipped On" in said and "3 days later" in said


def test_what_is_declined_after_a_promise_says_both(receipt, dark_mode, promised, pia, now):
    roadmap.decline(item=promised, reason="Too dear.", actor=pia, now=now)
    said = receipt(dark_mode.medoid)
    assert "It will not be done after all" in said and "Promised first for" in said


def test_without_a_day_nothing_was_promised(receipt, dark_mode, item):
    assert "Promised" not in receipt(dark_mode.medoid)


def test_it_is_read_in_chinese(client, dark_mode, promised, pia, now):
    later = promised.release.release_date + dt.timedelta(days=7)
    train.slip(release=promised.release, release_date=later, word="有崩溃。", actor=pia, now=now)
    client.cookies["heed_language"] = "zh-hans"
    page = client.get(f"/posts/{dark_mode.medoid.public_id}/").content.decode()
    assert "回执" in page and "推迟7天" in page
