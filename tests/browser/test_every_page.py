"""Every page, in both languages, wide and narrow, by day and by night: nothing to complain about."""

import pytest
from django.urls import reverse

from tests.architecture.examples import arguments
from tests.architecture.test_addresses import ROLES, TABLE
from tests.browser.conftest import on_sqlite_alone

#: That every page opens for whom it should, `test_addresses` says on both.
pytestmark = [on_sqlite_alone, pytest.mark.timeout(600)]

WHO = ["visitor", "ann", "pia"]

#: Fragments and redirects are seen as parts of other pages.
NOT_PAGES = {
    "identity:sheet",
    "identity:mark",
    "identity:logo",
    "ops:livez",
    "ops:readyz",
    "desk:progress",
    "desk:ask-export",
    "desk:inbox-file",
    "desk:trends-file",
    "desk:ask-lines",
    "desk:ask-prompts-file",
    "desk:ask-related",
    "desk:pulse",
    "desk:map-points",
    "desk:map-card",
    "desk:map-search",
    "desk:questions-progress",
    "forum:post-similar",
    "forum:draft-save",
    "forum:draft-discard",
    "accounts:after-sign-in",
    "site:feed-posts",
    "notify:feed-board",
    "notify:feed-ask",
    "notify:feed-post",
    "notify:feed-person",
    "notify:feed-search",
    "notify:feed-own",
    "briefs:brief-feed",
    "notify:feed-answers",
    "notify:feed-roadmap",
    "notify:feed-roadmap-before",
    "roadmap:changelog-feed",
    "roadmap:story-picture",
    "forum:people-named",
    "site:manifest",
    "notify:push-worker",
    "desk:moderation-log-file",
    # Files, which the browser shows in a page of its own.
    "forum:attachment",
    "forum:attachment-small",
    "accounts:face",
    "forum:post-picture",
    "forum:board-picture",
    "asks:ask-picture",
    "roadmap:item-picture",
    "roadmap:release-picture",
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
MORE_FOR_SOME = {
    "ann": {"forum:post-detail", "site:home"},
    "pia": {"roadmap:item-detail", "roadmap:release-detail"},
}


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
    ("language", "dark", "widths"),
    [("en", False, (1440, 390)), ("zh-hans", True, (390, 1440))],
    ids=["en", "zh"],
)
@pytest.mark.parametrize("role", WHO)
def test_no_page_gives_cause_for_complaint(walk, world, role, language, dark, widths):
    """A page is opened once in a language and worn wide and narrow; axe, which takes long, reads it in the first width."""
    walker = walk(language)
    walker.sign_in(getattr(world, role))
    addresses = [
        (
            f"{one.name.replace(':', '.')}{'.' if one.of else ''}{one.of}",
            reverse(one.name, args=arguments(one, world)),
        )
        for one in pages(role)
    ]
    addresses += [(name, reverse(name)) for name in ACCOUNT_PAGES.get(role, [])]
    for name, address in addresses:
        for number, width in enumerate(widths):
            walker.wear(width, dark=dark)
            if number == 0:
                walker.go(address)
            look = f"{name}-{role}-{language}-{width}{'-night' if dark else ''}"
            walker.look(look, axe=number == 0)


def test_an_error_page_is_a_page_of_the_site(walk, board):
    walker = walk()
    walker.expected = {200, 404}
    for path in ("/nothing/here/", "/asks/23456789abc/"):
        page = walker.go(path)
        walker.look(f"404-{path.strip('/').replace('/', '-')}")
        walker.complaints = [line for line in walker.complaints if "404 (Not Found)" not in line]
        assert page.locator("h1").count() == 1
