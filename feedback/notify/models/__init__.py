"""What people were told, and how it reached them."""

from feedback.notify.models.feeds import FeedKey
from feedback.notify.models.mail import ClosedAddress, Delivery, Mail
from feedback.notify.models.mailbox import ArrivedMail, Mailbox
from feedback.notify.models.notices import Notice
from feedback.notify.models.push import Device, Push, PushDelivery, PushKey
from feedback.notify.models.webhooks import Endpoint, WebhookDelivery
from feedback.notify.models.wishes import Subscription, Wishes

__all__ = [
    "ArrivedMail",
    "ClosedAddress",
    "Delivery",
    "Device",
    "Endpoint",
    "FeedKey",
    "Mail",
    "Mailbox",
    "Notice",
    "Push",
    "PushDelivery",
    "PushKey",
    "Subscription",
    "WebhookDelivery",
    "Wishes",
]
