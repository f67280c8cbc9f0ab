"""On a phone: whoever posts lands on the receipt, and its number, said aloud, leads back to the post."""

import re

from feedback.forum.models import Post


def test_a_number_is_given_and_found_again(walk, ann, board):
    walker = walk("zh-hans", width=390)
    walker.sign_in(ann)
    page = walker.go("/posts/new/")
    page.fill("#id_title", "It crashes at night")
    page.locator("#compose .button--primary").click()
    page.locator("h1", has_text="It crashes at night").wait_for()
    number = page.locator(".receipt__number").inner_text()
    assert re.fullmatch(r"#\d+", number)
    walker.look("receipts-1-landed")
    page = walker.go("/search/")
    page.fill("#search-words", number)
    page.keyboard.press("Enter")
    page.locator("h1", has_text="It crashes at night").wait_for()
    assert page.url.endswith(f"/posts/{Post.objects.get().public_id}/")
    walker.content()
