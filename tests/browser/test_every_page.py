"""Every page, in both languages, wide and narrow, by day and by night: nothing to complain about."""

import pytest
from django.urls import reverse

from tests.architecture.test_addresses import ROLES, TABLE, arguments

WHO = ["visitor", "ann", "pia"]

#: Fragments and redirects are seen as parts of other pages.
NOT_PAGES = {
    "ops:livez",
    "ops:readyz",
    "desk:progress",
    "desk:questions-progress",
    "forum:post-similar",
}
ACCOUNT_PAGES = {
    "visitor": [
        "account_login",
        "account_signup",
        "account_reset_password",
        "account_request_login_code",
    ],
    "ann": ["account_email", "account_change_password", "account_logout", "account_reauthenticate"],
}


#: Open to all, and another page for those who may do more there.
MORE_FOR_SOME = {"ann": {"forum:post-detail", "site:home"}, "pia": {"roadmap:item-detail"}}


def opens(address, role):
    """Tell whether ``role`` gets a page there."""
    expected = address.get.split() if " " in address.get else [address.get] * len(ROLES)
    return expected[ROLES.index(role)] == "200" and address.name not in NOT_PAGES


def pages(role):
    """Yield every page that ``role`` may open and nobody before them in the list of who is tried."""
    before = WHO[: WHO.index(role)]
    for address in TABLE:
        if opens(address, role) and (
            address.name in MORE_FOR_SOME.get(role, ())
            or not any(opens(address, other) for other in before)
        ):
            yield address


@pytest.mark.parametrize(
    ("language", "width", "dark"),
    [("en", 1440, False), ("zh-hans", 390, False), ("en", 390, True), ("zh-hans", 1440, True)],
    ids=["en-wide-day", "zh-narrow-day", "en-narrow-night", "zh-wide-night"],
)
@pytest.mark.parametrize("role", WHO)
def test_no_page_gives_cause_for_complaint(walk, world, role, language, width, dark):
    walker = walk(language, width, dark)
    walker.sign_in(getattr(world, role))
    look = f"{role}-{language}-{width}{'-night' if dark else ''}"
    for address in pages(role):
        walker.go(reverse(address.name, args=arguments(address, world)))
        walker.look(
            f"{address.name.replace(':', '.')}{'.' if address.of else ''}{address.of}-{look}"
        )
    for name in ACCOUNT_PAGES.get(role, []):
        walker.go(reverse(name))
        walker.look(f"{name}-{look}")


@pytest.mark.parametrize("path", ["/nothing/here/", "/asks/23456789abc/"])
def test_an_error_page_is_a_page_of_the_site(walk, world, path):
    walker = walk()
    walker.expected = {200, 404}
    page = walker.go(path)
    walker.look(f"404-{path.strip('/').replace('/', '-')}")
    walker.complaints = [line for line in walker.complaints if "404 (Not Found)" not in line]
    assert page.locator("h1").count() == 1
