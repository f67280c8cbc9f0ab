"""The map holds: who imports whom, and what a template, a view and a sentence may be."""

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parents[2]
ROOMS = sorted(
    path.name for path in (ROOT / "feedback").iterdir() if (path / "__init__.py").exists()
)
TEMPLATES = sorted((ROOT / "feedback").rglob("*.html"))
MODULES = sorted(
    path
    for folder in ("feedback", "config")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
)


def within(path):
    """Return ``path`` as it is called in the repository."""
    return str(path.relative_to(ROOT))


# --- Imports ----------------------------------------------------------------------------------------------
def test_rooms_import_downwards_only():
    found = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout[-3000:] + found.stderr[-1000:]


def test_every_room_is_on_the_map():
    contract = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    missing = [room for room in ROOMS if f"feedback.{room}" not in contract]
    assert not missing


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "services", "misc"])
def test_a_room_is_named_for_what_people_do_there(name):
    found = [path for path in MODULES if path.stem == name or name in path.parts]
    assert not found


# --- Templates: the content security policy is strict ---------------------------------------------------
FORBIDDEN = {
    "a style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style[\s>]", re.IGNORECASE),
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    "an event attribute": re.compile(r"""<[^>]*\son[a-z]+\s*=\s*["']""", re.IGNORECASE),
    "a script address": re.compile(r"javascript:", re.IGNORECASE),
    "evaluated htmx": re.compile(r"\bhx-on\b|hx-vals=['\"]js:|hx-vars", re.IGNORECASE),
    "another site's file": re.compile(r"""<(?:script|link|img)[^>]*(?:src|href)=["']https?://"""),
}


#: What mail programs show, which know no policy and no style sheets of a site.
MAILS = {ROOT / "feedback/notify/channels/email" / name for name in ("mail.html", "_line.html")}


def test_a_template_needs_no_exception_from_the_policy():
    said = re.compile(r"{% comment %}.*?{% endcomment %}|{#.*?#}", re.DOTALL)
    found = [
        f"{within(path)}: {what}"
        for path in sorted({*TEMPLATES} - MAILS)
        for what, pattern in FORBIDDEN.items()
        if pattern.search(said.sub("", path.read_text(encoding="utf-8")))
    ]
    assert not found


def test_a_form_that_posts_carries_a_token():
    forms = re.compile(r"<form\b.*?</form>", re.DOTALL | re.IGNORECASE)
    posting = [
        (within(path), form)
        for path in TEMPLATES
        for form in forms.findall(path.read_text(encoding="utf-8"))
        if re.search(r'method="?post', form, re.IGNORECASE)
    ]
    assert posting
    assert not [where for where, form in posting if "{% csrf_token %}" not in form]


def test_markup_made_in_python_has_no_style_either():
    found = [
        within(path)
        for path in MODULES
        if re.search(r"""<[a-z][^>]*\s(?:style|on[a-z]+)=["{]""", path.read_text(encoding="utf-8"))
    ]
    assert not found


# --- Sentences --------------------------------------------------------------------------------------------
_TRANSLATORS = {
    "_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy",
    "npgettext", "npgettext_lazy",
}  # fmt: skip


def test_no_sentence_is_put_together_before_it_is_translated():
    wrong = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id in _TRANSLATORS and any(
                isinstance(argument, ast.JoinedStr | ast.BinOp) for argument in node.args[:2]
            ):
                wrong.append(f"{within(path)}:{node.lineno}")
    assert not wrong


# --- Views ------------------------------------------------------------------------------------------------
#: Open to everybody, and what they show is open too.
PUBLIC = {
    "identity:sheet",
    "identity:mark",
    "identity:logo",
    "site:home",
    "site:set-language",
    "site:set-theme",
    "ops:livez",
    "ops:readyz",
    "ops:metrics",  # its token says who asks
    "forum:post-create",  # a visitor may read the form; sending it needs a member
    "forum:post-fields",
    "forum:post-similar",
    "forum:post-preview",
    "forum:post-proposal",
    "forum:search",
    "asks:ask-list",
    "roadmap:changelog-feed",
    "site:coverage",
    "site:feed-posts",
    "honours:trust",
    "honours:board",
    "briefs:brief-list",
    "briefs:brief-feed",
    "notify:feed-answers",
    "notify:feed-roadmap",
    "notify:feed-search",
    "notify:feed-roadmap-before",
    "roadmap:roadmap",
    "roadmap:release-list",
    "forum:rules",
    "forum:rules-log",
    "forum:ruling",  # its key says who is there, or they sign in
    "site:manifest",
    "notify:push-worker",
    "notify:device-renew",  # the old address and its secret say whose device it is
    "notify:unsubscribe",  # the signed address says who is there
    "notify:mute",
    "accounts:hand-over",  # a signed token says who is there
    "accounts:hand-over-go",
    "accounts:invited",
    "forum:offer",
    *(
        f"{provider}_{step}"  # the provider says who is there
        for provider in ("dingtalk", "feishu", "github", "google", "openid_connect", "weixin")
        for step in ("login", "callback")
    ),
}
_ASKS_FIRST = re.compile(
    r"@(?:member|desk|team|acting|moderator|manager|site_manager|administrator)_required|access_\w+\(|visible_to\(|member_of\(|may_\w+\("
)


def ours(resolver, namespace=""):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from ours(pattern, inner)
        elif isinstance(pattern, URLPattern) and pattern.callback.__module__.startswith(
            "feedback."
        ):
            yield f"{namespace}{pattern.name}", inspect.unwrap(pattern.callback)


VIEWS = dict(ours(get_resolver()))


def test_a_view_asks_who_is_there():
    assert len(VIEWS) > 300
    asking = {name for name, view in VIEWS.items() if _ASKS_FIRST.search(inspect.getsource(view))}
    assert not VIEWS.keys() - PUBLIC - asking, "These neither ask nor stand in PUBLIC."


def test_a_view_says_which_methods_it_takes():
    assert not [name for name, view in VIEWS.items() if "@require_" not in inspect.getsource(view)]


def test_only_models_touch_the_models_of_a_room_on_save():
    """No logic in `save`, signals or forms' `save`: it lives in operations."""
    allowed = {"feedback/journal/models.py"}
    for path in (ROOT / "feedback").rglob("*.py"):
        if "migrations" in path.parts or within(path) in allowed:
            continue
        source = path.read_text(encoding="utf-8")
        assert "post_save" not in source, path
        assert "pre_save" not in source, path
        if path.name in ("models.py", "forms.py"):
            assert "def save(" not in source, path
