"""Moving an item from column to column: what a drop, a key and the plain form send."""

import pytest

from feedback.asks.stages import Stage
from feedback.journal.models import Entry
from feedback.roadmap import operations
from feedback.roadmap.models import Item
from feedback.roadmap.moving.operations import place
from tests.roadmap.test_at_once import at_once

BOARD = "/roadmap/?stage=PLANNED"


def text_of(response):
    return response.content.decode()


def drop(client, item, to, seen="PLANNED", **fields):
    sent = {"to": to, "seen": seen, "back": BOARD, **fields}
    return client.post(f"/roadmap/{item.public_id}/to/", sent)


def test_a_drop_moves_and_comes_back_to_the_board(client_of, item, dark_mode, pia):
    response = drop(client_of(pia), item, "IN_PROGRESS")
    assert response["Location"] == f"{BOARD}#item-{item.public_id}"
    item.refresh_from_db()
    dark_mode.refresh_from_db()
    assert (item.stage, dark_mode.stage) == (Stage.IN_PROGRESS, Stage.IN_PROGRESS)


def test_only_a_manager_has_anything_to_move(client, client_of, item, pia, mo):
    for reader in (client, client_of(mo)):
        page = text_of(reader.get("/roadmap/"))
        assert "data-move" not in page
        assert "board.js" not in page
    page = text_of(client_of(pia).get("/roadmap/"))
    assert f'data-move="/roadmap/{item.public_id}/to/"' in page
    assert 'data-may-become="BETA DECLINED IN_PROGRESS SHIPPED UNDER_REVIEW"' in page


def test_the_plain_form_asks_for_what_the_stage_needs_and_nothing_else(client_of, item, pia):
    page = f"/roadmap/{item.public_id}/to/"
    manager = client_of(pia)
    both = manager.get(page, {"to": ["IN_PROGRESS", "BETA"]}).context["form"]
    assert [stage for stage, _ in both.fields["to"].choices] == ["IN_PROGRESS", "BETA"]
    assert "reason" not in both.fields
    assert "version" not in both.fields
    every = manager.get(page).context["form"]
    assert [stage for stage, _ in every.fields["to"].choices] == [
        "UNDER_REVIEW",
        "IN_PROGRESS",
        "BETA",
        "SHIPPED",
        "DECLINED",
    ]


def test_declining_asks_for_a_reason_and_shipping_for_a_version(client_of, item, pia):
    manager = client_of(pia)
    response = drop(manager, item, "DECLINED")
    assert response.status_code == 422
    assert "Say why" in text_of(response)
    response = drop(manager, item, "SHIPPED")
    assert response.status_code == 422
    assert "Say in which version it ships." in text_of(response)
    response = drop(manager, item, "SHIPPED", version="1.4.0", release_date="2026-03-06")
    assert response.status_code == 302
    item.refresh_from_db()
    assert item.release.version == "1.4.0"


@pytest.mark.parametrize("to", ["", "NONSENSE", "SHIPPED BETA"])
def test_no_stage_is_no_move(client_of, item, pia, to):
    assert drop(client_of(pia), item, to).status_code == 422


def test_a_stale_move_shows_both_and_loses_no_word(client_of, item, pia, mo, now):
    operations.move(item=item, stage=Stage.BETA, actor=pia, now=now)
    response = drop(client_of(pia), item, "DECLINED", reason="It is *ugly*.")
    assert response.status_code == 409
    page = text_of(response)
    assert "Where it stands now" in page
    assert "Moved by Pia" in page
    assert page.count("It is *ugly*.") == 2  # as it was wanted, and in the form
    item.refresh_from_db()
    assert item.stage == Stage.BETA
    assert drop(client_of(pia), item, "DECLINED", seen="BETA", reason="Ugly.").status_code == 302


def test_what_may_not_follow_any_more_is_shown_with_what_may(client_of, item, pia, now):
    operations.decline(item=item, reason="Too dear.", actor=pia, now=now)
    response = drop(client_of(pia), item, "SHIPPED", version="1.4.0", text="Dark at last")
    assert response.status_code == 409
    page = text_of(response)
    assert "Too dear." in page
    assert "Dark at last" in page
    stages = [stage for stage, _ in response.context["form"].fields["to"].choices]
    assert stages == ["UNDER_REVIEW", "PLANNED"]


def test_where_somebody_moved_it_already_it_stands(client_of, item, pia, now):
    operations.move(item=item, stage=Stage.BETA, actor=pia, now=now)
    assert drop(client_of(pia), item, "BETA").status_code == 302
    assert Entry.objects.filter(verb="roadmap.item-moved").count() == 1


def test_no_other_site_is_gone_back_to(client_of, item, pia):
    response = drop(client_of(pia), item, "BETA", back="https://example.org/")
    assert response["Location"] == f"/roadmap/#item-{item.public_id}"


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_moves_and_the_other_sees_it(item, pia, now):
    outcomes = at_once(
        *[
            lambda stage=stage: place(
                item=item, stage=stage, seen="PLANNED", actor=pia, now=now, reason="No."
            )
            for stage in (Stage.BETA, Stage.IN_PROGRESS, Stage.DECLINED)
        ]
    )
    names = sorted(type(outcome).__name__ for outcome in outcomes)
    assert names == ["Item", "StaleMove", "StaleMove"]
    assert Item.objects.get().stage in {one.stage for one in outcomes if isinstance(one, Item)}
