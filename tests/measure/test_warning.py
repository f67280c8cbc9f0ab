"""What grows raises one alert a case, with its evidence; what only looks like it raises none."""

import datetime as dt

import pytest
from django.core.cache import cache

from feedback.accounts.handover.models import ProductAccount
from feedback.accounts.models import User
from feedback.asks.models import Ask, Membership, Proposal
from feedback.forum.models import Post
from feedback.forum.posts import bulk
from feedback.journal.models import Entry
from feedback.kernel import text
from feedback.measure.alerts import operations as alerting
from feedback.measure.alerts import queries as alerts
from feedback.measure.alerts.by_part import look_by_part
from feedback.measure.models import Alert

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def written(board, author, title, at, **fields):
    """Return an unsaved post as publishing would have made it; hundreds of them are made in one go."""
    return Post(
        board=board,
        author=author,
        title=title,
        language="en",
        content_hash=text.content_hash(title, ""),
        posted_at=at,
        arrived_at=at,
        last_activity_at=at,
        **fields,
    )


@pytest.fixture
def history(board, person, make_ask, now):
    """Eight asks, each asked every third day for sixteen weeks; returns them."""
    people = [person(f"Writer {at}") for at in range(10)]
    asks = []
    for number in range(8):
        posts = Post.objects.bulk_create(
            written(
                board,
                people[(number + day) % 10],
                f"Wish {number}, day {day}",
                now - day * DAY,
            )
            for day in range(number % 3, 112, 3)
        )
        asks.append(make_ask(*posts, title=f"Wish {number}"))
    return asks


@pytest.fixture
def add(board, person, now):
    """Add posts to an ask: ``add(ask, 12, days=5)``, each by somebody else unless ``author`` is given."""
    made = []

    def give(ask, count, *, days=5, author=None, **fields):
        posts = Post.objects.bulk_create(
            written(
                board,
                author or person(f"New {len(made) + at}"),
                f"{ask.title}, number {len(made) + at} again",
                now - (at % days) * DAY,
                **fields,
            )
            for at in range(count)
        )
        made.extend(posts)
        Membership.objects.bulk_create(
            Membership(post=post, ask=ask, source="MACHINE", placed_at=now) for post in posts
        )
        return posts

    return give


def test_an_ask_that_grows_raises_one_alert_with_its_evidence(product, history, add, now):
    posts = add(history[2], 16, product_version="2.1.0")
    assert alerting.raise_alerts(product=product, now=now) == 1
    alert = Alert.objects.get()
    assert alert.ask == history[2]
    assert alert.strength > 1.25
    assert alert.people_count >= 16
    assert alert.evidence["posts"] >= 16
    assert alert.evidence["expected"] < 6
    assert set(alert.evidence["sample"]) <= {post.public_id for post in Post.objects.all()}
    assert posts[0].product_version == "2.1.0"
    assert Entry.objects.filter(verb="measure.alert-raised").count() == 1


def test_looking_again_brings_it_up_to_date_and_raises_no_second(product, history, add, now):
    add(history[2], 16)
    alerting.raise_alerts(product=product, now=now)
    before = Alert.objects.get()
    add(history[2], 10)
    assert alerting.raise_alerts(product=product, now=now + dt.timedelta(hours=2)) == 0
    after = Alert.objects.get()
    assert after.people_count > before.people_count
    assert after.raised_at == before.raised_at
    assert Entry.objects.filter(verb="measure.alert-raised").count() == 1


def test_it_ends_when_it_is_over(product, history, add, now, frozen):
    add(history[2], 16)
    alerting.raise_alerts(product=product, now=now)
    for post in Post.objects.filter(title__endswith="again"):
        Post.objects.filter(pk=post.pk).update(state=Post.State.HIDDEN)
    alerting.raise_alerts(product=product, now=now)
    assert Alert.objects.get().ended_at == now
    assert not alerts.open_alerts().exists()


def test_what_returns_in_the_same_window_is_the_same_case(product, history, add, now):
    made = add(history[2], 16)
    alerting.raise_alerts(product=product, now=now)
    Alert.objects.update(ended_at=now)
    alerting.raise_alerts(product=product, now=now)
    assert Alert.objects.get().ended_at is None
    assert made


def test_nothing_is_raised_on_a_steady_board(product, history, now):
    assert alerting.raise_alerts(product=product, now=now) == 0
    assert alerts.look(product, now=now).posts > 0


def test_one_person_who_writes_much_raises_nothing(product, history, add, now, bo):
    add(history[2], 20, author=bo)
    assert alerting.raise_alerts(product=product, now=now) == 0


def imported(board, ask, rows, now, source="reviews"):
    """Import rows of (id, moment or None) and put them into ``ask``."""
    bulk.import_rows(
        [
            bulk.ImportRow(
                external_id=key,
                title=f"{ask.title} {key}",
                body="",
                author=f"by {key}",
                posted_at=at,
            )
            for key, at in rows
        ],
        board=board,
        source=source,
        now=now,
    )
    for post in Post.objects.filter(source=source, membership__isnull=True):
        Membership.objects.create(post=post, ask=ask, source="MACHINE", placed_at=now)


def test_an_import_of_old_posts_raises_nothing(product, history, board, now):
    rows = [(f"r{at}", now - (at % 50 + 20) * DAY) for at in range(200)]
    imported(board, history[3], rows, now)
    assert alerting.raise_alerts(product=product, now=now) == 0


def test_an_import_without_dates_raises_nothing_and_is_said(product, history, board, now):
    imported(board, history[3], [(f"r{at}", None) for at in range(120)], now)
    assert alerting.raise_alerts(product=product, now=now) == 0
    assert alerts.look(product, now=now).undated == 120


def test_a_new_source_is_not_compared_yet(product, history, board, now):
    rows = [(f"r{at}", now - (at % 5 + 1) * dt.timedelta(hours=20)) for at in range(60)]
    imported(board, history[3], rows, now)
    assert alerting.raise_alerts(product=product, now=now) == 0
    assert alerts.look(product, now=now).new_sources == ["reviews"]


def test_a_board_of_the_past_is_shown_and_alarms_nobody(product, history, add, now):
    add(history[2], 16)
    later = now + 60 * DAY
    watched = alerts.look(product, now=later)
    assert watched.is_past
    assert watched.as_of == now.date()
    assert watched.growth[0].ask_id == history[2].pk
    assert alerting.raise_alerts(product=product, now=later) == 0


def test_an_empty_board_has_nothing_to_look_at(product, db, now):
    watched = alerts.look(product, now=now)
    assert watched.as_of is None
    assert alerting.raise_alerts(product=product, now=now) == 0


def test_a_release_is_known_from_the_versions_people_name(product, history, person, publish, now):
    for at in range(12):
        publish(person(f"On {at}"), f"Anything {at}", product_version="3.0", now=now - 6 * DAY)
    (release,) = alerts.releases(product, until=now.date())
    assert (release.version, release.day) == ("3.0", (now - 6 * DAY).date())
    assert not release.is_told


def test_a_release_is_known_from_the_roadmap(product, history, item, pia, now):
    from feedback.roadmap import operations as roadmap

    roadmap.ship(item=item, version="4.0", actor=pia, now=now - 4 * DAY)
    (release,) = alerts.releases(product, until=now.date())
    assert (release.version, release.is_told) == ("4.0", True)


def test_what_grows_after_a_release_is_told_as_that(product, history, add, person, publish, now):
    add(history[5], 18, days=6, product_version="3.0")
    alerting.raise_alerts(product=product, now=now)
    alert = Alert.objects.get()
    assert alert.kind == "RELEASE"
    assert alert.evidence["version"] == "3.0"
    assert alert.evidence["versions"] == [["3.0", 18]]


def test_a_release_of_long_ago_warns_no_more(product, history, add, board, person, now):
    add(history[5], 18, days=6, product_version="3.0")
    alerting.raise_alerts(product=product, now=now)
    later = now + 30 * DAY
    Post.objects.bulk_create(
        written(board, person(f"Later {at}"), f"Later {at}", later - at * DAY) for at in range(20)
    )
    assert alerts.look(product, now=later).release.version == "3.0"
    assert alerting.raise_alerts(product=product, now=later) == 0
    assert Alert.objects.get().ended_at == later


def test_seen_is_said_once_and_taken_back(product, history, add, now, pia, mo):
    add(history[2], 16)
    alerting.raise_alerts(product=product, now=now)
    alert = Alert.objects.get()
    assert alerting.see(alert=alert, actor=pia, now=now)
    assert not alerting.see(alert=alert, actor=mo, now=now)
    assert not alerts.unseen_alerts().exists()
    assert alerts.open_alerts().get().seen_by == pia
    assert alerting.unsee(alert=alert, actor=mo, now=now)
    assert alerts.unseen_alerts().get() == alert


def test_a_joined_ask_alarms_nobody(product, history, add, now):
    add(history[2], 16)
    alerting.raise_alerts(product=product, now=now)
    Ask.objects.filter(pk=history[2].pk).update(state="JOINED", joined_into=history[3])
    assert not alerts.open_alerts().exists()


def test_a_look_is_taken_once_an_hour(product, history, add, now):
    cache.clear()
    assert alerting.raise_alerts_now_and_then(now=now) == 0
    add(history[2], 16)
    assert alerting.raise_alerts_now_and_then(now=now) == 0
    assert alerting.raise_alerts(product=product, now=now) == 1


def test_growth_that_does_not_name_the_new_version_is_not_its(
    product, history, add, person, publish, now
):
    add(history[5], 18, days=6, product_version="2.9")
    for at in range(12):
        publish(person(f"On {at}"), f"Anything {at}", product_version="3.0", now=now - 5 * DAY)
    alerting.raise_alerts(product=product, now=now)
    assert Alert.objects.get().kind != "RELEASE"


def test_a_run_that_puts_a_later_post_into_a_shipped_ask_proposes_a_regression(
    grouped, regroup, publish, person, ask_of, now, frozen
):
    ask = ask_of(grouped["export"][0])
    Ask.objects.filter(pk=ask.pk).update(state="PUBLIC", stage="SHIPPED", stage_changed_at=now)
    frozen.shift(3600)
    late = publish(person("Late"), "Export my data as CSV please")
    regroup()
    assert ask_of(late) == ask
    proposal = Proposal.objects.get(kind="REGRESSION")
    assert proposal.ask == ask
    assert proposal.evidence == {"posts": [late.public_id]}


# --- In the inbox -------------------------------------------------------------------------------------------------
@pytest.fixture
def risen(product, history, add, now):
    """The proposal to look at an ask that grew."""
    add(history[2], 16)
    alerting.raise_alerts(product=product, now=now)
    return Proposal.objects.get(kind="GROWTH", state="OPEN")


def test_what_grew_waits_in_the_inbox_once_and_with_its_figures(
    product, history, risen, add, client_of, pia, now
):
    assert risen.ask == history[2]
    add(history[2], 4)
    alerting.raise_alerts(product=product, now=now)
    people = risen.people_count
    risen = Proposal.objects.get(kind="GROWTH")
    assert risen.people_count > people
    page = client_of(pia).get(f"/desk/proposals/{risen.public_id}/").content.decode()
    assert f"{risen.evidence['posts']} posts by {risen.people_count} people" in page
    assert "Seen: onto the Tuesday list" in page
    assert "?kind=GROWTH" in page


@pytest.mark.parametrize("word", ["confirm", "reject"])
def test_settled_it_is_seen_and_taken_back_it_is_not(
    product, history, risen, client_of, pia, now, word
):
    desk = client_of(pia)
    desk.post(f"/desk/proposals/{risen.public_id}/", {"do": word})
    assert Alert.objects.get().seen_by == pia
    alerting.raise_alerts(product=product, now=now)
    assert not Proposal.objects.filter(kind="GROWTH", state="OPEN").exists()
    page = desk.get("/desk/tuesday/").content.decode()
    assert ("Called notable" in page.split("Nothing of this")[0]) == (word == "confirm")
    desk.post(f"/desk/proposals/{risen.public_id}/undo/")
    assert Alert.objects.get().seen_at is None
    assert Proposal.objects.get(kind="GROWTH").state == "OPEN"


def test_seen_where_it_stands_or_over_it_no_longer_waits(product, risen, client_of, pia, now):
    alert, desk = Alert.objects.get(), client_of(pia)
    desk.post(f"/desk/trends/{alert.public_id}/seen/", {"do": "seen"})
    assert Proposal.objects.get(kind="GROWTH").state == "STALE"
    desk.post(f"/desk/trends/{alert.public_id}/seen/", {"do": "undo"})
    assert Proposal.objects.get(kind="GROWTH").state == "OPEN"
    Post.objects.filter(title__endswith="again").update(state=Post.State.HIDDEN)
    alerting.raise_alerts(product=product, now=now)
    assert Proposal.objects.get(kind="GROWTH").state == "STALE"


# --- By device, and with a release --------------------------------------------------------------------------------
def test_what_grows_and_fades_on_a_device_is_shown_and_taken_along(
    product, history, add, client_of, pia, now
):
    add(history[5], 16)
    faded = Post.objects.filter(membership__ask=history[0], posted_at__gt=now - 28 * DAY)
    faded.update(state=Post.State.HIDDEN)
    ProductAccount.objects.bulk_create(
        ProductAccount(
            person=one, issuer="us", subject=str(one.pk), device="Pixel 9", made_at=now, seen_at=now
        )
        for one in User.objects.filter(posts__isnull=False).distinct()
    )
    (found,) = look_by_part(product, now=now)
    assert (found.part, found.name) == ("DEVICE", "Pixel 9")
    moved = {one.ask_id: one.is_growing for one in found.moved}
    assert moved == {history[5].pk: True, history[0].pk: False}
    desk = client_of(pia)
    page = desk.get("/desk/trends/").content.decode()
    assert "Pixel 9" in page[page.index('id="parts-title"') :]
    file = b"".join(desk.get("/desk/trends/trends.csv").streaming_content).decode("utf-8-sig")
    kinds = {tuple(line.split(",")[:2]) for line in file.splitlines()[1:]}
    assert {("growing_by_device", "Pixel 9"), ("fading_by_device", "Pixel 9")} <= kinds


def test_what_bursts_within_72_hours_of_a_release_is_told(
    product, history, add, client_of, pia, now
):
    add(history[5], 18, days=3, product_version="3.0")
    watched = alerts.look(product, now=now)
    assert [one.ask_id for one in watched.first_days if one.is_alarming] == [history[5].pk]
    assert watched.first_days[0].days == alerts.FIRST_DAYS
    page = client_of(pia).get("/desk/trends/").content.decode()
    assert "Within 72 hours" in page
    assert alerting.raise_alerts(product=product, now=now) == 1
    assert Proposal.objects.get(kind="BURST").evidence["version"] == "3.0"
