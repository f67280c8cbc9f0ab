"""New posts of the whole site, or of a product, as an Atom feed."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from feedback.forum.products.queries import chosen, current, keep_product
from feedback.journal.queries import journal_end
from feedback.kernel.feeds import feed, in_its_language
from feedback.notify.channels.feed.beside import in_language
from feedback.notify.channels.feed.queries import new_posts


@require_safe
@in_its_language
def feed_posts(request: HttpRequest) -> HttpResponse:
    """New posts, of the product that the address names or of all."""
    product = chosen(request)
    of_product = product and reverse("site:product", args=[product.slug])
    return feed(
        request,
        title=_("New posts"),
        path=of_product or reverse("site:home"),
        kept=keep_product(product),
        version=journal_end(),
        entries=lambda: new_posts(product=product),
    )


def feed_of_posts(request: HttpRequest) -> str:
    """Return the address of the feed of the home page, or of a product's; "" beside other pages."""
    page = request.resolver_match
    if page is None or page.view_name not in ("site:home", "site:product"):
        return ""
    return in_language(reverse("site:feed-posts"), **keep_product(current(request)))
