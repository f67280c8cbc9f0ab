"""Segments over HTTP: by a plan, by a list, by a ring; weighed, filtered by, and left by whoever is erased."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from feedback.accounts.models import ProductAccount, Segment, SegmentLine
from feedback.accounts.own_data.erasing import ask_erasure
from feedback.accounts.segments.lists import read_list
from feedback.accounts.segments.queries import people_of, revenue_of
from feedback.journal.models import Entry
from feedback.kernel.refusals import Refusal
from feedback.roadmap.models import Invitation as RingInvitation
from feedback.roadmap.models import Release, Ring
from tests.accounts.doors.product import Product, gone_on
from tests.desk.priority.crowds import people, want

pytestmark = pytest.mark.django_db


@pytest.fixture
def segment(now):
    """Make a segment."""

    def make(name="Pro", rule="LIST", **fields):
        return Segment.objects.create(name=name, rule=rule, made_at=now, **fields)

    return make


def at_product(person, now, **facts):
    known_as = {"issuer": "acme", "subject": f"u-{person.pk}"}
    return ProductAccount.objects.create(
        person=person, made_at=now, seen_at=now, **known_as, **facts
    )


def bring(desk, segment, lines):
    """Bring a list as a person does: look at it, then have it hold."""
    address = f"/desk/segments/{segment.public_id}/people/"
    file = SimpleUploadedFile("list.csv", lines.encode(), content_type="text/csv")
    seen = desk.post(address, {"file": file})
    assert not SegmentLine.objects.exists()
    said = re.search(
        r'<textarea hidden name="lines">(.*?)</textarea>', seen.content.decode(), re.S
    )[1]
    return desk.post(address, {"lines": said, "do": "bring"}, follow=True)


def test_a_segment_is_made_changed_removed_and_brought_back(desk):
    made = {"name": "Pro plan", "name_zh": "专业版", "rule": "PLAN", "value": "pro", "weight": "2"}
    desk.post("/desk/segments/new/", made)
    kept = Segment.objects.get()
    assert (kept.key, kept.weight, kept.value) == ("seg_pro_plan", 2, "pro")
    again = desk.post("/desk/segments/new/", made | {"name": "PRO  plan"})
    assert again.status_code == 422
    assert "of this name already" in again.content.decode()
    desk.post(f"/desk/segments/{kept.public_id}/", made | {"weight": "3"})
    removed = desk.post(f"/desk/segments/{kept.public_id}/remove/", follow=True)
    assert "Pro plan" in removed.content.decode()
    kept.refresh_from_db()
    assert kept.removed_at is not None
    desk.post(f"/desk/segments/{kept.public_id}/remove/?do=undo")
    kept.refresh_from_db()
    assert (kept.removed_at, kept.weight) == (None, 3)
    what = Entry.objects.filter(verb="accounts.segment-changed").order_by("pk")
    assert [entry.data["what"] for entry in what] == ["made", "edited", "removed", "restored"]
    assert what[1].data["before"]["weight"] == "2.00"


def test_a_list_is_looked_at_before_it_holds_and_leads_to_people(desk, segment, now):
    pro = segment()
    those = people(3)
    at_product(those[2], now)
    lines = "E-Mail;account;ARR\n"
    lines += f"P0@P0.example;;1200,50\n{those[1].email};;\n;u-{those[2].pk};300\nnobody;;5\n"
    answer = bring(desk, pro, lines)
    assert "3 of its people are here" in answer.content.decode()
    assert set(people_of(pro)) == set(those)
    brought = revenue_of([one.pk for one in those])
    assert {float(sum(lines.values())) for lines in brought.values()} == {1200.5, 300}
    bring_again = f"/desk/segments/{pro.public_id}/people/"
    desk.post(bring_again, {"lines": "p0@p0.example", "do": "bring"})
    assert list(people_of(pro)) == [those[0]]


def test_what_a_list_says_wrong_is_told_before_anything_is_kept(desk, segment):
    pro = segment()
    address = f"/desk/segments/{pro.public_id}/people/"
    page = " ".join(
        desk.post(
            address,
            {
                "lines": "email,revenue\na@b.example,1\nx,2\na@b.example,2\nc@d.example,99999999999999"
            },
        )
        .content.decode()
        .split()
    )
    assert "1 customer can be read" in page
    assert "1 stands twice" in page
    assert "lines 3, 5" in page
    assert (
        "No column names anybody" in desk.post(address, {"lines": "colour\nred"}).content.decode()
    )
    assert not SegmentLine.objects.exists()


@given(st.text(max_size=200) | st.lists(st.text(max_size=20), max_size=20).map(",".join))
def test_whatever_is_brought_is_read_or_refused(said):
    try:
        read = read_list("email,revenue\n" + said)
    except Refusal:
        return
    assert all(kind == "MAIL" and "@" in who for kind, who, _revenue in read.lines)


def test_the_product_says_who_is_of_a_plan_or_a_segment(segment, now):
    those = people(3)
    at_product(those[0], now, plan="Pro")
    at_product(those[1], now, segment="beta")
    assert list(people_of(segment("A", "PLAN", value="pro"))) == [those[0]]
    assert list(people_of(segment("B", "WORD", value="BETA"))) == [those[1]]
    assert list(people_of(segment("C", "RING"))) == []


def test_a_hand_over_says_the_segment(client, ada):
    gone_on(client, Product(ada).token(segment="Beta"))
    assert ProductAccount.objects.get().segment == "Beta"


def test_who_said_yes_to_a_ring_is_in_it(segment, board, product, ann, bo, now):
    release = Release.objects.create(product=product, version="9.9", release_date=now.date())
    ring = Ring.objects.create(release=release, board=board, opened_at=now)
    for person, answer in ((ann, "ACCEPTED"), (bo, "DECLINED")):
        said = {"invited_at": now, "answer": answer, "answered_at": now}
        RingInvitation.objects.create(ring=ring, person=person, **said)
    assert list(people_of(segment("Testers", "RING"))) == [ann]


def test_weights_turn_the_order_round_and_may_be_nothing(
    desk, segment, ann, publish, make_ask, now
):
    few, many = (make_ask(publish(ann, title)) for title in ("Audit log", "Stickers"))
    pro = segment(rule="PLAN", value="pro")
    payers = people(3, name="pay")
    for person in payers:
        at_product(person, now, plan="pro")
    want(few.medoid, payers, at=now)
    want(many.medoid, people(6), at=now)
    desk.post("/desk/priority/formula/", {"formula": "reach"})

    def first():
        page = desk.get("/desk/priority/").content.decode()
        return min(("Audit log", "Stickers"), key=page[page.index("<tbody>") :].index)

    assert first() == "Stickers"
    said = {f"weight-{pro.public_id}": "5"}
    answer = desk.post("/desk/segments/weights/", said, follow=True)
    assert first() == "Audit log"
    undo = re.search(r'action="(/desk/segments/weights/\?[^"]+)"', answer.content.decode())[1]
    desk.post(undo)
    assert first() == "Stickers"
    desk.post("/desk/priority/formula/", {"formula": "seg_pro + 0 * reach"})
    assert first() == "Audit log"
    desk.post("/desk/segments/weights/", {f"weight-{pro.public_id}": "0"})
    assert desk.get("/desk/priority/").status_code == 200
    wrong = desk.post("/desk/segments/weights/", {f"weight-{pro.public_id}": "-1"}, follow=True)
    assert "A weight is a number from 0 to 100" in wrong.content.decode()


def test_a_formula_outlives_the_segment_that_it_names(desk, segment, ann, publish, make_ask):
    make_ask(publish(ann, "Audit log"))
    pro = segment()
    desk.post("/desk/priority/formula/", {"formula": "people + 2*seg_pro"})
    desk.post(f"/desk/segments/{pro.public_id}/remove/")
    page = desk.get("/desk/priority/").content.decode()
    assert "<code>1 + 2*0</code> = <strong>1.0</strong>" in page


def test_the_table_of_asks_is_narrowed_by_a_segment(desk, segment, ann, bo, publish, make_ask, now):
    wrote, voted, neither = (
        make_ask(publish(bo if n == 0 else ann, f"Wish number {n}")) for n in range(3)
    )
    beta = segment(rule="WORD", value="beta")
    at_product(bo, now, segment="beta")
    want(voted.medoid, [bo], at=now)
    page = desk.get(f"/desk/asks/?segment={beta.public_id}").content.decode()
    assert wrote.title in page
    assert voted.title in page
    assert neither.title not in page
    assert wrote.title not in desk.get("/desk/asks/?segment=zzzzzzzz").content.decode()


def test_who_is_erased_goes_out_of_every_list(desk, segment, now, ann):
    pro = segment()
    bring(desk, pro, f"email\n{ann.email}\nother@else.example")
    EmailAddress.objects.create(user=ann, email=ann.email, verified=True, primary=True)
    assert list(people_of(pro)) == [ann]
    ask_erasure(person=ann, keeps_words=True, actor=ann, now=now)
    assert [line.who for line in SegmentLine.objects.all()] == ["other@else.example"]


def test_only_managers_of_the_site_see_segments(client_of, mo, segment):
    assert client_of(mo).get("/desk/segments/").status_code == 403
    assert client_of(mo).post(f"/desk/segments/{segment().public_id}/remove/").status_code == 403
