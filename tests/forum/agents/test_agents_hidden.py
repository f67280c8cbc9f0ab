"""What the team decides about posts of agents, and where they stand when an account is an agent no more."""

import pytest

from feedback.accounts.agents import unmake_agent
from feedback.accounts.models import User
from feedback.forum.models import Board, Case, Post
from feedback.forum.moderation.deciding import Said, decide, undo
from feedback.forum.moderation.models import Action
from feedback.forum.posts.operations import put_post
from feedback.forum.prompts.operations import keep_prompt
from feedback.ops.reconciling import reconcile

pytestmark = pytest.mark.django_db


def stands(post):
    post.refresh_from_db()
    return post.state, post.vote_count


def test_what_an_agent_posted_is_hidden_and_shown_again(client_of, robo, mo, publish):
    post = publish(robo, "It burns")
    page = f"/posts/{post.public_id}/"
    client_of(mo).post(f"{page}hide/")
    assert stands(post) == (Post.State.HIDDEN, 0)
    assert client_of(None).get(page).status_code == 404
    client_of(mo).post(f"{page}show/")
    assert stands(post) == (Post.State.WITNESS, 0)
    assert client_of(None).get(page).status_code == 200


def test_hidden_while_it_waited_it_is_shown_as_any_post_once_nobody_acts_for_it(
    client_of, robo, mo, pia, board, publish, now, run_jobs
):
    post = publish(robo, "It burns")
    client_of(mo).post(f"/posts/{post.public_id}/hide/")
    unmake_agent(account=robo, actor=pia, now=now)
    run_jobs()
    assert stands(post) == (Post.State.HIDDEN, 0)
    client_of(mo).post(f"/posts/{post.public_id}/show/")
    assert stands(post) == (Post.State.PUBLISHED, 1)
    assert not any(reconcile(fix=False).values())


def test_a_held_post_of_an_agent_waits_again_when_its_publishing_is_undone(
    client_of, robo, mo, publish, now
):
    post = publish(robo, "It burns", held_for=["LINKS"])
    ruling = decide(case=Case.objects.get(), said=Said(action=Action.KEEP), actor=mo, now=now)
    assert stands(post) == (Post.State.WITNESS, 0)
    undo(ruling=ruling, actor=mo, now=now)
    assert stands(post) == (Post.State.HELD, 0)
    assert client_of(None).get(f"/posts/{post.public_id}/").status_code == 404


def test_posts_that_stand_otherwise_than_their_account_are_counted_and_mended(
    robo, bo, board, notes_board, publish, now, run_jobs
):
    waits, shown = publish(robo, "It burns"), publish(bo, "Dark mode")
    run_jobs()
    User.objects.filter(pk=bo.pk).update(acts_for=robo.acts_for)
    User.objects.filter(pk=robo.pk).update(acts_for=None)
    put_post(post=waits, board=notes_board, actor=None, now=now)
    put_post(post=shown, board=notes_board, actor=None, now=now)
    found = reconcile(fix=False)
    assert (found["agents"], found["boards"]) == (1, 0)
    reconcile(fix=True)
    assert (stands(waits)[0], stands(shown)[0]) == (Post.State.PUBLISHED, Post.State.WITNESS)
    counts = [Board.objects.get(pk=one.pk).post_count for one in (board, notes_board)]
    assert counts == [0, 1]
    assert reconcile(fix=False)["agents"] == 0


def test_the_page_of_agents_asks_as_much_for_two_posts_as_for_one(
    client_of, robo, ann, board, publish, now, django_assert_max_num_queries
):
    board.asks_for_prompt = True
    board.save()
    client = client_of(ann)
    client.get("/settings/agents/")
    asked = []
    for title in ("It burns", "It freezes"):
        keep_prompt(post=publish(robo, title), author=robo, prompt="Why?", now=now)
        with django_assert_max_num_queries(100) as queries:
            assert title in client.get("/settings/agents/").content.decode()
        asked.append(len(queries))
    assert asked[0] == asked[1]
