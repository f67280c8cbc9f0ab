"""The inbox: what stands first, what narrows it, and deciding without leaving the list."""

import datetime as dt
import re

import pytest

from feedback.accounts.models import User
from feedback.asks.decisions.confirm import rename_ask
from feedback.asks.models import Ask, Decision, Membership, Proposal
from feedback.desk.inbox.waiting import DOUBLING, Wish, rank, ranked
from feedback.forum.models import Post

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def waiting(grouped, ask_of):
    """The proposal to make an ask of the posts on dark mode."""
    return Proposal.objects.get(ask=ask_of(grouped["dark"][0]), kind="NEW_ASK")


def listed(desk, query=""):
    return [one.public_id for one in desk.get(f"/desk/{query}").context["proposals"]]


def test_each_of_people_sure_and_new_raises_a_proposal(now):
    old = now - DOUBLING
    few = rank(people=7, sure=0.4, newest=old)
    assert rank(people=15, sure=0.4, newest=old) == pytest.approx(few + 1)
    assert rank(people=7, sure=0.8, newest=old) == pytest.approx(few + 1)
    assert rank(people=7, sure=0.4, newest=now) == pytest.approx(few + 1)


def test_a_young_ask_is_not_buried_under_an_old_large_one(grouped, desk, waiting, now):
    Ask.objects.exclude(pk=waiting.ask_id).update(last_post_at=now - dt.timedelta(days=600))
    Proposal.objects.exclude(pk=waiting.pk).update(people_count=500)
    assert listed(desk)[0] == waiting.public_id


def test_the_less_sure_of_two_alike_comes_later(grouped, desk, waiting, now, product):
    Ask.objects.update(last_post_at=now)
    Proposal.objects.update(people_count=4)
    Membership.objects.update(score=0.9)
    Membership.objects.filter(ask=waiting.ask).update(score=0.2)
    assert ranked(product, Wish(), now=now)[-1] == waiting.pk


def test_words_of_mood_stand_lower_than_as_many_that_ask(grouped, desk, waiting, now, product):
    assert rank(people=3, sure=0.5, newest=now, asking=0.3) == rank(people=3, sure=0.5, newest=now)
    assert rank(people=31, sure=0.5, newest=now, asking=-0.9) == rank(
        people=7, sure=0.5, newest=now
    )
    assert waiting.ask.asking == 0.0, "A run notes it, 0 where nothing judges."
    Ask.objects.update(last_post_at=now)
    Proposal.objects.update(people_count=4)
    Membership.objects.update(score=0.9)
    Ask.objects.filter(pk=waiting.ask_id).update(asking=-0.7)
    assert ranked(product, Wish(), now=now)[-1] == waiting.pk


def test_board_size_and_newness_narrow_it_and_stand_in_every_link(grouped, desk, waiting, now):
    Proposal.objects.update(people_count=3)
    Proposal.objects.filter(pk=waiting.pk).update(people_count=30)
    assert listed(desk, "?size=20") == [waiting.public_id]
    Proposal.objects.exclude(pk=waiting.pk).update(proposed_at=now - dt.timedelta(days=60))
    assert listed(desk, "?days=7") == [waiting.public_id]
    board = grouped["dark"][0].board.slug
    assert waiting.public_id in listed(desk, f"?board={board}")
    assert listed(desk, "?board=nowhere") == []
    page = desk.get("/desk/?size=20&days=7").content.decode()
    assert f"/desk/proposals/{waiting.public_id}/?size=20&amp;days=7" in page


def test_a_wish_that_is_none_narrows_nothing(grouped, desk):
    everything = listed(desk)
    for query in ("?size=x", "?size=7", "?days=-1", "?kind=NOTHING", "?board="):
        assert listed(desk, query) == everything


def test_deciding_in_place_answers_with_what_follows(grouped, desk, waiting):
    rest = [one for one in listed(desk) if one != waiting.public_id]
    answer = desk.post(f"/desk/proposals/{waiting.public_id}/", {"do": "confirm"}, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in page
    assert f'id="row-{waiting.public_id}" hx-swap-oob="delete"' in page
    shown = next(one for one in rest if f'data-proposal="{one}"' in page)
    assert answer["HX-Push-Url"] == f"/desk/proposals/{shown}/"
    assert f"{len(rest)} proposal" in page
    tabs = page[page.index('<div id="inbox-tabs" hx-swap-oob="true">') :]
    assert re.search(rf"\D{len(rest)}\D", tabs[: tabs.index("</a>")])
    assert page.count(f"/desk/decisions/{Decision.objects.get().public_id}/undo/") == 2


def behind(desk, one):
    """Return the id of what stands behind ``one`` in the list, or first where it is the last."""
    ids = listed(desk)
    return (ids * 2)[ids.index(one.public_id) + 1]


def ahead(desk, waiting, shown, at):
    """Accept ``waiting`` in a browser that shows what it fetched of ``shown`` at a time."""
    said = {"do": "confirm", "stands": shown, "stands_at": at.isoformat()}
    return desk.post(f"/desk/proposals/{waiting.public_id}/", said, headers=HTMX)


def test_what_a_browser_shows_already_is_not_sent_again(grouped, desk, waiting, now):
    following = behind(desk, waiting)
    answer = ahead(desk, waiting, following, now)
    page = answer.content.decode()
    assert (answer["HX-Reswap"], answer.get("HX-Push-Url")) == ("none", None)
    assert f'data-proposal="{following}"' not in page
    assert f'id="row-{waiting.public_id}" hx-swap-oob="delete"' in page
    assert "is an ask now" in page[page.index('id="evidence-said" hx-swap-oob') :]


def test_what_a_decision_touches_is_sent_anew_though_it_is_shown(grouped, desk, waiting, now):
    following = behind(desk, waiting)
    Proposal.objects.filter(public_id=following).update(other_ask=waiting.ask)
    answer = ahead(desk, waiting, following, now)
    assert f'data-proposal="{following}"' in answer.content.decode()
    assert "HX-Reswap" not in answer


def test_what_somebody_decided_since_is_seen_in_what_is_shown(grouped, desk, waiting, now):
    following = behind(desk, waiting)
    theirs = Proposal.objects.exclude(public_id__in=[waiting.public_id, following]).first()
    Proposal.objects.filter(pk=theirs.pk).update(state="ACCEPTED", decided_at=now)
    assert ahead(desk, waiting, following, now)["HX-Reswap"] == "none"
    following_ask = Proposal.objects.get(public_id=following).ask
    Proposal.objects.filter(pk=theirs.pk).update(other_ask=following_ask)
    Proposal.objects.filter(pk=waiting.pk).update(state="OPEN")
    assert "HX-Reswap" not in ahead(desk, waiting, following, now)


def test_proposals_that_note_how_many_posts_they_are_follow_and_are_decided(
    grouped, desk, waiting, now
):
    following = behind(desk, waiting)
    Proposal.objects.filter(public_id__in=[following, waiting.public_id]).update(
        evidence={"posts": 5}
    )
    assert ahead(desk, waiting, following, now)["HX-Reswap"] == "none"


def test_what_the_browser_shows_follows_whatever_stands_higher_by_now(grouped, desk, waiting, now):
    Proposal.objects.filter(pk=waiting.pk).update(people_count=99)
    last = listed(desk)[-1]
    assert last not in (waiting.public_id, behind(desk, waiting))
    assert ahead(desk, waiting, last, now)["HX-Reswap"] == "none"


def test_an_ask_that_was_renamed_since_is_sent_anew(grouped, desk, waiting, now, pia):
    following = behind(desk, waiting)
    ask = Proposal.objects.get(public_id=following).ask
    rename_ask(ask=ask, title="Another name", actor=pia, now=now)
    assert "Another name" in ahead(desk, waiting, following, now).content.decode()


def test_what_is_refused_in_place_is_told_with_its_status(grouped, desk, waiting):
    address = f"/desk/proposals/{waiting.public_id}/"
    desk.post(address, {"do": "confirm"}, headers=HTMX)
    answer = desk.post(address, {"do": "reject"}, headers=HTMX)
    assert answer.status_code == 409
    assert "decided about this already" in answer.content.decode()
    assert Decision.objects.count() == 1


def test_the_last_one_leads_to_the_empty_inbox(grouped, desk, waiting):
    Proposal.objects.exclude(pk=waiting.pk).update(state="STALE")
    answer = desk.post(f"/desk/proposals/{waiting.public_id}/", {"do": "later"}, headers=HTMX)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/desk/")


def test_what_somebody_else_decided_meanwhile_does_not_follow(grouped, desk, waiting):
    others = [one for one in listed(desk) if one != waiting.public_id]
    Proposal.objects.filter(public_id__in=others).update(state="STALE")
    answer = desk.post(f"/desk/proposals/{waiting.public_id}/", {"do": "confirm"})
    assert answer.url == "/desk/"


def test_the_week_counts_what_is_decided(grouped, desk, waiting):
    before = desk.get("/desk/").context["week"]
    desk.post(f"/desk/proposals/{waiting.public_id}/", {"do": "reject"})
    after = desk.get("/desk/").context["week"]
    assert (before["done"], after["done"]) == (0, 1)
    assert after["total"] == before["total"]


def test_the_title_that_was_read_stays_when_its_own_post_is_left_out(desk, waiting):
    ask = waiting.ask
    read, medoid = ask.title, ask.medoid.public_id
    posts = [one.post.public_id for one in ask.memberships.select_related("post")]
    said = {"do": "confirm", "title": read, "shown": posts}
    desk.post(f"/desk/proposals/{waiting.public_id}/", said | {"post": set(posts) - {medoid}})
    ask.refresh_from_db()
    assert (ask.state, ask.title) == ("PUBLIC", read)
    assert ask.post_count == len(posts) - 1 and ask.medoid.public_id != medoid


def test_a_row_says_how_many_of_its_posts_came_since_the_last_visit(
    grouped, desk, waiting, pia, now
):
    def new():
        rows = desk.get("/desk/").context["proposals"]
        return next(one.new_count for one in rows if one.public_id == waiting.public_id)

    User.objects.filter(pk=pia.pk).update(here_at=now, here_before=now - dt.timedelta(days=7))
    Post.objects.update(arrived_at=now - dt.timedelta(days=9))
    assert new() == 0
    Post.objects.filter(pk=grouped["dark"][0].pk).update(arrived_at=now)
    assert new() == 1
    assert '<span class="proposal__new">1 new</span>' in desk.get("/desk/").content.decode()


def test_what_was_written_long_ago_is_not_new_to_who_comes_first(grouped, desk, now):
    assert "In the last week:" in desk.get("/desk/").content.decode()
    Post.objects.update(posted_at=now - dt.timedelta(days=90))
    page = desk.get("/desk/")
    assert page.context["since"] is None
    assert {one.new_count for one in page.context["proposals"]} == {0}
