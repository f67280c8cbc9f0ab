"""Joining an item into another, from the page to everyone who asked, and taking it back."""

import pytest

from feedback.asks.stages import Stage
from feedback.kernel.refusals import Refusal
from feedback.notify.following.operations import subscribe
from feedback.notify.following.queries import Standing, standings
from feedback.notify.groups import About
from feedback.notify.models import Notice
from feedback.roadmap import operations
from feedback.roadmap.lineage.operations import join_items, undo_reshaping
from feedback.roadmap.models import Item, Reshaping


@pytest.fixture
def other(person, publish, make_ask, pia, now):
    """An item that is being worked on, which Cleo asked for."""
    ask = make_ask(publish(person("Cleo"), "Colours for the night"))
    made = operations.adopt(ask=ask, title="Night colours", actor=pia, now=now)
    return operations.move(item=made, stage=Stage.IN_PROGRESS, actor=pia, now=now)


def text_of(response):
    return response.content.decode()


def join(client, item, other, **kwargs):
    address = f"/roadmap/{item.public_id}/join/"
    return client.post(address, {"join-into": other.public_id}, **kwargs)


def told(person, key):
    return Notice.objects.filter(person=person, key__startswith=key)


def test_the_old_address_leads_to_the_new_one_and_the_asks_come_along(
    client, client_of, item, other, pia, dark_mode
):
    page = text_of(join(client_of(pia), item, other, follow=True))
    assert "“A dark theme” is part of this item now" in page
    response = client.get(f"/roadmap/{item.public_id}/")
    assert response["Location"] == f"/roadmap/{other.public_id}/"
    page = text_of(client.get(response["Location"]))
    assert "Dark mode, please" in page
    assert "“A dark theme” was joined into this." in page
    dark_mode.refresh_from_db()
    assert dark_mode.stage == Stage.IN_PROGRESS
    board = text_of(client.get("/roadmap/"))
    assert "Night colours" in board
    assert "A dark theme" not in board
    assert "A dark theme" not in text_of(client.get("/search/?q=dark+theme"))


def test_each_hears_once_and_followers_come_along(
    client_of, item, other, pia, ann, bo, person, now, deliver, dark_mode
):
    dan = person("Dan")
    subscribe(person=dan, about=About.ITEM, about_id=item.pk, is_muted=False, now=now)
    deliver()
    join(client_of(pia), item, other)
    deliver()
    for who in (ann, bo, dan):
        notice = told(who, "item:reshaped:").get()
        page = text_of(client_of(who).get("/inbox/"))
        assert "part of this" in page
        opened = client_of(who).post(f"/inbox/{notice.public_id}/", follow=True)
        assert opened.request["PATH_INFO"] == f"/roadmap/{other.public_id}/"
    assert standings(dan, About.ITEM, [other.pk]) == {other.pk: Standing.FOLLOWS}
    assert "A dark theme" not in text_of(client_of(dan).get("/settings/news/"))
    operations.move(item=other, stage=Stage.BETA, actor=pia, now=now)
    deliver()
    for who in (ann, dan):
        assert told(who, f"item:{other.public_id}:BETA").count() == 1


def test_a_join_is_undone_and_every_ask_is_back_at_its_stage(
    client, client_of, item, other, pia, ann, dark_mode, deliver
):
    join(client_of(pia), item, other)
    reshaping = Reshaping.objects.get()
    manager = client_of(pia)
    assert "Undo" in text_of(manager.get(f"/roadmap/{other.public_id}/"))
    manager.post(f"/roadmap/{other.public_id}/undo/{reshaping.pk}/")
    assert client.get(f"/roadmap/{item.public_id}/").status_code == 200
    page = text_of(client.get(f"/roadmap/{item.public_id}/"))
    assert "Dark mode, please" in page
    assert "Undone" in page
    dark_mode.refresh_from_db()
    assert dark_mode.stage == Stage.PLANNED
    deliver()
    assert not told(ann, "item:reshaped:").exists(), "it was undone before anybody heard"


def test_what_a_joined_item_was_planned_for_comes_back_with_it(item, other, pia, now):
    day = now.date()
    words = {"title": item.title, "summary": "", "version": "2.0", "release_date": day}
    item = operations.edit_item(item=item, actor=pia, now=now, **words)
    joined = join_items(item=item, into=other, actor=pia, now=now)
    item.refresh_from_db()
    assert item.release is None
    undo_reshaping(reshaping=joined, actor=pia, now=now)
    item.refresh_from_db()
    assert item.release.version == "2.0"


def test_a_second_join_stands_on_the_first(item, other, pia, now, publish, make_ask, bo, client):
    last = operations.adopt(
        ask=make_ask(publish(bo, "Dim it")), title="Dim light", actor=pia, now=now
    )
    first = join_items(item=item, into=other, actor=pia, now=now)
    second = join_items(item=other, into=last, actor=pia, now=now)
    assert client.get(f"/roadmap/{item.public_id}/")["Location"] == f"/roadmap/{last.public_id}/"
    with pytest.raises(Refusal, match="Undo that first"):
        undo_reshaping(reshaping=first, actor=pia, now=now)
    for one in (second, first):
        undo_reshaping(reshaping=one, actor=pia, now=now)
    assert [one.links.count() for one in (item, other, last)] == [1, 1, 1]
    assert not Item.objects.exclude(joined_into=None).exists()


def test_what_is_closed_is_not_joined(client_of, item, other, pia, now):
    operations.decline(item=item, reason="Too dear.", actor=pia, now=now)
    with pytest.raises(Refusal, match="is closed"):
        join_items(item=item, into=other, actor=pia, now=now)
    assert join(client_of(pia), other, item).status_code == 422


def test_what_was_joined_moves_no_more(client_of, item, other, pia, now):
    join_items(item=item, into=other, actor=pia, now=now)
    response = client_of(pia).post(
        f"/roadmap/{item.public_id}/edit/",
        {"edit-title": "Darker", "edit-summary": "My long words"},
    )
    assert response.status_code == 422
    assert "“A dark theme” was joined into “Night colours”." in text_of(response)
    assert "My long words" in text_of(response)


def test_shipping_what_was_joined_into_thanks_both(client, item, other, pia, now):
    join_items(item=item, into=other, actor=pia, now=now)
    shipped = operations.ship(item=other, version="1.4.0", actor=pia, now=now)
    assert shipped.changelog_line.people_count == 3
    with pytest.raises(Refusal, match="is closed"):
        undo_reshaping(reshaping=Reshaping.objects.get(), actor=pia, now=now)
