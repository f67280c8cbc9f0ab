"""Programs that post for somebody: read by all, counted nowhere until their person confirms it."""

import pytest

from feedback.accounts.agents import make_agent, unmake_agent
from feedback.accounts.models import User
from feedback.asks.counts import drifted, recount
from feedback.asks.models import Ask, Membership
from feedback.forum import queries
from feedback.forum.closed.standing import settled
from feedback.forum.counts import recount_posts
from feedback.forum.models import Post, Vote
from feedback.forum.posts.hotness import hotness
from feedback.forum.votes.operations import vote
from feedback.measure.priority.ranking import ranking
from tests.accounts.doors.product import Product, gone_on

pytestmark = pytest.mark.django_db


def orders(product, now):
    """Return every order in which posts and asks stand."""
    lists = [list(queries.listing(sort).values_list("pk", flat=True)) for sort in queries.SORTS[:4]]
    asks = Ask.objects.order_by("-people_count", "pk").values_list("pk", "people_count")
    ranked = [
        (row.ask.pk, row.score, row.wanting.reach.low) for row in ranking(product, now=now).rows
    ]
    return lists, list(asks), ranked


@pytest.mark.parametrize("number", [1_000, 10_000])
def test_however_many_posts_of_an_agent_change_no_rank(
    client_of, robo, ann, bo, mo, board, publish, make_ask, now, number
):
    wanted, other = publish(ann, "Dark mode"), publish(bo, "Offline maps")
    vote(post=wanted, person=mo, now=now)
    first, second = make_ask(wanted), make_ask(other)
    recount([first.pk, second.pk])
    before = orders(board.product, now)
    state = settled(Post.State.PUBLISHED, board_id=board.pk, author_id=robo.pk)
    rows = Post.objects.bulk_create(
        (
            Post(
                board=board,
                author=robo,
                state=state,
                title=f"Offline maps {n}",
                language="en",
                content_hash=f"{n:032}",
                posted_at=now,
                arrived_at=now,
                last_activity_at=now,
                hotness=hotness(posted_at=now, votes=0, comments=0),
            )
            for n in range(number)
        ),
        batch_size=2_000,
    )
    Membership.objects.bulk_create(
        (
            Membership(ask=second, post=row, source="MACHINE", model_key="test", placed_at=now)
            for row in rows
        ),
        batch_size=2_000,
    )
    recount_posts([row.pk for row in rows[:100]])
    recount([first.pk, second.pk])
    assert orders(board.product, now) == before
    assert not drifted()
    one = rows[0]
    client_of(ann).post(f"/posts/{one.public_id}/stand-by/")
    client_of(ann).post(f"/posts/{rows[1].public_id}/stand-by/")
    recount([second.pk])
    second.refresh_from_db()
    assert second.people_count == 2  # Bo and Ann, who is one person however much she confirms


def test_what_an_agent_posts_is_read_with_its_label_and_counts_once_confirmed(
    client_of, robo, ann, bo, board
):
    words = {"title": "The app forgets the night", "kind": "BUG", "board": board.slug, "body": ""}
    assert client_of(robo).post("/posts/new/", words).status_code == 302
    post = Post.objects.get()
    assert (post.state, post.vote_count, Vote.objects.count()) == (Post.State.WITNESS, 0, 0)
    page = client_of(None).get(f"/posts/{post.public_id}/").content.decode()
    assert "Agent of Ann" in page
    assert "Robo (agent)" in page
    assert "happened to me" not in page
    assert client_of(None).get("/?sort=new").content.decode().count(post.title) == 0
    assert client_of(bo).post(f"/posts/{post.public_id}/stand-by/").status_code == 403
    assert post.title in client_of(ann).get("/settings/agents/").content.decode()

    for _again in range(2):
        client_of(ann).post(f"/posts/{post.public_id}/stand-by/", {"evaluate": "1"})
    post.refresh_from_db()
    assert (post.state, post.author, post.vote_count) == (Post.State.PUBLISHED, ann, 1)
    assert post.may_evaluate
    page = client_of(None).get(f"/posts/{post.public_id}/").content.decode()
    assert "Written by Robo (agent), confirmed by Ann." in page


def test_what_did_not_happen_is_taken_away(client_of, robo, ann, publish):
    post = publish(robo, "It burns")
    client_of(ann).post(f"/posts/{post.public_id}/stand-by/", {"want": "0"})
    assert client_of(None).get(f"/posts/{post.public_id}/").status_code == 404


def test_all_agents_of_one_person_share_a_day(
    client_of, robo, ann, person, board, now, monkeypatch
):
    other = person("Bot")
    make_agent(account=other, human=ann, now=now)
    for number in range(24):
        words = {"title": f"Seen {number}", "kind": "BUG", "board": board.slug}
        client_of((robo, other)[number % 2]).post("/posts/new/", words)
    assert Post.objects.count() == 20


def test_a_code_makes_an_account_an_agent_and_takes_its_votes_back(
    client_of, ann, bo, person, publish, run_jobs
):
    robo, post = person("Robo"), publish(bo, "Offline maps")
    client_of(robo).post(f"/posts/{post.public_id}/vote/", {"want": "1"})
    own = publish(robo, "Its own")
    assert client_of(robo).post("/settings/agents/", {"code": "guessed"}).status_code == 422
    code = client_of(ann).get("/settings/agents/?code=1").context["code"]
    assert client_of(robo).post("/settings/agents/", {"code": code}).status_code == 302
    run_jobs()
    post.refresh_from_db()
    own.refresh_from_db()
    assert (post.vote_count, own.state, own.vote_count) == (1, Post.State.WITNESS, 0)


def test_the_team_says_who_is_an_agent_and_who_is_not(
    client_of, ann, bo, pia, publish, now, run_jobs
):
    post, page = publish(bo, "Offline maps"), f"/people/{bo.public_id}/agent/"
    assert client_of(ann).get(page).status_code == 403
    client_of(pia).post(page, {"human": "Ann"})
    run_jobs()
    assert User.objects.get(pk=bo.pk).acts_for == ann
    assert "Agent of Ann" in client_of(None).get(f"/people/{bo.public_id}/").content.decode()
    unmake_agent(account=bo, actor=pia, now=now)
    run_jobs()
    post.refresh_from_db()
    assert (post.state, post.vote_count) == (Post.State.PUBLISHED, 1)


def test_a_product_hands_over_an_agent_of_whom_it_knows(client_of, ada, now):
    made = Product(ada)
    client = client_of(None)
    unknown = made.token(sub="robo", name="Robo", agent=True, on_behalf_of="42")
    assert gone_on(client, unknown).status_code == 403
    gone_on(client_of(None), made.token(sub="42", name="Cleo"))
    gone_on(client, made.token(sub="robo", name="Robo", agent=True, on_behalf_of="42"))
    assert User.objects.get(display_name="Robo").acts_for.display_name == "Cleo"
