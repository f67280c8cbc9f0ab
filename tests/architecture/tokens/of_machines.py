"""Secrets between Heed and other programs. Those that Heed only sends or signs with open nothing here."""

import base64
import json
from typing import Any

from django.test import Client

import config.urls
from feedback.accounts.models import HandOverKey
from feedback.encoder.app import EncoderApp
from feedback.notify.channels.push.vapid import authorization, own_key
from feedback.notify.channels.webhook.kinds import standard
from feedback.notify.mailbox.addresses import BOUNCE, REPLY, address_for, mail_named
from feedback.notify.models import Mail
from tests.accounts.doors.product import Product
from tests.architecture.tokens.kind import Door, Kind
from tests.ops.test_bridge import Asked, apart

METRICS, ENCODER, HOOK = "of-prometheus-0123456789", "of-the-encoder", "heed:of-the-provider"
MAIL_IN_ADDRESS = "reply@heed.example"


def prepare(w: Any) -> None:
    """Have the site be one with all these: figures, a mailbox, a mail provider."""
    w.settings.METRICS_TOKEN, w.settings.MAIL_IN_ADDRESS = METRICS, MAIL_IN_ADDRESS
    w.settings.MAIL_PROVIDER, w.settings.ANYMAIL = "postmark", {"WEBHOOK_SECRET": HOOK}
    every = [*config.urls.hooks(), *config.urls.urlpatterns]
    w.settings.ROOT_URLCONF = type("urls", (), {"urlpatterns": every})


def _reads_figures(w: Any, token: str) -> Any:
    return Client().get("/metrics", headers={"authorization": f"Bearer {token}"})


def _asks_encoder(w: Any, token: str) -> str:
    asked = Asked(path="/v1/models", authorization=f"Bearer {token}")
    apart(lambda: EncoderApp("hashing", token=ENCODER)(asked.scope, asked.receive, asked.send))
    return str(asked.status)


def _tells_of_mail(w: Any, token: str) -> Any:
    shown = {"authorization": f"Basic {base64.b64encode(token.encode()).decode()}"}
    client = Client(headers=shown, raise_request_exception=False)
    told = json.dumps({"RecordType": "Open", "Metadata": {}})
    return client.post("/hooks/mail/postmark/tracking/", told, content_type="application/json")


def _mail(w: Any) -> Mail:
    at = {"made_at": w.now(), "due_at": w.now()}
    return Mail.objects.get_or_create(person=w.ann, defaults=at)[0]


def _named_for(purpose: str) -> Door:
    def door(w: Any, token: str) -> str:
        found = mail_named([token], purpose)
        return "known" if found == _mail(w) else "strange"

    return door


def _hand_over_secret(w: Any) -> str:
    Product(w.ada, "another-app")
    return str(HandOverKey.objects.get(issuer="another-app").secret)


#: What Heed asks for at a door of its own.
KINDS = (
    Kind(
        "token of the figures",
        "reads `/metrics`",
        "header",
        lambda w: METRICS,
        _reads_figures,
        until="`HEED_METRICS_TOKEN` is another",
    ),
    Kind(
        "token of the encoder",
        "has the encoder answer",
        "header",
        lambda w: ENCODER,
        _asks_encoder,
        refused="401",
        until="`HEED_ENCODER_TOKEN` is another",
    ),
    Kind(
        "secret of the mail provider",
        "tells what became of mails, and brings replies",
        "header",
        lambda w: HOOK,
        _tells_of_mail,
        refused="400",
        until="`EMAIL_URL` says another",
    ),
    Kind(
        "address of a reply",
        "writes as the reader of one mail, under what it told of",
        "mail",
        lambda w: address_for(_mail(w), REPLY),
        _named_for(REPLY),
        opened="known",
        refused="strange",
        until="its account is erased; who sends must be that person too",
    ),
    Kind(
        "address of what comes back",
        "says that one mail could not be delivered",
        "mail",
        lambda w: address_for(_mail(w), BOUNCE),
        _named_for(BOUNCE),
        opened="known",
        refused="strange",
        until="its account is erased; who sends must be that person too",
    ),
)
#: What opens nothing here, by name: it is sent to others, or signs what is.
FOR_OTHERS = {
    "secret of a webhook": lambda w: standard.new_secret(),
    "secret of a product's hand-over": _hand_over_secret,
    "token for a push service": lambda w: authorization(
        "https://8.8.8.8/push/1", key=own_key(), now=w.now()
    ),
}
