"""What comes first, over HTTP: the formula, the estimates, crowds, the picture of four fields."""

import datetime as dt
import re

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from feedback.accounts.models import Invitation, Invited
from feedback.asks.models import Ask
from feedback.journal.models import Entry
from feedback.measure.models import Estimate, ProductWishes
from tests.desk.priority.crowds import people, want

pytestmark = pytest.mark.django_db

PAGE = "/desk/priority/"


@pytest.fixture
def two(ann, publish, make_ask):
    """Two asks of ann's: an export, and a hat."""
    return [make_ask(publish(ann, title)) for title in ("Export as CSV", "A hat for the mascot")]


def order(answer):
    """Return the titles of the table, in order."""
    page = answer.content.decode()
    return re.findall(
        r'<a href="/desk/asks/[^"]+" lang[^>]*>([^<]+)</a>\s*<span class="meta">', page
    )


def estimate(desk, ask, **said):
    return desk.post(reverse("desk:estimate", args=[ask.public_id]), said, follow=True)


def undo(desk, answer):
    """Press the newest undo that ``answer`` offers."""
    address = re.findall(r'action="([^"]+\?[^"]+)"', answer.content.decode())[-1]
    return desk.post(address.replace("&amp;", "&"), follow=True)


def use(desk, formula):
    return desk.post("/desk/priority/formula/", {"formula": formula})


def test_one_loud_camp_stays_below_fewer_people_who_are_spread(two, desk, bo, now):
    export, hat = two
    want(export.medoid, people(12, name="spread"), at=now)
    loud = people(40, name="loud")
    link = Invitation.objects.create(made_by=bo, made_at=now, expires_at=now, most=40)
    for person in loud:
        Invited.objects.create(person=person, invitation=link, came_at=now)
    want(hat.medoid, loud, at=now)
    use(desk, "reach_low")
    page = desk.get(PAGE)
    assert order(page) == ["Export as CSV", "A hat for the mascot"]
    text = " ".join(page.content.decode().split())
    assert "<strong>41</strong>" in text
    assert "40 came together" in text
    use(desk, "people")
    assert order(desk.get(PAGE)) == ["A hat for the mascot", "Export as CSV"]


@pytest.mark.parametrize("way", ["a company", "a day of sign-ups", "an hour", "nothing"])
def test_what_makes_a_crowd(two, desk, now, way):
    mail = (lambda at: f"p{at}@acme.example") if way == "a company" else None
    those = people(20, mail=mail)
    apart = dt.timedelta(minutes=2) if way == "an hour" else dt.timedelta(hours=30)
    if way == "a day of sign-ups":
        for person in those:
            person.joined_at = now - dt.timedelta(minutes=10)
            person.save(update_fields=["joined_at"])
        apart = dt.timedelta(minutes=1)
    want(two[0].medoid, those, at=now, apart=apart)
    found = " ".join(desk.get(PAGE).content.decode().split())
    assert "<strong>21</strong>" in found
    assert ("came together</span>" in found) is (way != "nothing")


def test_estimates_are_kept_taken_back_and_told_in_the_journal(two, desk, pia):
    ask = two[0]
    said = estimate(desk, ask, impact="2", confidence="80", effort="2,5")
    kept = Estimate.objects.get(ask=ask)
    assert (kept.impact, kept.confidence, float(kept.effort), kept.estimated_by) == (
        2,
        80,
        2.5,
        pia,
    )
    entry = Entry.objects.get(verb="measure.ask-estimated")
    assert entry.data["before"] == {"impact": "", "confidence": "", "effort": ""}
    assert entry.data["after"] == {"impact": "2", "confidence": "80", "effort": "2.5"}
    undo(desk, said)
    assert not Estimate.objects.exists()


def test_the_formula_is_worked_through_with_the_first_ask(two, desk):
    estimate(desk, two[1], impact="3", confidence="50", effort="2")
    use(desk, "people * impact * confidence / effort")
    page = " ".join(desk.get(PAGE).content.decode().split())
    assert order(desk.get(PAGE))[0] == "A hat for the mascot"
    assert "<code>1 * 3 * 0.5 / 2</code> = <strong>0.8</strong>" in page


def test_a_row_is_drawn_anew_where_it_stands(two, desk):
    address = reverse("desk:estimate", args=[two[0].public_id])
    answer = desk.post(address, {"effort": "4"}, headers={"HX-Request": "true"})
    page = answer.content.decode().strip()
    assert page.startswith(f'<tr id="ask-{two[0].public_id}"')
    assert 'value="4"' in page
    assert "?impact=&amp;confidence=&amp;effort=" in page


@pytest.mark.parametrize(
    "said",
    [
        {"impact": "7"},
        {"confidence": "99"},
        {"effort": "0"},
        {"effort": "1e9"},
        {"effort": "NaN"},
        {"effort": "a lot"},
    ],
)
def test_what_cannot_be_estimated_is_refused(two, desk, said):
    answer = estimate(desk, two[0], **said)
    assert "message--error" in answer.content.decode()
    assert not Estimate.objects.exists()


def test_a_formula_that_is_none_stays_in_its_field(two, desk):
    wrong = "__import__('os').system('true')"
    answer = use(desk, wrong)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "__import__(&#x27;os&#x27;)" in page
    assert "cannot stand in a formula" in page
    assert not ProductWishes.objects.exclude(formula="").exists()
    assert "“nobody” is not known" in use(desk, "nobody * 2").content.decode()


def test_the_formula_is_undone_and_the_usual_one_comes_back(two, desk, product):
    use(desk, "people")
    answer = desk.post("/desk/priority/formula/", {"formula": "critical"}, follow=True)
    undo(desk, answer)
    assert ProductWishes.objects.get(product=product).formula == "people"
    desk.post("/desk/priority/formula/", {"formula": "x", "do": "usual"})
    assert ProductWishes.objects.get(product=product).formula == ""


def test_four_fields_show_value_and_effort_and_have_a_table(ann, publish, make_ask, desk):
    asks = [make_ask(publish(ann, f"Wish number {n}")) for n in range(4)]
    for ask, impact, effort in zip(asks, "3311", "1919", strict=True):
        estimate(desk, ask, impact=impact, confidence="100", effort=effort)
    page = desk.get(PAGE).content.decode()
    assert page.count('class="quadrants__spot"') == 4
    table = page[page.index("quadrants__axes") :]
    fields = re.findall(r'<th scope="row">([^<]+)</th><td>(.*?)</td>', table, re.S)
    where = {name: re.findall(r">(Wish number \d)<", cell) for name, cell in fields}
    assert where == {
        "Quick wins": ["Wish number 0"],
        "Big bets": ["Wish number 1"],
        "Small things": ["Wish number 2"],
        "Not now": ["Wish number 3"],
    }


def test_analysts_read_it_and_change_nothing(two, client_of, person):
    reader = client_of(person("Ana", role="ANALYST"))
    page = reader.get(PAGE)
    assert page.status_code == 200
    assert "/formula/" not in page.content.decode()
    assert reader.post("/desk/priority/formula/", {"formula": "people"}).status_code == 403
    assert reader.post(reverse("desk:estimate", args=[two[0].public_id])).status_code == 403


def queries_of(desk):
    """Return the queries of the page as it is read, the ways in being known."""
    with CaptureQueriesContext(connection) as asked:
        desk.get(PAGE)
    return [one["sql"] for one in asked.captured_queries]


def test_it_never_asks_a_query_an_ask(two, ann, publish, make_ask, desk):
    desk.get(PAGE)
    asked = []
    for number in (2, 12):
        for n in range(2, number):
            make_ask(publish(ann, f"Wish number {n}"))
        caches["template_fragments"].clear()
        asked.append(len(queries_of(desk)))
        assert len(order(desk.get(PAGE))) == number
    assert asked[0] == asked[1]


def test_who_wants_what_is_not_read_anew_because_one_ask_left(two, desk):
    caches["template_fragments"].clear()
    assert any('"forum_vote"' in one for one in queries_of(desk))
    Ask.objects.filter(pk=two[0].pk).update(state="DISMISSED")
    assert not any('"forum_vote"' in one for one in queries_of(desk))
    assert order(desk.get(PAGE)) == [two[1].title]
