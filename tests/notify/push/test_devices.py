"""Turning news on and off in a browser, over HTTP: one's own, and nobody else's."""

import datetime as dt

import pytest

from feedback.kernel import clock
from feedback.notify.channels.push import devices, sending
from feedback.notify.following.operations import subscribe
from feedback.notify.groups import USUALLY_PUSHED, About, Group
from feedback.notify.models import Device, Push, PushDelivery, PushKey, Wishes
from tests.notify.push.browsers import Browser

PAGE, ON = "/settings/news/", "/settings/news/devices/"
RENEW = "/settings/news/devices/renew/"
FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:131.0) Gecko/131.0 Firefox/131.0"


@pytest.fixture
def somewhere(receiver):
    """A browser whose push service may be asked."""
    return Browser(receiver.url)


def refused(client, said):
    """Return what is said to somebody whose browser said this of itself; nothing may come of it."""
    answer = client.post(ON, said, follow=True)
    assert not Device.objects.exists()
    return answer.content.decode()


def test_a_browser_is_turned_on_seen_tried_and_turned_off(
    client_of, ann, somewhere, receiver, push
):
    client = client_of(ann, headers={"user-agent": FIREFOX})
    page = client.get(PAGE).content.decode()
    assert "Turn on in this browser" in page and "Firefox ·" not in page
    page = client.post(ON, somewhere.says, follow=True).content.decode()
    device = Device.objects.get(person=ann)
    assert "Firefox · Android" in page and device.digest in page
    for secret in (somewhere.endpoint, device.auth, device.p256dh):
        assert secret not in page
    client.post(f"{ON}{device.public_id}/trial/")
    page = client.post(f"{ON}{device.public_id}/trial/", follow=True).content.decode()
    assert "on its way already" in page
    assert push() == 1
    (request,) = receiver.got
    said = somewhere.read(request)
    assert said["title"] == "A trial" and said["url"] == PAGE
    assert "last arrived" in client.get(PAGE).content.decode()
    page = client.post(f"{ON}{device.public_id}/off/", follow=True).content.decode()
    assert "Off: Firefox · Android" in page and not Device.objects.exists()
    assert Push.objects.get().state == "SENT"


def test_a_browser_that_is_turned_on_twice_is_one_device(client_of, ann, somewhere):
    client = client_of(ann)
    client.post(ON, somewhere.says)
    client.post(ON, somewhere.says)
    assert Device.objects.count() == 1


def test_nothing_is_turned_on_without_a_token(client_of, ann, somewhere):
    client = client_of(ann, enforce_csrf_checks=True)
    assert client.post(ON, somewhere.says).status_code == 403
    assert not Device.objects.exists()


def test_a_visitor_turns_nothing_on(client, db, somewhere):
    assert client.post(ON, somewhere.says).status_code == 302
    assert not Device.objects.exists()


@pytest.mark.parametrize("what", ["off", "trial"])
def test_somebody_elses_device_is_not_there(client_of, ann, bo, browser_of, what):
    device = browser_of(ann).device
    assert client_of(bo).post(f"{ON}{device.public_id}/{what}/").status_code == 404
    assert Device.objects.get().is_on and not Push.objects.exists()
    assert device.name not in client_of(bo).get(PAGE).content.decode()


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://10.0.0.7/push/1",
        "https://[::1]/push/1",
        "https://169.254.169.254/latest/meta-data/",
        "https://2130706433/",
        "https://ann:secret@8.8.8.8/push",
        "https://8.8.8.8:22/push",
        "http://8.8.8.8/push/1",
        "ftp://8.8.8.8/push",
        "file:///etc/passwd",
        "//8.8.8.8/push",
        "https://8.8.8.8/" + "x" * 1000,
        "https://8.8.8.8/a b",
        "",
    ],
)
def test_a_hostile_endpoint_is_refused(client_of, ann, endpoint):
    said = refused(client_of(ann), Browser(endpoint).says)
    assert "message--error" in said


@pytest.mark.parametrize("broken", [{"auth": "AAAA"}, {"p256dh": "AAAA"}, {"p256dh": "x" * 2000}])
def test_what_no_browser_says_is_refused(client_of, ann, somewhere, broken):
    assert "not what a browser says" in refused(client_of(ann), somewhere.says | broken)


def test_a_person_has_so_many_devices_and_no_more(client_of, ann, receiver, monkeypatch):
    monkeypatch.setattr(devices, "MOST", 2)
    client = client_of(ann)
    for number in range(3):
        answer = client.post(ON, Browser(f"{receiver.url}/{number}").says, follow=True)
    assert "Turn one off first" in answer.content.decode()
    assert Device.objects.count() == 2


# --- One browser, two people ------------------------------------------------------------------------------------
def test_a_browser_belongs_to_who_turned_it_on_last(client_of, ann, bo, somewhere):
    client_of(ann).post(ON, somewhere.says)
    client_of(bo).post(ON, somewhere.says)
    assert Device.objects.get(off="").person == bo
    assert Device.objects.get(person=ann).off == "MOVED"
    assert "Somebody else turned news on" in client_of(ann).get(PAGE).content.decode()


def test_who_knows_an_endpoint_alone_takes_nobodys_device(client_of, ann, bo, somewhere):
    client_of(ann).post(ON, somewhere.says)
    thief = Browser(somewhere.endpoint)
    page = client_of(bo).post(ON, thief.says, follow=True).content.decode()
    assert "not what a browser says" in page
    assert Device.objects.get().person == ann


def test_who_signs_out_reads_nothing_there_any_more(client_of, ann, somewhere, browser_of):
    client = client_of(ann)
    client.post(ON, somewhere.says)
    other = browser_of(ann).device
    client.cookies.pop("heed_session")
    client.force_login(ann)  # another session of the same browser
    client.post("/accounts/logout/")
    assert Device.objects.get() == other


# --- What a browser does by itself --------------------------------------------------------------------------------
def renewing(old, new, **more):
    says = {"instead_of": old.endpoint, "known_by": old.says["auth"]}
    return {**new.says, **says, **more}


def test_a_browser_that_changes_its_endpoint_says_so_without_signing_in(
    client, ann, browser_of, receiver, item, push
):
    old, new = browser_of(ann), Browser(f"{receiver.url}/new")
    assert client.post(RENEW, renewing(old, new)).status_code == 204
    assert push() == 1
    assert new.read(receiver.got[0])["title"].startswith("Planned")
    assert client.post(RENEW, renewing(old, new)).status_code == 404


@pytest.mark.parametrize(
    "lie", [{"known_by": "AAAA"}, {"known_by": "é"}, {"instead_of": "https://8.8.8.8/other"}]
)
def test_who_does_not_know_the_old_secret_renews_nothing(client, ann, browser_of, receiver, lie):
    old, new = browser_of(ann), Browser(f"{receiver.url}/new")
    assert client.post(RENEW, renewing(old, new, **lie)).status_code == 404
    assert Device.objects.get().endpoint == old.endpoint


def test_a_browser_is_not_renewed_to_a_private_address(client, ann, browser_of):
    old = browser_of(ann)
    answer = client.post(RENEW, renewing(old, Browser("https://10.0.0.7/push")))
    assert answer.status_code == 422
    assert Device.objects.get().endpoint == old.endpoint


def test_the_worker_serves_the_whole_site_and_knows_where_to_say_so(client, db):
    answer = client.get("/push-worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert "no-cache" in answer["Cache-Control"]
    assert f'"{RENEW}"' in answer.content.decode() and '"/inbox/"' in answer.content.decode()


# --- What one wants ---------------------------------------------------------------------------------------------
def form(**more):
    paces = dict.fromkeys(Group, "NOW")
    return {**paces, "quiet_from": "", "quiet_until": "", "time_zone": "", **more}


def test_groups_are_chosen_in_the_column_beside_mail(client_of, ann):
    client = client_of(ann)
    page = client.get(PAGE).content.decode()
    assert page.count('name="push_') == len(Group)
    assert page.count("checked") == len(USUALLY_PUSHED) < len(Group), "Not what one only follows."
    client.post(PAGE, form(push_ASKS="on"))
    assert {group for group, on in Wishes.objects.get().push.items() if on} == {"ASKS"}


def test_a_site_without_https_says_so_and_leaves_what_was_chosen(client_of, ann, settings):
    Wishes.objects.create(person=ann, push={"ASKS": False}, changed_at=clock.now())
    settings.BASE_URL = "http://feedback.example.org"
    client = client_of(ann)
    page = client.get(PAGE).content.decode()
    assert "served over https" in page and "push_" not in page and "push.js" not in page
    assert client.post(PAGE, form()).status_code == 302
    assert Wishes.objects.get().push == {"ASKS": False}


def test_the_sites_key_is_made_once(client_of, ann, bo):
    for person in (ann, bo):
        client_of(person).get(PAGE)
    assert PushKey.objects.count() == 1


# --- Erasing and tidying ----------------------------------------------------------------------------------------
def test_who_is_erased_leaves_no_device_behind(mo, browser_of, item, dark_mode, deliver, now):
    subscribe(person=mo, about=About.ASK, about_id=dark_mode.pk, is_muted=False, now=now)
    browser_of(mo)
    deliver()
    assert PushDelivery.objects.count() == 1
    mo.delete()
    assert not Device.objects.exists() and not PushDelivery.objects.exists()


def test_a_device_that_was_closed_is_forgotten_in_time(ann, browser_of, frozen):
    device = browser_of(ann).device
    devices.close(device=device, why=Device.Off.GONE, now=clock.now())
    device.refresh_from_db()
    assert (device.endpoint, device.digest, device.auth, device.p256dh) == ("", "", "", "")
    frozen.shift(dt.timedelta(days=31))
    sending.tidy(now=clock.now())
    assert not Device.objects.exists()
