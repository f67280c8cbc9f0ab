"""Nobody reads the whole site by searching it."""

import pytest

from feedback.accounts.limits import Rate
from feedback.forum import allowed

pytestmark = pytest.mark.django_db


def test_a_member_searches_as_fast_as_a_person_can(client_of, ann, frozen, now):
    client = client_of(ann)
    assert client.get("/search/?q=dark").status_code == 200
    for _ in range(58):
        allowed.spend(allowed.SEARCHES, ann, now=now)
    assert client.get("/search/?q=dark").status_code == 200
    answer = client.get("/search/?q=dark")
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 60
    assert "Try again in 1 minute" in answer.content.decode()
    frozen.shift(60)
    assert client.get("/search/?q=dark").status_code == 200


def test_a_visitor_is_counted_by_address_and_a_look_at_the_empty_page_is_no_search(
    client, monkeypatch
):
    few = Rate("search", 2, allowed._SEARCHES_OF_VISITORS.per)
    monkeypatch.setattr(allowed, "_SEARCHES_OF_VISITORS", few)
    for _ in range(5):
        assert client.get("/search/").status_code == 200
    statuses = [client.get("/search/?q=dark").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    forged = client.get("/search/?q=dark", headers={"x-forwarded-for": "198.51.100.7"})
    assert forged.status_code == 429
    elsewhere = client.get("/search/?q=dark", REMOTE_ADDR="198.51.100.7")
    assert elsewhere.status_code == 200
