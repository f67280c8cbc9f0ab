"""News on devices, at a real push service: who gets what, once, and what becomes of it when the service does not take it."""

import datetime as dt

import pytest

from feedback.asks.answers import answer_ask
from feedback.asks.stages import Stage
from feedback.forum.posts.operations import withdraw_post
from feedback.kernel import clock, outbound
from feedback.notify import fan_out
from feedback.notify.channels.push import sending
from feedback.notify.channels.push.vapid import public_key
from feedback.notify.following.operations import subscribe
from feedback.notify.groups import About, Group, Pace
from feedback.notify.models import Device, Notice, Push, PushDelivery
from feedback.notify.reach import reach_of, tellings
from feedback.notify.wishes import operations as wishes
from feedback.roadmap import operations as roadmap
from tests.notify.push.browsers import sender_of
from tests.receiver import breaks_off, closes, says

HOUR = dt.timedelta(hours=1)


def states():
    return sorted(Push.objects.values_list("state", flat=True))


@pytest.fixture
def impatient(monkeypatch):
    """Give an exchange a third of a second."""
    monkeypatch.setattr(sending, "SECONDS", 0.3)


# --- What arrives -----------------------------------------------------------------------------------------------
def test_who_asked_is_shown_what_happened_on_each_device(
    ann, bo, dark_mode, browser_of, item, push, got, receiver
):
    phone, laptop = browser_of(ann), browser_of(ann)
    assert push() == 2, "Bo turned nothing on."
    (said,) = got(phone)
    assert got(laptop)[0]["body"] == said["body"] == "A dark theme"
    assert said["title"].startswith("Planned") and said["lang"] == "en"
    assert said["url"] == f"/roadmap/{item.public_id}/"
    assert set(said) == {"id", "title", "body", "url", "tag", "lang"}
    assert push() == 0
    for entry in {notice.entry for notice in Notice.objects.select_related("entry")}:
        fan_out.tell(entry)
    assert push() == 0, "Once a person, device and occasion."


def test_a_message_says_who_sends_it_how_urgent_it_is_and_what_it_replaces(
    ann, dark_mode, browser_of, item, pia, push, receiver, settings, now
):
    settings.BASE_URL = "https://feedback.example.org"
    browser_of(ann)
    push()
    roadmap.move(item=item, stage=Stage.IN_PROGRESS, actor=pia, now=clock.now())
    push()
    first, second = receiver.got
    for request in (first, second):
        claims, key = sender_of(request)
        assert claims["aud"] == f"http://127.0.0.1:{receiver.port}"
        assert claims["sub"] == "https://feedback.example.org"
        assert 0 < claims["exp"] - now.timestamp() <= 24 * 3600
        assert key == public_key()
        assert request.headers["ttl"] == str(7 * 24 * 3600)
        assert request.headers["urgency"] == "normal"
        assert len(request.headers["topic"]) == 32
        assert b"dark" not in request.body
    assert first.headers["topic"] == second.headers["topic"], "Planned and begun fold."


def test_a_message_speaks_its_readers_language(ann, dark_mode, browser_of, item, push, got):
    type(ann).objects.filter(pk=ann.pk).update(language="zh-hans")
    browser = browser_of(ann)
    push()
    (said,) = got(browser)
    assert said["lang"] == "zh-Hans" and "Planned" not in said["title"]


def test_what_happens_at_once_is_one_message_that_says_how_many(
    ann, bo, pia, publish, make_ask, browser_of, push, got
):
    browser = browser_of(ann)
    for title in ("Dark mode", "Louder bells", "Offline videos", "Faster"):
        roadmap.adopt(ask=make_ask(publish(ann, title)), actor=pia, now=clock.now(), title=title)
    assert push() == 1
    (said,) = got(browser)
    assert said["title"] == "News of 4 things you asked for or follow"
    assert said["url"] == "/inbox/" and "Faster" in said["body"]


def test_the_longest_title_fits(ann, pia, publish, make_ask, browser_of, push, got):
    browser = browser_of(ann)
    ask = make_ask(publish(ann, "很" * 200))
    roadmap.adopt(ask=ask, actor=pia, now=clock.now(), title="👩‍👩‍👧‍👦" * 18)
    assert push() == 1 and got(browser)


# --- What does not go out -----------------------------------------------------------------------------------------
def test_what_was_read_is_not_shown(ann, browser_of, item, deliver, push):
    browser_of(ann)
    deliver()
    Notice.objects.update(read_at=clock.now())
    assert push() == 0 and not PushDelivery.objects.exists()


def test_a_group_that_is_not_wanted_is_not_shown(ann, dark_mode, browser_of, item, pia, push):
    browser_of(ann)
    paces = dict.fromkeys(Group, Pace.NOW)
    wishes.choose(person=ann, mail=paces, push={Group.ROADMAP: False}, now=clock.now())
    assert push() == 0
    answer_ask(ask=dark_mode, body="Soon.", actor=pia, now=clock.now())
    assert push() == 1


def test_what_waits_follows_a_change_of_mind(ann, browser_of, item, deliver, push):
    browser_of(ann)
    deliver()
    wishes.choose(person=ann, mail={}, push={Group.ROADMAP: False}, now=clock.now())
    assert push() == 0 and not PushDelivery.objects.exists()


def gathered(frozen, deliver):
    deliver()
    frozen.shift(60)
    sending.gather(now=clock.now())


def test_what_was_muted_before_it_left_is_not_shown(
    ann, dark_mode, browser_of, item, deliver, push, frozen
):
    browser_of(ann)
    gathered(frozen, deliver)
    subscribe(person=ann, about=About.ASK, about_id=dark_mode.pk, is_muted=True, now=clock.now())
    assert push() == 0 and states() == ["DROPPED"]


def test_words_that_were_taken_back_are_not_shown(
    ann, bo, publish, browser_of, deliver, push, frozen
):
    board = publish(ann, "Hello").board
    deliver()
    subscribe(person=bo, about=About.BOARD, about_id=board.pk, is_muted=False, now=clock.now())
    wishes.choose(person=bo, mail={}, push={Group.FOLLOWED: True}, now=clock.now())
    browser_of(bo)
    post = publish(ann, "Call me")
    gathered(frozen, deliver)
    withdraw_post(post=post, author=ann, now=clock.now())
    assert push() == 0 and states() == ["DROPPED"]


def test_a_closed_account_is_shown_nothing(ann, browser_of, item, deliver, push, frozen):
    browser_of(ann)
    gathered(frozen, deliver)
    type(ann).objects.filter(pk=ann.pk).update(is_active=False)
    assert push() == 0 and states() == ["DROPPED"]


def test_quiet_hours_hold_and_then_say_how_many(
    ann, pia, publish, make_ask, browser_of, push, got, frozen
):
    browser = browser_of(ann)
    quiet = {"quiet_from": dt.time(9), "quiet_until": dt.time(12), "time_zone": "UTC"}
    wishes.choose(person=ann, mail={}, now=clock.now(), **quiet)
    for title in ("Dark mode", "Louder bells"):
        roadmap.adopt(ask=make_ask(publish(ann, title)), actor=pia, now=clock.now(), title=title)
        assert push(HOUR) == 0
    assert push(HOUR) == 1
    assert [said["title"] for said in got(browser)] == ["News of 2 things you asked for or follow"]


def test_a_try_again_does_not_wake_anybody(ann, browser_of, item, receiver, push, frozen):
    browser_of(ann)
    receiver.answers(says(503, Retry_After="1800"), says(201))
    push()
    quiet = {"quiet_from": dt.time(9), "quiet_until": dt.time(12), "time_zone": "UTC"}
    wishes.choose(person=ann, mail={}, now=clock.now(), **quiet)
    assert push(HOUR) == 0
    assert push(2 * HOUR) == 1


# --- What push services answer ------------------------------------------------------------------------------------
@pytest.mark.parametrize("status", [404, 410])
def test_gone_closes_the_device_and_what_waits_for_it(
    ann, dark_mode, browser_of, item, pia, receiver, push, status, client_of, frozen
):
    browser_of(ann)
    receiver.answers(says(status))
    assert push() == 0
    device = Device.objects.get()
    assert (device.off, device.endpoint, device.digest) == ("GONE", "", "")
    answer_ask(ask=dark_mode, body="Soon.", actor=pia, now=clock.now())
    assert push() == 0 and len(receiver.got) == 1 and states() == ["REFUSED"]
    assert "takes no more news from here" in client_of(ann).get("/settings/news/").content.decode()


@pytest.mark.parametrize("status", [400, 401, 403, 413, 307])
def test_what_is_refused_closes_nothing_and_is_counted(
    ann, browser_of, item, receiver, push, status
):
    browser_of(ann)
    receiver.answers(says(status, b"too large", Location="http://10.0.0.1/"), says(201))
    assert push() == 0
    device = Device.objects.get()
    assert device.is_on and device.failures == 1 and str(status) in device.error
    assert push(HOUR) == 0 and len(receiver.got) == 1 and states() == ["REFUSED"]


def test_429_is_waited_for_as_long_as_it_says_and_holds_nobody_else_up(
    ann, bo, browser_of, item, receiver, push, got
):
    phone, other = browser_of(ann), browser_of(bo)
    busy, fine = says(429, Retry_After="120"), says(201)
    receiver.answers_by(lambda request: busy if request.path.endswith("0") else fine)
    assert push() == 1 and got(other)
    assert push(dt.timedelta(seconds=110)) == 0
    assert len(receiver.got) == 2
    receiver.answers(says(201))
    assert push(dt.timedelta(seconds=20)) == 1
    assert got(phone)[0] == got(phone)[1], "The same message again."
    assert Device.objects.get(pk=phone.device.pk).failures == 0


@pytest.mark.parametrize(
    "then", [says(500), says(503), closes, breaks_off, "waits", "drips", "down"]
)
def test_a_service_that_is_away_delays_and_loses_nothing(
    ann, bo, browser_of, item, receivers, receiver, push, then, impatient, monkeypatch
):
    monkeypatch.setattr(sending, "AT_ONCE", 1)
    away = receivers()
    for person in (ann, ann, bo):
        browser_of(person, away)
    if then == "down":
        away.close()
    else:
        away.answers({"waits": away.waits, "drips": away.drips()}.get(then, then))
    assert push() == 0
    assert len(away.got) <= 1, "The others wait for the first."
    assert states() == ["WAITING"] * 3
    if then != "down":
        away.answers(says(201))
        assert push() == 3
        assert Device.objects.filter(failures=0).count() == 3


def test_a_bad_address_at_a_good_service_holds_nobody_up(
    ann, bo, pia, browser_of, item, receiver, push, got
):
    browser_of(ann)
    good = browser_of(bo)
    receiver.answers_by(lambda request: says(500 if request.path.endswith("0") else 201))
    assert push() == 1 and got(good)
    assert states() == ["SENT", "WAITING"]
    roadmap.move(item=item, stage=Stage.IN_PROGRESS, actor=pia, now=clock.now())
    assert push() == 1 and len(got(good)) == 2


def test_what_nobody_takes_is_given_up_in_the_end(ann, browser_of, item, receiver, push):
    browser_of(ann)
    receiver.answers(says(500))
    push()
    assert push(dt.timedelta(days=1)) == 0 and states() == ["WAITING"]
    push(dt.timedelta(days=2))
    assert states() == ["REFUSED"] and Device.objects.get().is_on
    assert len(receiver.got) == 3


def test_a_device_that_leads_into_the_network_now_gets_nothing(
    ann, browser_of, item, receiver, push, settings
):
    browser_of(ann)
    settings.OUTBOUND_ALLOW = []
    assert push() == 0 and not receiver.got
    assert states() == ["REFUSED"] and "private" in Device.objects.get().error


def test_what_cannot_be_written_lets_others_go_first(
    ann, bo, browser_of, item, push, monkeypatch, receiver, caplog
):
    first, _second = browser_of(ann), browser_of(bo)
    compose = sending.compose

    def broken(message):
        if message.person_id == ann.pk:
            raise KeyError("title")
        return compose(message)

    monkeypatch.setattr(sending, "compose", broken)
    assert push() == 1
    assert Device.objects.get(pk=first.device.pk).is_on and states() == ["SENT", "WAITING"]


# --- What the team sees -------------------------------------------------------------------------------------------
def test_people_are_counted_and_not_their_devices(
    ann, bo, mo, pia, dark_mode, browser_of, item, push, client_of
):
    browser_of(ann), browser_of(ann), browser_of(bo), browser_of(mo)
    paces = dict.fromkeys(Group, Pace.NOW)
    assert reach_of(dark_mode).by_push == 2
    push()
    planned = next(one for one in tellings(dark_mode) if "Planned" in one.said)
    assert (planned.here, planned.pushed) == (2, 2)
    desk, page = client_of(pia), f"/desk/asks/{dark_mode.public_id}/"
    assert "and on their devices" in desk.get(page).content.decode()
    assert "2 on their devices" in desk.get(f"{page}told/").content.decode()
    wishes.choose(person=ann, mail=paces, push={Group.ASKS: False}, now=clock.now())
    assert reach_of(dark_mode).by_push == 1
    Device.objects.filter(person=bo).delete()
    planned = next(one for one in tellings(dark_mode) if "Planned" in one.said)
    assert planned.pushed == 2, "Who was told stays told."
    assert reach_of(dark_mode).by_push == 0


def test_doctor_says_how_it_is(ann, browser_of, item, receiver, push):
    from feedback.ops.doctor.work import pushes

    browser_of(ann)
    assert pushes().level.value == "PASS" and "on in 1 browsers" in pushes().words
    receiver.answers(says(403, b"no such key"))
    push()
    assert pushes().level.value == "WARN"
    assert "127.0.0.1: HTTP 403 no such key" in pushes().words


def test_nothing_leaves_but_by_the_one_door(ann, browser_of, item, push, monkeypatch):
    asked = []
    post = outbound.post
    monkeypatch.setattr(
        outbound, "post", lambda url, **more: asked.append(url) or post(url, **more)
    )
    browser = browser_of(ann)
    assert push() == 1 and asked == [browser.endpoint]
