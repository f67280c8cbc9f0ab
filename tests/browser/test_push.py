"""News on devices in a real Chromium: the page, its worker, and a message that the browser shows.

A headless browser reaches no push service, so the page is given a subscription as such a service makes one; the message is
handed to the worker by the browser's own tools.
"""

import json

import pytest

from feedback.notify.models import Device
from tests.browser.conftest import on_sqlite_alone
from tests.browser.waiting import until

PAGE = "/settings/news/"

#: What the browser has of a push service: an endpoint with real keys, kept over a reload.
_SERVICE = """
(() => {
    const kept = () => JSON.parse(localStorage.getItem("service") || "null");
    const bytes = (list) => Uint8Array.from(list).buffer;
    const made = (said) => said && {
        endpoint: said.endpoint,
        options: {applicationServerKey: bytes(said.site), userVisibleOnly: true},
        getKey: (name) => bytes(said[name]),
        unsubscribe: async () => { localStorage.removeItem("service"); return true; },
    };
    PushManager.prototype.getSubscription = async () => made(kept());
    PushManager.prototype.subscribe = async ({applicationServerKey}) => {
        const pair = await crypto.subtle.generateKey({name: "ECDH", namedCurve: "P-256"}, true, ["deriveBits"]);
        const point = await crypto.subtle.exportKey("raw", pair.publicKey);
        localStorage.setItem("service", JSON.stringify({
            endpoint: ENDPOINT,
            site: [...applicationServerKey],
            p256dh: [...new Uint8Array(point)],
            auth: [...crypto.getRandomValues(new Uint8Array(16))],
        }));
        return made(kept());
    };
})();
"""


def turned_on(walker, receiver):
    """Turn news on by a click, and return the page."""
    walker.context.grant_permissions(["notifications"], origin=walker.base)
    walker.page.add_init_script(_SERVICE.replace("ENDPOINT", json.dumps(receiver.url)))
    page = walker.go(PAGE)
    page.locator("[data-push-on] button").click()
    page.locator("[data-here]:visible").wait_for()
    return page


def test_news_are_turned_on_shown_and_turned_off(walk, ann, receiver):
    walker = walk(width=390)
    walker.sign_in(ann)
    page = turned_on(walker, receiver)
    assert page.locator("[data-push-state=on]").is_visible()
    assert Device.objects.get().person == ann and Device.objects.get().name.startswith("Chrome")
    walker.look("push-en-390-day")

    tools = walker.context.new_cdp_session(page)
    registered = []
    tools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda said: registered.extend(said["registrations"]),
    )
    tools.send("ServiceWorker.enable")
    until(page, "navigator.serviceWorker.controller !== null")
    number = registered[-1]["registrationId"]

    def deliver(**said):
        sent = {"origin": walker.base, "registrationId": number, "data": json.dumps(said)}
        tools.send("ServiceWorker.deliverPushMessage", sent)

    deliver(id="one", title="Planned for 1.4", body="深色模式", url="/inbox/", tag="a", lang="en")
    deliver(
        id="two", title="Shipped in 1.4.0", body="深色模式", url="/roadmap/", tag="a", lang="en"
    )
    deliver(id="three", title="新消息", body="", url="/inbox/", tag="b", lang="zh-Hans")
    shown = """
    navigator.serviceWorker.ready.then(one => one.getNotifications()).then(all => {
        window.shown = all.map(one => [one.title, one.body, one.lang, one.data.url]).sort();
    })
    """
    for _ in range(200):
        page.evaluate(shown)
        if len(page.evaluate("window.shown")) == 2:
            break
        page.wait_for_timeout(100)
    assert page.evaluate("window.shown") == [
        ["Shipped in 1.4.0", "深色模式", "en", "/roadmap/"],
        ["新消息", "", "zh-Hans", "/inbox/"],
    ], "News of one thing replace each other."

    page.locator("[data-push-off] button").click()
    page.locator("[data-push-state=off]:visible").wait_for()
    assert not Device.objects.exists()
    assert page.evaluate("localStorage.getItem('service')") is None


#: What a browser can be like, and the sentence that its person reads.
_NO = "Object.defineProperty(Notification, 'permission', {get: () => 'denied'})"
_OLD = "delete window.PushManager"
_PHONE = f"{_OLD}; Object.defineProperty(navigator, 'userAgent', {{get: () => 'iPhone'}})"
_PLAIN = "Object.defineProperty(window, 'isSecureContext', {get: () => false})"


@on_sqlite_alone
def test_a_browser_that_cannot_says_why_and_what_to_do(walk, ann):
    walker = walk(width=390)
    walker.sign_in(ann)
    for state, browser, sentence in (
        ("denied", _NO, "Allow notifications"),
        ("unsupported", _OLD, "cannot show news"),
        ("home-screen", _PHONE, "Add to Home Screen"),
        ("insecure", _PLAIN, "begin with https"),
    ):
        walker.page.close()
        walker.page = page = walker.context.new_page()
        page.add_init_script(browser)
        walker.go(PAGE)
        page.locator(f"[data-push-state={state}]:visible").wait_for()
        assert sentence in page.locator("[data-push-state]:visible").inner_text()
        assert not page.locator("[data-push-on] button").is_visible()


def test_a_push_service_that_cannot_be_reached_is_told(walk, ann):
    walker = walk(width=390)
    walker.sign_in(ann)
    walker.context.grant_permissions(["notifications"], origin=walker.base)
    page = walker.go(PAGE)
    page.locator("[data-push-on] button").click()
    page.locator("[data-push-state=failed]:visible").wait_for()
    assert not Device.objects.exists()
    walker.complaints = [one for one in walker.complaints if "Push API" not in one]


@on_sqlite_alone
@pytest.mark.parametrize(
    ("language", "width", "dark"),
    [("zh-hans", 390, True), ("en", 1440, True), ("zh-hans", 1440, False)],
)
def test_the_page_looks_right(walk, ann, receiver, language, width, dark):
    walker = walk(language=language, width=width, dark=dark)
    walker.sign_in(ann)
    turned_on(walker, receiver)
    walker.look(f"push-{language}-{width}-{'night' if dark else 'day'}")
