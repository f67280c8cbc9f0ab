"""Working through the inbox: by keys alone on a wide screen, by touch on a phone."""

from contextlib import contextmanager

import pytest

from feedback.asks.models import Ask, Decision, Proposal
from feedback.forum.models import Post

NEW, FOUND_AGAIN = 4, 36


@pytest.fixture
def forty(world, publish, ann, bo, make_ask, now):
    """Forty proposals: four new asks of two posts, and thirty-six times that something is not really fixed."""
    Proposal.objects.all().delete()
    made = []
    for n in range(NEW):
        pair = publish(ann, f"Wish {n} for the list"), publish(bo, f"Wish {n}, too")
        ask = make_ask(*pair, state=Ask.State.PROPOSED)
        made.append(
            Proposal(kind="NEW_ASK", fingerprint=f"n{n}", ask=ask, people_count=2, proposed_at=now)
        )
    shipped = make_ask(publish(ann, "It crashes at night"), publish(bo, "Crash at night"))
    made += [
        Proposal(
            kind="REGRESSION", fingerprint=f"r{n}", ask=shipped, people_count=n, proposed_at=now
        )
        for n in range(FOUND_AGAIN)
    ]
    return Proposal.objects.bulk_create(made)


def open_ones():
    return Proposal.objects.filter(state="OPEN", later_until=None).count()


def test_forty_proposals_by_keys_alone(walk, forty, pia):
    desk = walk(width=1440)
    desk.sign_in(pia)
    page = desk.go("/desk/")
    desk.look("inbox-1-list")
    # Into the title and out of it again, by keys: the next key decides, and is no letter of the title.
    page.keyboard.press("r")
    page.keyboard.press("Escape")
    rows = page.locator("[data-desk-list] [data-row]")
    for n in range(len(forty) - 1):
        shown = page.locator("#evidence form[data-proposal]").get_attribute("data-proposal")
        page.keyboard.press("eaxs"[n % 4])
        page.locator(f"#row-{shown}").wait_for(state="detached")
        page.locator(f'#evidence form[data-proposal="{shown}"]').wait_for(state="detached")
        page.locator(".htmx-request, .htmx-swapping, .htmx-settling").first.wait_for(
            state="detached"
        )
    assert rows.count() == 1
    assert open_ones() == 1
    assert Proposal.objects.exclude(later_until=None).count() == 9
    desk.look("inbox-2-last")

    # The last word is taken back by its key, and what came back lies open.
    page.keyboard.press("u")
    page.locator("text=as it was before").first.wait_for()
    assert open_ones() == 2
    assert page.locator("#evidence form[data-proposal]").count() == 1


def caught(page, held):
    """Wait until a request has been held back, and return it."""
    for _n in range(200):
        if held:
            return held[0]
        page.wait_for_timeout(25)
    raise AssertionError("nothing was sent")


@contextmanager
def at_hand(page):
    """Wait until the page that is opened meanwhile has fetched the evidence of its second row."""
    with page.expect_response(
        lambda answer: answer.request.headers.get("hx-request") and "/proposals/" in answer.url
    ) as fetched:
        yield
    fetched.value.finished()


def decided_ahead(walk, pia):
    """Accept the first of the new asks, whose answer is held back; return the window, the first two and what is held."""
    desk = walk(width=1440)
    desk.sign_in(pia)
    with at_hand(page := desk.page):
        desk.go("/desk/?kind=NEW_ASK")
    first, second = (
        page.locator("[data-desk-list] [data-row]").nth(n).get_attribute("data-proposal")
        for n in (0, 1)
    )
    held = []
    page.route(f"**/desk/proposals/{first}/*", lambda route: held.append(route))
    page.keyboard.press("e")
    return desk, first, second, held


def test_what_follows_is_shown_before_the_server_has_spoken(walk, forty, pia):
    desk, first, second, held = decided_ahead(walk, pia)
    page = desk.page
    page.locator(f'#evidence form[data-proposal="{second}"]').wait_for()
    assert page.locator(f"#row-{first}").is_hidden()
    assert second in page.url
    assert open_ones() == len(forty)
    desk.look("inbox-ahead-1")
    caught(page, held).continue_()
    page.locator("#evidence-said .message--success").wait_for()
    assert page.locator("#evidence form[data-proposal]").count() == 1
    assert page.locator(f"#row-{first}").count() == 0
    assert open_ones() == len(forty) - 1
    desk.look("inbox-ahead-2")

    # A key that is pressed while a word is on its way waits for it, and is about what is shown.
    held.clear()
    page.locator("#undo-last button").wait_for()
    page.route(f"**/desk/proposals/{second}/*", lambda route: held.append(route))
    page.keyboard.press("x")
    page.locator(f'#evidence form[data-proposal="{second}"]').wait_for(state="detached")
    third = page.locator("#evidence form[data-proposal]").get_attribute("data-proposal")
    assert page.locator("#undo-last button").count() == 0
    page.locator("#evidence button[value=confirm]").click()  # nor does a click decide meanwhile
    page.keyboard.press("x")
    assert open_ones() == len(forty) - 1
    caught(page, held).continue_()
    page.locator(f"#row-{third}").wait_for(state="detached")
    assert set(Proposal.objects.filter(state="DISMISSED").values_list("public_id", flat=True)) == {
        second,
        third,
    }


def test_what_the_server_refuses_comes_back_into_the_list(walk, forty, pia):
    desk = walk(width=1440)
    desk.sign_in(pia)
    with at_hand(page := desk.page):
        desk.go("/desk/")
    shown = page.locator("#evidence form[data-proposal]").get_attribute("data-proposal")
    Proposal.objects.filter(public_id=shown).update(state="DISMISSED")
    with page.expect_response(lambda answer: answer.status == 409):
        page.keyboard.press("e")
    page.locator(".toast", has_text="Somebody has decided about this already.").wait_for()
    assert page.locator(f"#row-{shown}").is_visible()
    page.locator(f'#evidence form[data-proposal="{shown}"]').wait_for()
    assert page.locator(f"#row-{shown} [aria-current]").is_visible()
    desk.complaints = [one for one in desk.complaints if "409" not in one]
    assert Decision.objects.filter(ask__proposals__public_id=shown, undone_at=None).count() == 0


def test_on_a_phone_one_follows_the_other_by_touch(walk, forty, pia):
    phone = walk(width=390)
    phone.sign_in(pia)
    page = phone.go("/desk/")
    phone.look("inbox-3-phone-list")
    page.locator(".proposal__link").first.tap()
    page.locator("#evidence form[data-proposal]").wait_for()
    for _n in range(3):
        shown = page.locator("#evidence form[data-proposal]").get_attribute("data-proposal")
        page.locator("#evidence button[value=confirm]").tap()
        page.locator(f'#evidence form[data-proposal="{shown}"]').wait_for(state="detached")
    assert open_ones() == len(forty) - 3
    phone.look("inbox-4-phone-next")


def swipe(page, row, by):
    """Draw a finger over ``row``, so many pixels to the right."""
    box = row.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    client = page.context.new_cdp_session(page)

    def touch(kind, *at):
        points = [{"x": one, "y": y} for one in at]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", x)
    for step in range(1, 9):
        touch("touchMove", x + by * step / 8)
    touch("touchEnd")


def test_on_a_phone_a_row_is_swiped_away_and_taken_back(walk, forty, pia):
    phone = walk(width=390)
    phone.sign_in(pia)
    page = phone.go("/desk/")
    rows = page.locator("[data-desk-list] [data-row]")
    for by, act in ((140, "ACCEPTED"), (-140, "OPEN")):
        shown = rows.first.get_attribute("data-proposal")
        swipe(page, rows.first, by)
        page.locator(f"#row-{shown}").wait_for(state="detached")
        found = Proposal.objects.get(public_id=shown)
        assert (found.state, found.later_until is None) == (act, act == "ACCEPTED")
    phone.look("inbox-5-swiped")
    swipe(page, rows.first, 40)
    assert open_ones() == len(forty) - 2, "A short one says nothing."
    page.wait_for_timeout(500)  # a touch right behind a swipe only ends it, as browsers have it
    page.locator("#said form button").tap()
    page.locator("text=as it was before").first.wait_for()
    assert open_ones() == len(forty) - 1


def test_several_are_chosen_with_the_keys_and_undone_at_once(walk, forty, pia):
    desk = walk(width=1440)
    desk.sign_in(pia)
    page = desk.go("/desk/")
    for _n in range(3):
        page.keyboard.press("J")
    page.locator("[data-chosen]", has_text="3").first.wait_for()
    desk.look("inbox-6-several")
    page.keyboard.press("x")
    page.locator("text=Said no to 3 proposals.").first.wait_for()
    assert open_ones() == len(forty) - 3
    page.keyboard.press("u")
    page.locator("text=as it was before").first.wait_for()
    assert open_ones() == len(forty)


def test_two_see_each_other(walk, forty, pia, ada):
    first, second = walk(width=1440), walk(width=1440)
    first.sign_in(pia)
    second.sign_in(ada)
    page = first.go("/desk/")
    shown = page.locator("#evidence form[data-proposal]").get_attribute("data-proposal")
    with page.expect_response(lambda answer: "/pulse/" in answer.url):
        page.reload()
    other = second.go("/desk/")
    other.locator(f"#row-{shown}", has_text="is looking at it").wait_for()


def test_posts_are_left_out_by_the_pointer_and_by_keys(walk, forty, pia):
    ask = forty[0].ask
    # So long that a row which opens is several lines higher.
    Post.objects.filter(membership__ask=ask).update(
        body="It rains, and then the list is gone. " * 30
    )
    desk = walk(width=1440)
    desk.sign_in(pia)
    page = desk.go(f"/desk/proposals/{forty[0].public_id}/")
    boxes = page.locator("#evidence [data-choose]")
    # What opened where the pointer was must not move the box that is pressed next.
    for box in (boxes.nth(0), boxes.nth(1)):
        for is_left_out in (True, False):
            place = box.bounding_box()
            page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
            assert box.is_checked() is not is_left_out
    page.keyboard.press("l")
    page.keyboard.press("j")
    page.keyboard.press("Space")
    assert [box.is_checked() for box in boxes.all()] == [True, False]
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    page.keyboard.type("Wind and weather")
    page.keyboard.press("Enter")
    page.keyboard.press("e")
    page.locator(f'#evidence form[data-proposal="{forty[0].public_id}"]').wait_for(state="detached")
    ask.refresh_from_db()
    assert (ask.title, ask.post_count) == ("Wind and weather", 1)


def test_u_takes_back_the_last_word_and_an_empty_list_is_read_anew(walk, forty, pia):
    desk = walk(width=1440)
    desk.sign_in(pia)
    page = desk.go("/desk/")
    page.keyboard.press("J")
    page.keyboard.press("J")
    page.keyboard.press("x")
    page.locator("text=Said no to 2 proposals.").first.wait_for()
    shown = page.locator("#evidence form[data-proposal]").get_attribute("data-proposal")
    page.keyboard.press("x")
    page.locator(f"#row-{shown}").wait_for(state="detached")
    page.locator("#undo-last form").wait_for()
    page.keyboard.press("u")
    page.locator("text=as it was before").first.wait_for()
    assert Proposal.objects.get(public_id=shown).state == "OPEN"
    assert open_ones() == len(forty) - 2

    page = desk.go("/desk/?kind=REGRESSION")
    page.locator("[data-desk-list]").evaluate(
        "list => [...list.querySelectorAll('[data-row]')].slice(2).forEach(row => row.remove())"
    )
    for _n in range(2):
        shown = page.locator("#evidence form[data-proposal]").get_attribute("data-proposal")
        page.keyboard.press("x")
        page.locator(f"#row-{shown}").wait_for(state="detached")
        page.locator(f'#evidence form[data-proposal="{shown}"]').wait_for(state="detached")
    page.locator("[data-desk-list] [data-row]").nth(20).wait_for()


def test_what_says_the_same_is_ticked_by_its_number_and_goes_along(walk, forty, pia, embed):
    embed()
    Proposal.objects.filter(kind="NEW_ASK").update(people_count=3)
    desk = walk(width=1440)
    desk.sign_in(pia)
    page = desk.go("/desk/?kind=NEW_ASK")
    shown = page.locator("#evidence form[data-proposal]").get_attribute("data-proposal")
    waits = page.locator("#near label", has=page.locator("input:not([data-confirmed])")).first
    page.keyboard.press(waits.get_attribute("data-key"))
    ticked = page.locator("#near input:checked").get_attribute("value")
    along = Proposal.objects.get(ask__public_id=ticked).public_id
    page.locator(".near__one-ask").wait_for()
    assert (
        page.locator("[data-near-said]").inner_text() == "They become one ask with the title above."
    )
    desk.look("inbox-near")
    page.keyboard.press("e")
    page.locator(f"#row-{along}").wait_for(state="detached")
    page.locator(f"#row-{shown}").wait_for(state="detached")
    page.locator("#waiting-count", has_text=f"{NEW - 2} proposals").wait_for()
    page.locator("#number-to-decide", has_text=f"{len(forty) - 2}").wait_for()
    # What was just confirmed is offered beside the next, where it keeps its title.
    made = Ask.objects.get(proposals__public_id=shown).public_id
    confirmed = page.locator(
        "#near label", has=page.locator(f'input[value="{made}"][data-confirmed]')
    )
    confirmed.wait_for()
    page.keyboard.press(confirmed.get_attribute("data-key"))
    page.locator(".near__into").wait_for()
    page.keyboard.press("e")
    page.locator(".message--success", has_text="6 posts now").wait_for()
    page.keyboard.press("u")
    page.locator("text=as it was before").first.wait_for()
    confirmed.wait_for()
    # What is left out is an ask too: it stands in the list at once.
    page.keyboard.press("l")
    page.keyboard.press(" ")
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    desk.look("inbox-rest")
    here = page.locator("#evidence form[data-proposal]").get_attribute("data-proposal")
    page.keyboard.press("e")
    page.locator(".message--success", has_text="The 1 post left out waits").wait_for()
    rest = Proposal.objects.get(ask__split_from__proposals__public_id=here)
    page.locator(f"#row-{rest.public_id} a").click()
    page.locator(f'#evidence form[data-proposal="{rest.public_id}"]').wait_for()


def test_a_tick_made_while_the_last_word_is_saved_is_kept(walk, forty, pia, embed):
    embed()
    Proposal.objects.filter(kind="NEW_ASK").update(people_count=3)
    desk, _first, second, held = decided_ahead(walk, pia)
    page = desk.page
    page.locator(f'#evidence form[data-proposal="{second}"]').wait_for()
    # What is offered is from before: the answer on the way has another list.
    waits = page.locator("#near label", has=page.locator("input:not([data-confirmed])")).first
    page.keyboard.press(waits.get_attribute("data-key"))
    page.keyboard.press("e")
    caught(page, held).continue_()
    page.locator(f"#row-{second}").wait_for(state="detached")
    # Two of its own, and those of what was ticked.
    page.locator(".message--success", has_text="4 posts").wait_for()


def test_six_posts_of_a_new_ask_are_in_sight(walk, forty, pia, publish, make_ask, now):
    ask = make_ask(*[publish(pia, f"The list is gone {n}") for n in range(8)], state="PROPOSED")
    found = Proposal.objects.create(
        kind="NEW_ASK", fingerprint="six", ask=ask, people_count=8, proposed_at=now
    )
    desk = walk(width=1440)
    desk.sign_in(pia)
    page = desk.go(f"/desk/proposals/{found.public_id}/")
    end = page.locator(".desk__acts").bounding_box()["y"]
    sixth = page.locator("#evidence .evidence__row").nth(5).bounding_box()
    assert sixth["y"] + sixth["height"] <= end
