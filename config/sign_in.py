"""Reading from the environment by whom people may sign in, and who may sign up."""

import os
import re
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit, urlunsplit

from django.utils.text import slugify

from config import environment as env
from feedback.accounts.joining.domains import read_domains

#: Providers that have a name of their own.
KNOWN = ("dingtalk", "feishu", "github", "google", "weixin")
APPS = [f"allauth.socialaccount.providers.{name}" for name in (*KNOWN, "openid_connect")]
SECRETS = (
    "HEED_SIGN_IN_DINGTALK_SECRET",
    "HEED_SIGN_IN_FEISHU_SECRET",
    "HEED_SIGN_IN_GITHUB_SECRET",
    "HEED_SIGN_IN_GOOGLE_SECRET",
    "HEED_SIGN_IN_WEIXIN_SECRET",
    "HEED_SIGN_IN_OIDC",
)
#: Those that check the addresses that they tell.
_CHECKS_ADDRESSES = {"github", "google"}
_OIDC = "it must list servers, each as name=https://client:key@server/path, separated by semicolons"


def providers() -> dict[str, Any]:
    """Return what django-allauth wants to know of each provider that is set up."""
    return {
        **_provider("dingtalk", "HEED_SIGN_IN_DINGTALK_ID", "HEED_SIGN_IN_DINGTALK_SECRET"),
        **_provider("feishu", "HEED_SIGN_IN_FEISHU_ID", "HEED_SIGN_IN_FEISHU_SECRET"),
        **_provider("github", "HEED_SIGN_IN_GITHUB_ID", "HEED_SIGN_IN_GITHUB_SECRET"),
        **_provider("google", "HEED_SIGN_IN_GOOGLE_ID", "HEED_SIGN_IN_GOOGLE_SECRET"),
        **_provider("weixin", "HEED_SIGN_IN_WEIXIN_ID", "HEED_SIGN_IN_WEIXIN_SECRET"),
        **_oidc("HEED_SIGN_IN_OIDC"),
    }


def _provider(name: str, id_name: str, secret_name: str) -> dict[str, Any]:
    client, secret = env.text(id_name), env.secret(secret_name)
    if client and not secret:
        env.wrong(id_name, f"it is no use without {secret_name}")
    if secret and not client:
        env.wrong(secret_name, f"it is no use without {id_name}", secret=True)
    if not client:
        return {}
    trusted = {"email_authentication": name in _CHECKS_ADDRESSES}
    return {
        name: {
            "APPS": [{"client_id": client, "secret": secret, "key": "", "settings": trusted}],
            "OAUTH_PKCE_ENABLED": name in _CHECKS_ADDRESSES,
        }
    }


def _oidc(name: str) -> dict[str, Any]:
    env.asked.add(name)
    listed = [one.strip() for one in os.environ.get(name, "").split(";") if one.strip()]
    apps: list[dict[str, Any]] = []
    for one in listed:
        title, _equals, address = one.partition("=")
        try:
            apps.append(_server(title.strip(), address.strip()))
        except ValueError:
            env.wrong(name, _OIDC, secret=True)
    if len({app["provider_id"] for app in apps}) < len(apps):
        env.wrong(name, "it must give each server a name of its own, or ?id=…", secret=True)
    return {"openid_connect": {"APPS": apps, "OAUTH_PKCE_ENABLED": True}} if apps else {}


def _server(title: str, address: str) -> dict[str, Any]:
    parts = urlsplit(address)
    said = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    key = said.get("id") or slugify(title)
    if parts.scheme not in ("http", "https") or not parts.hostname or not title:
        raise ValueError(address)
    if not parts.username or not parts.password or not re.fullmatch(r"[a-z0-9-]{1,40}", key):
        raise ValueError(address)
    _ = parts.port  # raises for what is none
    host = parts.netloc.rpartition("@")[2]
    return {
        "provider_id": key,
        "name": title,
        "client_id": unquote(parts.username),
        "secret": unquote(parts.password),
        "settings": {
            "server_url": urlunsplit((parts.scheme, host, parts.path.rstrip("/"), "", "")),
            "email_authentication": said.get("checks_addresses", "yes") != "no",
        },
    }


def domains(name: str) -> list[str]:
    """Return domains of e-mail addresses, in small letters."""
    try:
        return read_domains(env.text(name))
    except ValueError:
        env.wrong(name, "it must list domains, such as acme.example, acme.org")


def ways_up(
    name: str, domains_name: str, *, is_closed: bool, has_mail: bool
) -> tuple[str, list[str]]:
    """Return who may sign up, "open", "invitation", "domain", "closed" or "" where nothing is said, and the domains whose addresses may."""
    ways = {way: way for way in ("open", "invitation", "domain", "closed")}
    way = env.choice(name, "closed" if is_closed else "", ways)
    named = domains(domains_name)
    if way == "domain" and not named:
        env.wrong(name, f"it needs {domains_name}")
    if way == "domain" and not has_mail:
        env.wrong(name, "it needs EMAIL_URL: an address that nobody checks proves nothing")
    return way, named
