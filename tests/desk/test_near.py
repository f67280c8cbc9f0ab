"""What may say the same as a new ask is offered beside it, and becomes one with it by one word."""

import datetime as dt
import re

import pytest
from zeal import zeal_ignore

from feedback.asks.decisions.contest import contest
from feedback.asks.decisions.undo import undo as undo_decision
from feedback.asks.models import Ask, Bond, Decision, Membership, Proposal

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def of(grouped, ask_of):
    """Name a theme; get the proposal to make an ask of its posts."""
    return lambda theme: Proposal.objects.get(ask=ask_of(grouped[theme][0]), kind="NEW_ASK")


def whole():
    """All that a decision may change."""
    asks = Ask.objects.order_by("pk").values_list(
        "pk", "state", "title", "joined_into", "post_count", "people_count"
    )
    places = Membership.objects.order_by("post").values_list(
        "post", "ask", "is_confirmed", "source"
    )
    proposals = Proposal.objects.order_by("pk").values_list("pk", "state", "decision")
    return list(asks), list(places), list(proposals)


def decide(desk, proposal, headers=None, **form):
    address = f"/desk/proposals/{proposal.public_id}/"
    with zeal_ignore():
        return desk.post(address, {"do": "confirm", **form}, headers=headers or {}, follow=True)


def undo(desk):
    page = desk.get("/desk/")
    with zeal_ignore():
        assert desk.post(page.context["undo_of_my_last"]).status_code == 302


def offered(page):
    return [one.public_id for one in page.context["near"]]


def test_confirmed_asks_are_offered_first_and_small_ones_that_wait_are_not(of, desk):
    dark, zh, crash = of("dark"), of("深色"), of("crash")
    Proposal.objects.exclude(pk__in=[zh.pk, dark.pk]).update(people_count=2)
    Ask.objects.filter(pk=crash.ask_id).update(state="PUBLIC")
    Proposal.objects.filter(pk=crash.pk).update(state="ACCEPTED")
    page = desk.get(f"/desk/proposals/{dark.public_id}/")
    assert offered(page) == [crash.ask.public_id, zh.ask.public_id]
    assert f'name="also" value="{crash.ask.public_id}" data-confirmed' in page.content.decode()


def test_who_only_reads_the_desk_is_offered_nothing_to_tick(of, client_of, mo):
    page = client_of(mo).get(f"/desk/proposals/{of('dark').public_id}/").content.decode()
    assert 'name="also"' not in page


def test_ticked_ones_that_wait_become_one_new_ask_and_one_undo_takes_it_back(of, desk):
    dark, zh, before = of("dark"), of("深色"), whole()
    decide(desk, dark, title="Add a dark mode", also=[zh.ask.public_id])
    ask = Ask.objects.get(pk=dark.ask_id)
    assert (ask.state, ask.title, ask.post_count) == ("PUBLIC", "Add a dark mode", 8)
    assert Ask.objects.get(pk=zh.ask_id).joined_into == ask
    assert Membership.objects.filter(ask=ask, is_confirmed=True).count() == 8
    assert Proposal.objects.get(pk=zh.pk).state == "STALE"
    undo(desk)
    assert whole() == before


def test_what_says_the_same_as_a_confirmed_ask_joins_it_but_for_what_is_left_out(of, desk, grouped):
    dark, zh = of("dark"), of("深色")
    decide(desk, dark, title="Dark mode")
    before = whole()
    kept, out = grouped["深色"][1:], grouped["深色"][0]
    decide(
        desk,
        zh,
        title="深色模式",
        also=[dark.ask.public_id],
        shown=[one.public_id for one in grouped["深色"]],
        post=[one.public_id for one in kept],
    )
    ask = Ask.objects.get(pk=dark.ask_id)
    assert (ask.title, ask.post_count) == ("Dark mode", 7)
    assert not Membership.objects.filter(post=out).exists()
    assert Bond.objects.filter(kind="NOT_HERE", post=out, ask=ask).exists()
    assert Proposal.objects.get(pk=zh.pk).state == "ACCEPTED"
    undo(desk)
    assert whole() == before
    assert not Bond.objects.filter(kind="NOT_HERE", post=out, decision__undone_at=None).exists()


def test_the_rows_of_what_was_settled_along_go_too_and_are_counted(of, desk):
    dark, zh = of("dark"), of("深色")
    waiting = len(desk.get("/desk/").context["proposals"])
    page = decide(desk, dark, HTMX, also=[zh.ask.public_id]).content.decode()
    assert f'data-gone="{zh.public_id}"' in page
    assert f"{waiting - 2} proposals" in page
    assert f'data-proposal="{zh.public_id}"' not in page


def test_what_was_just_confirmed_is_offered_to_a_browser_that_shows_the_next_already(of, desk):
    dark, zh = of("dark"), of("深色")
    shown = {"stands": zh.public_id, "stands_at": "2999-01-01T00:00:00+00:00"}
    page = decide(desk, dark, HTMX, **shown).content.decode()
    assert re.search(
        f'id="near" data-of="{zh.public_id}" data-mark="[0-9a-f]+" hx-swap-oob="true"', page
    )
    assert f'value="{dark.ask.public_id}" data-confirmed' in page
    assert 'name="title"' not in page, "The evidence itself stands."


def test_a_browser_that_shows_them_as_they_are_gets_none_anew(of, desk):
    dark, zh = of("dark"), of("深色")
    decide(desk, dark, title="Dark mode")
    page = desk.get(f"/desk/proposals/{zh.public_id}/")
    near, mark = offered(page), page.context["near_mark"]
    waits = Proposal.objects.filter(state="OPEN", kind="NEW_ASK").exclude(pk=zh.pk)
    other = waits.exclude(ask__public_id__in=near).first()
    shown = {"stands": zh.public_id, "stands_at": "2999-01-01T00:00:00+00:00", "stands_near": mark}
    page = decide(desk, other, HTMX, do="reject", **shown).content.decode()
    assert 'id="near"' not in page
    Ask.objects.filter(pk=dark.ask_id).update(title="Dark theme")
    page = decide(desk, waits.first(), HTMX, do="reject", **shown).content.decode()
    assert "Dark theme" in page[page.index('id="near"') :]


def test_what_was_joined_since_it_was_ticked_is_found_where_it_went(of, desk):
    dark, zh, crash = of("dark"), of("深色"), of("crash")
    decide(desk, crash, also=[dark.ask.public_id])
    decide(desk, zh, also=[dark.ask.public_id])
    assert Ask.objects.get(pk=zh.ask_id).joined_into_id == crash.ask_id


def test_another_confirmed_ask_is_named_and_one_that_is_not_there_is_told(of, desk):
    dark, zh = of("dark"), of("深色")
    decide(desk, dark, title="Dark mode")
    assert '<option value="Dark mode">' in desk.get("/desk/").content.decode()
    before = whole()
    page = decide(desk, zh, also_title="Light mode").content.decode()
    assert "No confirmed ask is called “Light mode”." in page
    assert whole() == before
    decide(desk, zh, also_title="dark MODE ")
    assert Ask.objects.get(pk=zh.ask_id).joined_into_id == dark.ask_id


def test_an_ask_of_another_product_is_not_joined(of, desk, make_ask, publish, ann, notes_board):
    dark, other = of("dark"), make_ask(publish(ann, "Dark notes", board=notes_board))
    decide(desk, dark, also=[other.public_id])
    assert Ask.objects.get(pk=other.pk).state == "PUBLIC"
    assert Ask.objects.get(pk=dark.ask_id).state == "PUBLIC"


def test_what_somebody_said_no_to_meanwhile_is_not_joined(of, desk):
    dark, zh = of("dark"), of("深色")
    decide(desk, zh, do="reject")
    before = whole()
    page = decide(desk, dark, also=[zh.ask.public_id]).content.decode()
    assert f"Somebody has decided about “{zh.ask.title}” meanwhile." in page
    assert whole() == before
    ticked = {"proposal": [dark.public_id, zh.public_id], "do": "one"}
    with zeal_ignore():
        page = desk.post("/desk/proposals/several/", ticked, follow=True).content.decode()
    assert "meanwhile" in page or "already" in page
    assert whole() == before


def test_what_came_after_the_reader_looked_comes_along_unconfirmed(of, desk, grouped, now):
    dark, zh = of("dark"), of("深色")
    decide(desk, dark, title="Dark mode")
    late = grouped["深色"][0]
    Membership.objects.filter(post=late).update(placed_at=now + dt.timedelta(hours=1))
    decide(desk, zh, also=[dark.ask.public_id], seen_at=now.isoformat())
    inside = Membership.objects.filter(ask=dark.ask_id)
    assert inside.count() == 8
    assert list(inside.filter(is_confirmed=False).values_list("post", flat=True)) == [late.pk]


def test_two_asks_of_one_name_are_told_apart_by_hand(of, desk):
    dark, zh, crash = of("dark"), of("深色"), of("crash")
    for one in (dark, crash):
        decide(desk, one)
    Ask.objects.filter(pk__in=[dark.ask_id, crash.ask_id]).update(title="Ändern")
    before = whole()
    assert "2 asks are called “ändern”." in decide(desk, zh, also_title="ändern").content.decode()
    assert whole() == before


def test_what_is_left_out_stands_in_the_list_only_where_that_shows_it(of, desk, grouped):
    dark = of("dark")
    Proposal.objects.update(people_count=6)
    shown = [one.public_id for one in grouped["dark"]]
    form = {"do": "confirm", "shown": shown, "post": shown[:2], "parting": "1"}
    with zeal_ignore():
        page = desk.post(
            f"/desk/proposals/{dark.public_id}/?size=5", form, headers=HTMX
        ).content.decode()
    rest = Proposal.objects.get(ask__split_from=dark.ask_id)
    assert f'id="row-{rest.public_id}"' not in page
    listed = len(desk.get("/desk/?size=5").context["proposals"])
    everything = desk.get("/desk/").context["page"].paginator.count
    assert f"{listed} proposals" in page
    assert f'id="number-to-decide" hx-swap-oob="true">{everything}<' in page


def test_several_new_asks_become_one_by_one_word(of, desk):
    dark, zh, before = of("dark"), of("深色"), whole()
    ticked = {"proposal": [dark.public_id, zh.public_id], "do": "one"}
    with zeal_ignore():
        page = desk.post("/desk/proposals/several/", ticked, follow=True).content.decode()
    assert "2 new asks are one now" in page
    assert sorted(Ask.objects.filter(proposals__in=[dark, zh]).values_list("state", flat=True)) == [
        "JOINED",
        "PUBLIC",
    ]
    undo(desk)
    assert whole() == before


@pytest.mark.parametrize(
    ("number", "kind", "said"),
    [(1, "NEW_ASK", "Tick two new asks or more"), (2, "JOIN", "Only new asks become one")],
)
def test_what_is_not_several_new_asks_becomes_none(of, desk, number, kind, said):
    found = [of("dark"), of("深色")][:number]
    Proposal.objects.filter(pk=found[-1].pk).update(kind=kind)
    before = whole()
    ticked = {"proposal": [one.public_id for one in found], "do": "one"}
    with zeal_ignore():
        page = desk.post("/desk/proposals/several/", ticked, follow=True).content.decode()
    assert said in page
    assert whole() == before


def test_what_is_left_out_waits_as_an_ask_of_its_own_and_one_undo_takes_it_back(of, desk, grouped):
    dark, before = of("dark"), whole()
    kept, out = grouped["dark"][:2], grouped["dark"][2:]
    form = {
        "title": "Dark mode",
        "shown": [one.public_id for one in grouped["dark"]],
        "post": [one.public_id for one in kept],
        "parting": "1",
    }
    page = decide(desk, dark, HTMX, **form).content.decode()
    assert "The 2 posts left out wait as an ask of their own." in page
    rest = Proposal.objects.select_related("ask").get(ask__split_from=dark.ask_id)
    assert f'<li class="proposal" id="row-{rest.public_id}"' in page
    assert (rest.kind, rest.state, rest.ask.state, rest.ask.post_count) == (
        "NEW_ASK",
        "OPEN",
        "PROPOSED",
        2,
    )
    assert set(Membership.objects.filter(ask=rest.ask).values_list("post", flat=True)) == {
        one.pk for one in out
    }
    undo(desk)
    asks, places, proposals = whole()
    assert places == before[1]
    assert asks[: len(before[0])] == before[0]
    assert proposals[: len(before[2])] == before[2]
    assert Ask.objects.get(pk=rest.ask_id).joined_into_id == dark.ask_id
    assert Proposal.objects.get(pk=rest.pk).state == "STALE"


def test_what_was_left_out_and_confirmed_since_is_not_taken_along_by_the_undo(of, desk, grouped):
    dark = of("dark")
    shown = [one.public_id for one in grouped["dark"]]
    decide(desk, dark, shown=shown, post=shown[:2], parting="1")
    first = Decision.objects.latest("pk")
    rest = Proposal.objects.get(ask__split_from=dark.ask_id)
    decide(desk, rest, title="Dark at night")
    before = whole()
    with zeal_ignore():
        page = desk.post(f"/desk/decisions/{first.public_id}/undo/", follow=True).content.decode()
    assert "Undo that first." in page
    assert whole() == before


def test_of_two_wishes_one_joins_a_confirmed_ask_and_the_other_waits(of, desk, grouped):
    dark, zh = of("dark"), of("深色")
    decide(desk, dark, title="Dark mode")
    before = whole()
    shown = [one.public_id for one in grouped["深色"]]
    decide(desk, zh, also=[dark.ask.public_id], shown=shown, post=shown[:3], parting="1")
    rest = Ask.objects.get(split_from=zh.ask_id)
    assert (rest.state, rest.post_count) == ("PROPOSED", 1)
    assert Ask.objects.get(pk=dark.ask_id).post_count == 7
    undo(desk)
    assert whole()[1] == before[1]


def test_a_contest_undone_before_the_join_it_stood_on_leaves_no_case(of, desk, grouped, now, pia):
    dark, zh = of("dark"), of("深色")
    decide(desk, dark)
    post = grouped["dark"][0]
    contested = contest(post=post, author=post.author, now=now)
    decide(desk, zh, also=[dark.ask.public_id])
    joined = Decision.objects.latest("pk")
    for one in (contested, joined):
        undo_decision(decision=one, actor=pia, now=now)
    assert not Proposal.objects.filter(kind="CONTEST", state="OPEN").exists()
    assert Membership.objects.get(post=post).ask_id == dark.ask_id
