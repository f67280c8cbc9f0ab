"""Quality by board and week, in sentences, and the threshold that a person sets after a look at what would move."""

import datetime as dt
import re

import pytest

from feedback.asks.models import Membership, PlacementAttempt
from feedback.forum.models import Board, Post
from feedback.grouping.models import EncoderModel, Run
from feedback.grouping.place.threshold import placing_threshold
from feedback.journal.models import Entry
from feedback.measure.models import Judgement, SetThreshold
from feedback.measure.quality import queries as quality

pytestmark = pytest.mark.django_db

PAGE = "/desk/quality/threshold/"


@pytest.fixture
def run(grouped, product):
    """The last run, of a threshold that is known."""
    run = Run.objects.last_done(product)
    Run.objects.filter(pk=run.pk).update(threshold=0.6)
    run.refresh_from_db()
    return run


def joined_since(run, now, scores):
    """Have as many posts as there are ``scores`` be placed one by one after the run, with these scores."""
    rows = list(Membership.objects.filter(source="MACHINE", ask__post_count__gte=2).order_by("pk"))
    rows = rows[: len(scores)]
    for row, score in zip(rows, scores, strict=True):
        after = run.finished_at + dt.timedelta(minutes=5)
        Membership.objects.filter(pk=row.pk).update(run_id=run.pk, placed_at=after, score=score)
    return rows


def judged(rows, person, now, verdicts, kind="MEMBERSHIP"):
    key = EncoderModel.objects.get().model_key
    Judgement.objects.bulk_create(
        Judgement(
            kind=kind, verdict=verdict, post=row.post, ask=row.ask, score=row.score,
            model_key=key, person=person, judged_at=now,
        )
        for row, verdict in zip(rows, verdicts, strict=True)
    )  # fmt: skip


def test_three_sentences_stand_first_and_the_figures_one_click_deeper(
    grouped, desk, pia, now, monkeypatch
):
    monkeypatch.setattr(quality, "ENOUGH", 5)
    rows = list(Membership.objects.filter(source="MACHINE", ask__post_count__gte=2)[:10])
    judged(rows, pia, now, ["SAME"] * 9 + ["OTHER"])
    page = desk.get("/desk/quality/").content.decode()
    said = re.search(r'<ul class="quality-said">(.*?)</ul>', page, re.S)[1]
    assert re.findall(r"<li>([^<]+)</li>", said)[:2] == [
        "About 9 in 10 posts stand in the right ask.",
        "Nobody has confirmed, moved or contested a post yet.",
    ]
    assert "%" not in said
    assert (
        page.index("quality-said") < page.index("quality-more") < page.index('id="figures-title"')
    )


def test_boards_and_weeks_have_rows_of_their_own(grouped, desk, pia, now, product, monkeypatch):
    monkeypatch.setattr(quality, "ENOUGH", 3)
    bugs = Board.objects.create(product=product, slug="bugs", name="Bugs", is_grouped=True)
    rows = list(Membership.objects.filter(source="MACHINE", ask__post_count__gte=2)[:8])
    Post.objects.filter(pk__in=[row.post_id for row in rows[:4]]).update(board=bugs)
    judged(rows[:4], pia, now, ["SAME", "OTHER", "OTHER", "UNSURE"])
    judged(rows[4:], pia, now - dt.timedelta(weeks=2), ["SAME"] * 4)
    page = desk.get("/desk/quality/")
    boards = {one.board.name: one.right for one in page.context["boards"]}
    assert round(boards["Bugs"].value, 2) == 0.33
    assert boards["Suggestions"].value == 1
    assert "weakest on the board “Bugs”: about 3 in 10" in page.content.decode()
    assert [one.right.judged for one in page.context["weeks"]] == [3, 0, 4, 0, 0, 0, 0, 0]


def test_the_look_says_what_would_move_and_moves_nothing(run, desk, now):
    rows = joined_since(run, now, [0.62, 0.7, 0.85])
    before = list(Membership.objects.order_by("pk").values_list("pk", "ask"))
    page = desk.get(PAGE, {"at": "0.80"})
    found = page.context["slider"]["preview"]
    assert (found.joined, found.out) == (3, 2)
    assert [round(one.score, 2) for one in found.first_out] == [0.62, 0.7]
    assert rows[0].post.title in page.content.decode()
    assert list(Membership.objects.order_by("pk").values_list("pk", "ask")) == before
    assert not SetThreshold.objects.exists()


def test_what_nearly_joined_would_be_in(run, desk, now, grouped):
    post = Post.objects.filter(membership__isnull=True).first()
    held = Membership.objects.select_related("ask").first()
    Post.objects.filter(pk=post.pk).update(arrived_at=run.finished_at + dt.timedelta(minutes=1))
    PlacementAttempt.objects.update_or_create(
        post=post,
        defaults={
            "content_hash": post.content_hash,
            "model_key": EncoderModel.objects.get().model_key,
            "candidates": [[held.ask.public_id, 0.5]],
            "looked_at": run.finished_at + dt.timedelta(minutes=2),
        },
    )
    assert desk.get(PAGE, {"at": "0.55"}).context["slider"]["preview"].into == 0
    found = desk.get(PAGE, {"at": "0.45"}).context["slider"]["preview"]
    assert (found.into, found.first_into[0].post) == (1, post)


def test_it_is_set_by_a_person_and_taken_back(run, desk, pia):
    answer = desk.post(PAGE, {"at": "0.80"}, follow=True)
    assert placing_threshold(run) == 0.8
    kept = SetThreshold.objects.get()
    assert kept.set_by == pia
    assert "set by Pia" in answer.content.decode()
    again = desk.post(PAGE, {"at": "0.9"}, follow=True)
    undo = re.findall(r'action="(/desk/quality/threshold/\?to=[^"]*)"', again.content.decode())[-1]
    desk.post(undo)
    assert placing_threshold(run) == 0.8
    desk.post(PAGE, {"at": "0.8", "do": "found"})
    assert placing_threshold(run) == 0.6
    entries = Entry.objects.filter(verb="measure.threshold-set").order_by("pk")
    assert [entry.data["after"] for entry in entries] == [0.8, 0.9, 0.8, None]


@pytest.mark.parametrize("said", ["2", "0.1", "nan", "high", "0.99"])
def test_what_is_out_of_bounds_is_refused(run, desk, said):
    answer = desk.post(PAGE, {"at": said}, follow=True)
    assert "message--error" in answer.content.decode()
    assert placing_threshold(run) == 0.6


def test_what_another_model_was_set_to_says_nothing(run, product, now):
    SetThreshold.objects.create(product=product, model_key="older", threshold=0.9, set_at=now)
    assert placing_threshold(run) == 0.6


def test_before_the_first_grouping_there_is_nothing_to_set(desk, product):
    assert "nothing to set" in desk.get(PAGE).content.decode()
    assert "message--error" in desk.post(PAGE, {"at": "0.8"}, follow=True).content.decode()
