"""The map in a browser: deck.gl under the site's own policy, and a line drawn around posts."""

from feedback.grouping.picture.operations import draw_due


def test_the_map_is_drawn_and_a_line_around_it_chooses_posts(walk, grouped, pia, now):
    draw_due(now=now)
    walker = walk()
    walker.sign_in(pia)
    page = walker.go("/desk/map/")
    page.wait_for_selector("#map[data-ready]", timeout=60_000)
    page.click("#map-lasso")
    box = page.locator("#map-stage").bounding_box()
    left, top = box["x"] + 2, box["y"] + 2
    right, bottom = box["x"] + box["width"] - 2, box["y"] + box["height"] - 2
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in [(right, top), (right, bottom), (left, bottom)]:
        page.mouse.move(x, y)
    page.mouse.up()
    page.wait_for_selector("#map-chosen:not([hidden])")
    walker.look("map")
    # What a driver without a graphics card says of itself is no complaint of the page's.
    walker.complaints = [one for one in walker.complaints if "GL Driver Message" not in one]
    page.click("#map-go")
    page.wait_for_url("**/desk/map/chosen/")
    assert page.locator(".map-part").count() > 1
    walker.look("map-chosen")
