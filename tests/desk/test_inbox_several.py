"""The inbox: saying the same of several proposals, and taking all of it back."""

import pytest
from zeal import zeal_ignore

from feedback.asks.decisions.contest import contest
from feedback.asks.models import Ask, Decision, Proposal
from feedback.forum.products.operations import ensure_product
from feedback.forum.rights.operations import Place, give

pytestmark = pytest.mark.django_db
SEVERAL = "/desk/proposals/several/"


@pytest.fixture
def new_asks(grouped):
    """The proposals to make asks, two at least."""
    found = list(Proposal.objects.filter(kind="NEW_ASK", state="OPEN").order_by("pk"))
    assert len(found) >= 2
    return found


def say(desk, proposals, do, **more):
    ticked = [one.public_id for one in proposals]
    with zeal_ignore():  # each proposal is one transaction
        return desk.post(SEVERAL, {"proposal": ticked, "do": do, **more}, follow=True)


def undo(desk, address):
    with zeal_ignore():
        return desk.post(address)


def states(proposals):
    return set(
        Proposal.objects.filter(pk__in=[one.pk for one in proposals]).values_list(
            "state", flat=True
        )
    )


def undo_address(page):
    at = page.index(f"{SEVERAL}undo/?of=")
    return page[at : page.index('"', at)].replace("&amp;", "&")


def test_every_row_has_its_box_for_those_who_decide(new_asks, desk, mo, client_of):
    page = desk.get("/desk/").content.decode()
    assert all(f'name="proposal" value="{one.public_id}"' in page for one in new_asks)
    assert 'name="proposal"' not in client_of(mo).get("/desk/").content.decode()


def test_several_are_accepted_at_once_and_undone_at_once(new_asks, desk):
    new_asks = new_asks[:2]
    page = say(desk, new_asks, "confirm").content.decode()
    assert f"Accepted {len(new_asks)} proposals." in page
    assert states(new_asks) == {"ACCEPTED"}
    asks = Ask.objects.filter(proposals__in=new_asks)
    assert set(asks.values_list("state", flat=True)) == {"PUBLIC"}
    address = undo_address(page)
    assert page.count(f'action="{address.replace("&", "&amp;")}"') == 2, (
        "The toast, and the key for undo."
    )
    answer = undo(desk, address)
    assert answer.url.startswith("/desk/proposals/")
    assert states(new_asks) == {"OPEN"}
    assert set(asks.values_list("state", flat=True)) == {"PROPOSED"}
    assert undo(desk, address).status_code == 302, "There is nothing left to undo."
    assert states(new_asks) == {"OPEN"}


def test_what_is_refused_is_named_and_the_others_are_done(new_asks, desk):
    first, *others = new_asks
    Proposal.objects.filter(pk=first.pk).update(state="DISMISSED")
    page = say(desk, new_asks, "confirm").content.decode()
    assert f"“{first.ask.title}” stays: Somebody has decided about this already." in page
    assert states(others) == {"ACCEPTED"}
    assert first.public_id not in undo_address(page)


@pytest.mark.parametrize(("do", "state"), [("reject", "DISMISSED"), ("later", "OPEN")])
def test_no_and_later_are_taken_back_too(new_asks, desk, do, state):
    page = say(desk, new_asks, do).content.decode()
    assert states(new_asks) == {state}
    waiting = Proposal.objects.filter(pk__in=[one.pk for one in new_asks])
    assert waiting.filter(later_until=None).exists() == (do == "reject")
    undo(desk, undo_address(page))
    assert waiting.filter(state="OPEN", later_until=None).count() == len(new_asks)


def test_one_that_was_undone_by_itself_is_left_alone(new_asks, desk):
    address = undo_address(say(desk, new_asks, "confirm").content.decode())
    decision = Decision.objects.get(proposal=new_asks[0])
    desk.post(f"/desk/decisions/{decision.public_id}/undo/")
    undo(desk, address)
    assert states(new_asks) == {"OPEN"}
    assert Decision.objects.filter(undone_at=None).count() == 0


def test_what_somebody_said_anew_since_stays_and_the_page_says_so(new_asks, desk, client_of, ada):
    """A word later than the batch is not the batch's, whoever said it."""
    first, *others = new_asks
    address = undo_address(say(desk, new_asks, "confirm").content.decode())
    decision = Decision.objects.get(proposal=first)
    colleague = client_of(ada)
    colleague.post(f"/desk/decisions/{decision.public_id}/undo/")
    colleague.post(f"/desk/proposals/{first.public_id}/", {"do": "reject"})
    page = desk.get(undo(desk, address).url).content.decode()
    assert (states([first]), states(others)) == ({"DISMISSED"}, {"OPEN"})
    assert "1 stays decided" in page and "Everything is as it was" not in page


def test_a_colleagues_later_is_not_taken_back(new_asks, desk, client_of, ada):
    first = new_asks[0]
    address = undo_address(say(desk, new_asks, "later").content.decode())
    client_of(ada).post(f"/desk/proposals/{first.public_id}/", {"do": "later 2026-03-20"})
    undo(desk, address)
    waiting = Proposal.objects.filter(later_until__isnull=False)
    assert list(waiting) == [first]


def test_after_its_undo_a_later_word_is_undone_alone(new_asks, desk):
    first, second, *_others = new_asks
    undo(desk, undo_address(say(desk, [first, second], "reject").content.decode()))
    for one in (first, second):
        desk.post(f"/desk/proposals/{one.public_id}/", {"do": "reject"})
    page = desk.get("/desk/").content.decode()
    decision = Decision.objects.get(proposal=second)
    assert f'action="/desk/decisions/{decision.public_id}/undo/"' in page
    assert f"{SEVERAL}undo/" not in page


def test_a_refused_contest_stays_and_the_page_says_so(new_asks, desk, grouped, now):
    post = grouped["dark"][0]
    contest(post=post, author=post.author, now=now)
    contested = Proposal.objects.get(kind="CONTEST")
    other = next(one for one in new_asks if one.ask_id != contested.ask_id)
    address = undo_address(say(desk, [contested, other], "reject").content.decode())
    page = desk.get(undo(desk, address).url).content.decode()
    assert (states([contested]), states([other])) == ({"DISMISSED"}, {"OPEN"})
    assert "1 stays decided" in page


def test_all_or_nothing_is_undone(new_asks, desk, pia, now):
    address = undo_address(say(desk, new_asks, "confirm").content.decode())
    Ask.objects.filter(pk=new_asks[0].ask_id).update(stage="PLANNED")
    assert "Everything is as it was" not in desk.get(undo(desk, address).url).content.decode()
    assert states(new_asks) == {"ACCEPTED"}


def test_what_narrows_the_list_still_does(new_asks, desk):
    ticked = {"proposal": [new_asks[0].public_id], "do": "reject"}
    assert desk.post(f"{SEVERAL}?kind=NEW_ASK&days=7", ticked).url == "/desk/?kind=NEW_ASK&days=7"


def test_in_place_the_rows_go_and_what_was_said_stands_there(new_asks, desk):
    first, second, *_others = new_asks
    Proposal.objects.filter(pk=second.pk).update(state="DISMISSED")
    ticked = [first.public_id, second.public_id]
    with zeal_ignore():
        answer = desk.post(
            SEVERAL, {"proposal": ticked, "do": "confirm"}, headers={"HX-Request": "true"}
        )
    page = answer.content.decode()
    assert answer.status_code == 200 and "<html" not in page
    assert f'id="row-{first.public_id}" hx-swap-oob="delete"' in page
    assert second.public_id not in page, "What is refused stays in the list."
    assert f"“{second.ask.title}” stays" in page
    assert 'id="waiting-count" hx-swap-oob="true"' in page
    assert first.public_id in undo_address(page)


def test_nothing_ticked_or_no_such_act_is_refused(new_asks, desk):
    page = desk.post(SEVERAL, {"do": "confirm"}, follow=True).content.decode()
    assert "Tick one proposal or more first." in page
    assert "Choose what to do with them." in say(desk, new_asks, "dance").content.decode()
    assert states(new_asks) == {"OPEN"}


def test_those_who_do_not_decide_about_the_product_are_refused(
    new_asks, client_of, mo, ada, person, now
):
    max_ = person("Max")
    elsewhere = ensure_product(slug="notes", name="Notes", now=now)
    give(person=max_, role="MANAGER", place=Place(product=elsewhere), actor=ada, now=now)
    for one in (mo, max_, person("Una", role="ANALYST")):
        assert say(client_of(one), new_asks, "confirm").status_code == 403
    assert states(new_asks) == {"OPEN"}
