"""What holds for every address of the table, whoever asks: forms, headers, sessions, fragments, and pages that only show."""

import hashlib

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from feedback.accounts.models import User
from feedback.asks.models import Ask
from feedback.forum.models import Comment, Post
from tests.architecture.examples import arguments, outcome
from tests.architecture.forms_of import forms_of
from tests.architecture.test_addresses import TABLE
from tests.architecture.test_addresses import as_role as as_role

#: Where the example of an address is made as it is asked for, and how many there are of it.
BY_NAME = sorted({address.name: address for address in TABLE}.values(), key=lambda one: one.name)


def paths(world):
    """Yield each address of the table with the path of its example."""
    for address in BY_NAME:
        yield address, reverse(address.name, args=arguments(address, world))


def gets(address, role):
    """Return what ``role`` gets there, in the words of the table."""
    roles = ("visitor", "ann", "bo", "mo", "pia", "ada")
    said = address.get.split() if " " in address.get else [address.get] * len(roles)
    return said[roles.index(role)]


# --- Fields that no form has (3) ---------------------------------------------------------------------------
#: What decides who somebody is, whose something is, and how much it counts.
EXTRA = {
    "role": "ADMIN", "part_role": "ADMIN", "is_staff": "on", "is_superuser": "on", "is_active": "", "origin": "IMPORTED",
    "author": "1", "author_id": "1", "person": "1", "votes": "999", "vote_count": "999", "votes_elsewhere": "999",
    "comment_count": "999", "people_count": "999", "hotness": "999", "is_official": "on", "is_internal": "on",
    "is_hidden": "on", "is_answered": "on", "is_locked": "on", "pinned_at": "2026-03-06", "is_pinned": "on", "state": "HIDDEN",
    "stage": "SHIPPED", "outcome": "SHIPPED", "status": "SHIPPED", "decline_reason": "None.", "posted_at": "2020-01-01",
    "trust": "TEAM", "points": "999",
}  # fmt: skip


def standing():
    """Return who people are and whose and what everything is, without the numbers of rows."""
    return [
        sorted(map(repr, rows))
        for rows in (
            User.objects.values_list("role", "part_role", "is_staff", "is_superuser", "is_active", "origin"),
            Post.objects.values_list("author", "state", "is_answered", "is_locked", "pinned_at", "posted_at", "votes_elsewhere", "vote_count"),
            Comment.objects.values_list("author", "is_official", "is_internal", "is_hidden", "posted_at"),
            Ask.objects.values_list("state", "stage", "decline_reason", "people_count"),
        )
    ]  # fmt: skip


def after(client, form, extra):
    """Return what stands after the form was sent with these fields more; nothing of it stays."""
    cache.clear()
    with transaction.atomic():
        client.post(form.action, {**form.fields, **extra})
        found = standing()
        transaction.set_rollback(True)
    return found


@pytest.mark.loopback
@pytest.mark.check(3)
@pytest.mark.parametrize("role", ["ann", "bo"])
def test_fields_that_a_form_does_not_have_change_nothing(role, world, as_role, record_property):
    """Every form that a member is shown does the same with fields that it does not have."""
    sent, wrong = set(), []
    for address, path in paths(world):
        if gets(address, role) != "200":
            continue
        page = as_role(role).get(path)
        if not page["Content-Type"].startswith("text/html"):
            continue
        for form in forms_of(path, page.content.decode()):
            if form.action in sent or form.action.startswith("/accounts/"):
                continue
            sent.add(form.action)
            for name in ("title", "body"):  # empty fields would be refused, whatever else is sent
                if name in form.fields:
                    form.fields[name] = ["Words of mine"]
            extra = {name: value for name, value in EXTRA.items() if name not in form.fields}
            if after(as_role(role), form, {}) != after(as_role(role), form, extra):
                wrong.append(form.action)
    record_property("got", f"{len(sent)} forms sent as {role}")
    assert len(sent) > 10
    assert not wrong, wrong


# --- Sessions that end (5) ------------------------------------------------------------------------------------
@pytest.mark.check(5)
def test_who_is_demoted_has_a_members_pages_at_the_next_request(
    world, as_role, client_of, record_property
):
    team = [
        (address, path)
        for address, path in paths(world)
        if gets(address, "pia") == "200" and gets(address, "bo") == "403"
    ]
    session = client_of(world.pia)
    session.get("/desk/")
    User.objects.filter(pk=world.pia.pk).update(role="MEMBER")
    let_in = [path for _address, path in team if session.get(path).status_code != 403]
    record_property("got", f"{len(team)} pages refused")
    assert len(team) > 30
    assert not let_in


@pytest.mark.check(5)
@pytest.mark.parametrize("how", ["deactivated", "another password", "suspended"])
def test_a_session_ends_with_what_it_stood_on(how, world, client_of, now):
    session = client_of(world.bo)
    assert session.get(reverse("accounts:profile")).status_code == 200
    person = User.objects.get(pk=world.bo.pk)
    if how == "deactivated":
        person.is_active = False
    elif how == "suspended":
        person.suspended_until = now.replace(year=now.year + 1)
    else:
        person.set_password("quite another password")
    person.save()
    after = session.get(reverse("accounts:profile"))
    assert after.status_code in (302, 403)
    before = world.undecided.votes.count()
    session.post(reverse("forum:post-vote", args=[world.undecided.public_id]), {"want": "1"})
    assert world.undecided.votes.count() == before


# --- Pages that only show (7) ---------------------------------------------------------------------------------
#: Tables of what is remembered of looking itself: sessions, how often somebody asked; and the site's key, which is made once.
_OF_LOOKING = {"sessions.Session", "accounts.RateBucket", "notify.PushKey"}
#: Looking carries this out on purpose: it is where people come back after signing in, with what they wanted before.
_DEEDS = {"accounts:after-sign-in"}


def _what_there_is():
    """Return a digest of the rows of each table."""
    found = {}
    for model in apps.get_models():
        if model._meta.label in _OF_LOOKING or model._meta.proxy or not model._meta.managed:
            continue
        names = [
            field.attname
            for field in model._meta.concrete_fields
            if field.attname not in ("here_at", "here_before", "last_login")
        ]
        rows = model._base_manager.order_by("pk").values_list(*names)
        found[model._meta.label] = hashlib.sha256(repr(list(rows)).encode()).hexdigest()
    return found


@pytest.mark.loopback
@pytest.mark.check(7)
def test_looking_at_everything_twice_changes_nothing(world, as_role, record_property):
    looked = [(address, path) for address, path in paths(world) if address.name not in _DEEDS]
    admin = as_role("ada")
    admin.get("/")
    before = _what_there_is()
    for _ in range(2):
        for _address, path in looked:
            admin.get(path)
    after = _what_there_is()
    changed = {label for label, digest in after.items() if digest != before[label]}
    record_property("got", f"{len(looked)} addresses twice, {len(changed)} tables changed")
    assert not changed, changed


# --- One walk: parts (6), headers (10), what a cache may keep (44) ---------------------------------------------
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = ("object-src 'none'", "base-uri 'none'", "frame-ancestors")


def _by_htmx(answer):
    """Return what somebody got, with what htmx is told in a header."""
    leads = answer.headers.get("HX-Redirect") or answer.headers.get("HX-Location")
    if leads is None:
        return outcome(answer)
    return "login" if leads.startswith("/accounts/login/") else "away"


def _missing(answer):
    wrong = [name for name, value in HEADERS.items() if answer.headers.get(name) != value]
    policy = answer.headers.get("Content-Security-Policy", "")
    if "sandbox" in policy:  # a file that somebody brought: it is nobody's page, and may do nothing
        return wrong
    return wrong + [part for part in POLICY if part not in policy]


def _parted(page, part):
    """Say where htmx is let in otherwise, or is shown the desk that the page does not name.

    A part may say what is still to be ticked (422), where the page shows an empty form.
    """
    is_unfinished = (page.status_code, part.status_code) == (200, 422)
    if not is_unfinished and outcome(page) != _by_htmx(part):
        return f"{outcome(page)}, and {_by_htmx(part)} for htmx"
    is_shown = part.status_code == 200 and not part.streaming and not page.streaming
    if is_shown and b'"/desk/' in part.content and b'"/desk/' not in page.content:
        return "a part names the desk, and the page does not"
    return ""


def _kept(answer, ask_another):
    """Say where a page that is kept may be shown to somebody else."""
    if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
        return ""
    kept, varies = (answer.headers.get(name, "").lower() for name in ("Cache-Control", "Vary"))
    if "no-store" not in kept and "cookie" not in varies:
        return f"{kept!r}, Vary {varies!r}"
    tag = answer.headers.get("ETag")
    return "another has the same" if tag and ask_another(tag).status_code == 304 else ""


@pytest.mark.loopback
@pytest.mark.check(6)
@pytest.mark.check(10)
@pytest.mark.check(44)
def test_parts_headers_and_caches_of_every_address(world, as_role, record_property):
    """Each address as a page and as a part, by who is let in least and most."""
    wrong, seen = [], set()
    for _address, path in paths(world):
        for role in ("visitor", "bo", "ada"):
            client = as_role(role)
            page = client.get(path)
            part = client.get(path, headers={"hx-request": "true"})
            said = [_parted(page, part), *map(_missing, (page, part))]
            said.append(
                _kept(page, lambda tag: as_role("ann").get(path, headers={"if-none-match": tag}))  # noqa: B023
            )
            wrong += [f"{path} as {role}: {one}" for one in said if one]
            seen |= {page.status_code, part.status_code}
    record_property("got", f"statuses {', '.join(map(str, sorted(seen)))}")
    assert {200, 302, 403, 404, 405} <= seen
    assert not wrong, "\n".join(wrong[:60])


@pytest.mark.check(10)
def test_what_fails_before_any_page_has_the_headers_too(db, client, settings):
    settings.ALLOWED_HOSTS = ["heed.example"]
    assert client.get("/").status_code == 400
    ours = {"host": "heed.example"}
    answers = [
        client.get("/"),
        client.get("/nowhere/", headers=ours),
        client.put("/", headers=ours),
    ]
    assert [answer.status_code for answer in answers] == [400, 404, 405]
    assert not [missing for answer in answers if (missing := _missing(answer))]


@pytest.mark.check(44)
def test_a_visitors_list_in_another_language_is_another_list(world, as_role):
    first = as_role("visitor").get("/", headers={"accept-language": "en"})
    tag = first.headers.get("ETag", '"none"')
    again = as_role("visitor").get("/", headers={"accept-language": "en", "if-none-match": tag})
    other = as_role("visitor").get("/", headers={"accept-language": "zh-hans", "if-none-match": tag})  # fmt: skip
    assert again.status_code in (200, 304)
    assert other.status_code == 200
    assert 'lang="zh-hans"' in other.content.decode().lower()
    assert settings.LANGUAGE_CODE == "en"
