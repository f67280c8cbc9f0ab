"""The eye on the browser sees: what it reports on broken pages, so that its silence means something."""

from tests.browser.conftest import on_sqlite_alone
from tests.browser.waiting import until

pytestmark = on_sqlite_alone


def test_it_sees_what_is_wrong(walk, board):
    walker = walk(width=390)
    page = walker.go("/")
    walker.look("watch", axe=False)
    assert walker.complaints == []

    # What the policy refuses.
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))"
    )
    until(page, "window.refused.length > 1")
    walker.look("watch", axe=False)
    policy = [line for line in walker.complaints if line.startswith("policy")]
    assert any("style-src" in line for line in policy)
    assert any("script-src" in line for line in policy)

    # What axe sees, and what is too wide.
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    page.evaluate(
        "document.querySelector('main').append(Object.assign(document.createElement('pre'),"
        " {textContent: 'x'.repeat(900)}))"
    )
    walker.look("watch")
    assert any("image-alt" in line for line in walker.complaints)
    assert any("wider than the window" in line for line in walker.complaints)

    # Errors, and what is missing.
    page.evaluate("setTimeout(() => { throw new Error('broken') }, 0)")
    page.evaluate("fetch('/not/there/').then(() => null)")
    page.wait_for_timeout(100)
    assert any("broken" in line for line in walker.complaints)
    assert any("404 for" in line for line in walker.complaints)
    walker.complaints = []
