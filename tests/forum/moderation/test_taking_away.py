"""A bad name, a bad picture or bad words about oneself are taken away by a decision, which is told, appealed and undone as any other."""

import datetime as dt
import os

import pytest
from django.core.exceptions import PermissionDenied

from feedback.accounts.faces.operations import sweep
from feedback.accounts.own_data.erasing import ask_erasure, erase_due
from feedback.forum.models import Board, Case, Right, Ruling
from feedback.forum.moderation.appealing import appeal
from feedback.forum.moderation.deciding import undo
from feedback.journal.models import Entry
from feedback.kernel import clock
from feedback.kernel.refusals import Refusal
from feedback.notify.models import Notice
from tests.pictures import photo, sent

pytestmark = pytest.mark.django_db

COLUMNS = {"NAME": "display_name", "BIO": "bio", "FACE": "face"}


@pytest.fixture
def rude(ann, client_of, tmp_path, settings):
    """Ann, with a name, a picture and words that should not be seen."""
    settings.MEDIA_ROOT = tmp_path
    client_of(ann).post("/settings/face/", {"face": sent(photo())})
    client_of(ann).post("/settings/", {"display_name": "Hat seller", "bio": "Hats, cheap."})
    ann.refresh_from_db()
    return ann


@pytest.fixture
def case(rude, bo, client_of):
    """Bo reported her from her page."""
    page = client_of(bo).get(f"/people/{rude.public_id}/").content.decode()
    address = f"/report/person/{rude.public_id}/"
    assert address in page
    assert client_of(bo).post(address, {"reason": "SPAM"}).status_code == 302
    return Case.objects.get(person=rude)


def decide(client, case, action, **more):
    words = {"do": action, "rule": "no-advertising"}
    return client.post(f"/desk/moderation/{case.public_id}/", words | more, follow=True)


@pytest.mark.parametrize("action", COLUMNS)
def test_it_is_taken_away_told_and_given_back(
    action, case, rude, bo, mo, rule, client_of, run_jobs
):
    column, desk = COLUMNS[action], client_of(mo)
    before = getattr(rude, column)
    assert f'value="{action}"' in desk.get(f"/desk/moderation/{case.public_id}/").content.decode()
    assert "Undo" in decide(desk, case, action).content.decode()
    rude.refresh_from_db()
    assert getattr(rude, column) == ""
    run_jobs()
    (told,) = Notice.objects.filter(person=rude)
    inbox = client_of(rude).get("/inbox/").content.decode()
    assert "The team took" in inbox and "No spam" in inbox and "It sells." in inbox
    page = client_of(rude).get(f"/moderation/{told.data['ruling']}/").content.decode()
    assert "You may appeal once" in page
    assert "taken away" in client_of(bo).get("/rules/log/").content.decode()
    undo(ruling=Ruling.objects.get(), actor=mo, now=clock.now())
    rude.refresh_from_db()
    assert getattr(rude, column) == before
    run_jobs()
    assert "took a decision about you back" in client_of(rude).get("/inbox/").content.decode()
    verbs = Entry.objects.filter(verb__startswith="forum.moderat").order_by("pk")
    assert [one.verb for one in verbs] == ["forum.moderated", "forum.moderation-undone"]


def test_without_a_name_somebody_is_a_member_with_a_number(
    case, rude, mo, rule, client_of, publish
):
    post = publish(rude)
    decide(client_of(mo), case, "NAME")
    page = client_of(None).get(f"/posts/{post.public_id}/").content.decode()
    assert f"Member {rude.public_id[:4]}" in page and "Hat seller" not in page


def test_the_same_name_is_not_taken_again(case, rude, mo, rule, client_of):
    decide(client_of(mo), case, "NAME")
    for name in ("Hat seller", "H-A-T seIler"):
        answer = client_of(rude).post("/settings/", {"display_name": name, "bio": "New"})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "The team took this name away" in page and f'value="{name}"' in page
    assert client_of(rude).post("/settings/", {"display_name": "Ann"}).status_code == 302
    undo(ruling=Ruling.objects.get(), actor=mo, now=clock.now())
    rude.refresh_from_db()
    assert rude.display_name == "Ann", "What they chose since stays."


def test_an_appeal_is_answered_by_somebody_else_who_sees_what_it_was(
    case, rude, mo, pia, rule, client_of, frozen, tmp_path
):
    decide(client_of(mo), case, "FACE")
    face = Ruling.objects.get().before["face"]
    shown = f"/desk/moderation/decisions/{Ruling.objects.get().public_id}/face/"
    frozen.shift(dt.timedelta(days=20))
    appeal(ruling=Ruling.objects.get(), person=rude, words="It is my own hat.", now=clock.now())
    os.utime(tmp_path / face, (0, 0))
    assert sweep(rude.public_id[0], now=clock.now()) == 0, "It may be given back."
    waits = Case.objects.get(closed_at=None)
    page = client_of(pia).get(f"/desk/moderation/{waits.public_id}/").content.decode()
    assert f'href="{shown}"' in page
    assert client_of(pia).get(shown)["Content-Type"] == "image/webp"
    assert client_of(rude).get(shown).status_code == 403
    client_of(pia).post(f"/desk/moderation/{waits.public_id}/", {"do": "GRANT"})
    rude.refresh_from_db()
    assert rude.face == face


def test_it_is_for_who_keeps_order_on_the_whole_site(
    case, rude, bo, mo, pia, rule, ruled, reported, publish, now
):
    board = Board.objects.get()
    Right.objects.create(person=bo, board=board, role="MODERATOR", given_at=now)
    bo.part_role = "MODERATOR"
    bo.save()
    with pytest.raises(PermissionDenied):
        ruled(case, bo, "NAME")
    with pytest.raises(Refusal, match="nothing of this"):
        ruled(reported(publish(rude, "Hats"), mo), mo, "NAME")
    with pytest.raises(Refusal, match="of the team"):
        ruled(reported(pia, rude), mo, "NAME")


def test_who_is_erased_leaves_nothing_of_it(case, rude, mo, rule, client_of):
    for action in COLUMNS:
        decide(client_of(mo), Case.objects.get(closed_at=None), action)
        client_of(mo).post(f"/desk/moderation/about/person/{rude.public_id}/")
    ask_erasure(person=rude, keeps_words=True, actor=rude, now=clock.now())
    erase_due(now=clock.now())
    assert [one.before for one in Ruling.objects.all()] == [{}, {}, {}]


# --- What a profile says ----------------------------------------------------------------------------------------------
def test_who_is_muted_says_nothing_of_themselves_and_chooses_their_language(
    ann, bo, mo, ruled, reported, client_of
):
    ruled(reported(ann, bo), mo, "MUTE", days=3)
    answer = client_of(ann).post("/settings/", {"display_name": "Ann", "bio": "Mo is unfair."})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "but not write" in page and "Mo is unfair." in page
    assert (
        client_of(ann)
        .post("/settings/", {"display_name": "Ann", "language": "zh-hans"})
        .status_code
        == 302
    )
    ann.refresh_from_db()
    assert (ann.bio, ann.language) == ("", "zh-hans")


def test_a_profile_changes_only_so_often(ann, client_of):
    client = client_of(ann)
    outcomes = [client.post("/settings/", {"display_name": f"Ann {n}"}) for n in range(6)]
    assert [answer.status_code for answer in outcomes] == [302] * 5 + [429]
    assert 'value="Ann 5"' in outcomes[-1].content.decode()
    assert client.post("/settings/", {"display_name": "Ann 4", "language": "en"}).status_code == 302


def test_a_link_of_who_is_new_stands_in_no_profile(ann, client_of):
    answer = client_of(ann).post("/settings/", {"display_name": "Ann", "bio": "Look: hats.example"})
    assert answer.status_code == 422
    ann.refresh_from_db()
    assert ann.bio == ""
