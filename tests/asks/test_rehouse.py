"""A post or a board moves to another product: its posts leave their asks, and it can be taken back."""

import pytest

from feedback.asks.answers import answer_ask
from feedback.asks.areas.operations import make_area, name_area, put_asks
from feedback.asks.decisions.confirm import confirm_ask
from feedback.asks.decisions.pairs import keep_apart, say_apart, say_together
from feedback.asks.decisions.rehouse import move_board, move_post_to
from feedback.asks.decisions.shape import join_asks, move_post, start_ask
from feedback.asks.decisions.undo import undo
from feedback.asks.models import Ask, Decision, Membership, PlacementAttempt, Proposal
from feedback.forum.models import Board
from feedback.grouping.models import Run
from feedback.journal.models import Entry
from feedback.kernel.refusals import Refusal
from feedback.roadmap import operations as roadmap

pytestmark = pytest.mark.django_db


def homes():
    return dict(Membership.objects.values_list("post", "ask"))


def everything():
    """What undoing has to bring back."""
    asks = Ask.objects.order_by("pk").values_list(
        "pk", "state", "title", "medoid", "post_count", "people_count"
    )
    boards = Board.objects.order_by("pk").values_list("pk", "product", "post_count")
    return homes(), list(asks), list(boards)


def test_a_board_that_moves_takes_its_posts_out_of_their_asks(
    two_products, notes, board, pia, now, ask_of
):
    before = everything()
    here = [post for theme in two_products.main.values() for post in theme]
    decision = move_board(board=board, to=notes, actor=pia, now=now)
    assert Board.objects.get(pk=board.pk).product == notes
    assert not Membership.objects.filter(post__in=here).exists()
    assert not PlacementAttempt.objects.filter(post__in=here).exists()
    assert Ask.objects.filter(product=board.product_id).exists(), "ids of asks never die"
    undo(decision=decision, actor=pia, now=now)
    assert everything() == before
    assert [entry.data["kind"] for entry in Entry.objects.filter(verb="asks.decision-undone")] == [
        "REHOUSE"
    ]


def test_nobody_is_asked_to_join_an_ask_that_has_lost_its_posts(
    two_products, notes, board, product, pia, now, ask_of, publish, ann, make_ask
):
    elsewhere = Board.objects.create(slug="bugs", name="Bugs", product=product)
    ask = make_ask(publish(ann, "Night colours", board=elsewhere))
    proposal = Proposal.objects.create(
        kind="JOIN",
        fingerprint="join",
        ask=ask,
        other_ask=ask_of(two_products.main["dark"][0]),
        proposed_at=now,
    )
    decision = move_board(board=board, to=notes, actor=pia, now=now)
    proposal.refresh_from_db()
    assert proposal.state == "STALE"
    undo(decision=decision, actor=pia, now=now)
    proposal.refresh_from_db()
    assert proposal.state == "OPEN"


def test_undoing_a_move_puts_boards_back_into_each_other_where_they_fit(
    two_products, notes, board, product, pia, now
):
    inner, other = (
        Board.objects.create(slug=slug, name=slug, product=product, parent=board) for slug in "ab"
    )
    moved = move_board(board=board, to=notes, actor=pia, now=now)
    Board.objects.create(slug="c", name="c", product=product, parent=other)
    undo(decision=moved, actor=pia, now=now)
    assert set(board.children.all()) == {inner}, "One that holds another by now stays out."
    moved = move_board(board=inner, to=notes, actor=pia, now=now)
    undo(decision=moved, actor=pia, now=now)
    inner.refresh_from_db()
    assert (inner.product, inner.parent) == (product, board)


def test_what_came_is_grouped_with_what_is_there(
    two_products, notes, board, pia, now, ask_of, run_jobs, encoder
):
    move_board(board=board, to=notes, actor=pia, now=now)
    run_jobs()  # the journal's entry asks for a run,
    run_jobs()  # and the worker's next look does it
    assert Run.objects.filter(product=notes, state="DONE").count() == 2
    assert ask_of(two_products.main["dark"][0]) == ask_of(two_products.notes["dark"][0])


def test_a_post_that_moves_leaves_its_ask_and_comes_back(
    two_products, notes_board, pia, now, ask_of
):
    post = two_products.main["dark"][0]
    confirm_ask(ask=ask_of(post), actor=pia, now=now)
    before, home = everything(), ask_of(post)
    decision = move_post_to(post=post, to=notes_board, actor=pia, now=now)
    post.refresh_from_db()
    assert (post.board, ask_of(post)) == (notes_board, None)
    home.refresh_from_db()
    assert home.post_count == len(two_products.main["dark"]) - 1
    undo(decision=decision, actor=pia, now=now)
    assert everything() == before


def test_a_post_that_stays_in_its_product_stays_in_its_ask(
    grouped, product, pia, now, ask_of, board
):
    bugs = Board.objects.create(slug="bugs", name="Bugs", product=product)
    post = grouped["dark"][0]
    home = ask_of(post)
    assert move_post_to(post=post, to=bugs, actor=pia, now=now) is None
    assert ask_of(post) == home
    assert Board.objects.get(pk=bugs.pk).post_count == 1
    assert not Decision.objects.exists()
    with pytest.raises(Refusal, match="already"):
        move_post_to(post=post, to=bugs, actor=pia, now=now)


def test_what_was_decided_since_is_undone_first(two_products, notes_board, pia, now, ask_of):
    post = two_products.main["dark"][0]
    decision = move_post_to(post=post, to=notes_board, actor=pia, now=now)
    move_post(post=post, to=ask_of(two_products.notes["dark"][0]), actor=pia, now=now)
    with pytest.raises(Refusal, match="Undo that first"):
        undo(decision=decision, actor=pia, now=now)


def test_a_post_that_was_put_on_another_board_since_stays_there(
    two_products, notes, notes_board, board, pia, now, ask_of
):
    post, other = two_products.main["dark"][:2]
    home = ask_of(post)
    decision = move_board(board=board, to=notes, actor=pia, now=now)
    assert move_post_to(post=post, to=notes_board, actor=pia, now=now) is None
    undo(decision=decision, actor=pia, now=now)
    assert (ask_of(post), ask_of(other)) == (None, home)
    home.refresh_from_db()
    assert home.post_count == len(two_products.main["dark"]) - 1
    assert home.medoid != post


def test_a_post_does_not_come_back_to_a_board_that_has_left_the_product(
    two_products, notes, notes_board, board, pia, now
):
    moved = move_post_to(post=two_products.main["dark"][0], to=notes_board, actor=pia, now=now)
    move_board(board=board, to=notes, actor=pia, now=now)
    with pytest.raises(Refusal, match="Undo that first"):
        undo(decision=moved, actor=pia, now=now)


def test_what_was_said_of_a_post_that_moved_binds_nobody_until_it_is_back(
    two_products, notes_board, pia, now, ask_of
):
    one, other = two_products.main["dark"][:2]
    say_together(post=one, other=other, actor=pia, now=now)
    decision = move_post_to(post=one, to=notes_board, actor=pia, now=now)
    # Together with a post of another product would contradict this.
    move_post(post=one, to=ask_of(two_products.notes["export"][0]), actor=pia, now=now)
    confirm_ask(ask=ask_of(other), actor=pia, now=now)
    undo(decision=Decision.objects.filter(kind="MOVE").get(), actor=pia, now=now)
    undo(decision=decision, actor=pia, now=now)
    with pytest.raises(Refusal):
        say_apart(post=one, other=other, actor=pia, now=now)


def test_what_was_said_meanwhile_keeps_a_post_from_coming_back(
    two_products, notes_board, board, pia, now, ask_of
):
    one, other, third = two_products.main["dark"][:3]
    say_together(post=one, other=other, actor=pia, now=now)
    say_together(post=one, other=third, actor=pia, now=now)
    decision = move_post_to(post=one, to=notes_board, actor=pia, now=now)
    say_apart(post=other, other=third, actor=pia, now=now)
    before = everything()
    with pytest.raises(Refusal, match="contradicts"):
        undo(decision=decision, actor=pia, now=now)
    with pytest.raises(Refusal, match="contradicts"):
        move_post_to(post=one, to=board, actor=pia, now=now)
    assert everything() == before


def test_no_verb_brings_two_products_together(
    two_products, notes, notes_board, pia, now, ask_of, publish, ann
):
    here, there = two_products.main["dark"][0], two_products.notes["dark"][0]
    ask, other = ask_of(here), ask_of(there)
    for one in (ask, other):
        confirm_ask(ask=one, actor=pia, now=now)
    for one in (ask, other):
        one.refresh_from_db()
    loose = [publish(ann, "Hello"), publish(ann, "Hello", board=notes_board)]
    area = make_area(name="Looks", asks=[ask], actor=pia, now=now).area
    item = roadmap.adopt(ask=ask, actor=pia, now=now, title="A dark theme")
    assert item.product_id == ask.product_id
    before = homes()
    for verb in (
        lambda: join_asks(ask=other, into=ask, actor=pia, now=now),
        lambda: move_post(post=there, to=ask, actor=pia, now=now),
        lambda: keep_apart(ask=ask, other=other, actor=pia, now=now),
        lambda: say_together(post=here, other=there, actor=pia, now=now),
        lambda: say_apart(post=here, other=there, actor=pia, now=now),
        lambda: start_ask(posts=loose, title="Hello", actor=pia, now=now),
        lambda: put_asks(asks=[other], area=area, actor=pia, now=now),
        lambda: make_area(name="Both", asks=[ask, other], actor=pia, now=now),
        lambda: roadmap.link_ask(item=item, ask=other, actor=pia, now=now),
    ):
        with pytest.raises(Refusal, match="two products"):
            verb()
    assert homes() == before


def test_two_products_may_have_an_area_of_the_same_name(two_products, pia, now, ask_of):
    here, there = (ask_of(one["dark"][0]) for one in (two_products.main, two_products.notes))
    area = make_area(name="Looks", asks=[here], actor=pia, now=now).area
    renamed = name_area(area=area, name="Themes", actor=pia, now=now)
    make_area(name="Looks", asks=[there], actor=pia, now=now)
    undo(decision=renamed, actor=pia, now=now)
    area.refresh_from_db()
    assert area.name == "Looks"


def test_two_products_may_have_a_version_of_the_same_name(two_products, pia, now, ask_of, client):
    for theme in (two_products.main, two_products.notes):
        ask = ask_of(theme["dark"][0])
        confirm_ask(ask=ask, actor=pia, now=now)
        item = roadmap.adopt(ask=ask, actor=pia, now=now, title=f"Dark, {ask.product.slug}")
        roadmap.ship(item=item, version="1.0", actor=pia, now=now)
    assert "Dark, notes" not in client.get("/releases/1.0/").content.decode()
    page = client.get("/releases/1.0/?product=notes").content.decode()
    assert "Dark, notes" in page
    assert "Dark, main" not in page


def test_an_answer_stays_where_it_was_given(two_products, notes, board, pia, now, ask_of):
    ask = ask_of(two_products.main["dark"][0])
    confirm_ask(ask=ask, actor=pia, now=now)
    answer_ask(ask=ask, body="Soon.", actor=pia, now=now)
    move_board(board=board, to=notes, actor=pia, now=now)
    assert ask.answers.count() == 1
