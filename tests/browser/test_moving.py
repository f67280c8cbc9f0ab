"""On the page of one ask: a post is dragged onto an ask near it, and goes there."""

from feedback.asks.models import Ask, Membership
from tests.browser.conftest import on_sqlite_alone

pytestmark = on_sqlite_alone


def test_a_post_is_dragged_onto_an_ask_near_it(walk, grouped, pia):
    ask = Ask.objects.open().order_by("-post_count", "pk").first()
    walker = walk()
    walker.sign_in(pia)
    page = walker.go(f"/desk/asks/{ask.public_id}/")
    place = page.locator("[data-drop]").first
    wanted = place.get_attribute("data-drop")
    row = page.locator(".evidence__row").first
    post = row.locator("[data-choose]").get_attribute("value")
    walker.look("ask-grips")
    row.locator(".evidence__grip").hover()
    page.mouse.down()
    page.mouse.move(900, 300)
    page.locator("[data-dragging]").wait_for()
    walker.look("ask-dragging", axe=False)
    box = place.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20, steps=4)
    page.mouse.up()
    page.get_by_text("Moved 1 post.").wait_for()
    held = Membership.objects.get(post__public_id=post)
    assert (held.ask.public_id, held.source) == (wanted, "PERSON")
    walker.look("ask-moved")


_DROPPED_TWICE = """
(ask) => {
  sessionStorage.setItem(`heed.ticks.${ask}`, JSON.stringify(["elsewhere"]));
  let sent = 0;
  HTMLFormElement.prototype.submit = () => (sent += 1);
  const drag = (at, name) =>
    document.querySelector(at).dispatchEvent(
      new DragEvent(name, { bubbles: true, cancelable: true, dataTransfer: new DataTransfer() }),
    );
  drag(".evidence__grip", "dragstart");
  drag("[data-drop]", "drop");
  drag("[data-drop]", "drop");
  const posts = [...document.querySelectorAll("[data-move-to] [name=post]")].map((field) => field.value);
  return [sent, posts, sessionStorage.getItem(`heed.ticks.${ask}`)];
}
"""


def test_ticks_of_other_pages_go_along_and_what_is_dropped_is_sent_once(walk, grouped, pia):
    ask = Ask.objects.open().order_by("-post_count", "pk").first()
    walker = walk()
    walker.sign_in(pia)
    page = walker.go(f"/desk/asks/{ask.public_id}/")
    for part in (".evidence__grip", "[data-drop]"):  # both come once the page has its scripts
        page.locator(part).first.wait_for(state="attached")
    first, second = page.locator("[data-choose]").all()[:2]
    second.check()
    own = first.get_attribute("value")
    assert page.evaluate(_DROPPED_TWICE, ask.public_id) == [1, [own], '["elsewhere"]']
    page = walker.go(f"/desk/asks/{ask.public_id}/")
    for part in (".evidence__grip", "[data-drop]"):  # both come once the page has its scripts
        page.locator(part).first.wait_for(state="attached")
    first, second = page.locator("[data-choose]").all()[:2]
    first.check()
    second.check()
    both = [one.get_attribute("value") for one in (first, second)]
    assert page.evaluate(_DROPPED_TWICE, ask.public_id) == [1, [*both, "elsewhere"], None]
