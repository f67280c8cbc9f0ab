"""Take the pictures of docs/pages.md from a running site with the living sample, and write that page.

    HEED_DATA_DIR=… make serve PORT=8230                             # in one shell, until it has grouped
    HEED_DATA_DIR=… .venv/bin/python -m benchmarks.pictures 8230     # in another; names of shots may follow

Each page stands there as on a desk in English by day, and as on a phone in Chinese by night.
"""

import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import django
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

DOCS = Path(__file__).parents[1] / "docs"
FOLDER = DOCS / "screenshots/pages"
_CHROMIUM = "/usr/bin/chromium"
_DRAWING_MS = 6000
#: Width, language and colours of each look, and how wide its picture is kept.
LOOKS = {
    "desk": (1440, 900, "en", "light", 960),
    "phone": (390, 844, "zh-hans", "dark", 390),
}


@dataclass(frozen=True)
class Shot:
    """A page of the site: at ``address``, or where the first link there leads that begins with ``then``."""

    name: str
    title: str
    address: str
    then: str = ""
    by: str = "member"
    #: Whether it is drawn after the page has come.
    is_drawn: bool = False


SHOTS = (
    Shot("home", "First page", "/", by=""),
    Shot("home-member", "First page of a member: what happened since the last visit", "/"),
    Shot("posts-new", "New posts", "/?sort=new", by=""),
    Shot("board", "A board", "/", "/boards/", by=""),
    Shot("post", "A post with its answers", "/?sort=top", "/posts/", by=""),
    Shot("compose", "Posting", "/posts/new/"),
    Shot("search", "Searching by word and by meaning", "/search/?q=night+mode", by=""),
    Shot("ask", "An ask: who wants it, and what became of it", "/?sort=top", "/asks/", by=""),
    Shot("person", "A person", "/?sort=top", "/people/", by=""),
    Shot("asks", "All asks", "/asks/", by=""),
    Shot("roadmap", "The roadmap", "/roadmap/", by=""),
    Shot("item", "What is planned, and for whom", "/roadmap/", "/roadmap/", by=""),
    Shot("releases", "Releases", "/releases/", by=""),
    Shot("release", "A release on its train", "/releases/", "/releases/", by=""),
    Shot("train", "The train", "/train/", by="manager"),
    Shot("briefs", "Weekly briefs", "/briefs/", by=""),
    Shot("coverage", "How much is answered", "/coverage/", by=""),
    Shot("honours", "The board of honour", "/honours/", by=""),
    Shot("trust", "How one becomes known here", "/trust/"),
    Shot("rules", "Rules of the house", "/rules/", by=""),
    Shot("sign-in", "Signing in", "/accounts/login/", by=""),
    Shot("sign-up", "Signing up", "/accounts/signup/", by=""),
    Shot("inbox", "Inbox", "/inbox/"),
    Shot("settings", "Settings", "/settings/"),
    Shot("news", "What one is told, and how", "/settings/news/"),
    Shot("data", "Your data", "/settings/data/"),
    Shot("words", "What may be done with your words", "/settings/words/"),
    Shot("desk", "The desk", "/desk/", by="manager"),
    Shot("desk-steps", "First steps", "/desk/first-steps/", by="manager"),
    Shot("desk-set-up", "Setting up", "/desk/set-up/", by="manager"),
    Shot("desk-asks", "The table of asks", "/desk/asks/", by="manager"),
    Shot("desk-ask", "One ask on the desk", "/desk/asks/", "/desk/asks/", by="manager"),
    Shot("desk-map", "The map of posts", "/desk/map/", by="manager", is_drawn=True),
    Shot("desk-priority", "What to do first", "/desk/priority/", by="manager"),
    Shot("desk-segments", "Segments of people", "/desk/segments/", by="manager"),
    Shot("desk-coverage", "What is answered, and what is not", "/desk/coverage/", by="manager"),
    Shot("desk-templates", "Answers to begin with", "/desk/answer-templates/", by="manager"),
    Shot("desk-areas", "Areas", "/desk/areas/", by="manager"),
    Shot("desk-tuesday", "The Tuesday list", "/desk/tuesday/", by="manager"),
    Shot("desk-trends", "Trends", "/desk/trends/", by="manager"),
    Shot("desk-questions", "Questions of the machine", "/desk/questions/", by="manager"),
    Shot("desk-quality", "Quality", "/desk/quality/", by="manager"),
    Shot("desk-decisions", "Decisions", "/desk/decisions/", by="manager"),
    Shot("desk-briefs", "Briefs", "/desk/briefs/", by="manager"),
    Shot("desk-moderation", "Moderation", "/desk/moderation/", by="manager"),
    Shot("desk-words", "Words that wait", "/desk/moderation/words/", by="manager"),
    Shot("desk-rules", "Wording the rules", "/desk/moderation/rules/", by="manager"),
    Shot("desk-rights", "People and rights", "/desk/rights/", by="manager"),
    Shot("desk-doors", "Who gets in", "/desk/doors/", by="manager"),
    Shot("desk-honours", "Giving honours", "/desk/honours/", by="manager"),
    Shot("desk-import", "Importing", "/desk/import/", by="manager"),
    Shot("desk-webhooks", "Webhooks", "/desk/webhooks/", by="manager"),
    Shot("desk-boards", "Boards", "/desk/boards/", by="manager"),
    Shot("desk-look", "Name and look", "/desk/identity/", by="manager"),
    Shot("desk-encoder", "The encoder", "/desk/encoder/", by="manager"),
)


def cookies() -> dict[str, str]:
    """Return the sessions of a member who takes part most, and of a manager, by their look: a member reads in their own language."""
    django.setup()
    from django.db.models import Count

    from benchmarks.large_site import cookie_of
    from feedback.accounts.models import Origin, Role, User

    people = User.objects.filter(is_active=True, origin=Origin.SIGNED_UP)
    members = people.filter(role=Role.MEMBER).annotate(n=Count("votes")).order_by("-n", "pk")
    manager = people.exclude(role=Role.MEMBER).order_by("-is_superuser", "pk")[0]
    found = {
        f"member {look}": cookie_of(members.filter(language=LOOKS[look][2])[0]) for look in LOOKS
    }
    return found | {f"manager {look}": cookie_of(manager) for look in LOOKS}


def take(browser: Browser, base: str, shot: Shot, look: str, session: str) -> None:
    """Keep a picture of ``shot``, or say what came instead."""
    width, height, language, colours, kept = LOOKS[look]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale={"en": "en-GB", "zh-hans": "zh-CN"}[language],
        color_scheme="dark" if colours == "dark" else "light",
    )
    jar = {"heed_language": language, "heed_theme": colours}
    if session:
        name, _, value = session.partition("=")
        jar[name] = value
    context.add_cookies([{"name": n, "value": v, "url": base} for n, v in jar.items()])
    page = context.new_page()
    answer = page.goto(base + shot.address)
    if shot.then:
        links = page.locator(f'main a[href^="{shot.then}"]:not([href*="/new/"], [href*="/export"])')
        own = (links.nth(n).get_attribute("href") or "" for n in range(links.count()))
        found = next(
            (one for one in own if one.split("?")[0].rstrip("/") != shot.then.rstrip("/")), ""
        )
        answer = page.goto(base + found) if found else None
    if answer is not None and answer.status == 200:
        page.wait_for_load_state("networkidle")
        if shot.is_drawn:
            page.wait_for_timeout(_DRAWING_MS)
        picture = Image.open(io.BytesIO(page.screenshot()))
        small = picture.resize(
            (kept, round(picture.height * kept / picture.width)), Image.Resampling.LANCZOS
        )
        small.convert("RGB").save(FOLDER / f"{shot.name}-{look}.webp", quality=70, method=6)
    else:
        print(f"{shot.name}: {answer.status if answer else 'no link'}")
    context.close()


def main() -> None:
    """Take all of them, or those named; the page shows whatever pictures there are."""
    base, wanted = f"http://127.0.0.1:{sys.argv[1]}", set(sys.argv[2:])
    sessions = cookies()
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as driver:
        # A browser speaks one language, which the words of its own controls are in.
        browsers = {
            look: driver.chromium.launch(
                executable_path=_CHROMIUM,
                env={**os.environ, "LANGUAGE": {"en": "en_GB", "zh-hans": "zh_CN"}[LOOKS[look][2]]},
            )
            for look in LOOKS
        }
        for shot in SHOTS:
            for look in LOOKS if not wanted or shot.name in wanted else ():
                take(browsers[look], base, shot, look, sessions.get(f"{shot.by} {look}", ""))
        for browser in browsers.values():
            browser.close()
    lines = ["# What it looks like", "", "The living sample, on a desk by day in English, and on a phone by night in Chinese, or in the language that a member chose. `benchmarks/pictures.py` takes them.", ""]  # fmt: skip
    kept = {file.stem for file in FOLDER.glob("*.webp")}
    for shot in SHOTS:
        if not {f"{shot.name}-{look}" for look in LOOKS} <= kept:
            continue
        place = f"screenshots/pages/{shot.name}"
        lines += [f"## {shot.title}", "", f"![{shot.title}, on a desk]({place}-desk.webp) ![{shot.title}, on a phone]({place}-phone.webp)", ""]  # fmt: skip
    (DOCS / "pages.md").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    main()
