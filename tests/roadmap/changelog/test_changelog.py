"""The changelog: kinds of change, search, permalinks, the feed, and the page that other sites may show."""

import xml.etree.ElementTree as ET

import pytest

from feedback.kernel.refusals import Refusal
from feedback.roadmap import operations
from feedback.roadmap.framing import origins
from feedback.roadmap.models import ChangelogLine, Item, Release, Train
from feedback.roadmap.train import operations as train

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def shipped(item, ann, publish, make_ask, pia, now):
    """Two lines in two versions: one new, one mended."""
    bugs = make_ask(publish(ann, "It crashes", kind="BUG"))
    mended = operations.adopt(ask=bugs, title="No crash", actor=pia, now=now)
    operations.ship(item=item, version="1.4.0", text="Dark at last.", actor=pia, now=now)
    operations.ship(item=mended, version="1.5.0", text="Starts again.", actor=pia, now=now)
    return item


def read(client, address):
    return client.get(address).content.decode()


@pytest.mark.parametrize(
    ("address", "dark", "starts"),
    [
        ("/releases/", True, True),
        ("/releases/?kind=MENDED", False, True),
        ("/releases/?kind=NEW", True, False),
        ("/releases/?q=dark", True, False),
        ("/releases/?q=dark&kind=MENDED", False, False),
        ("/releases/?kind=NONSENSE", True, True),
        ("/releases/?q=%25", False, False),
    ],
)
def test_the_changelog_is_read_by_kind_and_by_word(client, shipped, address, dark, starts):
    page = read(client, address)
    assert ("Dark at last." in page, "Starts again." in page) == (dark, starts)


def test_every_line_has_a_link_of_its_own(client, shipped):
    link = f"/releases/1.4.0/#{shipped.public_id}"
    assert f'href="{link}"' in read(client, "/releases/")
    assert f'id="{shipped.public_id}"' in read(client, "/releases/1.4.0/")


def test_what_is_planned_without_items_stands_there_too(client, product, pia, now):
    train.plan_release(product=product, version="2.0", actor=pia, now=now)
    page = read(client, "/releases/")
    assert "2.0" in page
    assert "Nothing on board yet" in page


def test_more_lines_take_no_more_queries(
    client, shipped, product, ann, now, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12) as few:
        client.get("/releases/")
    release = Release.objects.get(version="1.5.0")
    items = Item.objects.bulk_create(
        Item(
            product=product,
            title=f"Item {n}",
            stage="SHIPPED",
            stage_changed_at=now,
            adopted_at=now,
            release=release,
        )
        for n in range(12)
    )
    ChangelogLine.objects.bulk_create(
        ChangelogLine(
            release=release,
            item=item,
            text=item.title,
            people_count=1,
            credited=[ann.public_id],
            written_at=now,
        )
        for item in items
    )
    with django_assert_max_num_queries(len(few)):
        assert "Item 11" in read(client, "/releases/")


def test_the_feed_has_each_release_once_in_either_language(client, shipped, pia, now):
    response = client.get("/changelog/feed/?language=zh-hans")
    assert response["Content-Type"].startswith("application/atom+xml")
    feed = ET.fromstring(response.content)
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]
    assert titles == ["1.5.0", "1.4.0"]
    content = feed.find(f"{ATOM}entry").findtext(f"{ATOM}summary")
    assert "修复" in content
    assert "Starts again." in content
    english = ET.fromstring(client.get("/changelog/feed/?language=en").content)
    assert "Mended" in english.find(f"{ATOM}entry").findtext(f"{ATOM}summary")


def test_no_site_may_frame_it_until_a_manager_names_one(client, shipped, product):
    response = client.get("/changelog/widget/")
    assert "Dark at last." in response.content.decode()
    assert response["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]

    Train.objects.create(product=product, framed_by="https://example.org")
    response = client.get("/changelog/widget/")
    assert "X-Frame-Options" not in response
    assert "frame-ancestors https://example.org" in response["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in client.get("/releases/")["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("https://example.org", ["https://example.org"]),
        (
            "https://example.org/page?x=1\nhttp://localhost:3000",
            ["https://example.org", "http://localhost:3000"],
        ),
        ("https://a.example https://a.example", ["https://a.example"]),
        ("", []),
    ],
)
def test_a_site_is_named_by_its_address(words, named):
    assert origins(words) == named


@pytest.mark.parametrize(
    "words",
    ["*", "https://*", "example.org", "javascript:x", "https://a;script-src", "https://a:x"],
)
def test_what_names_no_site_opens_nothing(words):
    with pytest.raises(Refusal):
        origins(words)
