"""Two people save the same form of the desk: the second sees the first one's words, and loses none of their own."""

import re

import pytest
from django.urls import reverse

from feedback.forum.board_fields.operations import add_field
from feedback.forum.models import Rule
from feedback.identity.models import Look
from feedback.kernel import clock
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
