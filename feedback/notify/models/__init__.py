"""What people were told, and how it reached them."""

from feedback.notify.models.mail import ClosedAddress, Delivery, Mail
from feedback.notify.models.notices import Notice
from feedback.notify.models.webhooks import Endpoint, WebhookDelivery
from feedback.notify.models.wishes import Subscription, Wishes

__all__ = [
    "ClosedAddress",
    "Delivery",
    "Endpoint",
    "Mail",
    "Notice",
    "Subscription",
    "WebhookDelivery",
    "Wishes",
]
