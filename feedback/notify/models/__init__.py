"""What people were told, and how it reached them."""

from feedback.notify.models.notices import Notice
from feedback.notify.models.webhooks import Endpoint, WebhookDelivery

__all__ = ["Endpoint", "Notice", "WebhookDelivery"]
