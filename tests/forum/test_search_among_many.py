"""Searching where more posts have the words than are compared or shown."""

import datetime as dt
import re

from feedback.forum.posts import bulk


def numbers(client, query, page=1):
    """Return the numbers of the posts on a page of hits, and the page itself."""
    answer = client.get("/search/", {"q": query, "page": page}).content.decode()
    titled = re.findall(r'row__title">\s*<a [^>]*>Number (\d+)<', answer)
    return [int(number) for number in titled], answer


def test_a_phrase_is_found_behind_many_newer_posts_and_the_pages_end(client, board, now):
    rows = [
        bulk.ImportRow(
            str(at),
            f"Number {at}",
            "the update came and the battery went" if at else "the battery update hurts",
            posted_at=now - dt.timedelta(days=300 - at),
        )
        for at in range(300)
    ]
    bulk.import_rows(rows, board=board, source="many", now=now)
    assert numbers(client, '"battery update"')[0] == [0]
    last, page = numbers(client, "battery update", page=14)
    assert len(last) == 5
    assert "page=15" not in page
    assert "page=14" in numbers(client, "battery update", page=13)[1]


def test_it_says_how_much_is_found(client, ann, publish, monkeypatch):
    publish(ann, "Dark mode")
    publish(ann, "A dark theme")
    found = "/search/?q=dark"
    assert '<h2 class="found__count">2 found</h2>' in client.get(found).content.decode()
    monkeypatch.setattr("feedback.forum.search.views.MOST", 2)
    assert '<h2 class="found__count">2 and more</h2>' in client.get(found).content.decode()
