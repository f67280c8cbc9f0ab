"""A message that a manager sends to see whether it arrives."""

from django.urls import reverse
from django.utils.translation import gettext as _

from feedback.forum.products.operations import default_product
from feedback.kernel import clock
from feedback.kernel.identity import at_home, site_name
from feedback.notify.channels.webhook import kinds
from feedback.notify.happenings import Happening
from feedback.notify.models import WebhookDelivery

NAME = "trial"


def letter(delivery: WebhookDelivery) -> kinds.Letter:
    """Return a message that says that it is a trial."""
    path = reverse("roadmap:roadmap")
    happening = Happening(
        product=delivery.endpoint.product or default_product(now=clock.now()),
        title=site_name(),
        line=_("A trial. What you read here arrives."),
        path=path,
        data=lambda: {"site": site_name(), "url": at_home(path)},
    )
    return kinds.Letter(delivery.public_id, NAME, delivery.made_at, happening)
