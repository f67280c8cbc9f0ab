"""Managers add webhooks on the desk, see what arrives, and send again what did not."""

import re
from typing import Any

import pytest

from feedback.journal.models import Entry
from feedback.journal.operations import deliver_due
from feedback.kernel import clock
from feedback.notify.channels.webhook import sending
from feedback.notify.happenings import by_verb
from feedback.notify.models import Endpoint, WebhookDelivery
from tests.receiver import Receiver, says

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client_of: Any, pia: Any) -> Any:
    return client_of(pia)


def said(receiver: Receiver, **more: Any) -> dict[str, Any]:
    form = {"name": "Our program", "kind": "STANDARD", "address": receiver.url}
    return form | {"groups": ["POSTS", "ROADMAP"], "language": "en"} | more


def add(desk: Any, receiver: Receiver, **more: Any) -> str:
    """Add a webhook as a manager does; return the address of its page."""
    answer = desk.post("/desk/webhooks/new/", said(receiver, **more))
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def page_of(desk: Any, address: str) -> str:
    return str(desk.get(address).content.decode())


def test_a_webhook_is_added_and_its_secret_is_shown_once(desk, receiver):
    page = add(desk, receiver)
    endpoint = Endpoint.objects.get()
    assert endpoint.secret.startswith("whsec_")
    assert endpoint.secret in page_of(desk, page)
    assert endpoint.secret not in page_of(desk, page)
    assert "Our program" in page_of(desk, "/desk/webhooks/")
    for address in ("/desk/webhooks/", page, f"{page}edit/"):
        shown = page_of(desk, address)
        assert endpoint.address not in shown
        assert "127.0.0.1" in shown or address.endswith("edit/")


def test_what_is_known_of_it_stands_in_no_journal(desk, receiver):
    page = add(desk, receiver)
    desk.post(f"{page}edit/", said(receiver, address=f"{receiver.url}/another"))
    desk.post(f"{page}secret/")
    kept = " ".join(str(entry.data) for entry in Entry.objects.filter(verb__startswith="notify."))
    assert "Our program" in kept
    assert "/hook" not in kept and "whsec" not in kept


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"address": "http://10.0.0.1/"}, "HEED_OUTBOUND_ALLOW"),
        ({"address": "http://[::1]/"}, "HEED_OUTBOUND_ALLOW"),
        ({"address": "http://169.254.169.254/latest/meta-data/"}, "HEED_OUTBOUND_ALLOW"),
        ({"address": "http://0x7f.1/"}, "It must be an address"),
        ({"address": "ftp://hooks.example/"}, "It must be an address"),
        ({"address": "https://user:secret@hooks.example/"}, "before the @"),
        ({"name": " "}, "This field is required"),
        ({"groups": []}, "This field is required"),
        ({"groups": ["SECRETS"]}, "not one of the available choices"),
        ({"kind": "FAX"}, "not one of the available choices"),
    ],
)
def test_what_will_not_do_is_said_beside_what_was_written(desk, receiver, more, why):
    answer = desk.post("/desk/webhooks/new/", said(receiver, **more))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert why in page
    if "name" not in more:
        assert "Our program" in page
    assert not Endpoint.objects.exists()


def test_an_address_that_became_private_is_refused_when_it_is_changed(desk, receiver, settings):
    page = add(desk, receiver)
    settings.OUTBOUND_ALLOW = []
    answer = desk.post(f"{page}edit/", said(receiver))
    assert answer.status_code == 422
    assert desk.post(f"{page}edit/", said(receiver, address="", name="New")).status_code == 302
    endpoint = Endpoint.objects.get()
    assert (endpoint.name, endpoint.address) == ("New", receiver.url)


def test_a_trial_is_sent_by_the_worker_and_its_end_is_seen(desk, receiver, run_jobs):
    page = add(desk, receiver, kind="SLACK")
    receiver.answers(says(200, b"ok"))
    desk.post(f"{page}trial/")
    assert 'hx-trigger="every 2s"' in page_of(desk, page)
    assert not receiver.got
    run_jobs()
    shown = page_of(desk, page)
    assert "A trial. What you read here arrives." in receiver.got[0].json()["text"]
    assert "arrived" in shown and "every 2s" not in shown
    part = desk.get(page, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "arrived" in part


def test_a_second_trial_waits_for_the_first(desk, receiver):
    page = add(desk, receiver)
    for _ in range(2):
        answer = desk.post(f"{page}trial/", follow=True)
    assert "under way already" in answer.content.decode()
    assert WebhookDelivery.objects.count() == 1


def test_what_failed_says_why_and_is_sent_again(desk, receiver, publish, ann):
    page = add(desk, receiver)
    publish(ann, "Dark mode")
    receiver.answers(says(410, b"<b>gone & lost</b>"))
    deliver_due(now=clock.now())
    sending.send_due()
    shown = page_of(desk, page)
    assert "gone for good" in shown and "HTTP 410" in shown and "Dark mode" in shown
    assert "&lt;b&gt;gone &amp; lost" in shown
    assert "given up" in page_of(desk, "/desk/webhooks/")
    receiver.answers(says(200))
    again = f"/desk/webhooks/sent/{WebhookDelivery.objects.get().public_id}/again/"
    assert "Switch it on first" in desk.post(again, follow=True).content.decode()
    desk.post(f"{page}switch/", {"to": "on"})
    assert "Send again the 1 given up since yesterday" in page_of(desk, page)
    assert desk.post(again)["Location"] == page
    sending.send_due()
    assert WebhookDelivery.objects.get().state == "DONE"
    desk.post(f"{page}switch/", {"to": "off"})
    desk.post(f"{page}switch/", {"to": "on"})
    assert "0 messages" in desk.post(f"{page}again/", follow=True).content.decode()


def test_a_webhook_is_removed_with_what_was_sent(desk, receiver, publish, ann):
    page = add(desk, receiver)
    publish(ann)
    deliver_due(now=clock.now())
    assert "go for good" in page_of(desk, f"{page}remove/")
    desk.post(f"{page}remove/")
    assert not Endpoint.objects.exists() and not WebhookDelivery.objects.exists()
    assert desk.get(page).status_code == 404


def test_a_room_has_no_secret_of_ours(desk, receiver):
    page = add(desk, receiver, kind="FEISHU", secret="theirs")
    assert Endpoint.objects.get().secret == "theirs"
    assert "theirs" not in page_of(desk, page)
    assert "made there" in desk.post(f"{page}secret/", follow=True).content.decode()


def test_the_notice_of_a_webhook_leads_to_its_page(desk, receiver):
    page = add(desk, receiver)
    public_id = re.findall(r"/webhooks/(\w+)/", page)[0]
    assert desk.get(f"/inbox/webhooks/{public_id}/")["Location"] == page


def test_the_guide_names_every_kind_that_is_sent():
    from tests.processes import ROOT

    guide = (ROOT / "docs" / "guide" / "webhooks.md").read_text(encoding="utf-8")
    told = {kind.name for kind in by_verb().values()} | {"trial"}
    assert told == set(re.findall(r"^\| `(\w+\.\w+|trial)` \|", guide, flags=re.MULTILINE))
