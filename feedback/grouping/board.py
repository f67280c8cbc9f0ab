"""The asks as a run finds them: what `plan` reads."""

from collections.abc import Mapping

from feedback.asks.models import Ask, Decision
from feedback.forum.models import Product
from feedback.forum.products.queries import within
from feedback.grouping.plan import AskNow


def asks_there(product: Product | None = None) -> dict[str, Ask]:
    """Return the asks that posts, of one product or of all, may belong to, by public id."""
    return {ask.public_id: ask for ask in Ask.objects.there().filter(within(product))}


def names_of(product: Product) -> tuple[str, ...]:
    """Return what ``product`` is called: words that tell nothing of what a post about it asks for."""
    return tuple(name for name in (product.name, product.name_zh) if name)


def as_planned(asks: Mapping[str, Ask]) -> dict[str, AskNow]:
    """Return ``asks`` as far as a plan minds them."""
    decided = set(Decision.objects.filter(ask__isnull=False).values_list("ask", flat=True))
    return {
        key: AskNow(
            key=key,
            is_public=ask.is_public,
            is_dismissed=ask.state == Ask.State.DISMISSED,
            is_kept=ask.pk in decided,
        )
        for key, ask in asks.items()
    }
