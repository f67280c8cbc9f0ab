"""Who wants a post: names of those who may be shown, for those who may see them."""

import pytest

from feedback.accounts.models import Origin, User
from feedback.forum.votes.operations import bring_votes, vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(ann, bo, publish, now, person, anonymous):
    """A post that Ann, Bo, a member without her name, an imported author and a nameless one want."""
    wanted = publish(ann)
    quiet = person("Quinn", credit="COUNTED")
    imported = User.objects.create_user(
        origin=Origin.IMPORTED, origin_key="forum:ines", display_name="Ines"
    )
    for one in (bo, quiet):
        vote(post=wanted, person=one, now=now)
    bring_votes([(wanted, one, now) for one in (imported, anonymous())])
    return wanted


def voters(client, post, **more):
    return client.get(f"/posts/{post.public_id}/voters/", **more)


def test_members_are_named_and_everybody_else_is_counted(client, post):
    page = voters(client, post).content.decode()
    assert "Ann" in page
    assert "Bo" in page
    assert "Ines" not in page
    assert "Quinn" not in page
    assert "3 people who are counted without their names" in page


def test_the_team_reads_every_member_and_how_much(client_of, mo, bo, post):
    client_of(bo).post(f"/posts/{post.public_id}/importance/", {"importance": "CRITICAL"})
    page = voters(client_of(mo), post).content.decode()
    assert "Quinn" in page
    assert "Ines" not in page
    assert "Critical" in page
    assert "Critical" not in voters(client_of(bo), post).content.decode()


def test_a_board_keeps_them_for_the_team(client, client_of, ann, mo, board, post):
    board.voters_seen_by = "TEAM"
    board.save()
    assert voters(client, post).status_code == 403
    assert voters(client_of(ann), post).status_code == 403
    assert voters(client_of(mo), post).status_code == 200
    link = f"/posts/{post.public_id}/voters/"
    assert link not in client_of(ann).get(f"/posts/{post.public_id}/").content.decode()
    assert link in client_of(mo).get(f"/posts/{post.public_id}/").content.decode()


def test_who_may_not_know_of_the_post_does_not_know_who_wants_it(client, post):
    post.state = "HIDDEN"
    post.save()
    assert voters(client, post).status_code == 404


def test_it_opens_in_a_dialog(client, post):
    page = voters(client, post, HTTP_HX_REQUEST="true").content.decode()
    assert "<html" not in page
    assert "Who wants it" in page


def test_a_page_of_names_asks_no_more_than_a_short_one(
    client, post, person, now, django_assert_max_num_queries
):
    for number in range(60):
        vote(post=post, person=person(f"Fan {number}"), now=now)
    with django_assert_max_num_queries(12):
        page = voters(client, post).content.decode()
    assert "page=2" in page
    assert page.count("voters__one") == 50


def test_the_desk_says_who_sees_them(client_of, pia, board):
    said = {"position": 1, "name": "Ideas", "voters_seen_by": "TEAM", "is_grouped": "on"}
    client_of(pia).post(f"/desk/boards/{board.slug}/", said)
    board.refresh_from_db()
    assert board.voters_seen_by == "TEAM"


def test_a_pressed_vote_shows_a_check_in_a_list(client_of, ann, bo, post):
    def icon(reader):
        page = client_of(reader).get("/").content.decode()
        return page[page.index('class="vote__button"') :].partition("<path")[2][:20]

    assert icon(ann) != icon(User.objects.create_user("cy@example.org"))
