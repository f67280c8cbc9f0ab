"""Take the pictures of docs/pages.md from a running site with the living sample, and write that page.

    HEED_DATA_DIR=… make serve PORT=8230                             # in one shell, until it has grouped
    HEED_DATA_DIR=… .venv/bin/python -m benchmarks.pictures 8230     # in another

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
    Shot("desk-asks", "Asks on the desk", "/desk/asks/", by="manager"),
    Shot("desk-ask", "One ask on the desk", "/desk/asks/", "/desk/asks/", by="manager"),
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


def take(browser: Browser, base: str, shot: Shot, look: str, session: str) -> bool:
    """Keep a picture of ``shot``; return whether there is such a page."""
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
        links = page.locator(f'main a[href^="{shot.then}"]:not([href*="/new/"])')
        own = (links.nth(n).get_attribute("href") or "" for n in range(links.count()))
        found = next(
            (one for one in own if one.split("?")[0].rstrip("/") != shot.then.rstrip("/")), ""
        )
        answer = page.goto(base + found) if found else None
    is_there = answer is not None and answer.status == 200
    if is_there:
        page.wait_for_load_state("networkidle")
        picture = Image.open(io.BytesIO(page.screenshot()))
        small = picture.resize(
            (kept, round(picture.height * kept / picture.width)), Image.Resampling.LANCZOS
        )
        small.convert("RGB").save(FOLDER / f"{shot.name}-{look}.webp", quality=70, method=6)
    else:
        print(f"{shot.name}: {answer.status if answer else 'no link'}")
    context.close()
    return is_there


def main() -> None:
    """Take all of them."""
    base = f"http://127.0.0.1:{sys.argv[1]}"
    sessions = cookies()
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=_CHROMIUM)
        shown = [
            shot
            for shot in SHOTS
            if all(
                take(browser, base, shot, look, sessions.get(f"{shot.by} {look}", ""))
                for look in LOOKS
            )
        ]
        browser.close()
    lines = ["# What it looks like", "", "The living sample, on a desk by day in English, and on a phone by night in Chinese, or in the language that a member chose. `benchmarks/pictures.py` takes them.", ""]  # fmt: skip
    for shot in shown:
        place = f"screenshots/pages/{shot.name}"
        lines += [f"## {shot.title}", "", f"![{shot.title}, on a desk]({place}-desk.webp) ![{shot.title}, on a phone]({place}-phone.webp)", ""]  # fmt: skip
    (DOCS / "pages.md").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    main()
