"""What may be spam waits for the team: nobody else sees, counts, finds or hears of it, and its author sees why."""

import datetime as dt

import pytest

from feedback.accounts.models import User
from feedback.forum.counts import reconcile_counts
from feedback.forum.models import Board, Case, Comment, HoldingWishes, Post, Vote, WordRule
from feedback.forum.moderation.deciding import undo
from feedback.forum.moderation.holding import judging
from feedback.journal.models import Entry
from feedback.notify.models import Notice

pytestmark = pytest.mark.django_db
LINK = "Look at https://hats.example/cheap"


def post(client, title="Cheap hats", body=LINK, **more):
    words = {"title": title, "body": body, "kind": "SUGGESTION", "board": "suggestions"}
    return client.post("/posts/new/", words | more, follow=True)


@pytest.fixture
def held(ann, board, client_of):
    """A post of Ann's, who joined today, with a link."""
    post(client_of(ann))
    return Post.objects.get()


def test_a_link_of_somebody_new_waits_and_its_author_sees_why(held, ann, bo, mo, client_of, board):
    assert held.state == "HELD"
    page = client_of(ann).get(f"/posts/{held.public_id}/").content.decode()
    assert "It waits for the team" in page and "Links of somebody new" in page
    assert client_of(bo).get(f"/posts/{held.public_id}/").status_code == 404
    queue = client_of(mo).get("/desk/moderation/?kind=held").content.decode()
    assert "Cheap hats" in queue and "Publish" in queue
    assert Board.objects.get().post_count == 0 and not Vote.objects.exists()
    assert not Entry.objects.filter(verb="forum.post-published").exists()


def test_an_outsider_meets_it_in_no_list(held, ann, bo, client_of, run_jobs):
    run_jobs()
    places = [
        "/", "/?sort=new", "/?sort=top", "/?sort=unanswered", "/boards/suggestions/", "/asks/",
        "/search/?q=hats", f"/people/{ann.public_id}/", "/feeds/posts/",
        "/posts/similar/?title=Cheap+hats", "/roadmap/", "/coverage/", "/inbox/",
    ]  # fmt: skip
    for reader in (None, bo):
        client = client_of(reader)
        for place in places:
            answer = client.get(place)
            assert answer.status_code in (200, 302), place
            shown = answer.content.decode().replace("title=Cheap+hats", "")
            assert held.public_id not in shown, place
            assert "hats.example" not in shown, place
    assert client_of(bo).post(f"/posts/{held.public_id}/vote/").status_code == 404
    assert (
        client_of(bo).post(f"/posts/{held.public_id}/comments/", {"body": "?"}).status_code == 404
    )
    assert not Notice.objects.exists()
    assert reconcile_counts() == dict.fromkeys(
        ("votes", "comments", "answers", "hotness", "boards"), 0
    )


def test_publishing_it_is_as_if_it_was_posted_then_and_an_undo_holds_it_again(
    held, ann, mo, ruled, frozen, run_jobs
):
    frozen.shift(3600)
    before = Post.objects.values().get()
    ruling = ruled(Case.objects.get(), mo, "KEEP")
    held.refresh_from_db()
    assert held.state == "PUBLISHED" and held.posted_at == ruling.made_at
    assert (Board.objects.get().post_count, held.vote_count) == (1, 1)
    run_jobs()
    told = Notice.objects.get(person=ann)
    assert told.entry.verb == "forum.moderated"
    undo(ruling=ruling, actor=mo, now=ruling.made_at)
    held.refresh_from_db()
    assert (held.state, held.posted_at) == ("HELD", before["posted_at"])
    assert Board.objects.get().post_count == 0
    ruled(Case.objects.get(closed_at=None), mo, "KEEP")
    assert reconcile_counts() == dict.fromkeys(
        ("votes", "comments", "answers", "hotness", "boards"), 0
    )


def test_refusing_it_tells_its_author(held, ann, mo, ruled, run_jobs):
    ruled(Case.objects.get(), mo, "REMOVE")
    run_jobs()
    assert Notice.objects.get(person=ann).data["action"] == "REMOVE"
    held.refresh_from_db()
    assert (held.state, held.body) == ("REMOVED", "")


def test_a_comment_waits_too(ann, bo, mo, publish, client_of, ruled, run_jobs):
    subject = publish(bo, "Dark mode")
    client_of(ann).post(f"/posts/{subject.public_id}/comments/", {"body": LINK})
    subject.refresh_from_db()
    assert subject.comment_count == 0
    assert "hats.example" not in client_of(bo).get(f"/posts/{subject.public_id}/").content.decode()
    assert (
        "Links of somebody new"
        in client_of(ann).get(f"/posts/{subject.public_id}/").content.decode()
    )
    run_jobs()
    assert not Notice.objects.filter(person=bo).exists()
    ruled(Case.objects.get(), mo, "KEEP")
    subject.refresh_from_db()
    assert subject.comment_count == 1
    run_jobs()
    assert Notice.objects.filter(person=bo).exists()


def test_who_is_known_or_of_the_team_posts_links(ann, mo, board, client_of, now):
    User.objects.filter(pk=ann.pk).update(joined_at=now - dt.timedelta(days=2))
    for person, title in ((ann, "Known"), (mo, "Team")):
        post(client_of(person), title=title)
    assert set(Post.objects.values_list("state", flat=True)) == {"PUBLISHED"}


def test_changing_a_post_into_spam_holds_it_and_it_comes_back_where_it_was(
    ann, mo, publish, client_of, ruled, frozen
):
    mine = publish(ann, "Dark mode")
    frozen.shift(60)
    words = {"title": "Dark mode", "body": LINK, "kind": "SUGGESTION"}
    client_of(ann).post(f"/posts/{mine.public_id}/edit/", words)
    posted_at = mine.posted_at
    mine.refresh_from_db()
    assert mine.state == "HELD"
    ruled(Case.objects.get(), mo, "KEEP")
    mine.refresh_from_db()
    assert (mine.state, mine.posted_at) == ("PUBLISHED", posted_at)
    assert Entry.objects.filter(verb="forum.post-published").count() == 1


def test_the_first_posts_of_everybody_wait_where_the_team_says_so(ann, mo, board, client_of, ruled):
    HoldingWishes.objects.create(first_posts=1)
    post(client_of(ann), title="My first wish", body="")
    assert Case.objects.get().held_for == ["FIRST"]
    ruled(Case.objects.get(), mo, "KEEP")
    post(client_of(ann), title="My second wish", body="")
    assert Post.objects.filter(state="PUBLISHED").count() == 2


def test_the_same_words_from_several_accounts_wait(person, board, client_of, now):
    said = "Everybody should really try these wonderful cheap hats"
    for number, body in enumerate(
        [said, said.upper(), said.replace("a", "а"), said.replace(" ", "  ")]
    ):
        post(client_of(person(f"P{number}")), title="Great hats", body=body)
    assert [one.state for one in Post.objects.order_by("pk")] == ["PUBLISHED"] + ["HELD"] * 3


def test_a_short_wish_that_a_few_share_is_no_flood(person, board, client_of):
    for number in range(3):
        post(client_of(person(f"P{number}")), title="Dark mode", body="")
    assert set(Post.objects.values_list("state", flat=True)) == {"PUBLISHED"}


def test_words_are_held_blocked_and_replaced(ann, bo, mo, board, client_of, now):
    User.objects.update(joined_at=now - dt.timedelta(days=9))
    WordRule.objects.create(words="casino", effect="HOLD")
    WordRule.objects.create(words="赌博", effect="BLOCK")
    WordRule.objects.create(words="hat", effect="REPLACE", instead="cap")
    client = client_of(ann)
    answer = post(client, title="赌*博 here", body="my words stay").content.decode()
    assert "cannot be posted here" in answer and "my words stay" in answer
    assert not Post.objects.exists()
    post(client, title="One H-A-T please", body="")
    assert Post.objects.get().title == "One cap please"
    post(client, title="The C А S I N O", body="")
    case = Case.objects.get()
    assert case.held_for == ["WORD:casino"]
    page = client.get(f"/posts/{case.post.public_id}/").content.decode()
    assert "words that the team looks at first" in page and "<strong>casino" not in page
    assert "casino" in client_of(mo).get(f"/desk/moderation/{case.public_id}/").content.decode()


def test_words_hold_on_their_board_and_in_their_language_alone(ann, board, client_of, product, now):
    other = Board.objects.create(product=product, slug="bugs", name="Bugs")
    WordRule.objects.create(words="casino", board=other)
    WordRule.objects.create(words="roulette", language="zh")
    post(client_of(ann), title="A casino with roulette, I wish for it in English", body="")
    assert Post.objects.get().state == "PUBLISHED"
    post(client_of(ann), title="A casino here", body="", board="bugs")
    assert Post.objects.latest("pk").state == "HELD"


def test_what_was_said_days_ago_is_forgotten(ann, board, now):
    judging.judge(person=ann, board=board, said={"body": "Dark mode please"}, now=now)
    judging.tidy(now=now + dt.timedelta(days=3))
    assert not ann.said_words.exists()


def test_a_machine_that_is_away_stops_nobody(ann, board, client_of, monkeypatch):
    def away(words, board, kept):
        raise OSError

    monkeypatch.setattr(judging, "_likeness", [away])
    post(client_of(ann), title="A wish that is long enough to be compared", body="")
    assert Post.objects.get().state == "PUBLISHED"


def test_what_means_nearly_the_same_waits(person, ann, board, client_of, monkeypatch):
    wishes = ["The list of albums jumps back to its top", "My albums scroll up by themselves"]
    for name, wish in zip(("P1", "P2"), wishes, strict=True):
        post(client_of(person(name)), title=wish, body="")
    hashes = list(Post.objects.values_list("content_hash", flat=True))
    monkeypatch.setattr(judging, "_likeness", [lambda *_: judging.Alike(posts=hashes)])
    post(client_of(ann), title="Albums always jump to where the list begins", body="")
    assert Case.objects.get().held_for == ["LIKE"]
    assert Comment.objects.count() == 0
