"""A sample goes as a whole, and takes nothing along that real people posted."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from feedback.accounts.models import User
from feedback.asks.answers import answer_ask
from feedback.asks.decisions.confirm import confirm_ask
from feedback.asks.decisions.rehouse import move_board, move_post_to
from feedback.asks.decisions.shape import start_ask
from feedback.asks.models import Ask, Decision, Membership
from feedback.forum.boards.operations import make_board
from feedback.forum.comments.operations import comment
from feedback.forum.counts import reconcile_counts
from feedback.forum.models import Board, Comment, Post, Product, Vote
from feedback.forum.posts.operations import publish_post
from feedback.forum.search import index
from feedback.forum.votes.operations import vote
from feedback.grouping.models import Vector
from feedback.grouping.runs.regroup import regroup_due
from feedback.grouping.runs.request import request_run
from feedback.journal.models import Dispatch, Entry
from feedback.kernel import clock
from feedback.kernel.refusals import Refusal
from feedback.measure.quality.readings import take_reading
from feedback.notify.models import Notice
from feedback.sample import leaving, removing
from feedback.sample.loading import load
from feedback.sample.removing import take_away
from tests.writes import MOST, counted_writes, many_posts

#: What stays of a sample that is gone: the record of what happened, and how often somebody did something.
STAYS = {"journal.Entry", "journal.Dispatch", "accounts.RateBucket"}


def census():
    """Return how many rows each table of the rooms has."""
    return {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models()
        if model.__module__.startswith("feedback.") and model._meta.label not in STAYS
    }


def remove(product, by=None):
    return take_away(product=product, by=by, now=clock.now())


def test_what_it_brought_is_gone_and_nothing_else_is_touched(
    small, ann, board, publish, run_jobs, embed, db
):
    post = publish(ann, "A real wish")
    run_jobs()
    embed()
    before = census()
    product = load(name="small", now=clock.now()).product
    embed()
    request_run(product=product, now=clock.now())
    assert regroup_due(now=clock.now()) is not None
    take_reading(product=product, now=clock.now())
    run_jobs()
    assert census() != before
    gone = remove(product)
    assert (gone.posts, gone.people, gone.asks, gone.items) == (10, 5, 2, 1)
    after = census()
    assert after == before
    assert set(reconcile_counts().values()) == {0}
    assert [pk for pk, _ in index.find("wish whistle", limit=9, mode="any")] == [post.pk]
    assert Entry.objects.get(verb="sample.sample-removed").data["posts"] == 10


def test_it_can_be_brought_back(lived_in_kettle):
    remove(lived_in_kettle)
    again = load(name="small", now=clock.now())
    assert again.posts == 10
    assert Ask.objects.filter(product=again.product).count() == 2


def test_nothing_is_left_to_tell_of_what_is_gone(kettle, run_jobs):
    assert Dispatch.objects.filter(state="WAITING").exists()
    remove(kettle)
    run_jobs()
    assert not Dispatch.objects.exclude(state="DONE").exists()


def test_what_real_people_posted_there_moves_to_the_sites_own_boards(
    lived_in_kettle, ann, pia, now
):
    bugs, ideas = (Board.objects.get(slug=f"kettle-{name}") for name in ("bugs", "ideas"))
    bug = publish_post(board=bugs, author=ann, title="It leaks on my desk", kind="BUG", now=now)
    idea = publish_post(board=ideas, author=ann, title="Let it whistle a tune", now=now)
    own = make_board(slug="kettle-mine", name="Mine", product=lived_in_kettle, now=now)
    kept = publish_post(board=own, author=ann, title="On a board of ours", now=now)
    whistle = Ask.objects.get(title="A kettle that whistles")
    Membership.objects.create(
        post=idea, ask=whistle, source="MACHINE", score=0.9, model_key="x", placed_at=now
    )
    confirm_ask(ask=whistle, actor=pia, now=now)
    sample_post = Post.objects.get(title="It should whistle")
    comment(post=sample_post, author=ann, body="Mine does.", now=now)
    vote(post=sample_post, person=ann, now=now)
    comment(post=idea, author=pia, body="Which one?", now=now)
    gone = remove(lived_in_kettle)
    assert (gone.kept_posts, gone.lost_comments, gone.lost_votes) == (3, 1, 1)
    assert Post.objects.get(pk=bug.pk).board.slug == "bugs"
    moved = Post.objects.get(pk=idea.pk)
    assert (moved.board.slug, moved.comment_count, moved.vote_count) == ("suggestions", 1, 1)
    assert not Membership.objects.filter(post=moved).exists()
    assert Post.objects.get(pk=kept.pk).board == own
    own.refresh_from_db()
    assert own.product.is_default
    assert [one.body for one in Comment.objects.all()] == ["Which one?"]
    assert set(reconcile_counts().values()) == {0}
    assert User.objects.filter(pk=ann.pk).exists()


def test_what_people_carried_elsewhere_goes_or_stays_as_theirs(
    lived_in_kettle, ann, pia, publish, now
):
    """A sample's post that somebody put on their own board goes; a sample's board that they took over stays, empty."""
    mine = publish(ann, "It should whistle too").board
    post = Post.objects.get(title="It leaks")
    move_post_to(post=post, to=mine, actor=pia, now=now)
    ask = start_ask(posts=[post], title="Leaks", actor=pia, now=now).ask
    move_board(board=Board.objects.get(slug="kettle-ideas"), to=mine.product, actor=pia, now=now)
    remove(lived_in_kettle)
    assert not Post.objects.exclude(author=ann).exists()
    assert not Ask.objects.filter(pk=ask.pk).exists()
    assert Board.objects.get(slug="kettle-ideas").product == mine.product
    assert not Decision.objects.filter(kind="REHOUSE").exists()
    assert set(reconcile_counts().values()) == {0}


def test_what_real_people_were_told_of_it_goes_too(lived_in_kettle, ann, pia, run_jobs, now):
    vote(post=Post.objects.get(title="Free tea"), person=ann, now=now)
    answer_ask(ask=Ask.objects.get(title="Free tea"), body="Still no tea.", actor=pia, now=now)
    run_jobs()
    assert Notice.objects.filter(person=ann).exists()
    remove(lived_in_kettle)
    assert not Notice.objects.exists()


def test_words_that_a_real_person_said_too_keep_their_vector(small, ann, publish, embed, db):
    publish(ann, "Free tea")
    product = load(name="small", now=clock.now()).product
    embed()
    remove(product)
    assert Vector.objects.count() == 1


# --- Pages ------------------------------------------------------------------------------------------------
def test_an_administrator_reads_what_goes_and_takes_it_away(
    lived_in_kettle, ada, client_of, run_jobs
):
    client = client_of(ada)
    page = client.get("/desk/products/kettle/remove/").content.decode()
    assert "10 posts by 5 people, 2 asks and 1 roadmap items" in page
    assert "Nothing else of real people goes." in page
    answer = client.post("/desk/products/kettle/remove/", follow=True)
    assert "The site is all yours." in answer.content.decode()
    page = client.get("/desk/products/kettle/remove/").content.decode()
    assert "Still here: 10 posts and 5 people" in page
    assert "Remove it</button>" not in page
    with pytest.raises(Refusal, match="being taken away"):
        load(name="small", now=clock.now())
    client.post("/desk/products/kettle/remove/")
    run_jobs()
    assert not Product.objects.exclude(sample="").exists()
    assert Entry.objects.get(verb="sample.sample-removed").actor_id == ada.pk
    answer = client.get("/desk/products/kettle/remove/", follow=True)
    assert "The sample is gone." in answer.content.decode()


class Killed(BaseException):
    """A worker is killed here."""


@pytest.mark.parametrize("at", [1, 4, 7, 9])
def test_a_worker_that_is_killed_leaves_the_rest_to_the_next(lived_in_kettle, at, monkeypatch):
    done, calls = leaving._alone, []

    def dying(act):
        calls.append(act)
        if len(calls) == at:
            raise Killed
        done(act)

    with monkeypatch.context() as first, pytest.raises(Killed):
        first.setattr(leaving, "_alone", dying)
        remove(lived_in_kettle)
    assert Product.objects.filter(pk=lived_in_kettle.pk).exists()
    assert set(reconcile_counts(fix=False).values()) == {0}
    removing.go_on(now=clock.now())
    assert not Product.objects.exclude(sample="").exists()
    assert not Post.objects.exists()
    assert not Ask.objects.exists()
    assert Entry.objects.filter(verb="sample.sample-removed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_no_transaction_of_it_writes_more_than_a_thousand_rows(small, monkeypatch):
    monkeypatch.setattr("feedback.kernel.turns.time.sleep", lambda seconds: None)
    product = load(name="small", now=clock.now()).product
    board = Board.objects.filter(product=product).first()
    people = list(User.objects.filter(origin_key__startswith="sample"))
    now = clock.now()
    posts = many_posts(board=board, authors=people, count=MOST // 2)
    Vote.objects.bulk_create(
        Vote(post=post, person=person, voted_at=now) for post in posts for person in people
    )
    reconcile_counts()
    with counted_writes() as written:
        remove(product)
    assert sum(written.transactions) > 3 * MOST
    assert written.most <= MOST
    assert not Post.objects.exists()


def test_nobody_else_does(kettle, ann, mo, pia, client_of):
    for person in (ann, mo, pia):
        assert client_of(person).post("/desk/products/kettle/remove/").status_code == 403, person
    assert Product.objects.filter(sample="small").exists()


def test_a_product_of_ones_own_has_no_such_page(product, ada, client_of):
    assert client_of(ada).get(f"/desk/products/{product.slug}/remove/").status_code == 404


def test_every_page_of_the_sample_says_so_in_both_languages(kettle, ada, pia, client_of):
    post = Post.objects.get(title="It leaks")
    ask = Ask.objects.get(title="Free tea")
    pages = [
        "/",
        "/products/kettle/",
        "/boards/kettle-bugs/",
        f"/posts/{post.public_id}/",
        f"/asks/{ask.public_id}/",
        "/asks/?product=kettle",
        "/roadmap/?product=kettle",
        "/releases/1.3/?product=kettle",
        "/search/?q=whistle",
        "/posts/new/?board=kettle-bugs",
    ]
    visitor, administrator = client_of(None), client_of(ada)
    for page in pages:
        for client, sees_remove in ((visitor, False), (administrator, True)):
            words = client.get(page).content.decode()
            assert "Kettle is made up, and so is everybody here." in words, page
            assert ("/desk/products/kettle/remove/" in words) == sees_remove, page
        visitor.cookies["heed_language"] = "zh-hans"
        assert "小壶是虚构的" in visitor.get(page).content.decode(), page
        visitor.cookies.clear()
    desk = client_of(pia).get("/desk/").content.decode()
    assert "Kettle is made up" in desk
    assert "/desk/products/kettle/remove/" not in desk


def test_a_page_of_ones_own_product_says_nothing_of_it(kettle, board, ann, publish, client_of):
    client = client_of(ann)
    post = publish(ann)
    for page in (f"/boards/{board.slug}/", f"/posts/{post.public_id}/", "/accounts/profile/"):
        assert "made up" not in client.get(page).content.decode(), page


def test_the_desk_opens_where_people_post(kettle, board, ann, ada, publish, client_of):
    assert "Kettle is made up" in client_of(ada).get("/desk/").content.decode()
    publish(ann)
    assert "Kettle is made up" not in client_of(ada).get("/desk/").content.decode()


# --- The command ------------------------------------------------------------------------------------------
def said(*words):
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_the_commands_bring_it_and_take_it_away(small, db):
    assert said("load_sample", "small") == "Kettle: 10 posts are there.\n"
    assert said("load_sample", "small") == "Kettle: 10 posts are there already.\n"
    assert said("remove_sample", "--dry-run").startswith("Would go: 10 posts by 5 people, 2 asks")
    assert Product.objects.filter(sample="small").exists()
    words = said("remove_sample")
    assert words.startswith("Gone: 10 posts by 5 people, 2 asks, 1 roadmap items.")
    assert "`manage.py load_sample small` brings it back" in words
    assert not Product.objects.filter(sample="small").exists()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["remove_sample"], "There is no sample on this site"),
        (["load_sample", "foo"], 'no sample called "foo"; choose small'),
    ],
)
def test_a_slip_gets_a_sentence(small, db, words, why):
    with pytest.raises(CommandError, match=why):
        call_command(*words)


def test_of_several_one_says_which(kettle, now):
    Product.objects.create(slug="other", name="Other", sample="reviews", created_at=now)
    with pytest.raises(CommandError, match="Say which one: reviews, small"):
        call_command("remove_sample")
    with pytest.raises(CommandError, match="“vscode” is not on this site; there is reviews, small"):
        call_command("remove_sample", "vscode")
    said("remove_sample", "small")
