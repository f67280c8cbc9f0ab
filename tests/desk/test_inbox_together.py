"""Two people at the inbox: whose a proposal is, until when it is put off, and who looks at it."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from zeal import zeal_ignore

from feedback.asks.models import Proposal
from feedback.desk.inbox.since import decided_this_week
from feedback.forum.products.operations import ensure_product
from feedback.forum.rights.operations import Place, give
from feedback.journal.models import Entry

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def waiting(grouped, ask_of):
    """The proposal to make an ask of the posts on dark mode."""
    return Proposal.objects.get(ask=ask_of(grouped["dark"][0]), kind="NEW_ASK")


def address(proposal):
    return f"/desk/proposals/{proposal.public_id}/"


def listed(client, query=""):
    return {one.public_id for one in client.get(f"/desk/{query}").context["proposals"]}


def beat(client, at=None, rows=(), **more):
    query = {"at": at.public_id if at else "", "row": [one.public_id for one in rows], **more}
    return client.get("/desk/inbox/pulse/", query).content.decode()


# --- Whose it is ------------------------------------------------------------------------------------------
def test_one_takes_it_and_it_is_theirs(waiting, desk, pia):
    answer = desk.post(address(waiting), {"do": "mine"}, follow=True)
    waiting.refresh_from_db()
    assert (waiting.owner, waiting.state) == (pia, "OPEN")
    assert "is yours" in answer.content.decode()
    entry = Entry.objects.get(verb="asks.proposal-given")
    assert (entry.data["before"], entry.data["after"]) == ("", pia.public_id)
    assert listed(desk, "?whose=me") == {waiting.public_id}
    assert waiting.public_id not in listed(desk, "?whose=nobody")
    assert waiting.public_id in listed(desk)


def test_in_place_the_row_says_whose_it_is(waiting, desk, pia):
    page = desk.post(address(waiting), {"do": "mine"}, headers=HTMX).content.decode()
    assert f'id="row-{waiting.public_id}" hx-swap-oob="true"' in page
    assert f'data-proposal="{waiting.public_id}"' in page, "It stays open."
    assert 'value="nobody"' in page and pia.name in page


def test_it_is_given_to_somebody_who_decides_and_back(waiting, desk, ada, ann, pia):
    page = desk.post(address(waiting), {"do": "give", "owner": ada.public_id}, follow=True)
    waiting.refresh_from_db()
    assert waiting.owner == ada
    assert f"/desk/proposals/given/?was={waiting.public_id}." in page.content.decode()
    desk.post(address(waiting), {"do": "mine"})
    desk.post(f"/desk/proposals/given/?was={waiting.public_id}.{ada.public_id}")
    waiting.refresh_from_db()
    assert waiting.owner == ada
    desk.post(f"/desk/proposals/given/?was={waiting.public_id}.")
    waiting.refresh_from_db()
    assert waiting.owner is None
    for nobody in (ann.public_id, "nobody", ""):
        desk.post(address(waiting), {"do": "give", "owner": nobody})
        waiting.refresh_from_db()
        assert waiting.owner is None


def test_only_who_decides_about_the_product_is_offered_it_and_gets_it(
    waiting, desk, mo, ada, person, now
):
    here, elsewhere = person("Here"), person("Elsewhere")
    notes = ensure_product(slug="notes", name="Notes", now=now)
    give(person=here, role="MANAGER", place=Place(product=waiting.ask.product), actor=ada, now=now)
    give(person=elsewhere, role="MANAGER", place=Place(product=notes), actor=ada, now=now)
    offered = set(desk.get(address(waiting)).context["team"])
    assert {here, ada} <= offered and not {mo, elsewhere} & offered
    for one, got in ((mo, None), (elsewhere, None), (here, here)):
        desk.post(address(waiting), {"do": "give", "owner": one.public_id})
        waiting.refresh_from_db()
        assert waiting.owner == got


def test_several_are_taken_at_once(grouped, desk, pia):
    ids = list(Proposal.objects.filter(state="OPEN").values_list("public_id", flat=True))
    with zeal_ignore():  # each proposal is one transaction
        page = desk.post(
            "/desk/proposals/several/", {"proposal": ids, "do": "mine"}, follow=True
        ).content.decode()
    assert set(Proposal.objects.filter(public_id__in=ids).values_list("owner", flat=True)) == {
        pia.pk
    }
    assert f"{len(ids)} proposals are yours." in page


def test_what_is_decided_is_given_to_nobody(waiting, desk, pia):
    Proposal.objects.filter(pk=waiting.pk).update(state="DISMISSED")
    answer = desk.post(address(waiting), {"do": "mine"}, headers=HTMX)
    assert answer.status_code == 409
    assert not Entry.objects.filter(verb="asks.proposal-given")


# --- Later, until a day -------------------------------------------------------------------------------------
def test_later_until_a_chosen_day(waiting, desk, now):
    page = desk.post(
        address(waiting), {"do": "later day", "day": "2026-03-20"}, follow=True
    ).content.decode()
    waiting.refresh_from_db()
    day = dt.datetime.combine(dt.date(2026, 3, 20), dt.time.min)
    assert waiting.later_until == timezone.make_aware(day)
    assert "waits under “Later” until" in page
    assert f"{address(waiting)}undo/" in page
    assert waiting.public_id in listed(desk, "?kind=later")


def test_the_days_that_are_offered_can_be_chosen(waiting, desk):
    offered = dict(desk.get(address(waiting)).context["laters"])
    assert list(offered) == ["2026-03-07", "2026-03-10", "2026-03-20"]
    desk.post(address(waiting), {"do": "later 2026-03-10"})
    waiting.refresh_from_db()
    assert waiting.later_until is not None


def test_once_its_day_is_over_no_day_is_shown(waiting, desk, now):
    Proposal.objects.filter(pk=waiting.pk).update(later_until=now - dt.timedelta(days=1))
    (row,) = [
        one for one in desk.get("/desk/").context["proposals"] if one.public_id == waiting.public_id
    ]
    assert row.later_until is None


def test_the_week_begins_on_monday_where_the_site_is(waiting, desk, settings, now):
    """Six hours after midnight in Shanghai it is still Sunday in London."""
    settings.TIME_ZONE = "Asia/Shanghai"
    monday = dt.datetime(2026, 3, 2, tzinfo=ZoneInfo("Asia/Shanghai"))
    for at, done in ((monday, 1), (monday - dt.timedelta(microseconds=1), 0)):
        Proposal.objects.filter(pk=waiting.pk).update(state="ACCEPTED", decided_at=at)
        assert decided_this_week(waiting.ask.product, now=now)["done"] == done


@pytest.mark.parametrize(
    "day", ["", "yesterday", "2026-02-30", "2026-03-06", "1999-01-01", "2030-01-01"]
)
def test_a_day_that_is_none_or_not_to_come_is_refused(waiting, desk, day):
    answer = desk.post(address(waiting), {"do": "later day", "day": day}, headers=HTMX)
    waiting.refresh_from_db()
    assert (answer.status_code, waiting.later_until) == (422, None)


# --- Each sees the other ------------------------------------------------------------------------------------
def test_the_other_sees_who_looks_at_a_row(waiting, desk, client_of, pia, ada):
    beat(desk, at=waiting)
    page = beat(client_of(ada), rows=[waiting])
    assert f'data-of="{waiting.public_id}"' in page
    assert f"{pia.name} is looking at it" in page
    assert "looking" not in beat(desk, at=waiting, rows=[waiting]), "Nobody is told of themselves."
    beat(desk)
    assert "looking" not in beat(client_of(ada), rows=[waiting]), "They looked away."


def test_what_the_other_decided_appears(waiting, desk, client_of, pia, ada, now):
    others = client_of(ada)
    assert "data-became" not in beat(others, rows=[waiting])
    desk.post(address(waiting), {"do": "confirm"})
    page = beat(others, rows=[waiting])
    assert "data-became" in page and f"{pia.name} accepted it." in page
    desk.post(f"/desk/decisions/{waiting.ask.decisions.get().public_id}/undo/")
    assert "data-became" not in beat(others, rows=[waiting])
    desk.post(address(waiting), {"do": "later"})
    assert "It was put off." in beat(others, rows=[waiting])
    assert "data-became" not in beat(others, rows=[waiting], kind="later")


def test_the_count_and_what_came_since(waiting, desk, now):
    number = len(listed(desk))
    page = beat(desk, since=(now - dt.timedelta(days=1)).isoformat())
    assert f"{number} proposal" in page and f">{number} new</a>" in page
    page = beat(desk, since=(now + dt.timedelta(minutes=1)).isoformat())
    assert "new</a>" not in page


def test_an_address_that_means_nothing_is_harmless(grouped, desk):
    answer = desk.get("/desk/inbox/pulse/?at=nothing&row=x&row=&since=soon&whose=you")
    assert answer.status_code == 200
    assert "It is gone." in answer.content.decode()
