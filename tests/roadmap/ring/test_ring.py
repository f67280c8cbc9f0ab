"""The beta ring of a release, from the release's page to the thanks."""

import pytest

from feedback.accounts.models import Origin, User
from feedback.forum.closed.models import BoardMember
from feedback.forum.comments.operations import comment
from feedback.forum.models import Board
from feedback.forum.votes.operations import vote
from feedback.journal import operations as journal
from feedback.kernel import clock
from feedback.kernel.refusals import Refusal
from feedback.notify.following.operations import subscribe
from feedback.notify.models import Notice
from feedback.roadmap.models import Invitation, Ring
from feedback.roadmap.ring import operations
from feedback.roadmap.ring.candidates import behind, candidates
from feedback.roadmap.train import operations as train
from feedback.roadmap.train.leaving import leave
from tests.roadmap.train.conftest import MONDAY, coming  # noqa: F401

pytestmark = pytest.mark.django_db
PAGE = "/releases/1.4.0/ring/"


@pytest.fixture
def beta(coming, person, publish):  # noqa: F811
    """The release at its beta: Ann and Bo are behind it, and imported Zed, who cannot sign in; Cleo follows it."""
    train.move_release(release=coming.release, stop="BETA", **coming.by)
    zed = User.objects.create_user(origin=Origin.IMPORTED, origin_key="old:zed", display_name="Zed")
    vote(post=coming.ready.links.get().ask.medoid, person=zed, now=MONDAY)
    coming.zed, coming.cleo = zed, person("Cleo")
    subscribe(
        person=coming.cleo,
        about="RELEASE",
        about_id=coming.release.pk,
        is_muted=False,
        now=MONDAY,
    )
    return coming


@pytest.fixture
def deliver(db):
    """Deliver what is due."""

    def run():
        while journal.deliver_due(now=clock.now()):
            pass

    return run


def answer_of(person):
    return Invitation.objects.get(person=person).answer


def test_from_the_releases_page_to_the_thanks(client_of, beta, ann, bo, pia, deliver):
    desk, inside, outside = client_of(pia), client_of(ann), client_of(bo)
    assert PAGE in desk.get("/releases/1.4.0/").content.decode()
    page = desk.get(PAGE).content.decode()
    assert "4 people are behind what it brings" in page
    assert "3 can be invited" in page
    assert "1 cannot be reached" in page

    assert desk.post(f"{PAGE}open/", {}).status_code == 302
    ring = Ring.objects.get()
    assert (ring.board.name, ring.board.name_zh, ring.board.readers) == (
        "Beta of 1.4.0",
        "1.4.0内测",
        "RING",
    )
    assert set(Invitation.objects.values_list("person__display_name", flat=True)) == {
        "Ann", "Bo", "Cleo",
    }  # fmt: skip
    deliver()
    invited = Notice.objects.filter(entry__verb="roadmap.ring-invited")
    assert {notice.person.name for notice in invited} == {"Ann", "Bo", "Cleo"}
    board_page = f"/boards/{ring.board.slug}/"
    assert inside.get(board_page).status_code == 404, "not before she said yes"
    told = inside.get("/inbox/").content.decode()
    assert "Would you try 1.4.0 before everyone?" in told
    assert "Beta of 1.4.0" not in told, "nor does she know its name"

    assert "See the invitation" in inside.get("/releases/1.4.0/").content.decode()
    assert "A dark theme" in inside.get(f"{PAGE}answer/").content.decode()
    assert inside.post(f"{PAGE}answer/", {"accepts": "1"})["Location"] == board_page
    assert inside.get(board_page).status_code == 200
    assert board_page in inside.get("/").content.decode(), "it is listed for her"
    outside.post(f"{PAGE}answer/", {"accepts": "0"})
    assert outside.get(board_page).status_code == 404
    said = {"title": "It flickers", "kind": "BUG", "board": ring.board.slug}
    posted = inside.post("/posts/new/", said)["Location"]
    assert outside.get(posted).status_code == 404

    leave(release=beta.again(), **beta.by)
    deliver()
    ring.refresh_from_db()
    assert ring.closed_at is not None
    thanked = Notice.objects.filter(entry__verb="roadmap.ring-closed")
    assert [notice.person.name for notice in thanked] == ["Ann"]
    assert inside.get(posted).status_code == 200, "who was in it reads on"
    assert inside.post("/posts/new/", said | {"title": "More"}).status_code == 422
    assert outside.post(f"{PAGE}answer/", {"accepts": "1"}).status_code == 302
    assert outside.get(board_page).status_code == 404, "the ring is closed"
    profile = client_of(None).get(f"/people/{ann.public_id}/").content.decode()
    assert "Tried before everyone" in profile
    assert "1.4.0" in profile
    assert "Tried" not in client_of(None).get(f"/people/{bo.public_id}/").content.decode()


def test_the_page_counts_what_there_is(client_of, beta, ann, bo, pia):
    operations.open_ring(release=beta.release, actor=pia, now=MONDAY)
    operations.answer(release=beta.release, person=ann, accepts=True, now=MONDAY)
    operations.answer(release=beta.release, person=bo, accepts=False, now=MONDAY)
    page = client_of(pia).get(PAGE)
    assert vars(page.context["counts"]) == {
        "invited": 3,
        "accepted": 1,
        "declined": 1,
        "waiting": 1,
        "taken_out": 0,
    }
    assert page.context["behind"].unreachable == 1
    assert "have not claimed their words" in page.content.decode()


def test_the_most_involved_come_first(beta, ann, bo, pia, publish):
    post = beta.ready.links.get().ask.medoid
    for number in range(4):
        comment(post=post, author=beta.cleo, body=f"And {number}", now=MONDAY)
    # Ann wrote one post and wants it; Bo wrote one, wants that and hers; Cleo wrote four comments.
    assert candidates(beta.release) == [beta.cleo.pk, bo.pk, ann.pk]
    operations.open_ring(release=beta.release, actor=pia, most=1, now=MONDAY)
    assert Invitation.objects.get().person == beta.cleo
    assert behind(beta.release).to_invite == 2
    assert operations.invite_more(release=beta.release, actor=pia, most=1, now=MONDAY) == 1
    assert operations.invite_more(release=beta.release, actor=pia, now=MONDAY) == 1
    assert operations.invite_more(release=beta.release, actor=pia, now=MONDAY) == 0


def test_opened_twice_it_is_one_ring(client_of, beta, pia, deliver):
    desk = client_of(pia)
    for _again in range(2):
        assert desk.post(f"{PAGE}open/", {}).status_code == 302
    assert (Ring.objects.count(), Board.objects.filter(readers="RING").count()) == (1, 1)
    deliver()
    assert Notice.objects.filter(entry__verb="roadmap.ring-invited").count() == 3


def test_a_ring_opens_at_the_beta_alone(client_of, coming, pia):  # noqa: F811
    page = client_of(pia).post(f"{PAGE}open/", {})
    assert page.status_code == 422
    assert "at its beta" in page.content.decode()
    assert not Ring.objects.exists()


def test_a_closed_board_is_used_again(client_of, beta, product, pia, board):
    lab = Board.objects.create(product=product, slug="lab", name="Lab", readers="RING")
    desk = client_of(pia)
    assert desk.post(f"{PAGE}open/", {"ring-board": board.slug}).status_code == 422
    desk.post(f"{PAGE}open/", {"ring-board": "lab"})
    assert Ring.objects.get().board == lab


def test_somebody_is_invited_by_name_and_taken_out(client_of, beta, person, pia, mo, deliver):
    operations.open_ring(release=beta.release, actor=pia, now=MONDAY)
    desk, eve = client_of(pia), person("Eve")
    assert desk.post(f"{PAGE}invite/", {"invite-person": "Eve"}).status_code == 302
    assert desk.post(f"{PAGE}invite/", {"invite-person": "nobody"}).status_code == 422
    assert desk.post(f"{PAGE}invite/", {"invite-person": "Mo"}).status_code == 422, "of the team"
    deliver()
    assert Notice.objects.filter(person=eve).count() == 1
    client_of(eve).post(f"{PAGE}answer/", {"accepts": "1"})
    assert BoardMember.objects.get(person=eve).left_at is None
    desk.post(f"{PAGE}{eve.public_id}/out/")
    assert answer_of(eve) == "TAKEN_OUT"
    assert client_of(eve).get(f"{PAGE}answer/").status_code == 404
    assert client_of(eve).get("/boards/beta-1-4-0/").status_code == 404
    assert operations.invite(release=beta.release, person=eve, actor=pia, now=MONDAY)
    client_of(eve).post(f"{PAGE}answer/", {"accepts": "1"})
    assert client_of(eve).get("/boards/beta-1-4-0/").status_code == 200


def test_who_is_not_invited_finds_nothing_to_answer(client_of, beta, person, pia):
    operations.open_ring(release=beta.release, actor=pia, now=MONDAY)
    eve = person("Eve")
    assert client_of(eve).get(f"{PAGE}answer/").status_code == 404
    assert client_of(eve).post(f"{PAGE}answer/", {"accepts": "1"}).status_code == 404
    with pytest.raises(Refusal):
        operations.answer(release=beta.release, person=eve, accepts=True, now=MONDAY)


def test_one_changes_their_mind_until_it_is_out(client_of, beta, ann, pia):
    operations.open_ring(release=beta.release, actor=pia, now=MONDAY)
    client = client_of(ann)
    for accepts, status in (("0", 404), ("1", 200), ("1", 200), ("0", 404)):
        client.post(f"{PAGE}answer/", {"accepts": accepts})
        assert client.get("/boards/beta-1-4-0/").status_code == status
    assert BoardMember.objects.filter(person=ann).count() == 1


def test_who_is_named_on_its_board_is_in_the_ring(client_of, beta, person, pia, ann, deliver):
    operations.open_ring(release=beta.release, actor=pia, now=MONDAY)
    operations.answer(release=beta.release, person=ann, accepts=True, now=MONDAY)
    desk, eve = client_of(pia), person("Eve")
    desk.post("/desk/boards/beta-1-4-0/people/", {"person": "Eve"})
    deliver()
    assert (answer_of(eve), answer_of(ann)) == ("ACCEPTED", "ACCEPTED")
    for one in (eve, ann):
        desk.post(f"/desk/boards/beta-1-4-0/people/{one.public_id}/off/")
    deliver()
    assert (answer_of(eve), answer_of(ann)) == ("TAKEN_OUT", "TAKEN_OUT")
    operations.answer(release=beta.release, person=beta.cleo, accepts=True, now=MONDAY)
    operations.answer(release=beta.release, person=beta.cleo, accepts=False, now=MONDAY)
    deliver()
    assert answer_of(beta.cleo) == "DECLINED", "what they say themselves stays"
