"""Every address tried by everyone. An address that is not in the table fails the build.

An expectation is a status for visitor, ann, bo, mo, pia and ada, or one for all six. ``login`` leads to the sign-in page,
``away`` is any other redirect. POST goes without fields: what comes back shows who got past the guard (422: the form).
"""

from dataclasses import dataclass

import pytest
from django.conf import settings
from django.contrib import admin
from django.core.cache import cache
from django.db import transaction
from django.urls import URLResolver, get_resolver, reverse

from tests.architecture.addresses_elsewhere import ELSEWHERE
from tests.architecture.addresses_of_doors import PROVIDERS
from tests.architecture.examples import arguments, outcome

ROLES = ("visitor", "ann", "bo", "mo", "pia", "ada")

#: Written by others: tried as a family below.
FAMILIES = ("account_", "socialaccount_", "mfa_", "admin:", *PROVIDERS)


@dataclass(frozen=True)
class Address:
    """One address with an example, and what each person gets there."""

    name: str
    of: str = ""
    get: str = "405"
    post: str = "405"

    @property
    def room(self):
        """The room whose page it is."""
        return self.name.partition(":")[0]


MEMBERS = "login 200 200 200 200 200"
TEAM = "404 403 403 200 200 200"
MANAGERS = "404 403 403 403 200 200"
MEMBERS_POST = "login away away away away away"
MEMBERS_FORM = "login 422 422 422 422 422"
MODERATORS_POST = "404 403 403 away away away"
WITH_OTHERS_POST = "login 403 403 away away away"  # authors have the same door
MANAGERS_POST = "404 403 403 403 away away"
MANAGERS_FORM = "404 403 403 403 422 422"
BOS = "login 403 200 403 403 403"
BOS_FORM = "login 403 422 403 403 403"
NOBODYS_POST = "login 403 403 403 403 403"
MEMBERS_POST_ONLY = "login 405 405 405 405 405"
TEAM_MAY_KNOW = "404 404 404 200 200 200"

TABLE = [
    Address("site:home", get="200"),
    Address("site:coverage", get="200"),
    Address("site:product", "product", get="away"),
    Address("site:feed-posts", get="200"),
    Address("site:manifest", get="200"),
    Address("site:set-language", post="away"),
    Address("site:set-theme", post="away"),
    Address("ops:livez", get="200"),
    Address("ops:readyz", get="200"),
    Address("accounts:after-sign-in", get=MEMBERS_POST),
    Address("accounts:profile", get=MEMBERS, post=MEMBERS_POST),
    Address("accounts:claim", get=MEMBERS, post=MEMBERS_POST),
    Address("accounts:claim-mail", post=MEMBERS_FORM),
    Address("accounts:claim-code", post=MEMBERS_FORM),
    Address("accounts:claim-undo", "claim", get=MANAGERS, post=MANAGERS_POST),
    Address("accounts:code-make", "author", post="404 403 403 403 200 200"),
    Address("accounts:code-withdraw", "code", post=MANAGERS_POST),
    # The forum: ann wrote the post, bo the comment.
    Address("forum:board-detail", "board", get="200"),
    Address("forum:post-create", get="200", post="422"),
    Address("forum:post-similar", get="200", post="200"),
    Address("forum:post-proposal", post="200"),
    Address("forum:post-preview", post="200"),
    Address("forum:draft-save", get=MEMBERS_POST_ONLY, post=MEMBERS),
    # The key of a draft that nobody has: throwing it away twice is no mistake.
    Address("forum:draft-discard", "post", get="login 404 404 404 404 404", post=MEMBERS_POST),
    Address("forum:post-detail", "post", get="200"),
    Address(
        "forum:post-edit",
        "post",
        get="login 200 403 403 403 403",
        post="login 422 403 403 403 403",
    ),
    Address("forum:post-vote", "post", get=MEMBERS_POST_ONLY, post=MEMBERS_POST),
    Address("forum:comment-create", "post", get=MEMBERS_POST_ONLY, post=MEMBERS_FORM),
    Address("forum:post-history", "post", get="404 200 404 200 200 200"),
    Address("forum:people-named", "post", get=MEMBERS, post=MEMBERS_POST_ONLY),
    Address("forum:comment-detail", "comment", get="away"),
    Address("forum:comment-reply", "comment", get=MEMBERS, post=MEMBERS_POST_ONLY),
    Address("forum:comment-edit", "comment", get=BOS, post=BOS_FORM),
    Address("forum:comment-history", "comment", get="200"),
    Address("forum:comment-react", "comment", get=MEMBERS_POST_ONLY, post=MEMBERS_POST),
    Address("forum:comment-accept", "comment", get=MEMBERS_POST_ONLY, post=NOBODYS_POST),
    Address("forum:comment-hide", "comment", get=MEMBERS_POST_ONLY, post=WITH_OTHERS_POST),
    Address("forum:comment-show", "comment", get=MEMBERS_POST_ONLY, post=WITH_OTHERS_POST),
    Address("forum:search", get="200"),
    Address("forum:person-detail", "ann", get="200"),
    # Asks
    Address("asks:ask-list", get="200"),
    Address("asks:ask-detail", "ask", get="200"),
    Address("asks:ask-detail", "declined", get="200"),
    Address("asks:ask-detail", "proposed", get=TEAM_MAY_KNOW),
    Address("asks:ask-vote", "ask", post=MEMBERS_POST),
    Address("asks:membership-contest", "post", post="login away 403 403 403 403"),
    # The roadmap
    Address("roadmap:roadmap", get="200"),
    Address("roadmap:item-detail", "item", get="200"),
    Address("roadmap:item-detail", "shipped", get="200"),
    Address("roadmap:item-move", "item", post=MANAGERS_FORM),
    Address("roadmap:item-place", "item", get=MANAGERS, post=MANAGERS_FORM),
    Address("roadmap:item-join", "item", post=MANAGERS_FORM),
    Address("roadmap:item-split", "item", post=MANAGERS_FORM),
    Address("roadmap:item-undo-reshaping", "reshaping", post=MANAGERS_POST),
    Address("roadmap:columns", get=MANAGERS, post=MANAGERS_FORM),
    Address("roadmap:item-ship", "item", post=MANAGERS_FORM),
    Address("roadmap:item-edit", "item", post=MANAGERS_FORM),
    Address("roadmap:item-private", "item", post=MANAGERS_POST),
    Address("roadmap:item-link-ask", "item", post=MANAGERS_FORM),
    Address("roadmap:item-unlink-ask", "item", post=MANAGERS_FORM),
    Address("roadmap:release-list", get="200"),
    Address("roadmap:release-detail", "release", get="200"),
    Address("roadmap:release-move", "release", post="404 403 403 403 404 404"),
    Address("roadmap:release-slip", "release", post=MANAGERS_FORM),
    Address("roadmap:release-halt", "release", post=MANAGERS_FORM),
    Address("roadmap:release-resume", "release", post=MANAGERS_POST),
    Address("roadmap:release-leave", "release", post=MANAGERS_FORM),
    Address("roadmap:release-notes", "release", post=MANAGERS_POST),
    Address("roadmap:release-draft", "release", post=MANAGERS_POST),
    Address("roadmap:release-preview", "release", post="404 403 403 403 404 404"),
    Address("roadmap:release-days", "release", post=MANAGERS_POST),
    Address("roadmap:release-problem", "release", post=MANAGERS_FORM),
    Address("roadmap:release-link", "release", post=MANAGERS_FORM),
    Address("roadmap:release-line", "line", post=MANAGERS_FORM),
    Address("roadmap:roadmap-widget", get="200"),
    Address("roadmap:changelog-feed", get="200"),
    Address("roadmap:changelog-widget", get="200"),
    Address("roadmap:story-mine", "shipped", get="away"),
    Address("roadmap:story", "story", get="200"),
    Address("roadmap:story-picture", "story", get="200"),
    Address("roadmap:train", get=MANAGERS, post=MANAGERS_FORM),
    Address("roadmap:train-plan", post=MANAGERS_FORM),
    Address("roadmap:report", "release", get=MEMBERS, post=MEMBERS_FORM),
    Address("roadmap:report-near", "release", post=MEMBERS),
    Address("roadmap:report-results", "release", get="200"),
    # The weekly brief
    Address("briefs:brief-list", get="200"),
    Address("briefs:brief-feed", get="200"),
    Address("briefs:brief-detail", "brief", get="200"),
    Address("briefs:brief-detail", "brief_draft", get=TEAM_MAY_KNOW),
    # The inbox: the notice is ann's
    Address("notify:inbox", get=MEMBERS),
    Address("notify:read-all", post=MEMBERS_POST),
    Address("notify:follow", "followed", post=MEMBERS_POST),
    Address("notify:subscription-remove", "subscription", post=MEMBERS_POST),
    Address("notify:wishes", get=MEMBERS, post=MEMBERS_FORM),
    Address("notify:send-again", post=MEMBERS_POST),
    # The device is ann's. A browser renews its own whoever is signed in: it shows that it is that browser.
    Address("notify:device-on", post=MEMBERS_POST),
    Address("notify:device-off", "device", post="login away 404 404 404 404"),
    Address("notify:device-trial", "device", post="login away 404 404 404 404"),
    Address("notify:device-renew", post="422"),
    Address("notify:push-worker", get="200"),
    # The address is signed for ann: whoever has her mail may stop it.
    Address("notify:unsubscribe", "stopping", get="200", post="200"),
    Address("notify:mute", "muting", get="200", post="200"),
    Address("notify:notice-open", "notice", post="login away 404 404 404 404"),
    Address("notify:feed-board", "board", get="200"),
    Address("notify:feed-ask", "ask", get="200"),
    Address("notify:feed-ask", "proposed", get="404"),
    Address("notify:feed-answers", get="200"),
    Address("notify:feed-roadmap", get="200"),
    Address("notify:feed-roadmap-before", get="away"),
    Address("notify:webhook-open", "endpoint", get=MANAGERS_POST),
    # The desk
    Address("desk:regroup", post=MANAGERS_POST),
    Address("desk:ask-list", get=TEAM),
    Address("desk:ask", "ask", get=TEAM),
    Address("desk:ask-told", "ask", get=TEAM),
    Address("desk:ask", "proposed", get=TEAM),
    Address("desk:ask-rename", "ask", post=MANAGERS_POST),
    Address("desk:ask-confirm", "proposed", post=MANAGERS_POST),
    Address("desk:ask-dismiss", "proposed", post=MANAGERS_POST),
    Address("desk:ask-lock", "ask", post=MANAGERS_POST),
    Address("desk:ask-posts", "ask", post=MANAGERS_POST),
    Address("desk:ask-split", "ask", get=MANAGERS_POST, post=MANAGERS_POST),
    Address("desk:ask-move", "ask", get=MANAGERS, post=MANAGERS),
    Address("desk:ask-join", "ask", get=MANAGERS, post="404 403 403 403 404 404"),
    Address("desk:ask-answer", "ask", get=MANAGERS, post=MANAGERS_FORM),
    Address("desk:ask-adopt", "open_ask", get=MANAGERS, post=MANAGERS_FORM),
    Address("desk:ask-decline", "open_ask", get=MANAGERS, post=MANAGERS_FORM),
    Address("desk:ask-reopen", "declined", post=MANAGERS_POST),
    Address("desk:model", get=TEAM),
    Address("desk:model-switch", post="404 403 403 403 404 404"),
    Address("desk:model-stay", post="404 403 403 403 404 404"),
    Address("desk:model-look", post="404 403 403 403 404 404"),
    Address("desk:model-remove", post="404 403 403 403 404 404"),
    Address("desk:questions", get=TEAM),
    Address("desk:questions-progress", get=TEAM),
    Address("desk:question-answer", "question", post=MANAGERS_POST),
    Address("desk:question-undo", "question", post=MANAGERS_POST),
    Address("desk:too-little", get=TEAM),
    Address("desk:post-group", "post", get=MANAGERS, post=MANAGERS_POST),
    Address("desk:ask-area", "ask", post=MANAGERS_POST),
    Address("desk:areas", get=TEAM),
    Address("desk:areas-without", get=TEAM),
    Address("desk:areas-confirm", post=MANAGERS_POST),
    Address("desk:areas-put", post=MANAGERS_POST),
    Address("desk:area", "area", get=TEAM),
    Address("desk:area-rename", "area", post=MANAGERS_POST),
    Address("desk:area-join", "area", post="404 403 403 403 404 404"),
    Address("desk:area-dissolve", "area", post=MANAGERS_POST),
    Address("desk:decisions", get=TEAM),
    Address("desk:decision-undo", "decision", post=MANAGERS_POST),
    Address("desk:tuesday", get=TEAM),
    Address("desk:tuesday-line", "report_line", get=TEAM, post=MODERATORS_POST),
    Address("desk:briefs", get=TEAM),
    Address("desk:brief-draft", "monday", post=MODERATORS_POST),
    Address("desk:brief", "brief_draft", get=TEAM, post=MODERATORS_POST),
    Address("desk:brief", "brief", get=TEAM, post="404 403 403 422 422 422"),
    Address("desk:brief-publish", "brief_draft", post="404 403 403 403 404 404"),
    Address("desk:brief-withdraw", "brief", post=MANAGERS_FORM),
    Address("desk:trends", get=TEAM),
    Address("desk:alert-seen", "alert", post=MODERATORS_POST),
    Address("desk:quality", get=TEAM),
    Address("desk:judge", get=TEAM),
    Address("desk:judge-answer", post=MODERATORS_POST),
    Address("desk:product", post="404 403 403 404 404 404"),
    Address("desk:boards", get=TEAM),
    Address("desk:board-edit", "board", get=MANAGERS, post=MANAGERS_FORM),
    Address("desk:board-move", "board", post="404 403 403 403 404 404"),
    Address("desk:board-new", "product", get=MANAGERS, post=MANAGERS_FORM),
    Address("desk:product-new", get=MANAGERS, post=MANAGERS_FORM),
    Address("desk:product-edit", "product", get=MANAGERS, post=MANAGERS_FORM),
    Address(
        "desk:sample-remove",
        "sample",
        get="404 403 403 403 403 200",
        post="404 403 403 403 403 away",
    ),
    Address("desk:post-board", "post", get=MANAGERS, post=MANAGERS_FORM),
    Address("desk:judge-follow", post="404 403 403 403 404 404"),
    Address("desk:webhooks", get=MANAGERS),
    Address("desk:webhook-new", get=MANAGERS, post=MANAGERS_FORM),
    Address("desk:webhook", "endpoint", get=MANAGERS),
    Address("desk:webhook-edit", "endpoint", get=MANAGERS, post=MANAGERS_FORM),
    Address("desk:webhook-trial", "endpoint", post=MANAGERS_POST),
    Address("desk:webhook-secret", "endpoint", post=MANAGERS_POST),
    Address("desk:webhook-switch", "endpoint", post=MANAGERS_POST),
    Address("desk:webhook-remove", "endpoint", get=MANAGERS, post=MANAGERS_POST),
    Address("desk:webhook-all-again", "endpoint", post=MANAGERS_POST),
    Address("desk:webhook-again", "sent", post=MANAGERS_POST),
    *(Address(*row) for row in ELSEWHERE),
]


def names(resolver, namespace=""):
    """Yield the full name of every address below ``resolver``."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from names(pattern, inner)
        else:
            yield f"{namespace}{pattern.name}"


@pytest.fixture
def as_role(world, client_of, anew):
    """Give a new client of somebody: ``as_role("pia")``. Each signs in once, and every client has that session."""
    signed_in = {role: client_of(getattr(world, role)).cookies for role in ROLES}
    return lambda role: anew(signed_in[role])


#: Who is let in is decided before the database is asked for more than who they are. On PostgreSQL two see every page.
TRIED = ROLES if settings.TEST_DATABASE == "sqlite" else ("ann", "ada")


def strangers(address, world, as_role):
    """Yield who got what they should not get at ``address``, or did not get what is theirs. Nothing they do stays."""
    path = reverse(address.name, args=arguments(address, world))
    for method, wanted in (("get", address.get), ("post", address.post)):
        expected = wanted.split() if " " in wanted else [wanted] * len(ROLES)
        for role, theirs in zip(ROLES, expected, strict=True):
            if role not in TRIED:
                continue
            with transaction.atomic():
                found = outcome(getattr(as_role(role), method)(path))
                transaction.set_rollback(True)
            if found != theirs:
                yield f"{method.upper()} {path} as {role}: {found}, not {theirs}"


@pytest.mark.parametrize("room", sorted({address.room for address in TABLE}))
def test_everyone_gets_what_is_theirs(room, world, as_role, plain_refusals):
    """The world is made once for the addresses of a room, and is the same for each."""
    wrong = []
    for address in TABLE:
        if address.room == room:
            cache.clear()
            with transaction.atomic():
                wrong += strangers(address, world, as_role)
                transaction.set_rollback(True)
    assert not wrong, "\n".join(wrong)


def test_every_address_is_in_the_table():
    known = {address.name for address in TABLE}
    unlisted = {
        name
        for name in names(get_resolver())
        if not name.startswith(FAMILIES) and name not in known
    }
    assert not unlisted, f"Say in TABLE what everyone gets at {sorted(unlisted)}."
    assert known <= set(names(get_resolver())), "The table names what is no longer there."


def test_the_account_pages_answer(as_role):
    pages = {name for name in names(get_resolver()) if name.startswith("account_")}
    pages -= {"account_confirm_email", "account_reset_password_from_key"}  # a token is in them
    assert len(pages) >= 12
    for role in ROLES:
        client = as_role(role)
        for name in pages:
            assert client.get(reverse(name)).status_code < 404, (role, name)


def test_only_the_operator_enters_the_admin(as_role):
    pages = ["admin:index"]
    pages += [
        f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        for model in admin.site._registry
    ]
    for role in ROLES:
        client = as_role(role)
        for page in pages:
            response = client.get(reverse(page))
            if role == "ada":
                assert response.status_code == 200, page
            else:
                assert response.status_code == 302, (role, page)
                assert "/admin/login/" in response["Location"]


@pytest.mark.parametrize(
    "path",
    [
        "/nothing/here/",
        "/posts/23456789abc/",
        "/asks/23456789abc/",
        "/roadmap/23456789abc/",
        "/boards/nowhere/",
        "/people/23456789abc/",
        "/releases/0.0/",
    ],
)
def test_what_is_not_there_is_not_found(path, db, client):
    assert client.get(path).status_code == 404


#: Mail programs post to stop a mail, browsers to say where they are reached now. Neither has a token: the address is signed, and the
#: browser says what it alone knows.
WITHOUT_A_TOKEN = {"notify:unsubscribe", "notify:device-renew"}


def test_nothing_is_changed_without_a_token(world, client_of, plain_refusals):
    client = client_of(world.pia, enforce_csrf_checks=True)
    for address in TABLE:
        if address.post != "405" and address.name not in WITHOUT_A_TOKEN:
            path = reverse(address.name, args=arguments(address, world))
            assert client.post(path).status_code == 403, path
