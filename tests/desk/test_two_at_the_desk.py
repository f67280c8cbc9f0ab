"""Two people save the same form of the desk: the second sees the first one's words, and loses none of their own."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from feedback.accounts.models import QuizQuestion, Segment
from feedback.asks.models import AnswerTemplate, Area, Ask
from feedback.forum.board_fields.operations import add_field
from feedback.forum.models import HoldingWishes, Rule, Template, WordRule
from feedback.honours.models import Honour, HonourWishes
from feedback.identity.models import Look
from feedback.kernel import clock
from feedback.measure.priority.models import Estimate
from feedback.notify.models import Endpoint


@pytest.fixture
def desk(client_of, ada):
    return client_of(ada)


def seen_on(desk, page):
    """Return the mark that the form of ``page`` carries."""
    return re.search(r'name="seen" value="([^"]*)"', desk.get(page).content.decode()).group(1)


def saved_second(desk, page, first, second):
    """Have ``first`` be saved, then ``second`` by somebody who had opened the page before."""
    opened = seen_on(desk, page)
    assert desk.post(page, {**first, "seen": opened}).status_code == 302
    answer = desk.post(page, {**second, "seen": opened})
    assert answer.status_code == 409
    shown = answer.content.decode()
    again = re.search(r'name="seen" value="([^"]*)"', shown).group(1)
    assert again != opened
    return shown, again


def test_a_rule(desk, db):
    rule = Rule.objects.create(slug="kind-to-all", name="Be kind")
    page = reverse("desk:moderation-rule", args=["kind-to-all"])
    more = {"position": "1", "text": "To everybody"}
    shown, again = saved_second(
        desk, page, more | {"name": "Be kind to people"}, more | {"name": "Be kinder"}
    )
    assert "Be kind to people" in shown
    assert 'value="Be kinder"' in shown
    rule.refresh_from_db()
    assert rule.name == "Be kind to people"
    assert desk.post(page, more | {"name": "Be kinder", "seen": again}).status_code == 302
    rule.refresh_from_db()
    assert rule.name == "Be kinder"


def test_a_field_of_a_board(desk, board, ada):
    asked = {"label": "Device", "type": "LINE", "need": "OPTIONAL", "kind": "", "position": 1}
    field = add_field(board=board, key="device", actor=ada, now=clock.now(), **asked)
    page = reverse("desk:field-edit", args=[board.slug, "device"])
    form = desk.get(page).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    shown, _again = saved_second(
        desk, page, sent | {"label": "Phone"}, sent | {"label": "Phone or tablet"}
    )
    assert "Phone" in shown
    assert 'value="Phone or tablet"' in shown
    field.refresh_from_db()
    assert field.label == "Phone"


def test_a_field_that_somebody_took_away(desk, board, ada):
    asked = {"label": "Device", "type": "LINE", "need": "OPTIONAL", "kind": "", "position": 1}
    field = add_field(board=board, key="device", actor=ada, now=clock.now(), **asked)
    page = reverse("desk:field-edit", args=[board.slug, "device"])
    field.delete()
    assert desk.post(page, asked).status_code == 404


def test_a_webhook_shows_no_address(desk, now):
    secret = "https://8.8.8.8/services/the-secret-path"
    endpoint = Endpoint.objects.create(
        name="Channel", kind="SLACK", address=secret, groups=["ROADMAP"], language="en", made_at=now, free_at=now
    )  # fmt: skip
    page = reverse("desk:webhook-edit", args=[endpoint.public_id])
    sent = {"groups": ["ROADMAP"], "language": "en"}
    shown, _again = saved_second(
        desk, page, sent | {"name": "Product channel"}, sent | {"name": "All channels"}
    )
    assert "Product channel" in shown
    assert 'value="All channels"' in shown
    assert "the-secret-path" not in shown
    endpoint.refresh_from_db()
    assert (endpoint.name, endpoint.address) == ("Product channel", secret)


def test_name_and_look(desk, db):
    page = reverse("desk:identity")
    shown, again = saved_second(desk, page, {"name": "Acme asks"}, {"name": "Acme hears"})
    assert "Acme asks" in shown
    assert 'value="Acme hears"' in shown
    assert Look.objects.get(state=Look.State.DRAFT).name == "Acme asks"
    assert desk.post(page, {"name": "Acme hears", "seen": again}).status_code == 302
    assert Look.objects.get(state=Look.State.DRAFT).name == "Acme hears"


def test_who_sends_no_mark_overwrites_as_ever(desk, db):
    page = reverse("desk:identity")
    for name in ("Acme asks", "Acme hears"):
        assert desk.post(page, {"name": name}).status_code == 302


def sent_as_it_stands(desk, page, name="form"):
    """Return what the form of ``page`` sends where nobody touches it."""
    form = desk.get(page).context[name]
    said = {one: form[one].value() for one in form.fields}
    return {
        form.add_prefix(one): value
        for one, value in said.items()
        if value is not None and value is not False
    }


def changed_by_two(desk, page, field, row, *, first="Theirs", second="Mine", form="form", **more):
    """Two change ``field`` of ``row``: neither is lost, and the second takes its place only when sent again."""
    sent = sent_as_it_stands(desk, page, form) | more
    shown, again = saved_second(desk, page, sent | {field: first}, sent | {field: second})
    assert first in shown
    assert second in shown
    row.refresh_from_db()
    assert str(getattr(row, field)) == first
    assert desk.post(page, sent | {field: second, "seen": again}).status_code == 302
    row.refresh_from_db()
    assert str(getattr(row, field)) == second


def test_the_name_of_the_product_among_the_first_steps(desk, product):
    changed_by_two(desk, reverse("desk:first-steps"), "name", product)


def test_a_segment(desk, now):
    row = Segment.objects.create(name="Paying", rule="PLAN", value="pro", made_at=now)
    changed_by_two(desk, reverse("desk:segment-edit", args=[row.public_id]), "name", row)


def test_the_weights_of_segments(desk, now):
    one, other = (
        Segment.objects.create(name=name, rule="PLAN", value=name, made_at=now)
        for name in ("Paying", "Trying")
    )
    page, to = reverse("desk:segments"), reverse("desk:segment-weights")
    seen = seen_on(desk, page)
    fields = [f"weight-{row.public_id}" for row in (one, other)]
    assert desk.post(to, {fields[0]: "7", fields[1]: "1", "seen": seen}).status_code == 302
    answer = desk.post(to, {fields[0]: "1", fields[1]: "9", "seen": seen})
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "7.00" in shown
    assert f'name="{fields[1]}" value="9.00"' in shown
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.weight, other.weight) == (7, 1)
    again = re.search(r'name="seen" value="([^"]*)"', shown).group(1)
    assert desk.post(to, {fields[0]: "7", fields[1]: "9", "seen": again}).status_code == 302
    other.refresh_from_db()
    assert other.weight == 9


def test_an_honour(desk, now):
    row = Honour.objects.create(name="Ring testers", made_at=now)
    changed_by_two(desk, reverse("desk:honour-edit", args=[row.public_id]), "name", row)


def test_what_is_shown_of_honours(desk, db):
    page, to = reverse("desk:honours"), reverse("desk:honours-shown")
    seen = seen_on(desk, page)
    assert desk.post(to, {"shows_levels": "on", "seen": seen}).status_code == 302
    was_said = HonourWishes.objects.values_list("shows_levels", "shows_board").get()
    answer = desk.post(to, {"shows_board": "on", "seen": seen})
    assert answer.status_code == 409
    assert "As it was saved meanwhile" in answer.content.decode()
    assert HonourWishes.objects.values_list("shows_levels", "shows_board").get() == was_said


def test_a_question_of_the_quiz(desk, db):
    row = QuizQuestion.objects.create(text="Who?", right="I", wrong="You")
    changed_by_two(desk, reverse("desk:question-edit", args=[row.pk]), "text", row)


def test_templates_of_a_board(desk, board):
    page = reverse("desk:board-fields", args=[board.slug])
    shown, _again = saved_second(desk, page, {"text-BUG": "Theirs"}, {"text-": "Mine"})
    assert "Theirs" in shown
    assert "Mine" in shown
    assert [one.text for one in Template.objects.all()] == ["Theirs"]


def test_words_that_wait(desk, db):
    row = WordRule.objects.create(words="casino")
    changed_by_two(desk, reverse("desk:moderation-word", args=[row.pk]), "words", row)


def test_who_waits_for_the_team(desk, db):
    page, to = reverse("desk:moderation-words"), reverse("desk:moderation-wishes")
    sent = sent_as_it_stands(desk, page, "wishes")
    seen = desk.get(page).context["wished"].seen
    assert desk.post(to, sent | {"reports": 7, "seen": seen}).status_code == 302
    answer = desk.post(to, sent | {"first_posts": 9, "seen": seen})
    assert answer.status_code == 409
    assert "7" in dict(answer.context["wished"].theirs).values()
    assert answer.context["wishes"]["first_posts"].value() == "9"
    row = HoldingWishes.objects.get()
    assert (row.reports, row.first_posts) != (sent["reports"], 9)
    assert row.reports == 7


def test_an_answer_template(desk, product):
    row = AnswerTemplate.objects.create(product=product, name="Thank you", body="Thanks.")
    changed_by_two(desk, reverse("desk:answer-template", args=[row.public_id]), "body", row)


def test_the_name_of_an_area(desk, product, now):
    row = Area.objects.create(product=product, name="Maps", state="PUBLIC", created_at=now)
    page, to = (reverse(name, args=[row.public_id]) for name in ("desk:area", "desk:area-rename"))
    seen = seen_on(desk, page)
    assert desk.post(to, {"name": "Theirs", "seen": seen}).status_code == 302
    answer = desk.post(to, {"name": "Mine", "seen": seen})
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs" in shown
    assert 'value="Mine"' in shown
    row.refresh_from_db()
    assert row.name == "Theirs"
    again = re.search(r'name="seen" value="([^"]*)"', shown).group(1)
    assert desk.post(to, {"name": "Mine", "seen": again}).status_code == 302
    row.refresh_from_db()
    assert row.name == "Mine"


def test_the_list_of_areas_knows_their_names(desk, product, publish, make_ask, ann, now):
    row = Area.objects.create(product=product, name="Maps", state="PUBLIC", created_at=now)
    Ask.objects.filter(pk=make_ask(publish(ann)).pk).update(area=row)
    seen = seen_on(desk, reverse("desk:areas"))
    to = reverse("desk:area-rename", args=[row.public_id])
    assert desk.post(to, {"name": "Theirs", "seen": seen, "back": "list"}).status_code == 302
    assert desk.post(to, {"name": "Mine", "seen": seen, "back": "list"}).status_code == 409


def test_the_formula(desk, publish, make_ask, ann):
    make_ask(publish(ann))
    page, to = reverse("desk:priority"), reverse("desk:formula")
    seen = desk.get(page).context["both"].seen
    assert desk.post(to, {"formula": "people * 2", "seen": seen}).status_code == 302
    answer = desk.post(to, {"formula": "people * 3", "seen": seen})
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "people * 2" in shown
    assert 'value="people * 3"' in shown
    again = answer.context["both"].seen
    assert desk.post(to, {"formula": "people * 3", "seen": again}).status_code == 302


@pytest.mark.parametrize("headers", [{}, {"hx-request": "true"}])
def test_an_estimate(desk, publish, make_ask, ann, headers):
    ask = make_ask(publish(ann))
    to = reverse("desk:estimate", args=[ask.public_id])

    def seen_of(page):
        row = page.content.decode().split(f'id="estimate-{ask.public_id}"')[1]
        return re.search(r'name="seen" value="([^"]*)"', row).group(1)

    seen = seen_of(desk.get(reverse("desk:priority")))
    assert desk.post(to, {"impact": "3", "seen": seen}).status_code == 302
    answer = desk.post(to, {"impact": "", "effort": "2.5", "seen": seen}, headers=headers)
    shown = answer.content.decode()
    assert answer.status_code == (200 if headers else 409)
    assert "As it was saved meanwhile" in shown
    assert 'value="2.5"' in shown
    kept = Estimate.objects.get()
    assert (kept.impact, kept.effort) == (3, None)
    sent = {"impact": "3", "effort": "2.5", "seen": seen_of(answer)}
    assert desk.post(to, sent).status_code == 302
    assert Estimate.objects.get().effort == Decimal("2.5")
