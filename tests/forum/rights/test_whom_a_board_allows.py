"""A board says who posts and who comments there: the forms are not shown to the others, and what they send is refused."""

import pytest

from feedback.forum.closed.naming import let_in
from feedback.forum.comments.operations import comment
from feedback.forum.customers.operations import Customer, post_for_customer
from feedback.forum.models import Comment, Post
from feedback.kernel import clock
from feedback.kernel.refusals import Refusal

#: Who may what, where a board says so: a member, one who is named, an analyst, its moderator, the team's.
MATRIX = {
    "MEMBERS": "yes yes yes yes yes",
    "RING": "no yes no yes yes",
    "TEAM": "no no no yes yes",
    "NOBODY": "no no no no no",
}


@pytest.fixture
def cast(ann, bo, una, kit, mo, board):
    let_in(board=board, person=bo, named_by=None, now=clock.now())
    return [ann, bo, una, kit, mo]


@pytest.mark.parametrize("whom", MATRIX)
def test_who_posts(whom, cast, board, client_of):
    board.posters = whom
    board.save()
    for person, may in zip(cast, MATRIX[whom].split(), strict=True):
        client = client_of(person)
        page = client.get(f"/boards/{board.slug}/").content.decode()
        assert (f"?board={board.slug}" in page) == (may == "yes"), person.name
        assert ("You can read it." in page) == (may == "no"), person.name
        said = {"board": board.slug, "kind": "SUGGESTION", "title": f"A wish of {person.name}"}
        client.post("/posts/new/", said)
        written = Post.objects.filter(author=person, board=board).exists()
        assert written == (may == "yes"), (whom, person.name)


@pytest.mark.parametrize("whom", MATRIX)
def test_who_comments(whom, cast, board, publish, person, client_of):
    post = publish(person("Wen"))
    board.commenters = whom
    board.save()
    for someone, may in zip(cast, MATRIX[whom].split(), strict=True):
        client = client_of(someone)
        page = client.get(f"/posts/{post.public_id}/").content.decode()
        assert ('name="body"' in page) == (may == "yes"), (whom, someone.name)
        assert ("You can vote." in page) == (may == "no"), (whom, someone.name)
        client.post(f"/posts/{post.public_id}/comments/", {"body": f"A word of {someone.name}"})
        assert Comment.objects.filter(author=someone).exists() == (may == "yes"), someone.name


def test_a_visitor_reads_why_and_is_not_sent_to_sign_in_for_nothing(board, publish, ann, client):
    post = publish(ann)
    board.posters = board.commenters = "TEAM"
    board.save()
    page = client.get(f"/posts/{post.public_id}/").content.decode()
    assert "The team alone comments on this board." in page and "Sign in to comment" not in page
    assert "The team alone posts here." in client.get(f"/boards/{board.slug}/").content.decode()


def test_no_other_way_in_is_open(board, publish, ann, mo, bo, now):
    """A reply by mail, a hand-over and an embedded form end in these operations."""
    post = publish(ann)
    board.posters = board.commenters = "NOBODY"
    board.save()
    post.refresh_from_db()
    for person in (ann, mo):
        with pytest.raises(Refusal):
            comment(post=post, author=person, body="Still here?", now=now)
    words = {"board": board, "title": "For a customer"}
    with pytest.raises(Refusal):
        post_for_customer(customer=Customer(name="Wei Li"), words=words, actor=mo, now=now)
    assert Post.objects.count() == 1 and not Comment.objects.exists()


@pytest.mark.parametrize(
    ("whom", "sees"),
    [
        ("EVERYONE", "200 200 200 200 200"),
        ("MEMBERS", "403 200 200 200 200"),
        ("RING", "403 403 200 200 200"),
        ("TEAM", "403 403 403 200 200"),
    ],
)
def test_who_sees_the_voters(whom, sees, cast, board, publish, ann, client_of):
    post = publish(ann)
    board.voters_seen_by = whom
    board.save()
    member, named, una, kit, _mo = cast
    got = [
        client_of(one).get(f"/posts/{post.public_id}/voters/").status_code
        for one in (None, member, named, una, kit)
    ]
    assert " ".join(map(str, got)) == sees


def test_the_desk_says_it_in_words_and_keeps_what_was_not_said(pia, board, client_of):
    address = f"/desk/boards/{board.slug}/"
    client = client_of(pia)
    page = client.get(address).content.decode()
    assert "Nobody: it is closed for new ones" in page and "Who comments here" in page
    said = {"position": 1, "name": "Ideas", "is_grouped": "on"}
    client.post(address, said | {"posters": "RING", "commenters": "TEAM"})
    client.post(address, said)
    board.refresh_from_db()
    assert (board.posters, board.commenters) == ("RING", "TEAM")
    named = client.post(f"{address}people/", {"person": "Pia"})
    assert named.status_code == 302
    assert "Pia" in client.get(f"{address}people/").content.decode()


def test_on_a_board_where_being_named_means_nothing_nobody_is_named(pia, board, client_of):
    assert client_of(pia).get(f"/desk/boards/{board.slug}/people/").status_code == 404
