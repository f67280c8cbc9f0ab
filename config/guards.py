"""Reading from the environment what keeps programs out, and which servers of the operator are shown what people write."""

from base64 import b64decode
from typing import Any
from urllib.parse import urlsplit

from config import environment as env

SECRETS = ("HEED_CAPTCHA_SECRET", "HEED_CHECKER_SECRET", "HEED_TRANSLATE_KEY")
#: Where a captcha may stand.
PLACES = ("sign-up", "posts", "comments", "reports")
#: Services that answer at an address called siteverify: script, address, the class and the field of their widget, more hosts.
SERVICES = {
    "turnstile": (
        "https://challenges.cloudflare.com/turnstile/v0/api.js",
        "https://challenges.cloudflare.com/turnstile/v0/siteverify",
        "cf-turnstile",
        "cf-turnstile-response",
    ),
    "hcaptcha": (
        "https://js.hcaptcha.com/1/api.js",
        "https://api.hcaptcha.com/siteverify",
        "h-captcha",
        "h-captcha-response",
    ),
    "recaptcha": (
        "https://www.google.com/recaptcha/api.js",
        "https://www.google.com/recaptcha/api/siteverify",
        "g-recaptcha",
        "g-recaptcha-response",
    ),
}
#: Whose pictures and frames a widget loads, beside the host of its script.
_MORE_HOSTS = {
    "turnstile": [],
    "hcaptcha": ["https://*.hcaptcha.com"],
    "recaptcha": ["https://www.gstatic.com"],
}


def captcha() -> dict[str, Any]:
    """Return which captcha there is: ``kind`` ("" for none, "work", or a service), where it stands, and what it takes."""
    names = ("off", "proof-of-work", *SERVICES)
    chosen = env.choice("HEED_CAPTCHA", "off", {name: name for name in names})
    kind = {"off": "", "proof-of-work": "work"}.get(chosen, chosen)
    places = [one.strip() for one in env.text("HEED_CAPTCHA_AT", ",".join(PLACES)).split(",")]
    if not set(places) <= set(PLACES):
        env.wrong("HEED_CAPTCHA_AT", f"it must list some of {', '.join(PLACES)}")
    work = env.number("HEED_CAPTCHA_WORK", 100_000, least=1_000, most=10_000_000)
    site_key, secret = env.text("HEED_CAPTCHA_SITE_KEY"), env.secret("HEED_CAPTCHA_SECRET")
    script = env.address("HEED_CAPTCHA_SCRIPT_URL")
    verify = env.address("HEED_CAPTCHA_VERIFY_URL")
    found = {"kind": kind, "at": places, "work": work, "hosts": []}
    if kind not in SERVICES:
        return found
    if not site_key or not secret:
        env.wrong("HEED_CAPTCHA", "it needs HEED_CAPTCHA_SITE_KEY and HEED_CAPTCHA_SECRET")
    own_script, own_verify, css_class, field = SERVICES[kind]
    parts = urlsplit(script or own_script)
    more = [] if script else _MORE_HOSTS[kind]
    return found | {
        "site_key": site_key,
        "secret": secret,
        "script_url": script or own_script,
        "verify_url": verify or own_verify,
        "class": css_class,
        "field": field,
        "hosts": [f"{parts.scheme}://{parts.netloc}", *more],
    }


def _signs(secret: str) -> bool:
    """Whether libraries of Standard Webhooks can sign with ``secret``."""
    try:
        return len(b64decode(secret.removeprefix("whsec_"), validate=True)) >= 24
    except ValueError:
        return False


def checker() -> dict[str, Any]:
    """Return where posts of new people are judged: ``url`` ("" for nowhere), ``secret``, and up to which trust."""
    url, secret = env.address("HEED_CHECKER_URL"), env.secret("HEED_CHECKER_SECRET")
    if url and not secret:
        env.wrong("HEED_CHECKER_URL", "it is no use without HEED_CHECKER_SECRET")
    if secret and not _signs(secret):
        env.wrong(
            "HEED_CHECKER_SECRET",
            "it must be whsec_ and the base64 of 24 random bytes or more",
            secret=True,
        )
    below = env.choice("HEED_CHECKER_FOR", "new", {"new": "new", "members": "members"})
    return {"url": url, "secret": secret, "for": below}


def translate() -> dict[str, Any]:
    """Return which model translates: ``url`` of a server that speaks OpenAI's format ("" for none), ``model``, ``key``, and whether what is ``closed`` goes there."""
    url, model = env.address("HEED_TRANSLATE_URL"), env.text("HEED_TRANSLATE_MODEL")
    key = env.secret("HEED_TRANSLATE_KEY")
    closed = env.yes("HEED_TRANSLATE_CLOSED", False)
    if url and not model:
        env.wrong("HEED_TRANSLATE_URL", "it is no use without HEED_TRANSLATE_MODEL")
    return {"url": url, "model": model, "key": key, "closed": closed}
