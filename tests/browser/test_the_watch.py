"""The eye on the browser sees: what it reports on broken pages, so that its silence means something."""

from tests.browser.conftest import on_sqlite_alone

pytestmark = on_sqlite_alone


def test_it_sees_what_the_policy_refuses(walk, world):
    walker = walk()
    page = walker.go("/")
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))"
    )
    page.wait_for_timeout(100)
    walker.look("watch", axe=False)
    policy = [line for line in walker.complaints if line.startswith("policy")]
    walker.complaints = []
    assert any("style-src" in line for line in policy)
    assert any("script-src" in line for line in policy)


def test_it_sees_what_axe_sees(walk, world):
    walker = walk()
    page = walker.go("/")
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    walker.look("watch")
    found, walker.complaints = walker.complaints, []
    assert any("image-alt" in line for line in found)


def test_it_sees_errors_and_what_is_missing(walk, world):
    walker = walk()
    page = walker.go("/")
    page.evaluate("setTimeout(() => { throw new Error('broken') }, 0)")
    page.evaluate("fetch('/not/there/')")
    page.wait_for_timeout(300)
    found, walker.complaints = walker.complaints, []
    assert any("broken" in line for line in found)
    assert any("404 for" in line for line in found)


def test_it_sees_what_is_too_wide(walk, world):
    walker = walk(width=390)
    page = walker.go("/")
    page.evaluate(
        "document.querySelector('main').append(Object.assign(document.createElement('pre'),"
        " {textContent: 'x'.repeat(900)}))"
    )
    walker.look("watch", axe=False)
    found, walker.complaints = walker.complaints, []
    assert any("wider than the window" in line for line in found)
