"""What every page shows of products, where there are several."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from feedback.accounts.models import User
from feedback.forum.products import queries
from feedback.forum.rights.reading import acts_on, manages


def products(request: HttpRequest) -> dict[str, Any]:
    """Return the products, none where there is one alone, the one that the page is about, and what its reader may do about it.

    ``may_manage``: decide; ``may_act``: what else the team does. On a page about no product who may do so on the whole site.
    """
    reader, at = getattr(request, "user", None), request.META.get(queries.ABOUT)
    person = reader if isinstance(reader, User) else AnonymousUser()
    return {
        "may_manage": manages(person, at),
        "may_act": acts_on(person, at),
        # Read once, and only by a template that asks.
        "products": SimpleLazyObject(lambda: queries.products(request)),
        "product": queries.current(request),
    }
