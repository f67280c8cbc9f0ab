"""Judging a sample, what it says, and the threshold that comes of it."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from feedback.asks.decisions.confirm import confirm_ask
from feedback.asks.decisions.contest import contest
from feedback.asks.decisions.shape import move_post
from feedback.asks.decisions.undo import undo
from feedback.asks.models import Membership
from feedback.forum.models import Product
from feedback.grouping.models import EncoderModel, Run
from feedback.grouping.place import operations as placing
from feedback.grouping.place import threshold
from feedback.grouping.place.operations import place_pending
from feedback.kernel.refusals import Refusal
from feedback.measure.calibration import operations as calibrating
from feedback.measure.judging import operations as judging
from feedback.measure.judging.queries import (
    BELONGS,
    MISSED,
    draw,
    grouped_by_machine,
    nearly_placed,
    placed_singly,
    title_gives_away,
    typical_posts,
)
from feedback.measure.models import Calibration, Judgement, QualityReading
from feedback.measure.quality import queries as quality
from feedback.measure.quality.readings import take_reading

pytestmark = pytest.mark.django_db
SAME, OTHER, UNSURE = "SAME", "OTHER", "UNSURE"


def judge_all(person, verdict, now, *, wanted=BELONGS):
    """Judge everything that is drawn; return the cases."""
    cases = []
    product = Product.objects.get()
    while (case := draw(product=product, person=person, wanted=wanted)) is not None:
        said = verdict(case) if callable(verdict) else verdict
        judging.judge(case=case, verdict=said, person=person, now=now)
        cases.append(case)
    return cases


def test_every_membership_of_the_machine_is_drawn_once(product, grouped, pia, mo, now):
    whole = set(grouped_by_machine(product).values_list("post", "ask"))
    cases = judge_all(pia, SAME, now)
    assert {(case.post.pk, case.ask.pk) for case in cases} == whole
    assert len(cases) == len(whole)
    assert draw(product=product, person=mo, wanted=BELONGS) is None


def test_the_same_person_sees_the_same_case_until_it_is_judged(product, grouped, pia, now):
    first = draw(product=product, person=pia, wanted=BELONGS)
    assert draw(product=product, person=pia, wanted=BELONGS) == first
    judging.judge(case=first, verdict=UNSURE, person=pia, now=now)
    assert draw(product=product, person=pia, wanted=BELONGS) != first


def test_nobody_judges_what_another_has(product, grouped, pia, mo, now):
    case = draw(product=product, person=pia, wanted=BELONGS)
    judging.judge(case=case, verdict=SAME, person=pia, now=now)
    with pytest.raises(Refusal, match="already"):
        judging.judge(case=case, verdict=OTHER, person=mo, now=now)
    assert Judgement.objects.get().verdict == SAME


def test_a_pair_is_kept_in_one_order_only(grouped, pia, now):
    one, other = sorted(grouped["dark"][:2], key=lambda post: -post.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Judgement.objects.create(
            kind="PAIR", verdict=SAME, post=one, other_post=other, person=pia, judged_at=now
        )


def test_what_people_confirmed_is_not_drawn(grouped, pia, now, ask_of):
    ask = ask_of(grouped["dark"][0])
    confirm_ask(ask=ask, actor=pia, now=now)
    assert ask not in {case.ask for case in judge_all(pia, SAME, now)}


def test_a_judgement_moves_nothing(grouped, pia, now):
    before = list(Membership.objects.order_by("pk").values_list("post", "ask", "is_confirmed"))
    judge_all(pia, OTHER, now)
    after = list(Membership.objects.order_by("pk").values_list("post", "ask", "is_confirmed"))
    assert before == after


def test_the_last_word_is_taken_back_within_the_hour(product, grouped, pia, now):
    case = draw(product=product, person=pia, wanted=BELONGS)
    judging.judge(case=case, verdict=SAME, person=pia, now=now)
    assert judging.take_back(person=pia, now=now + dt.timedelta(hours=2)) is None
    assert judging.take_back(person=pia, now=now) is not None
    assert draw(product=product, person=pia, wanted=BELONGS) == case


def test_a_no_can_take_the_post_out(product, grouped, pia, now):
    case = draw(product=product, person=pia, wanted=BELONGS)
    said = judging.judge(case=case, verdict=OTHER, person=pia, now=now)
    decision = judging.follow_up(judgement=said, actor=pia, now=now)
    assert not Membership.objects.filter(post=case.post).exists()
    undo(decision=decision, actor=pia, now=now)
    assert Membership.objects.get(post=case.post).ask == case.ask


def test_a_yes_takes_nothing_out(product, grouped, pia, now):
    case = draw(product=product, person=pia, wanted=BELONGS)
    said = judging.judge(case=case, verdict=SAME, person=pia, now=now)
    with pytest.raises(Refusal):
        judging.follow_up(judgement=said, actor=pia, now=now)


def test_the_title_is_hidden_where_it_comes_from_the_post_itself(grouped, pia, now, ask_of):
    hidden = [case for case in judge_all(pia, SAME, now) if title_gives_away(case)]
    assert hidden
    for case in hidden:
        assert case.post not in typical_posts(case.ask, besides=case.post)


# --- Figures -------------------------------------------------------------------------------------------


def test_few_judgements_say_how_many_are_missing(product, grouped, pia, now):
    model = EncoderModel.objects.get()
    judging.judge(
        case=draw(product=product, person=pia, wanted=BELONGS), verdict=SAME, person=pia, now=now
    )
    right = quality.precision(product, model.model_key)
    assert right.value is None
    assert right.missing == quality.ENOUGH - 1


def test_precision_is_the_share_of_yes_and_cannot_tell_counts_neither_way(
    product, grouped, pia, now, monkeypatch
):
    monkeypatch.setattr(quality, "ENOUGH", 4)
    model = EncoderModel.objects.get()
    wrong = {post.pk for post in grouped["crash"]}
    unsure = {grouped["dark"][0].pk}

    def verdict(case):
        return OTHER if case.post.pk in wrong else UNSURE if case.post.pk in unsure else SAME

    cases = judge_all(pia, verdict, now)
    told = [case for case in cases if case.post.pk not in unsure]
    right = quality.precision(product, model.model_key)
    assert right.judged == len(told)
    assert right.value == pytest.approx(sum(c.post.pk not in wrong for c in told) / len(told))
    assert right.low < right.value < right.high
    english = quality.precision(product, model.model_key, language="en")
    chinese = quality.precision(product, model.model_key, language="zh")
    assert english.judged + chinese.judged == right.judged
    assert chinese.value == 1


def test_what_people_changed_and_looked_at_is_counted_apart(product, grouped, pia, now, ask_of):
    crash = ask_of(grouped["crash"][0])
    confirm_ask(ask=crash, actor=pia, now=now, left_out=grouped["crash"][:1])
    moved = move_post(post=grouped["dark"][0], to=None, actor=pia, now=now)
    found = quality.corrections(product)
    assert (found.looked_at, found.changed, found.contested) == (5, 2, 0)
    undo(decision=moved, actor=pia, now=now)
    assert quality.corrections(product).changed == 1
    assert quality.corrections(product, language="zh").looked_at == 0
    author = grouped["crash"][1].author
    contest(post=grouped["crash"][1], author=author, now=now)
    # It was confirmed by then: no longer the machine's word alone.
    assert quality.corrections(product).contested == 0


def test_a_contest_of_the_machines_word_is_counted(product, grouped, now, ask_of):
    post = grouped["dark"][0]
    contest(post=post, author=post.author, now=now)
    assert quality.corrections(product).contested == 1


def test_alone_and_unplaced_by_language(product, grouped):
    found = quality.company(product)
    assert found[""].posts == sum(len(posts) for posts in grouped.values())
    assert found["en"].posts + found["zh"].posts == found[""].posts
    assert found[""].unplaced >= 0
    assert found[""].alone >= found[""].without_ask - 1e-9


def test_one_reading_a_day(product, grouped, frozen, now):
    first = take_reading(product=product, now=now)
    assert first is not None
    assert take_reading(product=product, now=now) is None
    frozen.shift(26 * 3600)
    later = now + dt.timedelta(hours=26)
    second = take_reading(product=product, now=later)
    assert second.day == later.date()
    first.refresh_from_db()
    assert "sample" not in first.figures
    assert "sample" in second.figures
    assert second.figures["all"]["alone"] is not None


def test_a_run_later_the_same_day_is_read_too(product, grouped, frozen, regroup, now):
    take_reading(product=product, now=now)
    frozen.shift(2 * 3600)
    regroup()
    again = take_reading(product=product, now=now + dt.timedelta(hours=2))
    assert again is not None
    assert QualityReading.objects.count() == 1


def test_nothing_is_read_before_the_first_run(product, db, now):
    assert take_reading(product=product, now=now) is None


def test_pairs_apart_are_drawn_and_counted(product, grouped, pia, now, monkeypatch):
    monkeypatch.setattr(quality, "ENOUGH", 2)
    reading = take_reading(product=product, now=now)
    bands = reading.figures["sample"]["bands"]
    posts = sum(len(posts) for posts in grouped.values())
    assert sum(band["count"] for band in bands) == posts
    cases = judge_all(pia, OTHER, now, wanted=MISSED)
    assert cases
    for case in cases:
        homes = Membership.objects.filter(post__in=[case.post, case.other_post])
        assert len(set(homes.values_list("ask", flat=True))) == homes.count()
        assert case.post.pk < case.other_post.pk
    english, chinese = (quality.missed(product, language=one)[0] for one in ("en", "zh"))
    assert english.judged + chinese.judged <= len(cases)
    assert english.of + chinese.of <= posts
    missed, rows = quality.missed(product)
    assert missed.value == 0
    assert missed.high > 0
    assert sum(row.judged for row in rows) == len(cases)


def test_which_pairs_are_drawn_does_not_depend_on_the_answers(product, grouped, pia, now):
    take_reading(product=product, now=now)
    orders = []
    for verdict in (SAME, OTHER):
        cases = judge_all(pia, verdict, now, wanted=MISSED)
        orders.append([(case.post.pk, case.other_post.pk) for case in cases])
        Judgement.objects.all().delete()
    assert orders[0] == orders[1]


def test_a_pair_said_to_be_the_same_is_said_together(product, grouped, pia, now):
    take_reading(product=product, now=now)
    case = next(
        case
        for case in judge_all(pia, SAME, now, wanted=MISSED)
        if Membership.objects.filter(post__in=[case.post, case.other_post]).exists()
    )
    said = Judgement.objects.get(post=case.post, other_post=case.other_post)
    decision = judging.follow_up(judgement=said, actor=pia, now=now)
    assert decision.kind == "TOGETHER"


def test_the_public_reads_nothing_before_enough_is_judged(product, grouped, pia, now, monkeypatch):
    assert quality.public_quality(product) is None
    judge_all(pia, SAME, now)
    assert quality.public_quality(product) is None
    monkeypatch.setattr(quality, "ENOUGH_FOR_ALL", 5)
    monkeypatch.setattr(quality, "ENOUGH", 5)
    shown = quality.public_quality(product)
    assert shown.precision.value == 1
    assert {language for language, _ in shown.by_language} == {"en", "zh"}


# --- Calibration ----------------------------------------------------------------------------------------


@pytest.fixture
def judged_new(grouped, pia, now):
    """Give judgements of new posts: ``judged_new(200, right_from=.5)`` with scores from .3 to .9."""
    model = EncoderModel.objects.get()
    ask = Membership.objects.first().ask

    def give(count, right_from, publish):
        author = grouped["dark"][0].author
        for at in range(count):
            post = publish(author, f"Something new, number {at}")
            score = 0.3 + 0.6 * at / count
            Judgement.objects.create(
                kind="PLACEMENT",
                verdict=SAME if score >= right_from else OTHER,
                post=post,
                ask=ask,
                score=score,
                model_key=model.model_key,
                language="en",
                person=pia,
                judged_at=now,
            )
        Run.objects.update(threshold=0.4)

    return give


def test_judged_placements_set_the_threshold(product, judged_new, publish, now):
    judged_new(160, 0.5, publish)
    found = calibrating.calibrate(product=product, now=now)
    assert 0.4 <= found.threshold <= 0.55
    assert found.precision_low >= 0.9
    run = Run.objects.get()
    assert threshold.placing_threshold(run) == found.threshold
    assert calibrating.calibrate_when_judged(product=product, now=now) == found


def test_without_enough_answers_the_runs_threshold_holds(product, judged_new, publish, now):
    judged_new(40, 0.3, publish)
    assert calibrating.calibrate_when_judged(product=product, now=now) is None
    assert threshold.placing_threshold(Run.objects.get()) == 0.4


def test_a_calibration_that_the_answers_no_longer_bear_out_goes(product, judged_new, publish, now):
    judged_new(160, 0.5, publish)
    calibrating.calibrate(product=product, now=now)
    Judgement.objects.update(verdict=OTHER)
    assert calibrating.calibrate(product=product, now=now) is None
    assert not Calibration.objects.exists()


def test_another_precision_is_calibrated_anew(product, judged_new, publish, now, settings):
    judged_new(160, 0.5, publish)
    strict = calibrating.calibrate(product=product, now=now).threshold
    settings.PLACING_PRECISION = 0.7
    mild = calibrating.calibrate_when_judged(product=product, now=now)
    assert mild.precision_wanted == 0.7
    assert mild.threshold < strict


@pytest.mark.parametrize(("threshold", "is_placed"), [(0.99, False), (0.05, True)])
def test_placing_goes_by_the_calibrated_threshold(
    product, grouped, embed, publish, person, now, frozen, threshold, is_placed
):
    Calibration.objects.create(
        product=product,
        model_key=EncoderModel.objects.get().model_key,
        threshold=threshold,
        precision_wanted=0.9,
        precision_found=0.95,
        precision_low=0.9,
        judged_count=100,
        calibrated_at=now,
    )
    frozen.shift(60)
    post = publish(person("Newcomer"), "Dark mode in the app would be nice")
    embed()
    placing.forget()
    place_pending(now=now + dt.timedelta(seconds=60))
    assert Membership.objects.filter(post=post).exists() == is_placed


@pytest.mark.parametrize(("threshold", "kind"), [(0.2, "PLACEMENT"), (0.5, "CANDIDATE")])
def test_new_posts_are_judged_as_what_became_of_them(
    grouped, embed, publish, person, pia, now, frozen, threshold, kind
):
    Run.objects.update(threshold=threshold)
    frozen.shift(60)
    later = now + dt.timedelta(seconds=60)
    post = publish(person("Newcomer"), "Dark mode would be great at night too")
    embed()
    place_pending(now=later)
    run, model = Run.objects.get(), EncoderModel.objects.get()
    is_placed = kind == "PLACEMENT"
    assert placed_singly(run).filter(post=post).exists() == is_placed
    assert [pk for pk, _, _ in nearly_placed(run, model)] == ([] if is_placed else [post.pk])
    cases = {case.post: case for case in judge_all(pia, SAME, later)}
    assert cases[post].kind == kind
    assert 0 < cases[post].score < 1
    said = Judgement.objects.get(post=post)
    if is_placed:
        with pytest.raises(Refusal):
            judging.follow_up(judgement=said, actor=pia, now=later)
    else:
        judging.follow_up(judgement=said, actor=pia, now=later)
        assert Membership.objects.get(post=post).ask == cases[post].ask
