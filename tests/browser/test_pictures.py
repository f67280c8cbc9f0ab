"""A post with pictures, on a phone: chosen, pasted, described, taken away, sent, and looked at with keys."""

import base64

from feedback.forum.models import Attachment, Post
from tests.browser.waiting import until
from tests.pictures import picture

#: Has the page take a picture from the clipboard, and be dropped a file, as a person would.
_GIVE = """
([kind, raw, name, target]) => {
    const bytes = Uint8Array.from(atob(raw), sign => sign.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], name, {type: "image/png"}));
    const event = kind === "paste"
        ? new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})
        : new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true});
    document.querySelector(target).dispatchEvent(event);
}
"""


def give(page, kind, name, target):
    raw = base64.b64encode(picture(size=(900, 700))).decode()
    page.evaluate(_GIVE, [kind, raw, name, target])


def rows(page, number):
    until(page, f"document.querySelectorAll('[data-attached]').length === {number}")


def test_a_post_with_pictures_is_written_and_read(walk, board, ann, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    walker = walk(width=390)
    walker.sign_in(ann)
    page = walker.go("/posts/new/")
    until(page, "window.htmx !== undefined")
    page.fill("#id_title", "The list jumps when I scroll")
    page.set_input_files(
        "[data-attach] input[type=file]",
        [
            {"name": "one.png", "mimeType": "image/png", "buffer": picture(size=(1170, 2532))},
            {"name": "crash.log", "mimeType": "text/plain", "buffer": b"It broke here\n"},
        ],
    )
    rows(page, 2)
    assert page.locator("[data-attach] input[type=file]").input_value() == ""
    page.fill("#id_body", "It looks like this:\n")
    give(page, "paste", "pasted.png", "#id_body")
    rows(page, 3)
    assert "![](attachment:" in page.locator("#id_body").input_value()
    give(page, "drop", "dropped.png", "#compose")
    rows(page, 4)
    page.locator("[data-attached]").nth(0).locator("input[name^=alt-]").fill("The list, twice")
    walker.look("pictures-1-compose")

    # What is no picture is said, and nothing else is lost.
    walker.expected.add(422)
    page.set_input_files(
        "[data-attach] input[type=file]",
        [{"name": "a.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"}],
    )
    page.locator("[data-attach-said]", has_text="a.svg: An SVG may carry a program").wait_for()
    walker.complaints = [one for one in walker.complaints if "422" not in one]
    with page.expect_response("**/remove/"):
        page.locator("[data-attached]").nth(3).locator("[data-attach-away]").click()
    rows(page, 3)

    # A draft has them all after a reload.
    page.locator("[data-state]").filter(has_text="Draft saved.").wait_for()
    page = walker.go("/posts/new/")
    until(page, "window.htmx !== undefined")
    rows(page, 3)
    page.click("text=Post it")
    page.locator("h1", has_text="The list jumps").wait_for()
    post = Post.objects.get()
    kept = Attachment.objects.filter(post=post, removed_at=None).order_by("id")
    assert [one.kind for one in kept] == ["IMAGE", "LOG", "IMAGE"]
    assert kept[0].alt == "The list, twice"
    walker.look("pictures-2-post")

    # Opened large: keys lead on, Escape leads back to where one was.
    links = page.locator("article a[data-gallery]")
    assert links.count() == 2
    links.nth(0).focus()
    page.keyboard.press("Enter")
    shown = page.locator("#gallery[open] .gallery__picture")
    shown.wait_for()
    assert shown.get_attribute("src").endswith(kept[2].address)
    page.keyboard.press("ArrowRight")
    assert shown.get_attribute("src").endswith(kept[0].address)
    assert shown.get_attribute("alt") == "The list, twice"
    assert page.locator(".gallery__number").inner_text() == "2 / 2"
    until(page, "document.querySelector('.gallery__picture').complete")
    walker.look("pictures-3-gallery")
    page.keyboard.press("ArrowRight")
    assert page.locator(".gallery__number").inner_text() == "2 / 2"
    page.keyboard.press("Escape")
    until(page, "!document.getElementById('gallery').open")
    until(page, "document.activeElement.matches('.attached__picture')")
