"""The public roadmap, releases, and what a manager does on an item's page."""

import datetime as dt

import pytest

from feedback.asks.answers import answer_ask
from feedback.asks.stages import Stage
from feedback.roadmap import operations
from feedback.roadmap.models import ChangelogLine, Item, Release


def text_of(response):
    return response.content.decode()


def counted_by_choice(person):
    person.credit = "COUNTED"
    person.save()


def test_an_empty_roadmap_says_what_will_be_here(client, db):
    response = client.get("/roadmap/")
    assert response.status_code == 200
    assert "Nothing is planned yet" in text_of(response)


def test_the_timetable_shows_each_item_on_its_platform(client, item, pia, now):
    assert "A dark theme" in text_of(client.get("/roadmap/"))
    operations.decline(item=item, reason="It costs too much.", actor=pia, now=now)
    page = text_of(client.get("/roadmap/"))
    assert "Declined, and why" in page
    assert "It costs too much." in page


def test_a_card_says_on_which_day_its_version_leaves(client, item, product):
    release = Release.objects.create(
        product=product, version="1.4.0", release_date=dt.date(2026, 4, 17)
    )
    Item.objects.filter(pk=item.pk).update(release=release)
    assert '1.4.0 <span class="hint">April 17</span>' in text_of(client.get("/roadmap/"))
    Release.objects.update(release_date=dt.date(2026, 4, 24))
    assert '1.4.0 <span class="hint">April 24</span>' in text_of(client.get("/roadmap/"))


def test_the_roadmap_speaks_chinese(client, item):
    page = text_of(client.get("/roadmap/", headers={"accept-language": "zh-Hans"}))
    assert '<html lang="zh-hans"' in page


def test_the_roadmap_does_not_ask_once_an_item(
    client, ann, pia, publish, make_ask, now, django_assert_max_num_queries
):
    for number in range(12):
        ask = make_ask(publish(ann, f"Wish {number}"))
        made = operations.adopt(ask=ask, actor=pia, now=now, title=f"Plan {number}")
        if number % 2:
            operations.ship(item=made, version=f"1.{number}", actor=pia, now=now)
    client.get("/nothing/here/")  # what a process reads once in a while: how the site looks
    with django_assert_max_num_queries(12):
        client.get("/roadmap/")
    with django_assert_max_num_queries(12):
        client.get("/releases/")


def test_an_item_shows_who_asked_and_the_asks_behind_it(client, item, dark_mode, bo):
    counted_by_choice(bo)
    page = text_of(client.get(f"/roadmap/{item.public_id}/"))
    assert "Dark mode, please" in page
    assert f"/asks/{dark_mode.public_id}/" in page
    assert "Ann" in page
    assert "and 1 other" in page
    assert "For the team" not in page


def test_an_item_shows_official_answers(client, item, dark_mode, pia, now):
    answer_ask(ask=dark_mode, body="It is *coming*.", actor=pia, now=now)
    page = text_of(client.get(f"/roadmap/{item.public_id}/"))
    assert "Official answer" in page
    assert "It is <em>coming</em>." in page


def test_an_item_that_does_not_exist_is_not_found(client, db):
    assert client.get("/roadmap/23456789abc/").status_code == 404
    assert client.get("/releases/9.9/").status_code == 404


def test_a_manager_ships_from_the_page(client_of, item, pia, client, ann, bo):
    counted_by_choice(bo)
    manager = client_of(pia)
    assert "For the team" in text_of(manager.get(f"/roadmap/{item.public_id}/"))
    response = manager.post(
        f"/roadmap/{item.public_id}/ship/",
        {"ship-version": "1.4.0", "ship-release_date": "2026-03-06", "ship-text": "Dark at last."},
    )
    assert response["Location"] == f"/roadmap/{item.public_id}/"
    page = text_of(client.get("/releases/1.4.0/"))
    assert "Dark at last." in page
    assert f"/people/{ann.public_id}/" in page
    assert "and 1 other" in page
    assert "Dark at last." in text_of(client.get("/releases/"))
    assert "Changed in 1.4.0" in text_of(client.get(f"/roadmap/{item.public_id}/"))


def test_shipping_again_from_a_stale_page_says_so(client_of, item, pia):
    manager = client_of(pia)
    fields = {"ship-version": "1.4.0", "ship-release_date": "2026-03-06", "ship-text": ""}
    manager.post(f"/roadmap/{item.public_id}/ship/", fields)
    response = manager.post(f"/roadmap/{item.public_id}/ship/", fields, follow=True)
    assert "has shipped already" in text_of(response)
    assert ChangelogLine.objects.count() == 1


@pytest.mark.parametrize("version", ["", "1/2", "..", "a?b"])
def test_a_version_must_be_able_to_stand_in_an_address(client_of, item, pia, version):
    response = client_of(pia).post(
        f"/roadmap/{item.public_id}/ship/",
        {"ship-version": version, "ship-release_date": "2026-03-06"},
    )
    assert response.status_code == 422
    item.refresh_from_db()
    assert item.stage == Stage.PLANNED


def test_declining_without_a_reason_comes_back_with_the_form(client_of, item, pia):
    manager = client_of(pia)
    address = f"/roadmap/{item.public_id}/move/"
    response = manager.post(address, {"move-stage": "DECLINED", "move-reason": " "})
    assert response.status_code == 422
    assert "Say why" in text_of(response)
    manager.post(address, {"move-stage": "DECLINED", "move-reason": "It is ugly."})
    assert "It is ugly." in text_of(manager.get(f"/roadmap/{item.public_id}/"))


def test_a_stage_out_of_reach_is_refused(client_of, item, pia):
    response = client_of(pia).post(
        f"/roadmap/{item.public_id}/move/", {"move-stage": "SHIPPED", "move-reason": ""}
    )
    assert response.status_code == 422


def test_a_manager_edits_links_and_unlinks(client_of, item, pia, bo, publish, make_ask):
    manager = client_of(pia)
    other = make_ask(publish(bo, "It is too bright"))
    base = f"/roadmap/{item.public_id}/"
    manager.post(
        base + "edit/",
        {
            "edit-title": "Night colours",
            "edit-summary": "For *late* readers",
            "edit-version": "2.0",
            "edit-release_date": "2026-03-13",
        },
    )
    response = manager.post(
        base + "link/", {"link-ask": f"http://testserver/asks/{other.public_id}/"}
    )
    assert response.status_code == 302
    page = text_of(manager.get(base))
    assert "Night colours" in page
    assert "<em>late</em>" in page
    assert "It is too bright" in page
    assert "2.0" in text_of(manager.get("/releases/"))
    manager.post(base + "unlink/", {"link-ask": other.public_id})
    assert Item.objects.get().asks.count() == 1
    assert manager.post(base + "link/", {"link-ask": "nonsense"}).status_code == 422


def test_the_ask_page_leads_to_its_item(client, item, dark_mode):
    page = text_of(client.get(f"/asks/{dark_mode.public_id}/"))
    assert f"/roadmap/{item.public_id}/" in page


def test_names_are_shown_as_text(client, item, ann, pia, now):
    ann.display_name = "<script>alert(1)</script>"
    ann.save()
    operations.ship(item=item, version="1.4.0", actor=pia, now=now)
    page = text_of(client.get("/releases/1.4.0/"))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_table_of_credits_reads_well_for_any_number(ann, bo, person):
    from feedback.roadmap.credits import sentence

    cleo, dan = person("Cleo"), person("Dan")
    plain = lambda *arguments: __import__("re").sub("<[^>]+>", "", sentence(*arguments))  # noqa: E731
    assert plain([], 1) == "asked by 1 person"
    assert plain([], 2140) == "asked by 2,140 people"
    assert plain([ann], 1) == "asked by Ann"
    assert plain([ann, bo], 2) == "asked by Ann and Bo"
    assert plain([ann, bo, cleo, dan], 4) == "asked by Ann, Bo, Cleo and 1 other"
    assert plain([ann, bo], 214) == "asked by Ann, Bo and 212 others"


def test_a_release_to_come_is_marked(client, item, pia, now):
    operations.edit_item(
        item=item,
        title="Dark",
        summary="",
        version="9.0",
        release_date=dt.date(2026, 4, 3),
        actor=pia,
        now=now,
    )
    assert "to come" in text_of(client.get("/releases/9.0/"))
