"""Who keeps order on one board sees and decides what is on it, and nothing else of the team's."""

import pytest
from zeal import zeal_ignore

from feedback.forum.models import Case, Post

QUEUE = "/desk/moderation/"


def test_the_queue_has_what_is_on_their_board_alone(
    kit, ann, bo, board, bugs, publish, reported, client_of
):
    here = reported(publish(ann, "Cheap hats"), bo)
    there = reported(publish(ann, "Cheap shoes", board=bugs), bo)
    about_ann = reported(ann, bo)
    client = client_of(kit)
    page = client.get(QUEUE).content.decode()
    assert "Cheap hats" in page and "Cheap shoes" not in page
    assert '<span class="tabs__number">1</span>' in page
    assert "/desk/asks/" not in page and "/desk/moderation/words/" not in page
    assert client.get(f"{QUEUE}{here.public_id}/").status_code == 200
    for other in (there, about_ann):
        assert client.get(f"{QUEUE}{other.public_id}/").status_code == 404
        assert client.post(f"{QUEUE}{other.public_id}/", {"do": "KEEP"}).status_code == 404
    several = {"do": "KEEP", "case": [here.public_id, there.public_id]}
    client.post(f"{QUEUE}several/", several)
    assert Case.objects.get(pk=here.pk).closed_at is not None
    assert Case.objects.get(pk=there.pk).closed_at is None


def test_the_way_there_is_in_the_head_for_them_alone(kit, ann, client_of):
    assert 'href="/desk/moderation/"' in client_of(kit).get("/").content.decode()
    assert 'href="/desk/moderation/"' not in client_of(ann).get("/").content.decode()
    assert client_of(kit).get("/desk/").status_code == 403


@pytest.mark.parametrize("act", ["hide", "pin", "lock", "unlock"])
def test_a_post_on_another_board_is_not_theirs(act, kit, ann, bugs, publish, client_of):
    mine, other = publish(ann, "Here"), publish(ann, "There", board=bugs)
    client, said = client_of(kit), {"word": "It went in circles."}
    assert client.post(f"/posts/{mine.public_id}/{act}/", said).status_code == 302
    assert client.post(f"/posts/{other.public_id}/{act}/", said).status_code == 403
    assert "/hide/" not in client.get(f"/posts/{other.public_id}/").content.decode()


def test_what_is_hidden_on_their_board_they_see_and_show_again(
    kit, ann, bo, bugs, publish, client_of
):
    mine, other = publish(ann, "Here"), publish(ann, "There", board=bugs)
    Post.objects.filter(pk__in=[mine.pk, other.pk]).update(state="HIDDEN")
    client = client_of(kit)
    assert client.get(f"/posts/{mine.public_id}/").status_code == 200
    assert client.get(f"/posts/{other.public_id}/").status_code == 404
    assert client_of(bo).get(f"/posts/{mine.public_id}/").status_code == 404
    assert client.post(f"/posts/{mine.public_id}/show/").status_code == 302
    mine.refresh_from_db()
    assert mine.state == "PUBLISHED"


def test_what_follows_a_person_everywhere_is_not_theirs(
    kit, mo, ann, bo, publish, reported, rule, client_of
):
    case = reported(publish(ann, "Cheap hats"), bo)
    address = f"{QUEUE}{case.public_id}/"
    page = client_of(kit).get(address).content.decode()
    assert 'value="WARN"' in page and 'value="BAN"' not in page and 'value="MUTE"' not in page
    assert 'value="BAN"' in client_of(mo).get(address).content.decode()
    for action in ("MUTE", "SUSPEND", "BAN", "MOVE"):
        said = {"do": action, "rule": rule.slug, "days": "7", "board": "bugs"}
        assert client_of(kit).post(address, said).status_code in (302, 403)
    case.refresh_from_db()
    ann.refresh_from_db()
    assert case.closed_at is None and ann.muted_until is None and ann.suspended_until is None
    client_of(kit).post(address, {"do": "WARN", "rule": rule.slug})
    case.refresh_from_db()
    assert case.closed_at is not None


def test_nobody_decides_about_their_own_words(kit, mo, bo, publish, reported, client_of):
    own = reported(publish(kit, "My own hats"), bo)
    address = f"{QUEUE}{own.public_id}/"
    page = client_of(kit).get(address).content.decode()
    assert "This is about yourself" in page and 'name="do" value="KEEP"' not in page
    assert (
        "This is about yourself"
        in client_of(kit).post(address, {"do": "KEEP"}, follow=True).content.decode()
    )
    own.refresh_from_db()
    assert own.closed_at is None
    client_of(mo).post(address, {"do": "KEEP"})
    own.refresh_from_db()
    assert own.closed_at is not None


def test_what_another_board_had_part_in_they_do_not_take_back(
    kit, mo, ann, bugs, publish, reported, rule, client_of, bo
):
    cases = [reported(publish(ann, "A"), bo), reported(publish(ann, "B", board=bugs), bo)]
    said = {"do": "HIDE", "rule": rule.slug, "case": [one.public_id for one in cases]}
    with zeal_ignore():  # each case is one transaction
        client_of(mo).post(f"{QUEUE}several/", said)
    ruling = cases[0].rulings.get()
    undo = f"/desk/moderation/decisions/{ruling.public_id}/undo/"
    assert client_of(kit).post(undo).status_code == 403
    assert not cases[1].rulings.filter(undone_at__isnull=False).exists()
    with zeal_ignore():
        assert client_of(mo).post(undo).status_code == 302


def test_they_read_their_board_where_it_is_closed(kit, bo, board, bugs, publish, ann, client_of):
    from feedback.forum.boards.operations import edit_board
    from feedback.kernel import clock
    from tests.cast import manager

    post = publish(ann, "Inside")
    for one in (board, bugs):
        edit_board(board=one, actor=manager(), now=clock.now(), readers="TEAM")
    assert client_of(kit).get(f"/boards/{board.slug}/").status_code == 200
    assert client_of(kit).get(f"/posts/{post.public_id}/").status_code == 200
    assert client_of(kit).get(f"/boards/{bugs.slug}/").status_code == 404
    assert client_of(bo).get(f"/boards/{board.slug}/").status_code == 404


def test_one_query_says_how_far_they_reach(
    kit, publish, ann, client_of, django_assert_max_num_queries
):
    """A page asks for the rights of its reader once, however many comments stand on it."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from feedback.forum.comments.operations import comment
    from feedback.kernel import clock

    post = publish(ann)
    for number in range(8):
        comment(post=post, author=ann, body=f"Number {number}", now=clock.now())
    client = client_of(kit)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(f"/posts/{post.public_id}/").status_code == 200
    assert sum('FROM "forum_right"' in query["sql"] for query in asked) == 1
