"""Feeds of posts' comments, of people and of searches, as Atom and as RSS: what every visitor may read, and nothing else."""

from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback.forum.boards.operations import edit_board, open_board
from feedback.forum.closed.naming import name_on_board
from feedback.forum.comments.operations import comment, hide_comment
from feedback.forum.comments.withdrawing import withdraw_comment
from feedback.forum.models import Comment
from feedback.forum.posts.operations import hide_post, withdraw_post
from feedback.kernel import clock
from feedback.kernel.feeds import ENTRIES
from tests.notify.test_feeds import beside, read

pytestmark = pytest.mark.django_db


def titles(client, address):
    return [entry["title"] for entry in read(client, address)]


@pytest.fixture
def say(bo):
    """Comment as Bo: ``say(post, "Me too")``."""
    return lambda post, body, author=None, **more: comment(
        post=post, author=author or bo, body=body, now=clock.now(), **more
    )


def test_what_is_said_under_a_post(client, publish, ann, bo, mo, say, frozen):
    post = publish(ann, "Dark mode")
    say(post, "Me *too*")
    frozen.shift(60)
    say(post, "In May.", author=mo, is_official=True)
    say(post, "A duplicate?", author=mo, is_internal=True)
    hidden, gone = say(post, "Buy hats"), say(post, "A word too much")
    hide_comment(comment=hidden, moderator=mo, now=clock.now())
    withdraw_comment(comment=gone, author=bo, now=clock.now())
    newest, first = read(client, f"/feeds/posts/{post.public_id}/")
    assert (newest["title"], first["title"]) == ("Mo on “Dark mode”", "Bo on “Dark mode”")
    assert "<em>too</em>" in first["summary"]
    landed = client.get(newest["link"].partition("testserver")[2] or newest["link"])
    assert landed.status_code == 302


def test_what_somebody_posts(client, publish, ann, bo, mo):
    publish(ann, "Dark mode")
    publish(bo, "Theirs")
    hidden, gone = publish(ann, "Hidden"), publish(ann, "Withdrawn")
    hide_post(post=hidden, moderator=mo, now=clock.now())
    withdraw_post(post=gone, author=ann, now=clock.now())
    assert titles(client, f"/feeds/people/{ann.public_id}/") == ["Dark mode"]


def test_what_a_search_finds_the_newest_first(client, publish, ann, bo, frozen, board):
    publish(ann, "Dark mode")
    publish(bo, "Louder")
    frozen.shift(60)
    publish(bo, "深色模式 dark", kind="BUG")
    assert titles(client, "/feeds/search/?q=dark") == ["深色模式 dark", "Dark mode"]
    assert titles(client, "/feeds/search/?q=dark+kind:bug") == ["深色模式 dark"]
    assert titles(client, "/feeds/search/?kind=BUG") == ["深色模式 dark"]
    assert titles(client, "/feeds/search/?q=dark+-mode") == ["深色模式 dark"]
    assert titles(client, '/feeds/search/?q="dark mode"') == ["Dark mode"]
    assert titles(client, "/feeds/search/?q=nothing+like+it") == []
    assert titles(client, "/feeds/search/") == []


def test_a_search_is_one_feed_for_everybody(client_of, publish, ann, bo):
    publish(ann, "Dark mode")
    for person in (ann, bo, None):
        answer = client_of(person).get("/feeds/search/?by=me")
        assert "Dark mode" not in answer.content.decode()


@pytest.mark.parametrize("of", ["posts", "people", "search"])
def test_nothing_of_a_closed_board_stands_in_any(
    client_of, publish, product, pia, ann, now, say, of
):
    lab = open_board(slug="lab", name="Lab", product=product, actor=pia, now=now)
    post = publish(ann, "Marzipan", board=lab)
    say(post, "Marzipan too")
    address = {
        "posts": f"/feeds/posts/{post.public_id}/",
        "people": f"/feeds/people/{ann.public_id}/",
        "search": "/feeds/search/?q=marzipan",
    }[of]
    assert "Marzipan" in client_of(None).get(address).content.decode()
    lab = edit_board(board=lab, readers="RING", actor=pia, now=now)
    name_on_board(board=lab, person=ann, actor=pia, now=now)
    for reader in (None, ann, pia):
        answer = client_of(reader).get(address)
        assert "Marzipan" not in answer.content.decode(), reader
        assert answer.status_code == (404 if of == "posts" else 200)


def test_each_page_names_its_feeds_in_both_formats(client, publish, ann):
    post = publish(ann, "Dark mode")
    pages = {
        f"/posts/{post.public_id}/": f"/feeds/posts/{post.public_id}/?language=en",
        f"/people/{ann.public_id}/": f"/feeds/people/{ann.public_id}/?language=en",
        "/search/?q=dark&kind=SUGGESTION": "/feeds/search/?q=dark&kind=SUGGESTION&language=en",
    }
    for page, feed in pages.items():
        assert beside(client, page) == feed
        html = client.get(page).content.decode().replace("&amp;", "&")
        assert f'type="application/rss+xml" href="{feed}&format=rss"' in html
        assert read(client, feed) or page.startswith("/posts/")
    assert "atom+xml" not in client.get("/search/").content.decode()


def test_a_post_that_not_everybody_reads_names_no_feed(client_of, publish, ann, mo):
    post = publish(ann)
    hide_post(post=post, moderator=mo, now=clock.now())
    assert "atom+xml" not in client_of(ann).get(f"/posts/{post.public_id}/").content.decode()


def test_every_feed_is_there_as_rss(client, publish, dark_mode, ann, bo, board, say):
    post = publish(ann, "Fish & chips", body="**Salt**")
    said = say(post, "Me too")
    for address in (
        "/feeds/posts/",
        f"/feeds/boards/{board.slug}/",
        f"/feeds/posts/{post.public_id}/",
        f"/feeds/people/{ann.public_id}/",
        f"/feeds/asks/{dark_mode.public_id}/",
        "/feeds/search/?q=fish",
        "/changelog/feed/",
        "/briefs/feed/",
    ):
        joined = f"{address}{'&' if '?' in address else '?'}format=rss"
        answer = client.get(joined)
        assert answer["Content-Type"] == "application/rss+xml; charset=utf-8", address
        root = ElementTree.fromstring(answer.content)
        assert root.tag == "rss" and root.find("channel/title") is not None
        again = client.get(joined, headers={"If-None-Match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert client.get(address)["ETag"] != answer["ETag"], "the other format is another feed"
    (item,) = ElementTree.fromstring(
        client.get(f"/feeds/posts/{post.public_id}/?format=rss").content
    ).findall("channel/item")
    assert said.public_id in (item.findtext("guid") or "")
    assert item.find("guid").get("isPermaLink") == "false"


def test_a_feed_is_bounded_however_much_was_said(client, publish, ann, bo, now):
    post = publish(ann, "Dark mode")
    Comment.objects.bulk_create(
        Comment(post=post, author=bo, body=f"Me too {n}", posted_at=now) for n in range(90)
    )
    address = f"/feeds/posts/{post.public_id}/"
    with CaptureQueriesContext(connection) as run:
        assert len(read(client, address)) == ENTRIES
    assert len(run) <= 6, [query["sql"][:90] for query in run]


def test_mail_addresses_stay_here(client, publish, ann, say):
    post = publish(ann, "Write to a@b.example")
    say(post, "Or to c@d.example")
    for address in (f"/feeds/posts/{post.public_id}/", f"/feeds/people/{ann.public_id}/"):
        content = client.get(address).content.decode()
        assert "…@…" in content and ".example" not in content.replace("testserver", "")


@pytest.mark.parametrize(
    "number",
    ["+44 20 7946 0958", "13812345678", "+86 138 1234 5678", "138-1234-5678", "(415) 555-0132"],
)
def test_phone_numbers_stay_here(client, publish, ann, say, number):
    post = publish(ann, f"Call {number}", body=f"电话{number}。")
    say(post, f"Or *{number}*")
    for address in ("/feeds/posts/", f"/feeds/posts/{post.public_id}/", "/feeds/posts/?format=rss"):
        content = client.get(address).content.decode()
        assert "Call …" in content and number not in content


@pytest.mark.parametrize(
    "words",
    ["2026-03-06", "version 1.13.12345678", "order 4005550132123", "build 20260306093000", "+100"],
)
def test_what_is_no_phone_number_is_told(client, publish, ann, words):
    publish(ann, f"Since {words}")
    assert f"Since {words}" in client.get("/feeds/posts/").content.decode()
