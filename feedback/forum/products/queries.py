"""Which products there are, and which one a page is about. Of a site's only product nothing is ever said."""

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest
from django.urls import reverse

from feedback.accounts.joining.doors import doors_at
from feedback.accounts.models import User
from feedback.accounts.permissions import OF_OWN_PRODUCT
from feedback.forum.closed.reading import boards_of, products_of
from feedback.forum.models import Board, Product
from feedback.forum.rights.reading import manages

#: What an address says when its page is about one of several products.
PARAMETER = "product"
#: In ``request.META``: the product that a page is about, also where a site has one alone.
ABOUT = "heed.about"
#: Every page wants them, and they hardly ever change.
_KEPT, _KEPT_SECONDS = "forum.products", 5


def all_products(request: HttpRequest) -> list[Product]:
    """Return the products that the reader knows of in their order, at most `_KEPT_SECONDS` old."""
    if "heed.products" not in request.META:
        kept = caches["template_fragments"].get(_KEPT)
        if not kept:
            kept = list(Product.objects.all())
            caches["template_fragments"].set(_KEPT, kept, _KEPT_SECONDS)
        request.META["heed.products"] = _known(request, kept)
    known: list[Product] = request.META["heed.products"]
    return known


def _known(request: HttpRequest, products: Sequence[Product]) -> list[Product]:
    """Return those of ``products`` that the reader knows of; closed ones are asked for, as one of them may have been opened."""
    closed = [one.pk for one in products if one.is_closed]
    if not closed:
        return list(products)
    reader = getattr(request, "user", None) or AnonymousUser()
    known = set(products_of(reader).filter(pk__in=closed).values_list("pk", flat=True))
    return [one for one in products if not one.is_closed or one.pk in known]


def forget_products() -> None:
    """Have this process read the products again: one was made or renamed."""
    caches["template_fragments"].delete(_KEPT)


def products(request: HttpRequest) -> list[Product]:
    """Return all products in their order; none where there is one alone, for nothing is said of it.

    None to a visitor of a private site: they read the pages for signing in.
    """
    if not isinstance(getattr(request, "user", None), User) and doors_at(request).is_private:
        return []
    known = all_products(request)
    return known if len(known) > 1 else []


def only_product(request: HttpRequest) -> Product | None:
    """Return the site's product where it has one alone: its columns are the site's."""
    known = all_products(request)
    return known[0] if len(known) == 1 else None


def chosen(request: HttpRequest) -> Product | None:
    """Return the product that the address names, or None for all of them; raises `Http404` for an unknown one."""
    slug = request.GET.get(PARAMETER, "")
    if not slug:
        return None
    product = _named(request, slug)
    if product is None:
        # Another process may have made it a moment ago.
        forget_products()
        request.META.pop("heed.products", None)
        product = _named(request, slug)
    if product is None:
        raise Http404
    return about(request, product)


def _named(request: HttpRequest, slug: str) -> Product | None:
    return next((one for one in all_products(request) if one.slug == slug), None)


def about(request: HttpRequest, product: Product | None) -> Product | None:
    """Say that the page is about ``product``, so that what stands around it is too; return it.

    Raises `PermissionDenied` on a page for managers to who is one of other products alone.
    """
    if OF_OWN_PRODUCT in request.META:
        request.META[OF_OWN_PRODUCT] = manages(request.user, product)
        if not request.META[OF_OWN_PRODUCT]:
            raise PermissionDenied
    request.META[ABOUT] = product
    request.META["heed.product"] = product if products(request) else None
    return current(request)


def current(request: HttpRequest) -> Product | None:
    """Return the product that the page is about, None for all and for a site's only one."""
    product: Product | None = request.META.get("heed.product")
    return product


def usual(known: Sequence[Product]) -> Product | None:
    """Return which of ``known`` is meant where nobody said: the default one, unless people post about others alone."""
    default = next((one for one in known if one.is_default), None)
    if len(known) < 2:
        return default
    spoken_of = set(
        Board.objects.filter(post_count__gt=0).order_by().values_list("product", flat=True)
    )
    if default is not None and (default.pk in spoken_of or not spoken_of):
        return default
    return next((one for one in known if one.pk in spoken_of), default)


def of_board(request: HttpRequest, slug: str) -> Product | None:
    """Return the product that the board ``slug`` is about; None if there is one alone.

    For no board it is the one that the address names, or else the usual one.
    """
    known = products(request)
    if not known:
        return None
    if not slug and (named := chosen(request)) is not None:
        return named
    board = boards_of(request.user).filter(slug=slug).first() if slug else None
    wanted = board.product_id if board is not None else None
    return next((one for one in known if one.pk == wanted), None) or usual(known)


def keep_product(product: Product | None) -> dict[str, str]:
    """Return what the address of another page about ``product`` says of it."""
    return {} if product is None else {PARAMETER: product.slug}


def link_of(name: str) -> Callable[[HttpRequest], str]:
    """Return a function of a request: the page called ``name``, of the product that the present page is about."""

    def link(request: HttpRequest) -> str:
        kept = keep_product(current(request))
        return reverse(name) + ("?" + urlencode(kept) if kept else "")

    return link


def within(product: Product | None, path: str = "product") -> Q:
    """Return the condition that what stands at ``path`` is ``product``; None, of all products, is no condition.

    For posts, which say themselves whether they are shown, and for the machine. What a page lists of a product asks `listed`.
    """
    return Q() if product is None else Q(**{path: product})


def listed(product: Product | None, path: str = "product") -> Q:
    """Return the condition of `within` for a page: of all products, those that everybody knows of.

    A closed one is named by whoever knows of it, and `chosen` has asked whether they do.
    """
    return Q(**{f"{path}__is_closed": False}) if product is None else within(product, path)


def news_within(product: Product | None, path: str = "product") -> Q:
    """Return the condition of `listed`, for what is told elsewhere: of all products, what samples make up is none."""
    made_up = Q(**{f"{path}__sample": ""}) if product is None else Q()
    return made_up & listed(product, path)
