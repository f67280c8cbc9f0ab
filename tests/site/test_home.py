"""Home, and how the site looks to a reader."""

import datetime as dt

from feedback.forum.comments.operations import comment
from feedback.roadmap import operations as roadmap
from feedback.roadmap.models import Release
from feedback.roadmap.train import operations as train
from feedback.roadmap.train.leaving import leave


def test_an_empty_site_says_what_will_be_here_and_offers_the_first_step(client_of, db):
    page = client_of(None).get("/").content.decode()
    assert "The first post will be here" in page
    assert "/posts/new/" in page


def test_home_says_what_the_posts_add_up_to(client_of, ann, bo, publish, make_ask):
    make_ask(publish(ann, "Dark mode"), publish(bo, "Night theme"))
    page = client_of(None).get("/").content.decode()
    assert "2 posts are <span><b>1 asks,</b> <b>0 answered.</b>" in page


def test_home_and_the_asks_agree_while_none_is_confirmed(client_of, ann, bo, publish, make_ask):
    make_ask(publish(ann, "Dark mode"), publish(bo, "Night theme"), state="PROPOSED")
    home = client_of(None).get("/").content.decode()
    assert "2 posts look like <span><b>1 asks,</b> <b>0 confirmed.</b>" in home
    asks = client_of(None).get("/asks/").content.decode()
    assert "1 ask is proposed, none confirmed yet" in asks


def test_home_shows_the_boards_with_their_counts(client_of, ann, board, publish):
    publish(ann)
    page = client_of(None).get("/").content.decode()
    assert '<a href="/boards/suggestions/"' in page


def test_home_shows_this_weeks_train(client_of, frozen, product, pia):
    """Its stops until it leaves, its report afterwards, then the next one."""

    def train_at(when):
        frozen.move_to(when)
        week = client_of(None).get("/").context["week"]
        return week and (week.release.version, [call.state for call in week.calls])

    monday = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
    assert train_at(monday) is None
    for version in ("1.0", "1.1"):
        train.plan_release(product=product, version=version, actor=pia, now=monday)
    first = Release.objects.get(version="1.0")
    train.move_release(release=first, stop="PREVIEW", actor=pia, now=monday)
    assert train_at(monday) == ("1.0", ["past", "here", "ahead", "ahead", "ahead"])
    leave(release=first, actor=pia, now=monday + dt.timedelta(days=4))
    on_saturday = ("1.0", ["past", "past", "past", "here", "ahead"])
    assert train_at(monday + dt.timedelta(days=5)) == on_saturday
    assert train_at(monday + dt.timedelta(days=7)) == ("1.1", ["ahead"] * 5)


def test_the_language_is_switched_and_remembered_for_mails(client_of, ann):
    client = client_of(ann)
    response = client.post("/language/", {"language": "zh-hans", "next": "/search/"})
    assert response["Location"] == "/search/"
    assert response.cookies["heed_language"].value == "zh-hans"
    ann.refresh_from_db()
    assert ann.language == "zh-hans"
    assert (
        client.post("/language/", {"language": "xx", "next": "//evil.example"})["Location"] == "/"
    )
    assert client.get("/language/").status_code == 405


def test_the_theme_is_a_cookie(client_of, db):
    client = client_of(None)
    response = client.post("/theme/", {"theme": "dark", "next": "/search/"})
    assert response["Location"] == "/search/"
    assert client.get("/").context["theme"] == "dark"
    client.post("/theme/", {"theme": "auto", "next": "https://evil.example/"})
    assert client.get("/").context["theme"] == "auto"
    assert client.post("/theme/", {"theme": "dark"}, HTTP_HX_REQUEST="true").status_code == 204


def test_a_phone_finds_what_shipped_and_who_spoke_before_the_posts(
    client, ann, bo, pia, publish, item, now
):
    roadmap.ship(item=item, version="1.4.0", actor=pia, now=now)
    comment(post=publish(bo), author=bo, body="I want that at night.", now=now)
    page = client.get("/").content.decode()
    strip = page[page.index('class="strip"') : page.index('class="tabs')]
    for shown in (
        "Shipped in 1.4.0",
        item.changelog_line.text,
        'class="face',
        "I want that at night.",
    ):
        assert shown in strip, shown
    assert ann.name in strip


def test_what_came_back_after_it_shipped_is_not_shown_as_shipped(client, pia, item, now):
    roadmap.ship(item=item, version="1.4.0", actor=pia, now=now)
    assert "Shipped lately" in client.get("/").content.decode()
    type(item).objects.update(stage="IN_PROGRESS")
    assert "Shipped lately" not in client.get("/").content.decode()
