"""Walking through the site in Chromium, with an eye on everything a browser complains about.

``HEED_TEST_SCREENSHOTS=folder`` keeps a picture of every page that is looked at; ``HEED_TEST_CHROMIUM`` names
another browser than the system's.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.cast import sign_in
from tests.world import world as world

CHROMIUM = os.environ.get("HEED_TEST_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
HERE = Path(__file__).parent

#: What a page looks like is looked at on SQLite alone; that it opens and does what it should, on both.
LOOKS = settings.TEST_DATABASE == "sqlite"
on_sqlite_alone = pytest.mark.skipif(not LOOKS, reason="a page looks the same on every database")

#: Tells of what the content policy refused, as the page sees it.
_WATCH = """
window.refused = [];
document.addEventListener("securitypolicyviolation", event => {
    window.refused.push(
        `${event.violatedDirective}: ${event.blockedURI} ${event.sample} from ${event.sourceFile}:${event.lineNumber}:${event.columnNumber}`
    );
});
"""

#: What htmx says when a request is given up, because somebody typed on, went on or closed the tab. It says the second
#: of a request that failed too, beside a line of its own that stays a complaint.
_GIVEN_UP = ("htmx:sendAbort", "htmx:afterRequest")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what stands here as walking in a browser, to be tried twice, and skip it where there is none."""
    missing = not Path(CHROMIUM).exists()
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")
            item.add_marker(pytest.mark.flaky(reruns=1))
            if missing:
                item.add_marker(pytest.mark.skip(reason=f"There is no Chromium at {CHROMIUM}."))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Take the system's Chromium, which phones nobody."""
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--no-first-run",
        ],
    }


@pytest.fixture(scope="session", autouse=True)
def _queries_beside_a_loop() -> None:
    """Playwright keeps an event loop in this thread to the end; Django's queries here stay synchronous."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


def height_of(width: int) -> int:
    return 900 if width > 600 else 844


class Walker:
    """One browser window, and what it complained about."""

    def __init__(self, context: Any, base: str) -> None:
        self.base = base
        self.complaints: list[str] = []
        self.context = context
        self.page = context.new_page()
        self.page.add_init_script(_WATCH)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("response", self._answered)
        self.expected = {200, 204, 301, 302, 304}
        self.pictures = 0

    def _heard(self, message: Any) -> None:
        if message.text.startswith(_GIVEN_UP):
            return
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text} at {self.page.url}")

    def _answered(self, response: Any) -> None:
        if response.status not in self.expected:
            self.complaints.append(f"{response.status} for {response.url}")

    def wear(self, width: int, *, dark: bool) -> None:
        """Show the same page in a window of this width, by day or by night."""
        self.page.set_viewport_size({"width": width, "height": height_of(width)})
        self.page.emulate_media(color_scheme="dark" if dark else "light")
        # A colour that is still on its way is nobody's contrast.
        self.page.evaluate(
            "Promise.all(document.getAnimations().filter(one => one instanceof CSSTransition)"
            ".map(one => one.finished)).then(() => null)"
        )

    def go(self, path: str) -> Any:
        """Open ``path`` of the site and wait until it is quiet; return the page."""
        self.page.goto(f"{self.base}{path}", wait_until="load")
        return self.page

    def sign_in(self, person: Any) -> None:
        """Be ``person`` from now on, by a session of theirs (None: a visitor)."""
        self.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
        if person is None:
            return
        client = Client()
        sign_in(client, person)
        self.context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                    "url": self.base,
                }
            ]
        )

    def look(self, name: str, *, axe: bool = True) -> None:
        """Note what the policy refused, what overflows and (on SQLite) what axe finds serious; keep a picture if wanted."""
        page = self.page
        page.wait_for_load_state()
        self.complaints += [f"policy: {what}" for what in page.evaluate("window.refused")]
        page.evaluate("window.refused = []")
        wide = page.evaluate(
            "document.scrollingElement.scrollWidth - document.documentElement.clientWidth"
        )
        if wide > 1:
            self.complaints.append(f"{name}: {wide} px wider than the window")
        if axe and LOOKS:
            self.complaints += [f"{name}: {finding}" for finding in serious_findings(page)]
        if folder := os.environ.get("HEED_TEST_SCREENSHOTS"):
            self.pictures += 1
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    def content(self) -> None:
        """Fail if there was any complaint."""
        found, self.complaints = self.complaints, []
        assert not found, "\n".join(dict.fromkeys(found))


#: Picked out where it is found: all that axe says of a page is long, and takes as long to hand over as to find.
#: Sheets are not preloaded: what needs them is not asked for.
_SERIOUS = """
async () => {
    const said = await axe.run({resultTypes: ["violations"], preload: false});
    return said.violations
        .filter(one => ["serious", "critical"].includes(one.impact))
        .map(one => `axe ${one.id} (${one.impact}): ${one.help}: `
            + one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join("; "));
}
"""


def serious_findings(page: Any) -> list[str]:
    """Return what axe calls serious or critical on the page, with the places."""
    from axe_playwright_python.sync_playwright import Axe

    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found: list[str] = page.evaluate(_SERIOUS)
    return found


@pytest.fixture
def walk(browser: Any, live_server: Any) -> Iterator[Callable[..., Walker]]:
    """Open a window: ``walk(language="zh-hans", width=390, dark=True)``. Complaints fail the test at its end."""
    walkers: list[Walker] = []

    def open_window(language: str = "en", width: int = 1440, dark: bool = False) -> Walker:
        context = browser.new_context(
            viewport={"width": width, "height": height_of(width)},
            locale="zh-CN" if language.startswith("zh") else "en-GB",
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            has_touch=width < 600,
        )
        context.add_cookies(
            [{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}]
        )
        walkers.append(Walker(context, live_server.url))
        return walkers[-1]

    yield open_window
    for walker in walkers:
        walker.context.close()
    for walker in walkers:
        walker.content()
