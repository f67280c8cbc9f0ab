"""Splitting an item: which asks, words and owner go where, who hears, and taking it back."""

import pytest

from feedback.asks.decisions.shape import join_asks
from feedback.asks.stages import Stage
from feedback.kernel.refusals import Refusal
from feedback.notify.following.operations import subscribe
from feedback.notify.following.queries import Standing, standings
from feedback.notify.groups import About
from feedback.notify.models import Notice
from feedback.roadmap import operations
from feedback.roadmap.lineage.operations import split_item, undo_reshaping
from feedback.roadmap.models import Item, Reshaping


@pytest.fixture
def bright(item, person, publish, make_ask, pia, now):
    """A second ask of the item, Cleo's, which is being worked on."""
    ask = make_ask(publish(person("Cleo"), "It is too bright"))
    operations.link_ask(item=item, ask=ask, actor=pia, now=now)
    operations.move(item=item, stage=Stage.IN_PROGRESS, actor=pia, now=now)
    ask.refresh_from_db()
    return ask


def text_of(response):
    return response.content.decode()


def split(client, item, *asks, **kwargs):
    fields = {
        "split-asks": [ask.public_id for ask in asks],
        "split-title": "A dimmer",
        "split-summary": "One slider",
        **kwargs,
    }
    return client.post(f"/roadmap/{item.public_id}/split/", fields, follow=True)


def test_the_chosen_asks_go_with_their_words_owner_and_stage(
    client, client_of, item, bright, pia, mo, dark_mode
):
    page = text_of(split(client_of(pia), item, bright, **{"split-owner": mo.pk}))
    assert "“A dimmer” is an item of its own now" in page
    new = Item.objects.get(title="A dimmer")
    assert (new.stage, new.owner, new.summary) == (Stage.IN_PROGRESS, mo, "One slider")
    theirs = text_of(client.get(f"/roadmap/{new.public_id}/"))
    assert "It is too bright" in theirs
    assert "Split off from “A dark theme”." in theirs
    ours = text_of(client.get(f"/roadmap/{item.public_id}/"))
    assert "Dark mode, please" in ours
    assert "“A dimmer” was split off." in ours
    bright.refresh_from_db()
    assert bright.stage == Stage.IN_PROGRESS
    assert "A dimmer" in text_of(client.get("/roadmap/"))


def test_those_who_went_hear_once_and_followers_follow_both(
    client_of, item, bright, pia, ann, now, deliver, person
):
    dan = person("Dan")
    subscribe(person=dan, about=About.ITEM, about_id=item.pk, is_muted=False, now=now)
    deliver()
    split(client_of(pia), item, bright)
    deliver()
    cleo = bright.medoid.author
    told = Notice.objects.filter(key__startswith="item:reshaped:")
    assert sorted(told.values_list("person", flat=True)) == sorted([cleo.pk, dan.pk])
    assert "an item of its own now" in text_of(client_of(cleo).get("/inbox/"))
    new = Item.objects.get(title="A dimmer")
    assert standings(dan, About.ITEM, [new.pk]) == {new.pk: Standing.FOLLOWS}
    operations.move(item=new, stage=Stage.BETA, actor=pia, now=now)
    deliver()
    heard = Notice.objects.filter(key__startswith=f"item:{new.public_id}:BETA")
    assert set(heard.values_list("person", flat=True)) == {cleo.pk, dan.pk}
    assert ann.pk not in told.values_list("person", flat=True)


@pytest.mark.parametrize("both", [True, False])
def test_an_ask_stays_and_an_ask_goes(client_of, item, bright, pia, dark_mode, both):
    response = split(client_of(pia), item, *([bright, dark_mode] if both else []))
    assert response.status_code == 422
    assert Item.objects.count() == 1


def test_a_shipped_item_is_not_split(item, bright, pia, now):
    operations.ship(item=item, version="1.4.0", actor=pia, now=now)
    with pytest.raises(Refusal, match="has shipped"):
        split_item(item=item, asks=[bright], title="A dimmer", actor=pia, now=now)


def test_a_declined_item_is_split_with_its_reason(client, item, bright, pia, now):
    operations.decline(item=item, reason="Too dear.", actor=pia, now=now)
    new = split_item(item=item, asks=[bright], title="A dimmer", actor=pia, now=now).other
    assert "Too dear." in text_of(client.get(f"/roadmap/{new.public_id}/"))
    operations.move(item=new, stage=Stage.PLANNED, actor=pia, now=now)
    bright.refresh_from_db()
    assert bright.stage == Stage.PLANNED


def test_an_ask_that_took_another_in_goes_with_it(
    item, bright, pia, now, publish, make_ask, bo, dark_mode
):
    third = make_ask(publish(bo, "So bright"))
    operations.link_ask(item=item, ask=third, actor=pia, now=now)
    third.refresh_from_db()
    join_asks(ask=third, into=bright, actor=pia, now=now)
    new = split_item(item=item, asks=[bright], title="A dimmer", actor=pia, now=now).other
    assert new.links.count() == 2
    assert [link.ask for link in item.links.all()] == [dark_mode]


def test_a_split_is_undone_and_its_address_leads_back(
    client, client_of, item, bright, pia, now, deliver
):
    split(client_of(pia), item, bright)
    new = Item.objects.get(title="A dimmer")
    client_of(pia).post(f"/roadmap/{new.public_id}/undo/{Reshaping.objects.get().pk}/")
    assert client.get(f"/roadmap/{new.public_id}/")["Location"] == f"/roadmap/{item.public_id}/"
    assert item.links.count() == 2
    deliver()
    assert not Notice.objects.filter(key__startswith="item:reshaped:").exists()
    again = split_item(item=item, asks=[bright], title="A dimmer", actor=pia, now=now)
    operations.move(item=again.other, stage=Stage.BETA, actor=pia, now=now)
    # The clock stands still: it was split before it moved.
    Reshaping.objects.filter(pk=again.pk).update(made_at=now.replace(hour=1))
    with pytest.raises(Refusal, match="its own way"):
        undo_reshaping(reshaping=again, actor=pia, now=now)
