"""On a phone: a board asks for what it needs, a vote has a weight, and a poll is answered."""

import datetime as dt

from feedback.forum.board_fields.operations import add_field, set_templates
from feedback.forum.models import Ballot, Board, Post, Vote
from feedback.forum.polls.operations import make_poll
from feedback.kernel import clock
from tests.browser.waiting import until


def test_a_bug_is_written_as_its_board_asks_and_then_weighed_and_polled(
    walk, ann, pia, board, product
):
    bugs = Board.objects.create(product=product, slug="bugs", name="Bugs", name_zh="问题")
    now = clock.now()
    add_field(
        board=bugs, key="device", label="Device", label_zh="机型", type="DEVICE", need="WANTED",
        actor=pia, now=now,
    )  # fmt: skip
    set_templates(board=bugs, templates={"": ("Steps:", "步骤：")}, actor=pia, now=now)
    walker = walk("zh-hans", width=390)
    walker.sign_in(ann)
    page = walker.go("/posts/new/")
    until(page, "window.htmx !== undefined")
    page.select_option("#id_board", "bugs")
    page.locator("#id_field-device").wait_for()
    until(page, "document.querySelector('#id_body').value.length > 2")
    page.fill("#id_title", "Is it night already")
    page.fill("#id_field-device", "Pixel 9")
    walker.look("taking-part-1-compose")
    page.locator("#compose .button--primary").click()
    page.locator("h1", has_text="Is it night already").wait_for()
    post = Post.objects.get()
    assert (post.board, post.fields, post.body) == (bugs, {"device": "Pixel 9"}, "")

    make_poll(
        post=post,
        question="?",
        options=["1", "2"],
        closes_at=clock.now() + dt.timedelta(days=2),
        actor=pia,
        now=clock.now(),
    )
    page = walker.go(f"/posts/{post.public_id}/")
    until(page, "window.htmx !== undefined")
    page.locator(".importance__choice").last.click()
    page.locator('.importance__choice[aria-pressed="true"]').wait_for()
    page.locator(".poll input[name=option]").first.check()
    page.locator("#poll-send").click()
    page.locator(".poll__bar").first.wait_for()
    walker.look("taking-part-2-post")
    assert Vote.objects.get().importance == "CRITICAL"
    assert [one.text for one in Ballot.objects.get().options.all()] == ["1"]
    page.locator(".post__more summary").click()
    page.locator(f'a[href="/posts/{post.public_id}/voters/"]').click()
    page.locator("#dialog[open] .voters__one").wait_for()
    walker.look("taking-part-3-voters")
    walker.content()
