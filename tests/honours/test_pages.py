"""How trust grows, badges, honours and the board of honour: for everyone, or for nobody."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback.accounts.models import Standing, User
from feedback.honours import marking
from feedback.honours.badges import BADGES, badges_of
from feedback.honours.operations import give, take_back, wish
from feedback.roadmap import operations as roadmap
from feedback.ui.templatetags.emblems import _SIGNS

pytestmark = pytest.mark.django_db


@pytest.fixture
def shipped(item, pia, count, now):
    """Ann's ask has shipped, and that is counted."""
    roadmap.ship(item=item, version="1.4.0", actor=pia, now=now)
    count()


def read(client, address, status=200, **headers):
    answer = client.get(address, **headers)
    assert answer.status_code == status
    return answer.content.decode()


def page_of(client, person):
    return read(client, f"/people/{person.public_id}/")


def switch_off(pia, now, **kept):
    wish(**({"shows_levels": False, "shows_board": True} | kept), actor=pia, now=now)


def test_everybody_reads_how_trust_grows(client):
    page = read(client, "/trust/")
    assert "By what comes of what you do here, never by how much you do." in page
    assert "5 outcomes, at least 2 of them decided by the team." in page
    assert "<dt>Posts a day</dt><dd>120</dd>" in page
    assert 'aria-current="step"' not in page
    assert 'href="/trust/"' in read(client, "/")
    assert "信任" in read(client, "/trust/", headers={"accept-language": "zh-hans"})


def test_a_member_sees_how_far_they_are_and_nobody_else_does(
    client, client_of, shipped, ann, bo, frozen
):
    frozen.shift(2 * 86_400)
    page = read(client_of(ann), "/trust/")
    assert 'aria-current="step"' in page
    assert "4 more outcomes until “Trusted”." in page
    own, others = page_of(client_of(ann), ann), page_of(client_of(bo), ann)
    assert "1 ask taken up" in own
    assert "1 ask shipped" in own
    assert "1 of them has to be decided by the team." in own
    assert "more outcomes until" not in others
    for seen in (own, others, page_of(client, ann)):
        assert "Known here" in seen
        assert "An ask of yours shipped." in seen
    assert "more outcome until “Known here”" in page_of(client_of(bo), bo)
    assert "Known here" not in page_of(client, bo)


@pytest.fixture
def three_shipped(ann):
    """What Ann has when three of her asks shipped."""
    Standing.objects.update_or_create(person=ann, defaults={"counts": {"shipped": 3}})
    marking.reconcile(fix=True)


def test_what_many_have_is_no_mark(client, shipped, dark_mode):
    assert "person__mark" not in read(client, f"/posts/{dark_mode.medoid.public_id}/")


def test_a_mark_stands_beside_the_name_wherever_it_does(
    client, three_shipped, dark_mode, testers, ann, pia, now
):
    address = f"/posts/{dark_mode.medoid.public_id}/"
    for page in (read(client, "/"), read(client, address)):
        assert 'class="person__mark" title="Three shipped"' in page
    give(honour=testers, people=[ann.pk], actor=pia, now=now)
    page = read(client, address)
    assert 'title="Ring testers"' in page
    assert 'title="Three shipped"' not in page, "One mark, not two."
    take_back(honour=testers, person=ann, actor=pia, now=now)
    assert 'title="Three shipped"' in read(client, address)


def test_marks_cost_no_query_a_name(client, person, publish, testers, pia, now):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            read(client, "/?sort=new")
        return len(captured)

    people = [person(f"Person {number}") for number in range(12)]
    give(honour=testers, people=[one.pk for one in people], actor=pia, now=now)
    publish(people[0], "Wish 0")
    read(client, "/?sort=new")
    publish(people[1], "Wish 1")
    few = queries()
    for number, one in enumerate(people[2:], start=2):
        publish(one, f"Wish {number}")
    assert queries() == few


def test_switched_off_nothing_of_it_is_shown(
    client, client_of, shipped, testers, dark_mode, ann, pia, now
):
    give(honour=testers, people=[ann.pk], actor=pia, now=now)
    switch_off(pia, now)
    for address in ("/trust/", "/honours/", testers.address):
        read(client, address, 404)
    post = f"/posts/{dark_mode.medoid.public_id}/"
    for page in (read(client, "/"), read(client, post), page_of(client_of(ann), ann)):
        assert "emblem" not in page
        assert "/trust/" not in page
        assert "Ring testers" not in page
    wish(shows_levels=True, shows_board=True, actor=pia, now=now)
    assert "Ring testers" in read(client, testers.address)


def test_the_board_of_honour_alone_can_be_off(client, testers, pia, now):
    switch_off(pia, now, shows_levels=True, shows_board=False)
    read(client, "/honours/", 404)
    for address in ("/", "/trust/", testers.address):
        assert 'href="/honours/"' not in read(client, address)


def test_the_board_is_by_outcomes_and_names_whoever_agreed(
    client, shipped, testers, ann, bo, person, pia, now
):
    cleo = person("Cleo", credit="COUNTED")
    give(honour=testers, people=[bo.pk, cleo.pk], actor=pia, now=now)
    page = read(client, "/honours/").partition('<ol class="fame')[2]
    assert page.index(">Ann</a>") < page.index(">Bo</a>")
    assert ">Cleo</a>" not in page
    assert "1 ask shipped" in page
    User.objects.filter(pk=ann.pk).update(credit="COUNTED")
    assert ">Ann</a>" not in read(client, "/honours/").partition('<ol class="fame')[2]


def test_an_honour_says_who_has_it_and_what_for(client, testers, ann, pia, now):
    assert "Nobody has it yet." in read(client, testers.address)
    give(honour=testers, people=[ann.pk], word="For the <night> of 1.4", actor=pia, now=now)
    page = read(client, testers.address)
    assert "Ann" in page
    assert "For the &lt;night&gt; of 1.4" in page
    assert "内测先锋" in read(client, testers.address, headers={"accept-language": "zh-hans"})
    read(client, "/honours/nobody2nobody2/", 404)


def test_badges_are_a_function_of_outcomes_and_each_is_drawn():
    assert badges_of({}) == []
    names = [one.key for one in badges_of({"shipped": 12, "asks": 12, "answers": 2})]
    assert names == ["shipped-10", "answers-1", "asks-1"]
    assert {one.sign for one in BADGES} <= set(_SIGNS)
    assert max(len(one.key) for one in BADGES) <= User._meta.get_field("mark").max_length
