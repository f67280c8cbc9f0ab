"""How well the team answers, by board and owner, and whether everybody may see it."""

import datetime as dt
import re

import pytest

from feedback.asks.answers import answer_ask
from feedback.asks.models import Ask
from feedback.forum.models import Board
from feedback.forum.products.operations import make_product
from feedback.journal.models import Entry
from feedback.roadmap.models import Item, Release

pytestmark = pytest.mark.django_db

PUBLIC = "/coverage/"


@pytest.fixture
def bugs(product):
    """Another board."""
    return Board.objects.create(product=product, slug="bugs", name="Bugs")


def rows(page, which):
    """Return the cells of a table by the name of its row."""
    text = page.content.decode()
    part = text[text.index(f'id="{which}-title"') :].partition("</table>")[0]
    found = {}
    for row in re.findall(r"<tr>\s*<th scope=\"row\">(.*?)</th>(.*?)</tr>", part, re.S):
        cells = re.findall(r"<td[^>]*>(.*?)</td>", row[1], re.S)
        plain = [re.sub(r"<[^>]+>", "", cell).strip() for cell in cells]
        found[re.sub(r"<[^>]+>", "", row[0]).strip()] = plain
    return found


def test_each_board_and_owner_has_its_own_figures(desk, ann, bo, pia, publish, make_ask, bugs, now):
    answered = make_ask(publish(ann, "Dark mode"), owner=pia)
    waiting = make_ask(
        publish(ann, "Export"), publish(bo, "Export it"), publish(bo, "CSV", board=bugs)
    )
    make_ask(publish(bo, "Crash", board=bugs))
    long_ago = now - dt.timedelta(days=4)
    Ask.objects.update(confirmed_at=long_ago, first_post_at=long_ago)
    answered.refresh_from_db()
    answer_ask(ask=answered, actor=pia, body="Soon.", now=now)
    page = desk.get("/desk/coverage/")
    assert rows(page, "boards") == {
        "Suggestions": ["2", "50%", "4 days", "1", "0", "0", "Export"],
        "Bugs": ["1", "0%", "–", "1", "0", "0", "Crash"],
    }
    assert rows(page, "owners") == {
        "Pia": ["1", "100%", "4 days", "0", "0", "0", "–"],
        "Nobody": ["2", "0%", "–", "2", "0", "0", "Export"],
    }
    assert "1 of 3 confirmed asks are answered" in " ".join(page.content.decode().split())
    assert f'href="/desk/asks/{waiting.public_id}/"' in page.content.decode()
    for address in re.findall(r'href="(/desk/asks/\?[^"]*)"', page.content.decode()):
        assert desk.get(address.replace("&amp;", "&")).status_code == 200


def test_what_is_promised_and_late_is_counted(desk, dark_mode, item, now, product):
    release = Release.objects.create(
        product=product, version="9.9", release_date=now.date() - dt.timedelta(days=1)
    )
    Item.objects.filter(pk=item.pk).update(release=release, stage="PLANNED")
    page = desk.get("/desk/coverage/")
    assert rows(page, "boards")["Suggestions"][-3:-1] == ["1", "1"]
    text = desk.get("/desk/tuesday/").content.decode()
    assert 'id="week-late"' in text
    assert 'id="week-promised"' in text, "What is late is promised still."


def test_everybody_sees_it_unless_the_team_keeps_it_in(desk, client, dark_mode, client_of, mo):
    assert PUBLIC in client.get("/").content.decode()
    kept = desk.post("/desk/coverage/show/", {"shows": "no"}, follow=True)
    assert client.get(PUBLIC).status_code == 404
    assert PUBLIC not in client.get("/").content.decode()
    undo = re.search(r'action="(/desk/coverage/show/\?[^"]+)"', kept.content.decode())[1]
    desk.post(undo)
    assert client.get(PUBLIC).status_code == 200
    verbs = Entry.objects.filter(verb__startswith="measure.coverage").order_by("pk")
    assert [entry.verb for entry in verbs] == ["measure.coverage-kept-in", "measure.coverage-shown"]
    assert client_of(mo).post("/desk/coverage/show/").status_code == 403


def test_a_product_that_keeps_it_in_is_not_counted_for_all(
    desk, client, dark_mode, product, ada, now
):
    make_product(slug="other", name="Other", actor=ada, now=now)
    desk.post("/desk/coverage/show/", {"shows": "no"})
    page = client.get(PUBLIC)
    assert page.status_code == 200
    assert page.context["coverage"].public == 0
    assert client.get(f"{PUBLIC}?product={product.slug}").status_code == 404
