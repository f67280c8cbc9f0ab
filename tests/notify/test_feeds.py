"""Atom feeds: what every visitor may read, in either language, told once, and nothing else."""

import re
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from feedback.asks.answers import answer_ask, decline_ask
from feedback.asks.decisions.shape import join_asks
from feedback.forum.boards.operations import make_board
from feedback.forum.comments.operations import comment
from feedback.forum.posts.operations import hide_post
from feedback.forum.products.operations import ensure_product
from feedback.forum.votes.operations import unvote, vote
from feedback.journal.operations import old_news
from feedback.kernel import clock
from feedback.kernel.feeds import ENTRIES
from feedback.notify.channels.feed.queries import LOOKED_AT
from feedback.roadmap import operations as roadmap

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def read(client: Any, address: str) -> list[dict[str, str]]:
    """Return the entries of a feed: title, link, id, summary, updated."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(answer.content)
    assert root.find(f"{ATOM}id") is not None
    assert root.find(f"{ATOM}updated") is not None
    return [
        {
            "title": one.findtext(f"{ATOM}title") or "",
            "link": one.find(f"{ATOM}link").get("href"),
            "id": one.findtext(f"{ATOM}id") or "",
            "summary": one.findtext(f"{ATOM}summary") or "",
            "updated": one.findtext(f"{ATOM}updated") or "",
        }
        for one in root.findall(f"{ATOM}entry")
    ]


def beside(client: Any, page: str) -> str:
    """Return the address of the feed that a page names in its head and at its foot."""
    html = client.get(page).content.decode()
    (link,) = re.findall(r"<link[^>]*application/atom\+xml[^>]*>", html)
    (address,) = re.findall(r'href="([^"]+)"', link)
    assert html.count(f'href="{address}"') == 2
    return address.replace("&amp;", "&")


def test_new_posts_with_their_words(client, publish, ann, board):
    publish(ann, "Fish & chips <script>", body="**Salt**, <img src=x onerror=alert(1)> please")
    (entry,) = read(client, "/feeds/posts/")
    assert entry["title"] == "Fish & chips <script>"
    assert "<strong>Salt</strong>" in entry["summary"]
    assert "<img" not in entry["summary"]
    assert client.get(urlsplit(entry["link"]).path).status_code == 200
    assert read(client, f"/feeds/boards/{board.slug}/") == [entry]


def test_a_feed_has_the_newest(client, publish, ann):
    for number in range(ENTRIES + 5):
        publish(ann, f"Post {number}")
    titles = [entry["title"] for entry in read(client, "/feeds/posts/")]
    assert titles == [f"Post {number}" for number in range(ENTRIES + 4, 4, -1)]


def test_a_post_that_is_hidden_goes_from_the_feed_at_once(client, publish, ann, mo):
    post = publish(ann)
    assert read(client, "/feeds/posts/")
    hide_post(post=post, moderator=mo, now=clock.now())
    assert read(client, "/feeds/posts/") == []


def test_an_ask_and_what_was_joined_into_it_and_its_item(
    client, dark_mode, publish, make_ask, bo, pia, now
):
    by = {"actor": pia, "now": now}
    answer_ask(ask=dark_mode, body="In *May*.", **by)
    night = make_ask(publish(bo, "Night"), title="Night theme")
    answer_ask(ask=night, body="Looking at it.", **by)
    join_asks(ask=night, into=dark_mode, **by)
    item = roadmap.adopt(ask=dark_mode, title="A dark theme", **by)
    roadmap.ship(item=item, version="1.4", **by)
    entries = read(client, f"/feeds/asks/{dark_mode.public_id}/")
    assert [entry["title"] for entry in entries] == [
        "Shipped in 1.4",
        "Planned",
        "“Night theme” was joined into it: both want the same",
        "The team answered an ask",
        "The team answered an ask",
    ]
    assert "In May." in entries[-1]["summary"]
    assert len({entry["id"] for entry in entries}) == 5
    moved = client.get(f"/feeds/asks/{night.public_id}/")
    assert moved["Location"] == f"/feeds/asks/{dark_mode.public_id}/"


def test_what_the_team_says_and_the_roadmap(client, dark_mode, make_ask, publish, bo, pia, now):
    by = {"actor": pia, "now": now}
    decline_ask(ask=make_ask(publish(bo, "Free hats")), reason="No <hats>.", **by)
    roadmap.adopt(ask=dark_mode, title="A dark theme", **by)
    (said,) = read(client, "/feeds/answers/")
    assert said["title"] == "Will not be done, and why · Free hats"
    assert said["summary"] == "<p>No &lt;hats&gt;.</p>"
    (planned,) = read(client, "/feeds/roadmap/")
    assert planned["title"] == "Planned · A dark theme"
    (said,) = read(client, "/feeds/answers/?language=zh-hans")
    assert said["title"] == "不采纳，原因如下 · Free hats"


def test_many_comments_leave_room_for_the_teams(client, publish, ann, bo, mo):
    post = publish(ann)
    comment(post=post, author=mo, body="In May.", is_official=True, now=clock.now())
    for number in range(LOOKED_AT + 1):
        comment(post=post, author=bo, body=f"Me too {number}", now=clock.now())
    (said,) = read(client, "/feeds/answers/")
    assert "In May." in said["summary"]


def test_a_feed_of_one_product_has_nothing_of_another(client, dark_mode, pia, now):
    answer_ask(ask=dark_mode, body="Soon.", actor=pia, now=now)
    ensure_product(slug="notes", name="Notes", name_zh="笔记", sample="", now=now)
    assert len(read(client, f"/feeds/answers/?product={dark_mode.product.slug}")) == 1
    assert len(read(client, "/feeds/answers/")) == 1
    assert read(client, "/feeds/answers/?product=notes") == []
    assert read(client, "/feeds/posts/?product=notes") == []
    assert client.get("/feeds/answers/?product=nowhere").status_code == 404


def test_what_samples_make_up_stands_in_their_own_feeds_alone(
    client, publish, make_ask, bo, pia, now
):
    sample = ensure_product(slug="demo", name="Demo", name_zh="示例", sample="living", now=now)
    board = make_board(slug="demo", name="Demo", product=sample, now=now)
    ask = make_ask(publish(bo, "Dark mode", board=board))
    answer_ask(ask=ask, body="Soon.", actor=pia, now=now)
    roadmap.ship(
        item=roadmap.adopt(ask=ask, title="A dark theme", actor=pia, now=now),
        version="1.4",
        actor=pia,
        now=now,
    )
    for feed in ("/feeds/posts/", "/feeds/answers/", "/feeds/roadmap/", "/changelog/feed/"):
        assert read(client, feed) == [], feed
        assert read(client, f"{feed}?product=demo"), feed
    assert read(client, "/feeds/boards/demo/")


def test_what_was_decided_elsewhere_long_ago_is_no_news(client, dark_mode, pia, now):
    with old_news():
        answer_ask(ask=dark_mode, body="In 2019.", actor=pia, now=now)
        roadmap.adopt(ask=dark_mode, title="A dark theme", actor=pia, now=now)
    for feed in ("/feeds/answers/", "/feeds/roadmap/", f"/feeds/asks/{dark_mode.public_id}/"):
        assert read(client, feed) == [], feed


def test_mail_addresses_that_people_wrote_stay_here(client, person, publish, board):
    author = person("me@home.example", email="me@example.org")
    publish(author, "Write to a@b.example", body="Or to *c@d.example*, <e@f.example>")
    for feed in ("/feeds/posts/", f"/feeds/boards/{board.slug}/"):
        content = client.get(feed).content.decode()
        assert "Write to …@…" in content
        for domain in ("home", "b", "d", "f"):
            assert f"{domain}.example" not in content


def test_the_old_address_of_the_roadmaps_feed_leads_to_it(client, item):
    answer = client.get("/roadmap/feed/?language=zh-hans")
    assert (answer.status_code, answer["Location"]) == (301, "/feeds/roadmap/?language=zh-hans")
    assert read(client, answer["Location"])


def test_what_is_not_public_has_no_feed_for_anybody(client_of, make_ask, publish, bo, pia):
    ask = make_ask(publish(bo, "CSV"), state="PROPOSED")
    for person in (None, pia):
        assert client_of(person).get(f"/feeds/asks/{ask.public_id}/").status_code == 404


def test_whoever_has_it_is_told_that_nothing_is_new(client, publish, ann):
    publish(ann)
    first = client.get("/feeds/posts/")
    again = client.get("/feeds/posts/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    publish(ann, "Another")
    news = client.get("/feeds/posts/", headers={"If-None-Match": first["ETag"]})
    assert news.status_code == 200 and news["ETag"] != first["ETag"]


def test_nothing_but_the_product_and_the_language_makes_another_feed(client, publish, ann, now):
    publish(ann)
    ensure_product(slug="notes", name="Notes", name_zh="笔记", sample="", now=now)
    versions = [
        client.get(f"/feeds/posts/{query}")["ETag"]
        for query in ("", "?utm=1", "?utm=2&page=9", "?language=zh-hans", "?product=notes")
    ]
    assert versions[0] == versions[1] == versions[2]
    assert len(set(versions)) == 3
    assert "utm" not in client.get("/feeds/posts/?utm=1").content.decode()


def test_a_vote_makes_no_other_feed(client, publish, ann, bo):
    post = publish(ann)
    first = client.get("/feeds/posts/")
    vote(post=post, person=bo, now=clock.now())
    unvote(post=post, person=bo, now=clock.now())
    again = client.get("/feeds/posts/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


def test_a_feed_does_not_read_what_programs_are_sent(client, dark_mode, pia, now, monkeypatch):
    answer_ask(ask=dark_mode, body="Soon.", actor=pia, now=now)
    monkeypatch.delattr("feedback.notify.happenings.asks.written")
    assert read(client, "/feeds/answers/")


def test_a_page_names_its_feed_for_programs_and_people(client, dark_mode, item, board):
    pages = {
        "/": "/feeds/posts/",
        f"/boards/{board.slug}/": f"/feeds/boards/{board.slug}/",
        f"/asks/{dark_mode.public_id}/": f"/feeds/asks/{dark_mode.public_id}/",
        "/asks/": "/feeds/answers/",
        "/roadmap/": "/feeds/roadmap/",
        f"/roadmap/{item.public_id}/": "/feeds/roadmap/",
        "/releases/": "/changelog/feed/",
    }
    for page, feed in pages.items():
        assert beside(client, page) == f"{feed}?language=en"
        read(client, beside(client, page))
    client.cookies["heed_language"] = "zh-hans"
    assert beside(client, "/asks/") == "/feeds/answers/?language=zh-hans"
    assert "atom+xml" not in client.get("/coverage/").content.decode()
