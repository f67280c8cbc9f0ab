"""Secret addresses of pages and feeds, and what a page carries for the next request."""

import datetime as dt
import json
from base64 import b64encode
from hashlib import sha256
from html import unescape
from typing import Any

from django.test import Client

from feedback.accounts.captcha import work
from feedback.desk.quality import views as judging
from feedback.forum.guests.permissions import private_address
from feedback.forum.moderation.permissions import key_for
from feedback.measure.judging.queries import Case
from feedback.measure.models import Judgement
from feedback.notify.channels.feed.own import make_key, remove_key
from feedback.notify.channels.push import devices
from feedback.notify.groups import About
from feedback.notify.wishes.tokens import mute_token_for, token_for
from tests.architecture.tokens.kind import Kind, address, gone, suspended
from tests.moderating import report, say
from tests.notify.push.browsers import Browser

_DAY = dt.timedelta(days=1)


# --- A decision, and who may appeal against it -----------------------------------------------------------------------
def _ruling(w: Any) -> Any:
    if not hasattr(w, "ruling"):
        w.ruling = say(report(w.undecided, w.bo), w.mo, "REMOVE")
    return w.ruling


def _reads_ruling(w: Any, token: str) -> Any:
    return Client().get(f"/moderation/{_ruling(w).public_id}/", {"key": token})


def _reads_another_ruling(w: Any, token: str) -> Any:
    other = say(report(w.open_ask.medoid, w.ann), w.mo, "REMOVE")
    return Client().get(f"/moderation/{other.public_id}/", {"key": token})


# --- Judging ---------------------------------------------------------------------------------------------------------
def _case(w: Any) -> str:
    case = Case("MEMBERSHIP", w.post, w.ask, None, 0.9, "test")
    return str(judging._shown(case, w.pia.pk)["token"])


def _judges(as_: str) -> Any:
    def door(w: Any, token: str) -> str:
        before = Judgement.objects.count()
        asked = {"kind": "belongs", "at": "0", "do": "yes", "case": token}
        w.client_of(getattr(w, as_)).post("/desk/quality/judge/answer/", asked)
        return "judged" if Judgement.objects.count() > before else "not-judged"

    return door


# --- A browser with news turned on -----------------------------------------------------------------------------------
def _push_secret(w: Any) -> str:
    w.device_of = Browser("https://8.8.8.8/push/1")
    w.device = devices.turn_on(person=w.ann, name="Firefox", now=w.now(), **w.device_of.says)
    return str(w.device_of.says["auth"])


def _renews(at: str) -> Any:
    def door(w: Any, token: str) -> Any:
        about = {"instead_of": at, "known_by": token}
        return Client().post(
            "/settings/news/devices/renew/", Browser("https://8.8.8.8/push/2").says | about
        )

    return door


# --- Proof of work ----------------------------------------------------------------------------------------------------
def _solved(w: Any) -> str:
    markup = work.Work().markup(id_="captcha")
    asked = json.loads(unescape(markup.partition('data-captcha="')[2].partition('"')[0]))
    number = 0
    while sha256(f"{asked['salt']}{number}".encode()).hexdigest() != asked["challenge"]:
        number += 1
    said = {name: asked[name] for name in ("algorithm", "challenge", "salt", "signature")}
    return b64encode(json.dumps(said | {"number": number}).encode()).decode()


def _sent_of(post: Any) -> str:
    return private_address(post).rstrip("/").rpartition("/")[2]


KINDS = (
    Kind(
        "key of own feeds",
        "new posts of the closed boards that its person reads",
        "address",
        lambda w: make_key(person=w.mo, now=w.now()).key,
        address("/feeds/own/", "/boards/{w.ring.slug}/"),
        until="it is taken back",
        ended=(
            ("taken back", lambda w: remove_key(person=w.mo)),
            ("made anew", lambda w: make_key(person=w.mo, now=w.now())),
            gone("mo"),
            suspended("mo"),
        ),
        another=address("/feeds/own/", "/boards/nowhere/"),
    ),
    Kind(
        "link that stops mails",
        "has mails about these groups stop for its reader; never has more sent",
        "address",
        lambda w: token_for(w.ann, ["ROADMAP"]),
        address("/unsubscribe/", by="post"),
        until="the site's secret key is another",
        ended=(gone("ann"),),
    ),
    Kind(
        "link that mutes one thing",
        "has its reader hear no more of it",
        "address",
        lambda w: mute_token_for(w.ann, About.POST, w.post.pk),
        address("/mute/", by="post"),
        until="the site's secret key is another",
        ended=(gone("ann"),),
    ),
    Kind(
        "key of a decision",
        "shows who is suspended one decision about them, and takes their appeal",
        "address",
        lambda w: key_for(_ruling(w)),
        _reads_ruling,
        lasts=_DAY,
        another=_reads_another_ruling,
    ),
    Kind(
        "address of what was sent without an account",
        "where one post stands, without its words, and the key of a decision about it",
        "address",
        lambda w: _sent_of(w.post),
        address("/posts/{w.post.public_id}/sent/"),
        until="the site's secret key is another",
        another=address("/posts/{w.undecided.public_id}/sent/"),
    ),
    Kind(
        "case to be judged",
        "one word of one person of the team on one case that was drawn for them",
        "form",
        _case,
        _judges("pia"),
        opened="judged",
        refused="not-judged",
        lasts=_DAY,
        is_once=True,
        another=_judges("mo"),
    ),
    Kind(
        "secret of a browser's push",
        "lets that browser say that its address at the push service is another now",
        "form",
        _push_secret,
        _renews("https://8.8.8.8/push/1"),
        opened="204",
        until="news are off there",
        is_once=True,
        ended=(("news are off there", lambda w: devices.turn_off(device=w.device, now=w.now())),),
        another=_renews("https://8.8.8.8/push/3"),
    ),
    Kind(
        "proof of work",
        "sends one form as somebody who is no program",
        "form",
        _solved,
        lambda w, token: str(work.Work().check(token)),
        opened="PASSED",
        refused="WRONG",
        lasts=work.LASTS,
        is_once=True,
    ),
)
