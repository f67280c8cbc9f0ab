"""A post with pictures, on a phone: chosen, pasted, described, taken away, sent, and looked at with keys."""

import base64
from urllib.parse import unquote_plus

import pytest

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


def _is_saved_with_words(response):
    """Whether the draft was saved with what is said of the picture."""
    return "/draft/" in response.url and "The list, twice" in unquote_plus(
        response.request.post_data or ""
    )


def give(page, kind, name, target):
    raw = base64.b64encode(picture(size=(900, 700))).decode()
    page.evaluate(_GIVE, [kind, raw, name, target])


def rows(page, number):
    until(page, f"document.querySelectorAll('[data-attached]').length === {number}")


def find_a_twin(page, title):
    """Type ``title`` into the form of a new post, and see in what is like it that somebody has asked before."""
    page.fill("#id_title", "")
    page.locator("#id_title").press_sequentially(title, delay=10)
    page.locator("#similar li", has_text=title).wait_for()


@pytest.mark.parametrize(
    ("language", "title"), [("en", "The list jumps when I scroll"), ("zh-hans", "滚动时列表会跳动")]
)
def test_a_post_with_pictures_is_written_beside_its_twin_and_read(
    walk, board, ann, bo, publish, settings, tmp_path, language, title
):
    settings.MEDIA_ROOT = tmp_path / "media"
    twin = publish(bo, title)
    walker = walk(language, width=390)
    walker.sign_in(ann)
    page = walker.go("/posts/new/")
    until(page, "window.htmx !== undefined")
    find_a_twin(page, title)
    page.locator("#similar [data-vote]").click()
    page.locator("#similar [data-vote][aria-pressed=true]").wait_for()
    assert twin.votes.filter(person=ann).exists()
    walker.look("pictures-0-twin")
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
    with page.expect_response(_is_saved_with_words):
        page.locator("[data-attached]").nth(0).locator("input[name^=alt-]").fill("The list, twice")
    walker.look("pictures-1-compose")

    # What is no picture is said, and nothing else is lost.
    walker.expected.add(422)
    page.set_input_files(
        "[data-attach] input[type=file]",
        [{"name": "a.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"}],
    )
    page.locator("[data-attach-said]", has_text="a.svg").wait_for()
    walker.complaints = [one for one in walker.complaints if "422" not in one]
    with page.expect_response("**/remove/"):
        page.locator("[data-attached]").nth(3).locator("[data-attach-away]").click()
    rows(page, 3)

    # A draft has them all after a reload.
    page = walker.go("/posts/new/")
    until(page, "window.htmx !== undefined")
    rows(page, 3)
    page.click("#compose .form-end .button--primary")
    page.locator("h1", has_text=title).wait_for()
    post = Post.objects.get(author=ann)
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
