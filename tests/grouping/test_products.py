"""Posts are grouped, placed and found within their product and never across."""

import pytest

from feedback.asks.models import Area, Ask, Membership, PlacementAttempt, Proposal
from feedback.forum.search import index
from feedback.grouping.models import Question, Run
from feedback.grouping.place.operations import place_pending
from feedback.grouping.similar import similar as finding
from feedback.grouping.similar.asks_near import asks_near
from feedback.grouping.similar.similar import rank
from feedback.grouping.similar.similar import similar as similar_to
from feedback.grouping.trial.compare import compute
from feedback.grouping.vectors.encoders import current_model
from feedback.measure.quality.readings import take_reading

pytestmark = pytest.mark.django_db


def products_in(ask):
    return set(Membership.objects.filter(ask=ask).values_list("post__board__product", flat=True))


def test_equal_words_in_two_products_are_two_asks(two_products, ask_of):
    here, there = two_products.main["dark"][0], two_products.notes["dark"][0]
    assert ask_of(here) is not None
    assert ask_of(there) is not None
    assert ask_of(here) != ask_of(there)
    for ask in Ask.objects.there():
        assert products_in(ask) <= {ask.product_id}


def test_a_later_run_keeps_them_apart_and_keeps_the_asks(two_products, ask_of, notes):
    before = {post.pk: ask_of(post) for theme in two_products.notes.values() for post in theme}
    for run in two_products.regroup():
        assert run.new_ask_count == 0
    assert before == {
        post.pk: ask_of(post) for theme in two_products.notes.values() for post in theme
    }
    for ask in Ask.objects.filter(product=notes).there():
        assert products_in(ask) <= {notes.pk}


def test_a_run_of_one_product_leaves_the_other_alone(two_products, product, notes):
    runs = {run.product_id: run.pk for run in Run.objects.order_by("pk")}
    assert set(runs) == {product.pk, notes.pk}
    for ask in Ask.objects.there():
        said_by = set(Membership.objects.filter(ask=ask).values_list("run_id", flat=True))
        assert said_by == {runs[ask.product_id]}
    for proposal in Proposal.objects.all():
        assert proposal.run_id == runs[proposal.ask.product_id]


def test_nothing_that_is_proposed_or_asked_crosses(two_products):
    for proposal in Proposal.objects.exclude(other_ask=None):
        assert proposal.ask.product_id == proposal.other_ask.product_id
    for question in Question.objects.select_related("post__board", "other_post__board", "run"):
        about = {question.post.board.product_id, question.other_post.board.product_id}
        assert about == {question.run.product_id}
    for area in Area.objects.all():
        assert {ask.product_id for ask in area.asks.all()} <= {area.product_id}


def test_a_new_post_is_placed_among_the_asks_of_its_own_product(
    two_products, notes_board, embed, publish, ann, bo, ask_of, now
):
    here = publish(ann, "Please add a dark mode to the app")
    there = publish(bo, "Please add a dark mode to the app", board=notes_board)
    embed()
    assert place_pending(now=now) == 2
    assert ask_of(here) == ask_of(two_products.main["dark"][0])
    assert ask_of(there) == ask_of(two_products.notes["dark"][0])
    near = PlacementAttempt.objects.get(post=there).candidates
    asks = Ask.objects.filter(public_id__in=[key for key, _score in near])
    assert {ask.product_id for ask in asks} == {notes_board.product_id}


def test_a_product_without_a_run_places_nothing_in_the_other(
    grouped, notes_board, embed, publish, ann, ask_of, now
):
    new = publish(ann, "Please add a dark mode to the app", board=notes_board)
    embed()
    place_pending(now=now)
    assert ask_of(new) is None
    assert not PlacementAttempt.objects.filter(post=new).exists()


@pytest.mark.parametrize("small", [True, False])
def test_what_is_similar_is_of_the_same_product(
    two_products, notes, encoder, monkeypatch, ann, small
):
    if not small:  # as where a product has too many posts to compare each
        monkeypatch.setattr(finding, "SMALL", 3)
    ranked, by_meaning = rank("Add a dark mode", product=notes)
    assert by_meaning
    found = {pk for pk, _score in ranked}
    assert {post.pk for post in two_products.notes["dark"]} & found
    assert not found & {post.pk for theme in two_products.main.values() for post in theme}
    shown = similar_to(title="Add a dark mode", body="", person=ann, product=notes)
    assert {post.board.product_id for post in shown.posts} <= {notes.pk}
    assert {ask.product_id for ask in shown.asks} <= {notes.pk}
    assert shown.posts or shown.asks


def test_words_find_within_a_product_when_asked_to(two_products, notes):
    everywhere = {pk for pk, _ in index.find("dark mode", limit=40)}
    within = {pk for pk, _ in index.find("dark mode", limit=40, product=notes)}
    theirs = {post.pk for theme in two_products.notes.values() for post in theme}
    assert within
    assert within < everywhere
    assert within <= theirs


def test_asks_to_join_are_offered_of_the_same_product(two_products, ask_of, notes):
    near = asks_near(ask_of(two_products.notes["dark"][0]), limit=12)
    assert near
    assert {ask.product_id for ask in near} == {notes.pk}


def test_another_model_is_tried_on_each_product_by_itself(two_products):
    model = current_model()
    figures = compute(current=model, candidate=model).figures()
    assert figures["posts"] == 2 * sum(len(theme) for theme in two_products.main.values())
    assert figures["moved"] == figures["new"] == 0


def test_quality_is_read_of_each_product(two_products, product, notes, now):
    here, there = (take_reading(product=one, now=now) for one in (product, notes))
    assert here.pk != there.pk
    assert here.figures["all"]["posts"] == there.figures["all"]["posts"]
