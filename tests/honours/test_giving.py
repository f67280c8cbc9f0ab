"""The team gives honours, from the desk to the inbox; each receiver is told once."""

import pytest

from feedback.accounts.models import User
from feedback.honours.models import Holder, Honour
from feedback.honours.operations import give
from feedback.journal import operations as journal
from feedback.journal.models import Entry
from feedback.kernel import clock
from feedback.kernel.refusals import Refusal
from feedback.notify.models import Mail, Notice
from feedback.roadmap.models import Ring
from feedback.roadmap.ring import operations as rings
from feedback.roadmap.train import operations as train
from tests.roadmap.train.conftest import MONDAY, coming  # noqa: F401

pytestmark = pytest.mark.django_db
NAMES = {"name": "Ring testers", "name_zh": "内测先锋", "sign": "ring"}


def deliver():
    while journal.deliver_due(now=clock.now()):
        pass


def honoured(person):
    return Notice.objects.filter(person=person, key__startswith="honour:").count()


def test_from_the_desk_to_the_inbox(client_of, pia, ann, frozen):
    desk = client_of(pia)
    assert "None yet." in desk.get("/desk/honours/").content.decode()
    made = desk.post("/desk/honours/new/", NAMES)
    honour = Honour.objects.get()
    page = f"/desk/honours/of/{honour.public_id}/"
    assert made.url == page
    given = desk.post(page, {"person": "Ann", "word": "For the first night"}, follow=True)
    assert "Ann has it now, and is told." in given.content.decode()
    assert "Ann has it already." in desk.post(page, {"person": "Ann"}, follow=True).content.decode()
    deliver()
    inbox = client_of(ann).get("/inbox/").content.decode()
    assert "The team honours you. Thank you" in inbox
    assert "For the first night" in inbox
    assert (honoured(ann), honoured(pia)) == (1, 0)

    off = desk.post(f"{page}{ann.public_id}/off/", follow=True).content.decode()
    assert "Ann does not have it any more." in off
    frozen.shift(60)
    desk.post(page, {"person": "Ann"})
    deliver()
    assert honoured(ann) == 1, "Once, however often it is given."
    assert Holder.objects.filter(taken_at=None).count() == 1


def test_it_is_told_in_the_readers_language(client_of, testers, person, pia, now):
    li = person("Li", language="zh-hans")
    give(honour=testers, people=[li.pk], actor=pia, now=now)
    deliver()
    inbox = client_of(li).get("/inbox/").content.decode()
    assert "内测先锋" in inbox
    assert "团队授予你一项荣誉" in inbox


def test_a_whole_ring_is_honoured_at_once(client_of, coming, testers, ann, bo, pia):  # noqa: F811
    train.move_release(release=coming.release, stop="BETA", **coming.by)
    rings.open_ring(release=coming.release, **coming.by)
    rings.answer(release=coming.release, person=ann, accepts=True, now=MONDAY)
    rings.answer(release=coming.release, person=bo, accepts=False, now=MONDAY)
    desk, page = client_of(pia), f"/desk/honours/of/{testers.public_id}/"
    assert "Give it to a whole ring" in desk.get(page).content.decode()
    ring = {"ring": Ring.objects.get().pk}
    given = desk.post(f"{page}ring/", ring, follow=True).content.decode()
    assert "1 more person has it." in given
    assert "0 more people have it." in desk.post(f"{page}ring/", ring, follow=True).content.decode()
    assert list(Holder.objects.values_list("person", flat=True)) == [ann.pk]
    assert desk.post(f"{page}ring/", {"ring": 99}).status_code == 422


def test_what_cannot_be_given_says_why(client_of, testers, pia, ann, mo, now):
    zed = User.objects.create_user(origin="IMPORTED", origin_key="old:zed", display_name="Zed")
    with pytest.raises(Refusal, match="nothing would reach them"):
        give(honour=testers, people=[zed.pk], actor=pia, now=now)
    desk, page = client_of(pia), f"/desk/honours/of/{testers.public_id}/"
    nobody = desk.post(page, {"person": "Nobody", "word": "For it"})
    assert nobody.status_code == 422
    assert "For it" in nobody.content.decode()
    desk.post(f"{page}edit/", NAMES | {"is_retired": "on"})
    with pytest.raises(Refusal, match="no longer given"):
        give(honour=testers, people=[ann.pk], actor=pia, now=now)
    assert client_of(mo).post(page, {"person": "Ann"}).status_code == 403
    assert desk.post("/desk/honours/new/", {"name": "\u200b", "sign": "ring"}).status_code == 422


def test_nobody_is_told_while_honours_are_not_shown(client_of, testers, pia, ann, now):
    desk = client_of(pia)
    desk.post("/desk/honours/shown/", {"shows_board": "on"})
    assert "nobody is told" in desk.get(f"/desk/honours/of/{testers.public_id}/").content.decode()
    give(honour=testers, people=[ann.pk], actor=pia, now=now)
    deliver()
    assert honoured(ann) == 0
    verbs = set(Entry.objects.values_list("verb", flat=True))
    assert {"honours.honour-made", "honours.honours-shown", "honours.honour-given"} <= verbs
    assert not Mail.objects.exists()


def test_giving_twice_at_once_is_giving_once(testers, ann, bo, pia, now):
    assert give(honour=testers, people=[ann.pk, bo.pk, ann.pk], actor=pia, now=now) == 2
    assert give(honour=testers, people=[bo.pk], actor=pia, now=now) == 0
    ann.refresh_from_db()
    assert ann.mark == f"honour:{testers.public_id}"
