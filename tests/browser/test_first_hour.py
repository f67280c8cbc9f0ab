"""A newcomer's first hour, on a phone, in each language: from the printed login to a line on the roadmap.

Every step is checked by what is really there; what surrounds it is in the reader's language alone.
"""

import csv
import re
from types import SimpleNamespace

import pytest
from django.conf import settings

from feedback.accounts.models import User
from feedback.asks.models import Ask
from feedback.forum.boards.operations import make_default_boards
from feedback.forum.models import Board, Comment, Post, Product, Vote
from feedback.importing import sources
from feedback.kernel import clock
from feedback.ops.first_start import make_administrator
from feedback.sample.loading import load
from tests.architecture.test_translations import HAN, STAYS, Reader, latin_words, written_by_people
from tests.browser.conftest import on_sqlite_alone
from tests.browser.waiting import until
from tests.sample.conftest import small as small

EN = SimpleNamespace(
    code="en",
    product="Lumen",
    rows=[
        ("Cleo", "Add a dark mode"),
        ("Dan", "Please add dark mode to the app"),
        ("Eve", "Dark mode would be great at night"),
        ("Fay", "We need a dark mode theme"),
        ("Gus", "Export my data as CSV"),
        ("Hal", "Let me export data to a CSV file"),
        ("Ida", "CSV export of all my data"),
        ("Kim", "Export of my data to CSV, please"),
        ("Jon", "The mascot should wear a hat"),
        ("Liz", "Translate the legal notice"),
    ],
    typed="Dark mode for the app",
    searched="dark mode theme",
    found=re.compile("dark mode", re.I),
    ask="A theme for the dark",
    answer="We want it too.",
    item="A theme for the night",
)
ZH = SimpleNamespace(
    code="zh-hans",
    product="流明",
    rows=[
        ("李雷", "希望增加深色模式"),
        ("韩梅", "请增加深色模式"),
        ("小林", "能不能增加深色模式"),
        ("王芳", "深色模式什么时候增加"),
        ("赵云", "导出我的数据"),
        ("孙敏", "希望可以导出数据"),
        ("周杰", "请增加导出数据的功能"),
        ("吴迪", "什么时候可以导出数据"),
        ("郑一", "吉祥物应该戴一顶帽子"),
        ("冯二", "请翻译法律声明"),
    ],
    typed="增加深色模式",
    searched="深色模式",
    found=re.compile("深色模式"),
    ask="深色的界面",
    answer="我们也想要。",
    item="夜间配色",
)


@pytest.fixture
def site(small, db, encoder, run_jobs):
    """A site as `make serve` leaves it: boards, an administrator with a password, a sample that is grouped."""
    now = clock.now()
    make_default_boards(now)
    password = make_administrator(settings.ADMIN_EMAIL)
    load(name="small", now=now)
    run_jobs()
    return SimpleNamespace(password=password, own=Product.objects.get(sample=""))


#: On how many lines the words of an element stand.
_LINES = """element => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return new Set([...range.getClientRects()].map(one => one.top)).size;
}"""

#: What can be pressed, stands in no sentence and is lower than 24 px.
_SMALL = """[...document.querySelectorAll("a, button, input, select, summary")]
    .filter(one => one.checkVisibility({visibilityProperty: true}) && getComputedStyle(one).display !== "inline"
        && !one.closest(".visually-hidden, .skip"))
    .filter(one => one.getBoundingClientRect().height < 23.9)
    .map(one => `${one.className || one.parentElement.className} “${one.textContent.trim()}”`)
"""


#: The head of the file that they bring, its name and the zone of its dates.
OF_THE_FILE = {"author", "title", "date", "posts", "utc"}


class Newcomer:
    """Somebody with a phone, and a look at every page they come to."""

    def __init__(self, walker, words):
        self.walker, self.page, self.words = walker, walker.page, words
        self.number = 0

    def look(self, name):
        """Note what is too wide, what the browser complains about, and what is said in the other language."""
        self.number += 1
        name = f"hour-{self.words.code}-{self.number:02}-{name}"
        self.walker.look(name, axe=False)
        if (lines := self.page.locator("header button[lang]").evaluate(_LINES)) != 1:
            self.walker.complaints.append(f"{name}: the other language stands on {lines} lines")
        if small := self.page.evaluate(_SMALL):
            self.walker.complaints.append(f"{name}: too small for a thumb: {small}")
        if other := self.in_the_other_language():
            self.walker.complaints.append(f"{name}: {sorted(other)}")

    def in_the_other_language(self):
        """Return what the page says in the other language and no person wrote."""
        chinese = self.words.code.startswith("zh")
        reader = Reader("en" if chinese else "zh")
        reader.feed(self.page.content())
        said = " ".join(reader.said)
        if chinese:
            return latin_words(said) - STAYS - OF_THE_FILE - written_by_people()
        tools = "".join(one.name for one in sources.formats())
        return set(re.findall(f"[{HAN}]", said)) - set(tools) - han_by_people()

    def press(self, selector):
        """Press what is there once, and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()


def han_by_people():
    """Return the Chinese characters that are content and no interface."""
    content = [(Post, ["title", "body"]), (Comment, ["body"]), (Ask, ["title", "keywords"])]
    content += [(User, ["display_name"]), (Product, ["name"]), (Board, ["name"])]
    rows = [str(row) for model, fields in content for row in model.objects.values_list(*fields)]
    return set(re.findall(f"[{HAN}]", " ".join(rows)))


@pytest.mark.parametrize(
    ("words", "dark"),
    [(EN, False), pytest.param(ZH, True, marks=on_sqlite_alone)],
    ids=["en", "zh"],
)
def test_the_first_hour(walk, site, run_jobs, tmp_path, words, dark):
    walker = walk(words.code, width=390, dark=dark)
    newcomer = Newcomer(walker, words)
    page, look = newcomer.page, newcomer.look

    # The login that was printed once. Behind it, the page says what comes first.
    walker.go("/accounts/login/")
    look("login")
    page.fill("input[name=login]", settings.ADMIN_EMAIL)
    page.fill("input[name=password]", site.password)
    page.click("main form button.button--primary")
    page.locator(".message").wait_for()
    look("home")
    assert page.locator(".banner__line").count() == 2

    # Name the product.
    page.locator(".banner__line a[href='/desk/first-steps/']").click()
    page.locator(".first-step").first.wait_for()
    assert page.locator(".first-step--done").count() == 0
    look("first-steps")
    page.fill("input[name=name]", words.product)
    page.locator(".first-step form button").first.click()
    page.locator(".first-step--done").wait_for()
    look("named")
    assert Product.objects.get(pk=site.own.pk).name == words.product

    newcomer.press(".first-step a[href='/desk/boards/']")
    # Its verb stands under the name, not in the middle of the line.
    assert page.locator(".area-row a.button").first.bounding_box()["width"] < 195
    look("boards")

    # Look at what people posted in the sample, and want one of it.
    walker.go("/")
    page.locator(".post-row a.post-row__title, .post-row h2 a, .post-row h3 a").first.click()
    page.locator("main h1").wait_for()
    look("post")

    # Bring a file: see what it is taken for, and start.
    path = tmp_path / "posts.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "author", "title", "date"])
        for number, (author, title) in enumerate(words.rows):
            rows.writerow([number, author, title, f"2026-02-{number + 1:02}"])
    board = site.own.boards.first()
    walker.go("/desk/first-steps/")
    newcomer.press(".first-step a[href='/desk/import/']")
    look("bring")
    page.set_input_files("input[name=file]", path)
    newcomer.press("form.bring button.button--primary")
    run_jobs()
    page.locator("form[action$='/start/'] button.button--primary").wait_for()
    page.select_option("select[name=board]", board.slug)
    look("taken-for")
    newcomer.press("form[action$='/start/'] button.button--primary")
    run_jobs()
    page.locator("a[href$='/undo/']").wait_for()
    look("imported")
    walker.go("/desk/first-steps/")
    assert page.locator(".first-step--done").count() == 2
    assert "2/3" in page.locator(".desk-rooms__groups [aria-current]").inner_text()
    look("brought")

    # Write a post: while the title is typed, what others wrote is there. It is another, and is posted.
    walker.go(f"/posts/new/?board={board.slug}")
    until(page, "window.htmx !== undefined")
    page.locator("#id_title").press_sequentially(words.typed, delay=5)
    page.locator("#similar li").first.wait_for()
    look("is-it-one-of-these")
    page.click("main form button.button--primary")
    page.locator("h1", has_text=words.typed).wait_for()
    look("posted")
    run_jobs()

    # Search, and want what somebody else asked for.
    page.locator("header a[href^='/search/']:visible").first.click()
    page.locator("main input[name=q]").fill(words.searched)
    page.keyboard.press("Enter")
    page.locator("mark").first.wait_for()
    look("found")
    page.locator("main form.vote button[aria-pressed=false]").first.click()
    # The first is that of the post they wrote.
    page.locator("main form.vote button[aria-pressed=true]").nth(1).wait_for()
    assert Vote.objects.filter(person__email=settings.ADMIN_EMAIL).count() == 2

    # The desk: a group of posts is proposed, and becomes an ask under a title of theirs.
    walker.go("/desk/")
    newcomer.press(f".desk-product button[value='{site.own.slug}']")
    look("desk")
    with page.expect_response(re.compile("/desk/proposals/")):
        page.locator(".proposal__link", has_text=words.found).first.click()
    page.locator(".htmx-request, .htmx-swapping, .htmx-settling").first.wait_for(state="detached")
    page.fill("#title", words.ask)
    look("proposal")
    with page.expect_response(re.compile("/desk/proposals/")):
        newcomer.press("#evidence button[value=confirm]")
    look("confirmed")
    walker.go("/desk/")
    sum_of_the_desk = page.locator(".desk-state__sum")
    assert re.findall(r"\d+", sum_of_the_desk.text_content())[:4] == ["11", "2", "1", "0"]
    ask = Ask.objects.public().get(product=site.own)
    assert (ask.title, ask.post_count) == (words.ask, 5)

    # Answer it, adopt it, and see it on the roadmap.
    newcomer.press(".desk-rooms__groups a[href='/desk/asks/']")
    look("asks")
    newcomer.press(f"main a[href='/desk/asks/{ask.public_id}/']")
    look("ask")
    newcomer.press(f"main a[href$='{ask.public_id}/answer/']")
    look("answer")
    page.fill("textarea[name=body]", words.answer)
    newcomer.press("main form button.button--primary")
    newcomer.press(f"main a[href$='{ask.public_id}/adopt/']")
    look("adopt")
    page.fill("input[name=title]", words.item)
    newcomer.press("main form button.button--primary")
    look("item")
    newcomer.press(".dock a[href^='/roadmap/']")
    page.get_by_role("main").get_by_role("link", name=words.item, exact=True).wait_for()
    look("roadmap")

    # The sample has shown what it had to show. What is theirs stays.
    newcomer.press(".top__brand")
    newcomer.press(".banner__line a[href$='/remove/']")
    look("remove")
    newcomer.press("main form button.button--danger")
    look("removing")
    run_jobs()
    walker.go("/desk/")
    look("removed")
    assert re.findall(r"\d+", sum_of_the_desk.text_content())[:4] == ["11", "2", "1", "1"]
    assert [product.pk for product in Product.objects.all()] == [site.own.pk]
    newcomer.press(".dock a >> nth=0")
    assert page.locator(".post-row").count() == len(words.rows) + 1
    look("own")
